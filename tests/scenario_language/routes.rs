//! Routes' conditions, choices and rules for slow messages: what they say, where rules start from, what is wrong
//! with them, and what has no effect.

use smschain::chain::spec::{Choose, Route, Young};
use smschain::scenario::policies::SLOW;

use super::{good, read};

const SECOND: u64 = 1_000_000_000;

/// Two streams and two routes to two carriers; what is added is the first route's.
fn text(first: &str) -> String {
    format!(
        r#"
[scenario]
duration = "1h"
[[traffic]]
name = "otp"
senders = {{ count = 3 }}
arrivals.poisson = {{ rate = "1/s" }}
priority = 2
[[traffic]]
name = "offers"
sender = "SHOP"
brand = "shop"
arrivals.poisson = {{ rate = "1/s" }}
[[route]]
id = 1
provider = "p"
{first}
[[route]]
id = 2
provider = "q"
only = {{ traffic = ["otp", "offers"] }}
[[provider]]
name = "p"
[[provider]]
name = "q"
[[carrier]]
name = "c"
"#
    )
}

/// Without its lines, which may end anywhere.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn route(first: &str) -> Route {
    good(&text(first)).spec.routes.remove(0)
}

#[test]
fn it_is_what_it_says() {
    let plain = route("");
    assert_eq!((plain.only, plain.choose, plain.slow), (None, Choose::Accept, None));
    let only =
        route("only = { traffic = [\"otp\"], senders = [\"otp-2\"], priority_at_least = 1 }");
    let only = only.only.unwrap();
    // By name, as everything is.
    assert_eq!((only.traffic, only.priority_at_least), (Some(vec![1]), Some(1)));
    assert_eq!((only.senders, only.brands), (Some(vec!["otp-2".to_owned()]), None));
    assert_eq!(route("choose = \"send\"").choose, Choose::Send);
    let rule = route("slow = {}").slow.unwrap();
    assert_eq!((rule.share, rule.later_than, rule.of_last), (0.2, 240 * SECOND, 600 * SECOND));
    assert_eq!((rule.step, rule.look_every, rule.hold), (10, 60 * SECOND, 600 * SECOND));
    assert_eq!((rule.young, rule.restore), (Young::LeftOut, None));
    let own = route("slow = { of_last = \"5m\", restore = { step = 5, every = \"10m\" } }");
    let rule = own.slow.unwrap();
    assert_eq!(rule.hold, 300 * SECOND);
    let restore = rule.restore.unwrap();
    assert_eq!((restore.step, restore.every, restore.look_every), (5, 600 * SECOND, 60 * SECOND));
}

#[test]
fn a_rule_may_start_from_a_built_in_one() {
    for built_in in SLOW {
        let named = good(&text(&format!("slow.policy = \"{}\"\n", built_in.name)));
        let said = good(&text(&format!("[route.slow]\n{}", built_in.settings)));
        assert_eq!(named.spec, said.spec, "{}", built_in.name);
        let resolved = named.resolved_toml();
        assert!(!resolved.contains("policy"), "{resolved}");
        let again = good(&resolved);
        assert_eq!((again.spec, again.fingerprint), (named.spec, named.fingerprint), "{resolved}");
    }
    let published = route("slow.policy = \"gov-uk-notify\"").slow.unwrap();
    assert_eq!((published.share, published.later_than), (0.15, 240 * SECOND));
    assert_eq!((published.hold, published.young), (600 * SECOND, Young::Counted));
    let restore = published.restore.unwrap();
    assert_eq!((restore.every, restore.look_every), (3_600 * SECOND, 300 * SECOND));
    let changed = route("slow = { policy = \"gov-uk-notify\", of_last = \"5m\" }").slow.unwrap();
    assert_eq!((changed.of_last, changed.share, changed.hold), (300 * SECOND, 0.15, 600 * SECOND));
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    for (first, parts) in [
        ("only = { traffic = [\"otpp\"] }", ["there is no traffic `otpp`", "did you mean `otp`?"]),
        ("only = { traffic = [\"otp\", \"otp\"] }", ["`otp` is listed twice", "each stream once"]),
        ("only = { senders = [] }", ["senders", "expected"]),
        ("only = { priority_at_least = 4 }", ["4", "0 to 3"]),
        ("choose = \"sent\"", ["`sent` is not among the choices", "did you mean \"send\"?"]),
        ("slow = { step = 101 }", ["101", "0 to 100"]),
        ("slow.restore = { step = 5 }", ["`restore` has no `every`", "expected a key `every`"]),
        (
            "slow.policy = \"gov-uk-notfy\"",
            ["`gov-uk-notfy` is not", "did you mean \"gov-uk-notify\"?"],
        ),
    ] {
        let errors = read(&text(first)).err().unwrap_or_else(|| panic!("no error with {first}"));
        let shown = joined(&errors.to_string());
        assert_eq!(errors.diagnostics().len(), 1, "{shown}");
        for part in parts {
            assert!(shown.contains(part), "no `{part}` in:\n{shown}");
        }
    }
}

/// What is warned of, with changes to the second route, or to the whole.
#[test]
fn what_has_no_effect_is_said_to_have_none() {
    for (first, change, parts) in [
        (
            "only = { priority_at_least = 0 }",
            ("", ""),
            ["`only` leaves nothing out", "it holds for every message"],
        ),
        (
            "only = { brands = [\"bank\"] }",
            ("", ""),
            ["route 1 takes nothing", "no traffic has the brand `bank`"],
        ),
        (
            "only = { senders = [\"otp-4\", \"SHOP\"] }",
            ("", ""),
            ["no traffic has the sender `otp-4`", "it is never met"],
        ),
        (
            "only = { traffic = [\"offers\"] }",
            ("\"otp\", ", ""),
            ["no route takes messages of traffic `otp` to c", "no_route"],
        ),
        (
            "only = { senders = [\"otp-1\"] }",
            ("\"otp\", ", ""),
            ["no route takes messages of traffic `otp` by some senders to c", "no_route"],
        ),
        (
            "choose = \"send\"",
            ("", ""),
            ["`choose = \"send\"` is for nothing", "nothing changes between"],
        ),
        (
            "choose = \"send\"\nslow = {}",
            ("", ""),
            ["`choose = \"send\"` is for nothing", "nothing waits in its queue"],
        ),
        (
            "choose = \"send\"\nslow = {}",
            ("[[carrier]]", "[[queue]]\nname = \"main\"\ndispatch = \"provider\"\n[[carrier]]"),
            ["`choose = \"send\"` is for nothing", "dispatch = \"provider\""],
        ),
        (
            "choose = \"send\"\nqueue = \"own\"\nslow = {}",
            (
                "[[carrier]]",
                "[[queue]]\nname = \"main\"\n[[queue]]\nname = \"own\"\nworkers = 9\n[[carrier]]",
            ),
            ["`choose = \"send\"` is for nothing", "no other route from its queue"],
        ),
        (
            "rank = 2\nslow = {}",
            ("", ""),
            ["no traffic is ever taken from this route", "no other route of its rank"],
        ),
        (
            "slow = { later_than = \"10m\" }",
            ("", ""),
            ["no traffic is ever taken", "none can be late"],
        ),
        ("slow = { share = 1 }", ("", ""), ["no traffic is ever taken", "no share is above 100 %"]),
        (
            "slow = { look_every = \"99d\" }",
            ("", ""),
            ["no traffic is ever taken", "the run is over"],
        ),
        (
            "slow = { restore = { every = \"99d\" } }",
            ("", ""),
            ["`restore` comes too late", "the run is over by then"],
        ),
    ] {
        let scenario =
            good(&text(first).replacen(change.0, change.1, usize::from(!change.0.is_empty())));
        let shown = joined(&scenario.render_warnings(false));
        for part in parts {
            assert!(shown.contains(part), "{first}: no `{part}` in:\n{shown}");
        }
    }
    for fine in [
        "",
        "only = { traffic = [\"otp\"] }",
        "slow.policy = \"gov-uk-notify\"",
        "slow.policy = \"none\"",
        "only = { senders = [\"otp-1\", \"otp-2\"] }",
    ] {
        // Without what only some of the conditions above ask for.
        let unasked = [
            "only = { traffic = [\"otp\", \"offers\"] }\n",
            "priority = 2\n",
            "brand = \"shop\"\n",
        ];
        let plain = unasked.iter().fold(text(fine), |text, line| text.replace(line, ""));
        let shown = good(&plain);
        assert_eq!(shown.render_warnings(false), "", "{fine}");
    }
}

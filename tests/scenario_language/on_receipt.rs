//! Rules for acting on receipts: what they say, where they start from, what is wrong with them.

use smschain::chain::spec::{Backoff, FurtherRoute, Jitter, OnReceipt, SeenStates};
use smschain::scenario::policies::ON_RECEIPT;

use super::{SMALLEST, good, read};

const SECOND: u64 = 1_000_000_000;

fn rule(body: &str) -> OnReceipt {
    let spec = good(&format!("{SMALLEST}\n[on_receipt]\n{body}")).spec;
    spec.on_receipt.expect("there is a rule")
}

#[test]
fn it_is_what_it_says() {
    let plain = rule("");
    let all = SeenStates {
        undelivered: true,
        expired: true,
        rejected: true,
        failed: false,
        unknown: true,
    };
    assert_eq!((plain.on, plain.after, plain.within), (all, None, None));
    assert_eq!((plain.route, plain.retry.max_attempts), (FurtherRoute::Same, Some(1)));
    assert_eq!((&plain.retry.backoff, plain.retry.jitter), (&Backoff::Immediate, Jitter::None));
    let own = rule(
        "on = \"failed\"\nafter = \"60s\"\nroute = \"next\"\nwithin = \"3d\"\n\
         retry = { max_attempts = 4, backoff.fixed.delay = \"5s\", jitter = \"plus_minus_10\" }",
    );
    assert_eq!(own.on, SeenStates { failed: true, ..SeenStates::default() });
    assert_eq!((own.after, own.within), (Some(60 * SECOND), Some(3 * 86_400 * SECOND)));
    assert_eq!((own.route, own.retry.max_attempts), (FurtherRoute::Next, Some(4)));
    assert_eq!(own.retry.jitter, Jitter::PlusMinus10);
    assert_eq!(rule("route = 1").route, FurtherRoute::By(0));
}

#[test]
fn a_rule_may_start_from_a_built_in_one() {
    for built_in in ON_RECEIPT {
        let named = good(&format!("{SMALLEST}\n[on_receipt]\npolicy = \"{}\"\n", built_in.name));
        let said = good(&format!("{SMALLEST}\n[on_receipt]\n{}", built_in.settings));
        assert_eq!(named.spec, said.spec, "{}", built_in.name);
        let resolved = named.resolved_toml();
        assert!(!resolved.contains("policy"), "{resolved}");
        let again = good(&resolved);
        assert_eq!((again.spec, again.fingerprint), (named.spec, named.fingerprint), "{resolved}");
    }
    let published = rule("policy = \"va-notify\"");
    let waits = vec![60 * SECOND, 600 * SECOND];
    assert_eq!(published.retry.backoff, Backoff::Schedule { waits });
    assert_eq!(
        (published.retry.max_attempts, published.retry.jitter),
        (Some(2), Jitter::PlusMinus10)
    );
    assert_eq!(published.within, Some(3 * 86_400 * SECOND));
    let changed = rule("policy = \"va-notify\"\nafter = \"5m\"\nwithin = \"1h\"");
    assert_eq!((changed.after, changed.within), (Some(300 * SECOND), Some(3_600 * SECOND)));
    assert_eq!(changed.retry, published.retry);
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    for (body, parts) in [
        ("route = 9", ["there is no route 9", "routes: 1"]),
        ("route = \"nxt\"", ["`nxt` is not among the choices", "did you mean \"next\"?"]),
        ("on = []", ["on", "expected"]),
        ("on = \"sent\"", ["`sent` is not among the choices", "\"undelivered\""]),
        ("policy = \"va-notfy\"", ["`va-notfy` is not among", "did you mean \"va-notify\"?"]),
        (
            "retry = { backoff.decorrelated = { base = \"1s\", cap = \"9s\" }, jitter = \"full\" }",
            ["`decorrelated` takes no `jitter`", "take this out"],
        ),
    ] {
        let errors = read(&format!("{SMALLEST}\n[on_receipt]\n{body}\n"));
        let errors = errors.err().unwrap_or_else(|| panic!("no error with {body}"));
        let shown = errors.to_string();
        assert_eq!(errors.diagnostics().len(), 1, "{shown}");
        for part in parts {
            assert!(shown.contains(part), "no `{part}` in:\n{shown}");
        }
    }
}

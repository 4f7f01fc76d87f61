//! Routes: by what a message is, by weights that change, and chosen when it is accepted or sent.

use crate::support::{as_step_by_step, near, rejected, run_text, scenario, share_is};
use smschain::chain::{
    Completed, EngineChoice, Observer, Rejection, Results, Subject, TracedEvent, Wants, simulate_by,
};
use smschain::kernel::{Nanos, SECOND, Unwatched};
use std::collections::BTreeMap;

/// Three streams, a route for codes alone and one for whatever is urgent, and two providers.
const BY_WHAT_IS_SENT: &str = r#"
[scenario]
duration = "1000s"

[[traffic]]
name = "codes"
senders = { count = 4 }
arrivals.constant = { rate = "4/s" }
brand = "bank"
priority = 3

[[traffic]]
name = "offers"
sender = "SHOP"
arrivals.constant = { rate = "2/s" }
campaign = "summer"

[[traffic]]
name = "orders"
sender = "SHOP"
arrivals.constant = { rate = "1/s" }
priority = 1

[[route]]
id = 1
provider = "p"
[[route]]
id = 2
provider = "q"

[[provider]]
name = "p"
[[provider]]
name = "q"
[[carrier]]
name = "c"
"#;

fn copies(results: &Results) -> Vec<u64> {
    results.routes.iter().map(|route| route.copies).collect()
}

/// Each condition alone: the route takes what it says, all of it where no other does, and what no route takes is
/// refused.
#[test]
fn a_route_takes_only_what_its_conditions_say() {
    let (codes, offers, orders) = (4_000, 2_000, 1_000);
    for (first, second, expected) in [
        (
            "{ traffic = [\"codes\"] }",
            "{ traffic = [\"offers\", \"orders\"] }",
            [codes, offers + orders],
        ),
        ("{ priority_at_least = 2 }", "{ traffic = [\"offers\"] }", [codes, offers]),
        ("{ senders = [\"SHOP\"] }", "{ senders = [\"codes-2\"] }", [offers + orders, codes / 4]),
        ("{ brands = [\"bank\"] }", "{ brands = [\"SHOP\"] }", [codes, offers + orders]),
        (
            "{ campaigns = [\"summer\"] }",
            "{ campaigns = [\"codes-1\", \"codes-3\"] }",
            [offers, codes / 2],
        ),
        (
            "{ traffic = [\"orders\"], senders = [\"SHOP\"], priority_at_least = 1 }",
            "{ senders = [\"BANK\"] }",
            [orders, 0],
        ),
    ] {
        let set = [format!("route.1.only={first}"), format!("route.2.only={second}")];
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let (results, _) = as_step_by_step(BY_WHAT_IS_SENT, &set);
        assert_eq!(copies(&results), expected, "{first} and {second}");
        let refused = codes + offers + orders - expected.iter().sum::<u64>();
        assert_eq!(rejected(&results, Rejection::NoRoute), refused, "{first} and {second}");
    }
}

/// A first route that not everyone may take: the others go by the second rank, weights hold among those that may.
#[test]
fn conditions_come_before_rank_and_weight() {
    let set = ["route.1.only={ traffic = [\"codes\"] }", "route.2.rank=2"];
    let (ranked, _) = as_step_by_step(BY_WHAT_IS_SENT, &set);
    assert_eq!(copies(&ranked), [4_000, 3_000]);
    let (shared, _) = as_step_by_step(BY_WHAT_IS_SENT, &[set[0], "route.1.weight=3.0"]);
    share_is(copies(&shared)[0], 4_000, 0.75);
}

/// Failover, hedges and further attempts leave a route alone that doesn't take the message.
#[test]
fn no_way_round_leads_by_a_route_that_does_not_take_it() {
    let only = "route.2.only={ traffic = [\"codes\"] }";
    let failing = ["route.2.rank=2", "provider.p.failures.transient=100%", "retry.max_attempts=2"];
    for way in [
        "retry.failover={ attempts = 1 }",
        "retry.breaker={ window = 5, failure_share = 0.5, min_calls = 1, open_for = \"9m\", probes = 1 }",
        "retry.hedge={ after = \"1s\" }",
    ] {
        let mut set = failing.to_vec();
        set.extend([only, way, "provider.p.latency=3s", "scenario.drain=0s"]);
        let (results, _) = as_step_by_step(BY_WHAT_IS_SENT, &set);
        let (streams, routes) = (&results.traffic, copies(&results));
        assert_eq!(streams[1].layers.executed + streams[2].layers.executed, 0, "{way}");
        assert_eq!(streams[0].layers.executed, routes[1], "{way}");
        assert!(routes[1] > 3_900 && routes[0] == 0, "{way}: {routes:?}");
    }
    let by_id = [
        "route.2.rank=2",
        only,
        "provider.p.loss=100%",
        "on_receipt.on=unknown",
        "on_receipt.after=10s",
        "on_receipt.route=2",
    ];
    let (results, _) = as_step_by_step(BY_WHAT_IS_SENT, &by_id);
    assert_eq!(copies(&results), [7_000 + 3_000, 4_000]);
}

/// Weights of two routes to two providers, one of which has its receipts held.
const TWO: &str = r#"
[scenario]
duration = "8h"
sample_every = "1m"

[[traffic]]
name = "t"
arrivals.constant = { rate = "2/s" }

[[route]]
id = 1
provider = "p"
[[route]]
id = 2
provider = "q"

[[provider]]
name = "p"
[[provider]]
name = "q"
[[carrier]]
name = "c"

[[incident]]
name = "slow"
at = "30m"
for = "1h"
target = "provider.p"
hold_receipts = true
"#;

const NOTIFY: [&str; 2] =
    ["route.1.slow.policy=gov-uk-notify", "route.2.slow.policy=gov-uk-notify"];

/// The minutes at whose end a route's weight is another than at that of the one before, and that weight.
fn course(results: &Results, route: u64) -> Vec<(usize, u64)> {
    let column = format!("route.{route}.weight");
    let column = results.gauges.columns.iter().position(|name| *name == column).unwrap();
    let mut course: Vec<(usize, u64)> = Vec::new();
    for (minute, sample) in (1..).zip(&results.series) {
        let weight = sample.gauges[column];
        if course.last().is_none_or(|&(_, last)| last != weight) {
            course.push((minute, weight));
        }
    }
    course
}

/// The built-in rule by hand. Held from minute 30 on, nothing accepted since is seen in time: at minute 36 two of the
/// ten minutes looked at are late, over 15 %, and so it goes on each ten minutes until nothing is left at 76. An
/// hour later, at the next fifth minute, 10 points come back; late is nothing by then.
#[test]
fn the_built_in_rule_moves_ten_points_at_its_published_times() {
    let (results, _) = as_step_by_step(TWO, &NOTIFY);
    // A gauge is read before what happens at that instant.
    let down = [(1, 50), (37, 40), (47, 30), (57, 20), (67, 10), (77, 0)];
    let up = [(141, 10), (201, 20), (261, 30), (321, 40), (381, 50)];
    assert_eq!(course(&results, 1), [down.as_slice(), &up].concat());
    let of_other: Vec<(usize, u64)> =
        course(&results, 2).iter().map(|&(minute, weight)| (minute, 100 - weight)).collect();
    assert_eq!(of_other, course(&results, 1));
    let [p, q] = &results.routes[..] else { panic!() };
    assert_eq!((p.slowed, p.restored, q.slowed, q.restored), (5, 5, 0, 0));
    assert_eq!((p.weight_at_end, q.weight_at_end), (500_000_000, 500_000_000));
    // Late is what p accepted from minute 30 on: 6 minutes at 50 %, then 10 each at 40, 30, 20 and 10 %.
    let late = p.copies - p.in_time - p.failed;
    share_is(late, 120 * 46, (6.0 * 0.5 + 10.0 * (0.4 + 0.3 + 0.2 + 0.1)) / 46.0);
    // Without the rule it is half of everything until four minutes before the end.
    let (without, _) = as_step_by_step(TWO, &["route.1.slow={ step = 0 }"]);
    assert_eq!(without.routes[0].weight_area, 0);
    near(p.weight_area as f64 / 1e9 / SECOND as f64 / 60.0, 0.5 * 480.0 - area_lost(), 1e-9);
}

/// Minutes of the whole traffic that a route of half of it loses by the course above.
fn area_lost() -> f64 {
    let below = [
        (36.0, 46.0, 0.1),
        (46.0, 56.0, 0.2),
        (56.0, 66.0, 0.3),
        (66.0, 76.0, 0.4),
        (76.0, 140.0, 0.5),
        (140.0, 200.0, 0.4),
        (200.0, 260.0, 0.3),
        (260.0, 320.0, 0.2),
        (320.0, 380.0, 0.1),
    ];
    below.iter().map(|&(from, to, part)| (to - from) * part).sum()
}

/// What a sender keeps of its messages: route, acceptance, and the receipt's time.
#[derive(Default)]
struct Log {
    sent: BTreeMap<u64, (usize, Nanos)>,
    receipts: BTreeMap<u64, Nanos>,
}

impl Observer for Log {
    fn wants(&self) -> Wants {
        Wants::Events
    }

    fn event(&mut self, event: &TracedEvent) {
        if let (Subject::Message(_, id), "receipt") = (event.subject, event.kind()) {
            self.receipts.insert(id, event.time);
        }
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if let Some(at) = message.handed_off {
            self.sent.insert(message.message_id, (message.route, at));
        }
    }
}

/// GOV.UK Notify's two tasks, as they are described, over the log of a run whose weights they are to foretell: points
/// before each minute.
fn notify(log: &Log, minutes: u64) -> Vec<u64> {
    const MINUTE: Nanos = 60 * SECOND;
    let mut points = [50_i64, 50];
    let mut updated: Option<Nanos> = None;
    let mut before = Vec::new();
    for minute in 1..=minutes {
        let now = minute * MINUTE;
        before.push(points[0] as u64);
        let mut slow = [false; 2];
        for (provider, slow) in slow.iter_mut().enumerate() {
            let recent = log.sent.iter().filter(|(_, (by, at))| {
                *by == provider && *at < now && *at >= now.saturating_sub(10 * MINUTE)
            });
            let (mut late, mut all) = (0_u64, 0_u64);
            for (id, (_, at)) in recent {
                let delivered = log.receipts.get(id).filter(|&&seen| seen <= now);
                let took = delivered.copied().unwrap_or(now) - at;
                late += u64::from(took > 4 * MINUTE);
                all += 1;
            }
            *slow = late as f64 > 0.15 * all as f64;
        }
        let quiet = |span: Nanos| updated.is_none_or(|at| now - at >= span);
        if slow[0] != slow[1] && quiet(10 * MINUTE) {
            let (down, up) = if slow[0] { (0, 1) } else { (1, 0) };
            points[down] = (points[down] - 10).max(0);
            points[up] = (points[up] + 10).min(100);
            updated = Some(now);
        } else if minute.is_multiple_of(5) && quiet(60 * MINUTE) && points[0] != 50 {
            let step = (50 - points[0]).clamp(-10, 10);
            points = [points[0] + step, points[1] - step];
            updated = Some(now);
        }
    }
    before
}

/// The weights of a run whose two providers are slow by turns, and both at once, are those that Notify's own tasks make
/// of its log.
#[test]
fn the_built_in_rule_does_what_its_source_does() {
    let more = r#"
        [[incident]]
        name = "q-slow-too"
        at = "70m"
        for = "80m"
        target = "provider.q"
        hold_receipts = true
        [[incident]]
        name = "again"
        at = "4h"
        for = "2h"
        target = "provider.p"
        hold_receipts = true
    "#;
    let text = format!("{TWO}{more}");
    let mut set = NOTIFY.to_vec();
    set.extend([
        "provider.p.receipts.delay.exponential.mean=80s",
        "provider.q.receipts.delay.exponential.mean=100s",
    ]);
    let spec = scenario(&text, &set).spec;
    let mut log = Log::default();
    let results = simulate_by(EngineChoice::Fast, &spec, 1, &mut log, &mut Unwatched).unwrap();
    let column = results.gauges.columns.iter().position(|name| name == "route.1.weight").unwrap();
    let weights: Vec<u64> = results.series[..480].iter().map(|one| one.gauges[column]).collect();
    assert_eq!(weights, notify(&log, 480));
    assert!(weights.contains(&0) && weights.iter().any(|&weight| weight > 50), "{weights:?}");
}

/// Younger messages left out, the share is of those that can be late. All but nothing goes by the first route, two a
/// second, so that every minute has as many.
#[test]
fn young_messages_count_or_not() {
    let course_of = |share: &str, young: &str| {
        let rule = format!(
            "route.1.slow={{ share = \"{share}\", later_than = \"4m\", of_last = \"10m\", \
             step = 100, young = \"{young}\" }}"
        );
        let set = ["scenario.duration=1h", "route.2.weight=0.000000001", &rule];
        course(&as_step_by_step(TWO, &set).0, 1)
    };
    // At 35 the first of six minutes is late, or of ten.
    assert_eq!(course_of("16.6%", "left_out"), [(1, 100), (36, 0)]);
    assert_eq!(course_of("16.7%", "left_out"), [(1, 100), (37, 0)]);
    assert_eq!(course_of("9.9%", "counted"), [(1, 100), (36, 0)]);
    // Exactly the share is not above it.
    assert_eq!(course_of("10%", "counted"), [(1, 100), (37, 0)]);
}

/// What is taken from one of three goes to the other two by their weights, and each message's chance is its route's
/// weight.
#[test]
fn what_is_taken_goes_to_the_others_by_their_weights() {
    let third = r#"
        [[route]]
        id = 3
        provider = "q"
        weight = 3.0
    "#;
    let set = [
        "route.1.weight=4.0",
        "route.2.weight=1.0",
        "scenario.warmup=1h",
        "scenario.duration=3h",
        "route.1.slow={ step = 20, hold = \"9h\" }",
        "incident.slow.for=7h",
    ];
    let (results, _) = as_step_by_step(&format!("{TWO}{third}"), &set);
    // 50, 12.5 and 37.5, of which 20 go 1 : 3.
    let sent: Vec<u64> = copies(&results);
    for (copies, share) in sent.iter().zip([0.3, 0.175, 0.525]) {
        share_is(*copies, 120 * 120, share);
    }
    let weights: Vec<u64> = results.routes.iter().map(|route| route.weight_at_end).collect();
    assert_eq!(weights, [300_000_000, 175_000_000, 525_000_000]);
}

/// A message whose receipt tells of a failure is neither late nor in time, and one that is tried again is counted with
/// each of its copies.
#[test]
fn receipts_of_failure_say_nothing_of_time() {
    let rule = "route.1.slow={ share = \"0%\", later_than = \"10s\", of_last = \"1m\", look_every = \"1s\" }";
    let none =
        ["scenario.duration=20m", "incident.slow.at=9h", rule, "carrier.c.unknown_subscriber=30%"];
    let (failed, _) = as_step_by_step(TWO, &none);
    let route = &failed.routes[0];
    assert_eq!((route.slowed, route.copies), (0, route.in_time + route.failed));
    share_is(route.failed, route.copies, 0.3);
    // p loses a third of its copies, which q delivers: they were late by p.
    let set = [
        "incident.slow.at=9h",
        rule,
        "scenario.duration=20m",
        "route.2.rank=2",
        "provider.p.loss=33%",
        "on_receipt.on=unknown",
        "on_receipt.after=20s",
        "on_receipt.route=next",
    ];
    let (tried, _) = as_step_by_step(TWO, &set);
    let [p, q] = &tried.routes[..] else { panic!() };
    assert_eq!((p.copies, p.copies - p.in_time), (2_400, q.copies));
    share_is(q.copies, 2_400, 0.33);
}

/// Chosen when it is sent, a message that waited goes by the weights of then: with the worker busy for an hour, none of
/// what waits goes to the provider that has become slow meanwhile.
#[test]
fn a_route_is_chosen_again_when_it_is_sent() {
    let queue = r#"
        [[queue]]
        name = "main"
        workers = 1
    "#;
    let text = format!("{TWO}{queue}");
    let rule = "route.1.slow={ later_than = \"1m\", of_last = \"2m\", step = 100 }";
    // A burst of 12,000 at the start, served one a second; p is slow from minute 30 on and off at 32.
    let base = [
        "traffic.t.arrivals={ campaign = { count = 12000 } }",
        "queue.main.overhead=1s",
        rule,
        "incident.slow.for=9h",
        "route.1.price=0.01",
        "route.2.price=0.02",
        "route.1.cost=0.003",
        "route.2.cost=0.005",
    ];
    let (accept, _) = as_step_by_step(&text, &base);
    share_is(copies(&accept)[0], 12_000, 0.5);
    let mut sent = base.to_vec();
    sent.extend(["route.1.choose=send", "route.2.choose=send"]);
    let (send, _) = as_step_by_step(&text, &sent);
    let moved = send.routes[0].weight_area / 500_000_000 / u128::from(SECOND);
    assert_eq!(moved, 32 * 60);
    // What left before goes as it did, and nothing of the rest.
    share_is(copies(&send)[0], 32 * 60, 0.5);
    assert_eq!(copies(&send).iter().sum::<u64>(), 12_000);
    // The account is charged by the route of the acceptance, providers bill what they take.
    assert_eq!(send.money.charged, accept.money.charged);
    let billed = copies(&send)[0] * 3_000_000 + copies(&send)[1] * 5_000_000;
    assert_eq!(send.money.billed, i128::from(billed));
    // Where nothing changes meanwhile, the second choice is the first.
    let same = |set: &[&str]| run_text(&text, set).digest;
    assert_eq!(same(&[base[0], base[1], "route.1.choose=send"]), same(&[base[0], base[1]]));
}

//! Acting on receipts: against probabilities, times and orders that are known.

use crate::support::{
    N, SMALLEST, as_step_by_step, near, run, run_with, scenario, share_is, truth,
};
use smschain::chain::{
    EngineChoice, Observed, Observer, Subject, TracedEvent, Truth, Wants, simulate_by,
};
use smschain::kernel::{SECOND, Unwatched};
use std::collections::BTreeMap;

const SILENCE: &str = "on_receipt.on=unknown";
const AFTER: &str = "on_receipt.after=10s";
const TWICE: &str = "on_receipt.retry.max_attempts=2";

/// A second provider, dearer, by a route of the second rank.
const SECOND_ROUTE: &str = r#"
[[route]]
id = 2
provider = "q"
rank = 2
price = 0.05
cost = 0.03

[[provider]]
name = "q"
"#;

/// Each copy is lost with probability p, and each is tried again up to k times: delivered are
/// 1 − p^(k+1), and providers bill 1 + p + … + p^k copies.
#[test]
fn copies_that_are_lost_are_sent_again() {
    let p: f64 = 0.3;
    let set = [SILENCE, AFTER, TWICE, "provider.p.loss=30%", "route.1.cost=0.01"];
    let results = run(&set);
    let all = N as f64;
    let delivered = results.total().layers.delivered;
    share_is(delivered, N, 1.0 - p.powi(3));
    let copies = results.providers[0].truly_accepted;
    near(copies as f64, all * (1.0 + p + p * p), 0.01);
    assert_eq!(results.money.billed, i128::from(copies) * 10_000_000);
    let acted = &results.on_receipt;
    share_is(acted.acted, N, p);
    share_is(acted.delivered, N, p - p.powi(3));
    assert_eq!(acted.attempts, copies - N);
    assert_eq!(acted.seen[Observed::Unknown as usize], acted.attempts);
    assert_eq!((acted.duplicates, acted.called_off), (0, 0));
    assert_eq!(results.duplicate_copies, copies - N);
    assert_eq!(truth(&results, Truth::LostByProvider), N - delivered);
}

/// Every copy arrives and a share r of the receipts does not: the sender takes that for silence, and r of the
/// recipients get it twice or more.
#[test]
fn receipts_that_are_lost_make_duplicates() {
    let r = 0.2;
    let results = run(&[SILENCE, AFTER, TWICE, "provider.p.receipts.loss=20%"]);
    assert_eq!(results.total().layers.delivered, N);
    let acted = &results.on_receipt;
    share_is(acted.duplicates, N, r);
    assert_eq!(acted.duplicates, results.delivered_twice);
    assert_eq!(acted.delivered, 0);
    near(results.providers[0].truly_accepted as f64, N as f64 * (1.0 + r + r * r), 0.01);
    // Nothing is seen of those whose three receipts are all lost.
    share_is(results.total().layers.unseen, N, r * r * r);
}

struct FollowUps(BTreeMap<u64, Vec<f64>>);

impl Observer for FollowUps {
    fn wants(&self) -> Wants {
        Wants::Events
    }

    fn event(&mut self, event: &TracedEvent) {
        if let (Subject::Message(_, id), "follow-up") = (event.subject, event.kind()) {
            let times = self.0.entry(id).or_default();
            times.push(event.time as f64 / SECOND as f64);
        }
    }
}

/// VA Notify's rule: 60 s ± 10 % after the receipt, then 600 s ± 10 %, and then no more.
#[test]
fn the_built_in_rule_keeps_its_published_times() {
    let set = [
        "traffic.t.arrivals.campaign={ count = 2000 }",
        "carrier.c.unknown_subscriber=100%",
        "on_receipt.policy=va-notify",
    ];
    let spec = scenario(SMALLEST, &set).spec;
    let mut seen = FollowUps(BTreeMap::new());
    let results = simulate_by(EngineChoice::Fast, &spec, 1, &mut seen, &mut Unwatched).unwrap();
    assert_eq!((results.on_receipt.acted, results.on_receipt.attempts), (2_000, 4_000));
    assert_eq!(results.on_receipt.seen[Observed::Undelivered as usize], 4_000);
    assert_eq!(seen.0.len(), 2_000);
    let waits = |times: &[f64]| [times[0], times[1] - times[0]];
    let waits: Vec<[f64; 2]> = seen.0.values().map(|times| waits(times)).collect();
    for (number, mean) in [(0, 60.0), (1, 600.0)] {
        let all = || waits.iter().map(|waits| waits[number]);
        let (least, most) = (all().fold(f64::MAX, f64::min), all().fold(0.0, f64::max));
        assert!(least >= 0.9 * mean && least < 0.902 * mean, "{least}");
        assert!(most <= 1.1 * mean && most > 1.098 * mean, "{most}");
        // Five standard errors of U(0.9, 1.1).
        near(all().sum::<f64>() / 2_000.0, mean, 5.0 * 0.2 / 12_f64.sqrt() / 2_000_f64.sqrt());
    }
    // The second would come later than the limit.
    let short = run(&[set[0], set[1], set[2], "on_receipt.within=5m"]);
    assert_eq!(short.on_receipt.attempts, 2_000);
}

#[test]
fn a_receipt_of_delivery_calls_the_further_attempt_off() {
    let late = "provider.p.receipts.delay=30s";
    let waits = "on_receipt.retry.backoff.fixed={ delay = \"60s\" }";
    let called_off = run(&[SILENCE, AFTER, waits, late]);
    let acted = &called_off.on_receipt;
    assert_eq!((acted.acted, acted.called_off, acted.attempts), (N, N, 0));
    assert_eq!((called_off.duplicate_copies, acted.duplicates), (0, 0));
    // Too late for that.
    let sent = run(&[SILENCE, AFTER, late]);
    assert_eq!((sent.on_receipt.attempts, sent.on_receipt.duplicates), (N, N));
    assert_eq!(sent.total().layers.observed_delivered, N);
    // A receipt that comes at that very instant has come.
    let in_time = run(&[SILENCE, "on_receipt.after=30s", late]);
    assert_eq!(in_time.on_receipt.acted, 0);
}

#[test]
fn the_next_route_takes_over() {
    let lost = "provider.p.loss=100%";
    for route in ["next", "2"] {
        let results =
            run_with(SECOND_ROUTE, &[SILENCE, AFTER, lost, &format!("on_receipt.route={route}")]);
        assert_eq!(results.on_receipt.delivered, N, "{route}");
        assert_eq!(results.providers[1].truly_accepted, N);
        // Charged once, by the route it was accepted for; billed by both.
        assert_eq!(results.money.charged, 0);
        assert_eq!(results.money.billed, i128::from(N) * 30_000_000);
    }
    let stays = run_with(SECOND_ROUTE, &[SILENCE, AFTER, lost]);
    assert_eq!((stays.total().layers.delivered, stays.providers[0].lost), (0, 2 * N));
}

/// A further attempt begins a round of attempts of its own.
#[test]
fn own_attempts_that_failed_may_set_it_going() {
    let failing = [
        "provider.p.failures.transient=100%",
        "retry={ max_attempts = 3, backoff.fixed.delay = \"1s\" }",
        "on_receipt.on=failed",
        TWICE,
    ];
    let results = run(&failing);
    assert_eq!(results.providers[0].submits, 9 * N);
    assert_eq!(truth(&results, Truth::RetriesExhausted), N);
    assert_eq!(results.observed[Truth::RetriesExhausted as usize][Observed::Failed as usize], N);
    let elsewhere = ["on_receipt.route=next", "provider.p.failures.permanent=100%"];
    let results = run_with(SECOND_ROUTE, &[failing[2], elsewhere[0], elsewhere[1]]);
    assert_eq!((results.on_receipt.delivered, results.attempts[2]), (N, N));
}

#[test]
fn nothing_is_tried_after_the_validity() {
    let lost = ["provider.p.loss=100%", "traffic.t.validity=20s", SILENCE, TWICE];
    // At 10 s; the next silence would count at 20 s.
    let once = run(&[lost[0], lost[1], lost[2], lost[3], AFTER]);
    assert_eq!((once.on_receipt.attempts, once.on_receipt.acted), (N, N));
    let none = run(&[lost[0], lost[1], lost[2], lost[3], "on_receipt.after=20s"]);
    assert_eq!(none.on_receipt.acted, 0);
}

#[test]
fn a_stream_has_a_rule_of_its_own() {
    let lost = "provider.p.loss=100%";
    let never = run(&[lost, SILENCE, AFTER, "traffic.t.on_receipt.policy=none"]);
    assert_eq!(never.on_receipt.acted, 0);
    let own = run(&[lost, "traffic.t.on_receipt={ after = \"5s\", on = \"unknown\" }"]);
    assert_eq!(own.on_receipt.attempts, N);
    // A rule by name takes the place of the whole table.
    let none = run(&[lost, SILENCE, AFTER, "on_receipt.policy=none"]);
    assert_eq!(none.on_receipt.acted, 0);
}

#[test]
fn without_effect_a_rule_changes_nothing() {
    let set = ["provider.p.loss=10%", "carrier.c.loss=10%", "provider.p.receipts.delay=2s"];
    let without = run(&set);
    let with = run(&[set[0], set[1], set[2], "on_receipt.policy=none"]);
    assert_eq!(without, with);
    let idle = run(&[set[0], set[1], set[2], "on_receipt.on=rejected"]);
    assert_eq!(without.digest, idle.digest);
}

#[test]
fn it_comes_to_the_same_step_by_step() {
    let more = format!("{SMALLEST}{SECOND_ROUTE}");
    let set = [
        "scenario.duration=60s",
        "provider.p.loss=20%",
        "provider.p.receipts.loss=20%",
        "provider.p.receipts.delay.exponential={ mean = \"8s\" }",
        "carrier.c.absent={ probability = 0.3, returns.exponential.mean = \"40s\" }",
        "carrier.c.unknown_subscriber=10%",
        "traffic.t.validity=2m",
        "account.refund=on_failed_receipt",
        "on_receipt={ after = \"10s\", route = \"next\", retry = { max_attempts = 3, \
         backoff.exponential.base = \"2s\", jitter = \"full\" } }",
    ];
    let (results, _) = as_step_by_step(&more, &set);
    let acted = &results.on_receipt;
    assert!(acted.delivered > 0 && acted.duplicates > 0 && acted.called_off > 0, "{acted:?}");
}

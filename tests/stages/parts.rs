//! Long messages in parts: against probabilities, order statistics and times that are known.

use crate::support::{SMALLEST, as_step_by_step, mean, near, run, run_with, share_is, truth};
use smschain::chain::{Observed, PartEnd, Results, Stage, Truth};

/// Messages of a run here, each of [`PARTS`] parts.
const M: u64 = 5_000;
const PARTS: u64 = 3;
const EACH: [&str; 3] = ["scenario.duration=50s", "traffic.t.body.chars=400", IN_PARTS];
const IN_PARTS: &str = "provider.p.parts=each";

fn with<'a>(set: &[&'a str]) -> Vec<&'a str> {
    EACH.iter().chain(set).copied().collect()
}

/// A run in parts, held to what it comes to step by step.
fn in_parts(set: &[&str]) -> Results {
    as_step_by_step(SMALLEST, &with(set)).0
}

fn parts(results: &Results, end: PartEnd) -> u64 {
    results.parts.ends[end as usize]
}

/// Messages that the sender saw so at the end.
fn seen(results: &Results, state: Observed) -> u64 {
    results.observed.iter().map(|row| row[state as usize]).sum()
}

/// Each part is lost with probability p, so that the whole arrives with (1 − p)³; of the rest the handset has
/// something, unless all three are lost.
#[test]
fn every_part_must_arrive() {
    let p: f64 = 0.1;
    let results = in_parts(&["carrier.c.loss=10%", "route.1.cost=0.01", "route.1.price=0.02"]);
    let delivered = results.total().layers.delivered;
    share_is(delivered, M, (1.0 - p).powi(3));
    assert_eq!(truth(&results, Truth::LostByCarrier), M - delivered);
    assert_eq!((results.parts.messages, results.parts.total()), (M, PARTS * M));
    assert_eq!((results.parts.submitted, results.parts.accepted), (PARTS * M, PARTS * M));
    share_is(parts(&results, PartEnd::Lost), PARTS * M, p);
    assert_eq!(parts(&results, PartEnd::Delivered), PARTS * M - results.carriers[0].lost);
    assert_eq!(results.parts.complete, delivered);
    share_is(results.parts.incomplete, M, 1.0 - (1.0 - p).powi(3) - p.powi(3));
    // A receipt of each part that arrived: the sender sees as delivered what was, and no more.
    assert_eq!(seen(&results, Observed::Delivered), delivered);
    assert_eq!(results.parts.incomplete_seen_delivered, 0);
    // Both purses count segments; what was charged was so at accept.
    let units = i128::from(PARTS * M) * 1_000_000_000;
    assert_eq!((results.money.billed, results.money.charged), (units / 100, units / 50));
    assert_eq!((results.segments_sent, results.duplicate_copies), (PARTS * M, 0));
}

/// As a whole and in parts the same share is lost: what differs is that the handset has some of it.
#[test]
fn a_whole_is_lost_as_often_as_a_message_in_parts() {
    let results = run(&["scenario.duration=50s", "traffic.t.body.chars=400", "carrier.c.loss=10%"]);
    share_is(results.total().layers.delivered, M, 0.9_f64.powi(3));
    assert_eq!(results.parts, Default::default());
}

/// The whole is there when the last of three is: the largest of three exponential times has the mean
/// 1 + 1/2 + 1/3, from the first to the last are 1 + 1/2, and one of their 3! orders is that of the message.
#[test]
fn the_latest_part_makes_the_message() {
    let results = in_parts(&["carrier.c.latency.exponential={ mean = \"1s\" }"]);
    // Standard deviations of the largest and of the range: the root of 1 + 1/4 + 1/9, and of 1 + 1/4.
    let error = |variance: f64| 3.2905 * (variance / M as f64).sqrt();
    near(mean(&results, Stage::Delivery), 11.0 / 6.0, error(49.0 / 36.0) / (11.0 / 6.0));
    near(mean(&results, Stage::Parts), 1.5, error(1.25) / 1.5);
    share_is(results.parts.out_of_order, M, 5.0 / 6.0);
    let within = |t: f64| (1.0 - (-t).exp()).powi(3);
    let latency = &results.total().latency[Stage::Delivery as usize];
    for t in [0.5, 1.0, 3.0] {
        let below = latency.quantile_s(within(t)).unwrap();
        near(below, t, 0.08);
    }
}

/// The receipts of parts say different things of one message; the sender's rule decides what that is of the whole.
#[test]
fn what_the_sender_sees_of_the_whole() {
    let p: f64 = 0.1;
    let filter = r#"
        [[carrier.filter]]
        name = "some"
        rule.random = {}
        probability = 0.1
        action = "block"
        receipt = "undelivered"
    "#;
    let all = (1.0 - p).powi(3);
    let rules = [
        ("all", all, 1.0 - all, PARTS),
        ("any", 1.0 - p.powi(3), p.powi(3), PARTS),
        ("first", 1.0 - p, p, 1),
        ("last", 1.0 - p, p, 1),
    ];
    for (rule, delivered, undelivered, receipts) in rules {
        let rule = format!("provider.p.receipts.whole={rule}");
        let text = format!("{SMALLEST}\n{filter}");
        let (results, _) = as_step_by_step(&text, &with(&[&rule]));
        let truly = results.total().layers.delivered;
        share_is(truly, M, all);
        share_is(seen(&results, Observed::Delivered), M, delivered);
        share_is(seen(&results, Observed::Undelivered), M, undelivered);
        let heard = results.total().latency[Stage::Receipt as usize].count();
        assert_eq!(heard, receipts * M, "{rule}");
        let falsely = seen(&results, Observed::Delivered).saturating_sub(truly);
        assert_eq!(results.total().layers.falsely_delivered, falsely, "{rule}");
        assert_eq!(parts(&results, PartEnd::Filtered), results.carriers[0].filtered[0]);
    }
}

/// Every part has three tries, whatever comes of the others: only those that failed are submitted again.
#[test]
fn parts_that_failed_alone_are_tried_again() {
    let p: f64 = 0.3;
    let set = ["provider.p.failures.transient=30%", "retry.max_attempts=3"];
    let results = in_parts(&set);
    let every = (PARTS * M) as f64;
    share_is(results.total().layers.delivered, M, (1.0 - p.powi(3)).powi(3));
    share_is(parts(&results, PartEnd::NotAccepted), PARTS * M, p.powi(3));
    near(results.parts.submitted as f64, every * (1.0 + p + p * p), 0.015);
    assert_eq!(results.parts.submitted, results.providers[0].submits);
    assert_eq!((results.duplicate_copies, results.parts.repeated), (0, 0));
    let exhausted = truth(&results, Truth::RetriesExhausted);
    assert_eq!(exhausted, M - results.total().layers.delivered);
    assert_eq!(seen(&results, Observed::Failed), exhausted);
    // Executed is what a provider has all of.
    assert_eq!(results.total().layers.executed, results.total().layers.delivered);
}

/// What can't be mended decides, and the other parts have been submitted all the same.
#[test]
fn a_part_refused_for_good_ends_the_message_and_not_its_other_parts() {
    let set = ["provider.p.failures.permanent=20%", "retry.max_attempts=3"];
    let results = in_parts(&set);
    share_is(truth(&results, Truth::RejectedByProvider), M, 1.0 - 0.8_f64.powi(3));
    share_is(parts(&results, PartEnd::NotAccepted), PARTS * M, 0.2);
    share_is(parts(&results, PartEnd::Delivered), PARTS * M, 0.8);
    assert_eq!(results.parts.submitted, PARTS * M);
}

/// A part takes a token and a slot as any submit does, and goes when the part before it has its result.
#[test]
fn parts_go_one_after_another() {
    let one = ["traffic.t.arrivals.campaign={ count = 1 }", "provider.p.latency=400ms"];
    let alone = in_parts(&one);
    // Three answers of 0.4 s each.
    near(mean(&alone, Stage::Delivery), 1.2, 1e-9);
    near(mean(&alone, Stage::Parts), 0.8, 1e-9);
    let paced = in_parts(&[one[0], one[1], "provider.p.throttle={ rate = \"1/s\" }"]);
    // Tokens at 0, 1 and 2 s.
    near(mean(&paced, Stage::Delivery), 2.4, 1e-9);
    // As a whole it takes them all at once.
    let whole = run(&[
        "traffic.t.body.chars=400",
        one[0],
        one[1],
        "provider.p.throttle={ rate = \"1/s\" }",
    ]);
    near(mean(&whole, Stage::Delivery), 0.4, 1e-9);
    // Two messages share one slot: parts wait in line with those of others.
    let two = ["traffic.t.arrivals.campaign={ count = 2 }", one[1], "provider.p.window=1"];
    near(mean(&in_parts(&two), Stage::Delivery), (2.0 + 2.4) / 2.0, 1e-9);
}

/// With `dispatch = "provider"` the first part leaves the queue when there is a token for a part.
#[test]
fn a_queue_lets_a_message_go_when_there_is_room_for_a_part() {
    let queue = "[[queue]]\nname = \"main\"\ndispatch = \"provider\"";
    let set = with(&[
        "traffic.t.arrivals.campaign={ count = 2 }",
        "provider.p.throttle={ rate = \"1/s\", burst = 2 }",
    ]);
    let results = run_with(queue, &set);
    // Six tokens: at 0, 0, 1, 2, 3 and 4 s; the first message has those at 0, 1 and 2.
    let delivery = &results.total().latency[Stage::Delivery as usize];
    assert_eq!(delivery.max_s(), Some(4.0));
    as_step_by_step(&format!("{SMALLEST}\n{queue}"), &set);
}

/// Parts accepted behind a time-out are submitted again: the handset has them twice, and shows the message once
/// unless it has all of them twice.
#[test]
fn duplicates_are_parts() {
    let p: f64 = 0.2;
    let set = [
        "provider.p.failures.timeout=20%",
        "provider.p.submit_timeout=1s",
        "provider.p.timeout_accepted=100%",
        "retry.max_attempts=2",
    ];
    let results = in_parts(&set);
    assert_eq!(results.total().layers.delivered, M);
    share_is(results.parts.repeated, PARTS * M, p);
    assert_eq!(results.duplicate_copies, results.parts.repeated);
    share_is(results.delivered_twice, M, p.powi(3));
    assert_eq!(parts(&results, PartEnd::Delivered), PARTS * M);
}

/// By a route whose provider takes messages whole, a message is sent whole, whatever went before.
#[test]
fn a_route_that_takes_wholes_gets_the_whole() {
    let second = r#"
        [[route]]
        id = 2
        provider = "q"
        rank = 2

        [[provider]]
        name = "q"
    "#;
    let set = [
        "provider.p.failures.transient=20%",
        "retry.max_attempts=2",
        "retry.failover={ attempts = 1 }",
    ];
    let text = format!("{SMALLEST}\n{second}");
    let (results, _) = as_step_by_step(&text, &with(&set));
    let wholes = results.providers[1].truly_accepted;
    share_is(wholes, M, 1.0 - 0.8_f64.powi(3));
    assert_eq!(results.total().layers.delivered, M);
    assert_eq!(results.parts.complete, M - wholes);
    assert_eq!(results.segments_sent, results.parts.accepted + PARTS * wholes);
    assert_eq!((results.parts.incomplete, results.delivered_twice), (0, 0));
}

/// A sender that acts on silence sends what it has not seen delivered, and nothing else.
#[test]
fn a_further_attempt_sends_the_parts_that_are_missing() {
    let p: f64 = 0.2;
    let set = [
        "provider.p.loss=20%",
        "on_receipt.on=unknown",
        "on_receipt.after=10s",
        "on_receipt.retry.max_attempts=1",
    ];
    let results = in_parts(&set);
    share_is(results.total().layers.delivered, M, (1.0 - p * p).powi(3));
    near(results.parts.accepted as f64, (PARTS * M) as f64 * (1.0 + p), 0.015);
    assert_eq!(results.parts.repeated, 0);
    assert_eq!(seen(&results, Observed::Delivered), results.total().layers.delivered);
}

/// All parts wait for the same handset, and a carrier that is woken has them there together.
#[test]
fn parts_wait_for_the_same_handset() {
    let set = [
        "carrier.c.absent={ probability = 1, returns = \"60s\", alert = 1 }",
        "provider.p.latency=1s",
    ];
    let results = in_parts(&set);
    // The absence begins with the first part's try, at 1 s.
    near(mean(&results, Stage::Delivery), 61.0, 1e-9);
    assert_eq!(results.total().latency[Stage::Parts as usize].max_s(), Some(0.0));
}

/// To a carrier each part is a message: a velocity limit of two leaves the third out, and a filter of
/// duplicates sees no part in another one.
#[test]
fn filters_look_at_parts() {
    let filter = |rule: &str| {
        let text = format!(
            "{SMALLEST}\n[[carrier.filter]]\nname = \"f\"\naction = \"silent\"\nrule.{rule}\n"
        );
        as_step_by_step(&text, &with(&["traffic.t.spam_score.uniform={ low = 0, high = 1 }"])).0
    };
    let velocity = filter("velocity = { key = \"recipient\", limit = 2, window = \"1h\" }");
    assert_eq!((parts(&velocity, PartEnd::Filtered), velocity.parts.incomplete), (M, M));
    assert_eq!(filter("duplicate = { window = \"1h\" }").total().layers.delivered, M);
    // What the whole says is in each of its parts.
    let content = filter("content = { threshold = 0.5 }");
    share_is(content.total().layers.delivered, M, 0.5);
    assert_eq!(content.parts.incomplete, 0);
}

/// A worker that crashes leaves the parts that are known to be accepted; with at least once the others follow.
#[test]
fn a_crash_interrupts_a_message() {
    let queue = r#"
        [[queue]]
        name = "main"
        workers = 50
        crash = { mean_time_between = "20s", restart = "1s", guarantee = "at_least_once", visibility_timeout = "5s" }
    "#;
    let set = with(&["provider.p.latency=100ms", "scenario.drain=1h"]);
    let (results, _) = as_step_by_step(&format!("{SMALLEST}\n{queue}"), &set);
    assert_eq!(results.total().layers.delivered, M);
    assert_eq!(parts(&results, PartEnd::Delivered), PARTS * M);
    // A part that was out is accepted all the same, and submitted again.
    assert!(results.parts.repeated > 0, "no worker crashed");
    assert_eq!(results.parts.accepted, PARTS * M + results.parts.repeated);
}

/// A message of one segment has no parts.
#[test]
fn what_is_short_goes_as_ever() {
    let set = ["scenario.duration=50s", "carrier.c.loss=10%", "provider.p.failures.transient=5%"];
    let whole = run(&set);
    let each = run(&[set[0], set[1], set[2], IN_PARTS]);
    assert_eq!(whole, each);
}

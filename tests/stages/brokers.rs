//! What brokers do with a queue: messages fetched several at once, and where those join that come back.

use crate::support::as_step_by_step;
use smschain::chain::{Results, Stage};
use smschain::kernel::SECOND;

/// Eight messages at once, two workers, a second each.
const EIGHT: &str = r#"
[scenario]
duration = "10m"
[[traffic]]
name = "t"
arrivals.campaign = { count = 8 }
[[queue]]
name = "main"
workers = 2
[[route]]
id = 1
provider = "p"
[[provider]]
name = "p"
latency = "1s"
[[carrier]]
name = "c"
"#;

fn of(text: &str, set: &[&str]) -> Results {
    as_step_by_step(text, set).0
}

/// Mean and longest time in a stage.
fn times(results: &Results, stage: Stage) -> (f64, f64) {
    let total = results.total();
    let latency = &total.latency[stage as usize];
    (latency.mean_s().unwrap(), latency.max_s().unwrap())
}

/// Two are taken as they come. At 1 s the first worker fetches four, the other the two that are left, and is idle
/// from 3 s on, while messages wait behind the first until 5 s.
#[test]
fn what_a_worker_has_fetched_waits_for_it() {
    let alone = of(EIGHT, &[]);
    assert_eq!(times(&alone, Stage::HandOff), (20.0 / 8.0, 4.0));
    let fetched = of(EIGHT, &["queue.main.prefetch=4"]);
    assert_eq!(times(&fetched, Stage::HandOff), (21.0 / 8.0, 5.0));
    assert_eq!(times(&fetched, Stage::QueueWait), (13.0 / 8.0, 4.0));
    let queue = &fetched.queues[0];
    assert_eq!((queue.behind.area, queue.behind.max), (7 * u128::from(SECOND), 4));
    // Six wait from 0 to 1 s; then they are with the workers.
    assert_eq!(
        (queue.depth.area, queue.busy.area),
        (6 * u128::from(SECOND), 8 * u128::from(SECOND))
    );
    // Where each finds a worker nothing is fetched along.
    let idle = of(EIGHT, &["queue.main.prefetch=4", "queue.main.workers=8"]);
    assert_eq!((times(&idle, Stage::HandOff), idle.queues[0].behind.max), ((1.0, 1.0), 0));
}

/// The lease begins at the fetch: at 3.5 s those end of the message that the first worker is at and of the one
/// behind it. The other worker takes both, one after the other, and the first, who knows nothing of it, sends
/// both, too.
#[test]
fn a_lease_runs_while_a_message_waits_with_its_worker() {
    let set = ["queue.main.prefetch=4", "queue.main.lease=2500ms"];
    let results = of(EIGHT, &set);
    assert_eq!(results.queues[0].leases_ended, 2);
    assert_eq!((results.duplicate_copies, results.delivered_twice), (2, 2));
    assert_eq!(results.total().latency[Stage::QueueWait as usize].count(), 8);
    // Long enough for all four.
    let results = of(EIGHT, &["queue.main.prefetch=4", "queue.main.lease=4s"]);
    assert_eq!((results.queues[0].leases_ended, results.duplicate_copies), (0, 0));
}

/// One of three messages fails at 1 s and is back at once; the second has been taken by then.
#[test]
fn a_message_that_comes_back_joins_the_tail_or_the_head() {
    let text = EIGHT
        .replace("workers = 2", "workers = 1")
        .replace("count = 8 }", "count = 1 }\npriority = 1")
        + "[[traffic]]\nname = 'u'\narrivals.campaign = { count = 2 }\n\
           [retry]\nmax_attempts = 2\n\
           [[incident]]\nname = 'i'\nat = '0s'\nfor = '500ms'\ntarget = 'provider.p'\n\
           failures = { transient = 1 }\n";
    let first = |set: &[&str]| of(&text, set).traffic[0].delivery.mean_s().unwrap();
    let head = "queue.main.requeue=head";
    assert_eq!(first(&[]), 4.0);
    assert_eq!(first(&[head]), 3.0);
    // Among equals: of deadlines …
    let deadline = "queue.main.discipline=deadline";
    assert_eq!((first(&[deadline]), first(&[deadline, head])), (4.0, 3.0));
    let soon = "traffic.u.deadline=10s";
    assert_eq!(first(&[deadline, head, soon]), 4.0);
    // … and of priorities.
    let priority = "queue.main.discipline=priority";
    assert_eq!((first(&[priority]), first(&[priority, "traffic.u.priority=1"])), (3.0, 4.0));
    assert_eq!(first(&[priority, "traffic.u.priority=1", head]), 3.0);
    assert_eq!(first(&[priority, "traffic.u.priority=2", head]), 4.0);
}

/// The same where messages wait for their provider's one slot.
#[test]
fn one_that_waits_for_its_provider_does_too() {
    let text = EIGHT
        .replace("workers = 2", "dispatch = 'provider'")
        .replace("latency = \"1s\"", "latency = '1s'\nwindow = 1\nthrottle = { rate = '1000/s', burst = 10, scope = 'sender' }")
        .replace("count = 8 }", "count = 1 }\nsender = 'one'")
        + "[[traffic]]\nname = 'u'\nsender = 'other'\narrivals.campaign = { count = 2 }\n\
           [retry]\nmax_attempts = 2\n\
           [[incident]]\nname = 'i'\nat = '0s'\nfor = '500ms'\ntarget = 'provider.p'\n\
           failures = { transient = 1 }\n";
    let first = |set: &[&str]| of(&text, set).traffic[0].delivery.mean_s().unwrap();
    // Each sender has a lane of its own.
    assert_eq!((first(&[]), first(&["queue.main.requeue=head"])), (4.0, 3.0));
}

//! Leases that run out while a worker still works: against times and probabilities that are known.

use crate::support::{N, SMALLEST, as_step_by_step, near, share_is};
use smschain::chain::{Results, Stage, Truth};
use smschain::kernel::SECOND;

/// One message, a provider that takes 5 s, and 40 s in the first ten.
const ONE: &str = r#"
[scenario]
duration = "10m"
[[traffic]]
name = "t"
arrivals.campaign = { count = 1 }
[[queue]]
name = "main"
lease = "30s"
[[route]]
id = 1
provider = "p"
[[provider]]
name = "p"
latency = "5s"
[[carrier]]
name = "c"
[[incident]]
name = "brown-out"
at = "0s"
for = "10s"
target = "provider.p"
latency_factor = 8
"#;

fn of(set: &[&str]) -> Results {
    as_step_by_step(ONE, set).0
}

/// Leases that ran out, copies beyond the first, and people who got it twice.
fn doubles(results: &Results) -> (u64, u64, u64) {
    (results.queues[0].leases_ended, results.duplicate_copies, results.delivered_twice)
}

fn at(results: &Results, stage: Stage) -> f64 {
    results.total().latency[stage as usize].mean_s().unwrap()
}

/// The second worker takes it at 30 s and is done at 35 s, the first at 40 s.
#[test]
fn another_worker_takes_it_and_both_send_it() {
    let results = of(&[]);
    assert_eq!(doubles(&results), (1, 1, 1));
    assert_eq!(at(&results, Stage::HandOff), 35.0);
    assert_eq!(results.attempts[2], 1);
    // A lease that ends with the work is long enough.
    for lease in ["40s", "5m"] {
        let results = of(&[&format!("queue.main.lease={lease}")]);
        assert_eq!(doubles(&results), (0, 0, 0));
        assert_eq!(at(&results, Stage::HandOff), 40.0);
    }
}

/// With nobody else to take it, it is in the queue from 30 s on, and leaves it at 40 s with the first one's word.
#[test]
fn the_first_workers_word_holds_while_nobody_has_taken_it() {
    let results = of(&["queue.main.workers=1"]);
    assert_eq!(doubles(&results), (1, 0, 0));
    assert_eq!(results.queues[0].depth.area, 10 * u128::from(SECOND));
    assert_eq!(results.queues[0].busy.area, 40 * u128::from(SECOND));
    assert_eq!(at(&results, Stage::HandOff), 40.0);
    // A failure of that kind is left to the policy, as ever: again after 1 s, for 5 s.
    let again = "retry={ max_attempts = 2, backoff.fixed = { delay = \"1s\" } }";
    let failing = "incident.brown-out.failures={ transient = 1 }";
    let results = of(&["queue.main.workers=1", again, failing]);
    assert_eq!(at(&results, Stage::HandOff), 46.0);
    assert_eq!((results.attempts[2], results.duplicate_copies), (1, 0));
    // One that may not be tried again ends there.
    let results = of(&["queue.main.workers=1", failing]);
    assert_eq!(results.truth()[Truth::RetriesExhausted as usize], 1);
    // With a second worker that failure says nothing: the message is with another by then.
    let results = of(&["queue.main.workers=2", failing]);
    assert_eq!(at(&results, Stage::HandOff), 35.0);
    assert_eq!((results.attempts[2], results.duplicate_copies), (1, 0));
}

/// The lease runs from the taking on: overhead, the wait for the window and the submit are all in it.
#[test]
fn it_covers_all_that_a_worker_does() {
    let slow = ["queue.main.lease=4s", "queue.main.overhead=10s", "traffic.t.validity=9s"];
    // Taken at 0, 4 and 8 s; at 12 s it is too late. Each looks once more before its submit.
    let results = of(&slow);
    assert_eq!(results.queues[0].leases_ended, 3);
    assert_eq!(results.truth()[Truth::ExpiredInQueue as usize], 1);
    assert_eq!((results.providers[0].submits, results.queues[0].expired), (0, 1));
    // Those who don't look send it at 10, 14 and 18 s.
    let blind = [&slow[..], &["queue.main.expire_at_submit=false"]].concat();
    let results = of(&blind);
    assert_eq!(results.providers[0].submits, 3);
    assert_eq!(results.providers[0].truly_accepted, 3);
    // Two messages and two workers, a window of one, 40 s a submit until 1 m. At 30 s both are in the queue. At
    // 40 s the first is sent; its worker takes the second, whose other worker has the window now, until 80 s. That
    // lease ends at 70 s; at 80 s that other worker takes it once more. What waits for the window is sent at 85
    // and 90 s.
    let window = [
        "queue.main.workers=2",
        "provider.p.window=1",
        "traffic.t.arrivals.campaign.count=2",
        "incident.brown-out.for=1m",
    ];
    let results = of(&window);
    assert_eq!(doubles(&results), (3, 2, 1));
    assert_eq!(at(&results, Stage::HandOff), (40.0 + 80.0) / 2.0);
}

/// A queue whose messages wait for their provider lends them only while they are out.
#[test]
fn waiting_for_the_provider_is_not_in_it() {
    let wait = [
        "queue.main.dispatch=provider",
        "provider.p.window=1",
        "traffic.t.arrivals.campaign.count=50",
        "incident.brown-out.for=1ns",
        "incident.brown-out.at=9m",
    ];
    assert_eq!(doubles(&of(&wait)), (0, 0, 0));
}

/// Every copy is a take, and a take outlives its lease with probability q = e^(−lease / mean): of messages
/// that are taken until one is done in time that makes q / (1 − q) copies too many, and q who get several.
#[test]
fn exponential_work_makes_geometric_copies() {
    let text = format!("{SMALLEST}\n[[queue]]\nname = 'main'\nlease = '30s'\n");
    let latency = "provider.p.latency={ exponential = { mean = \"10s\" } }";
    let (results, _) = as_step_by_step(&text, &[latency, "scenario.duration=200s"]);
    let n = N / 5;
    let q = (-3.0_f64).exp();
    share_is(results.delivered_twice, n, q);
    near(results.duplicate_copies as f64, n as f64 * q / (1.0 - q), 0.1);
    assert_eq!(results.duplicate_copies, results.queues[0].leases_ended);
    assert_eq!(results.total().layers.delivered, n);
}

/// The model of the shipped scenario, by hand: who is taken in the brown-out is taken again every 30 s, until the
/// submit is made after it.
#[test]
fn a_brown_out_doubles_what_is_taken_in_it() {
    let text =
        ONE.replace("arrivals.campaign = { count = 1 }", "arrivals.constant = { rate = '7/s' }");
    let set = ["incident.brown-out.at=1m", "incident.brown-out.for=100s"];
    let (results, _) = as_step_by_step(&text, &set);
    let (mut copies, mut twice) = (0, 0);
    for message in 0..7 * 600 {
        // Nanoseconds, as the arrivals are spaced.
        let arrival = (message as f64 / 7.0 * 1e9).round() as u64;
        let mut taken = arrival;
        let mut made = 1;
        let brown_out = |time: u64| (60 * SECOND..160 * SECOND).contains(&time);
        while brown_out(taken) {
            taken += 30 * SECOND;
            made += 1;
        }
        copies += made - 1;
        twice += u64::from(made > 1);
    }
    assert_eq!(doubles(&results), (copies, copies, twice));
}

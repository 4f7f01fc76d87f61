use crate::support::{N, SMALLEST, mean, near, quantile, rejected, run, run_text, share_is, truth};
use smschain::chain::{Observed, Rejection, Stage, Truth};

/// One worker, one message a second, 2 messages a second to do.
const BUSY: [&str; 3] =
    ["traffic.t.arrivals.constant.rate=2/s", "queue.main.workers=1", "provider.p.latency=1s"];

fn busy(more: &[&str]) -> smschain::chain::Results {
    run(&[&BUSY[..], more].concat())
}

#[test]
fn a_full_queue_overflows_as_it_is_told() {
    // At t = 0 one is taken; from then on a place frees every second, for 2 that come.
    let reject = busy(&["queue.main.capacity=10"]);
    let refused = rejected(&reject, Rejection::QueueFull);
    assert_eq!(reject.requests.accepted + refused, 2000);
    assert_eq!(reject.requests.accepted, 1000 + 10);
    let fail = busy(&["queue.main.capacity=10", "queue.main.overflow=fail"]);
    assert_eq!(fail.observed[Truth::DiscardedByQueue as usize][Observed::Failed as usize], refused);
    let discard = busy(&["queue.main.capacity=10", "queue.main.overflow=discard"]);
    let seen = discard.observed[Truth::DiscardedByQueue as usize];
    assert_eq!(seen[Observed::Queued as usize], refused);
    assert_eq!(discard.queues[0].discarded, refused);
    assert_eq!(discard.queues[0].depth.max, 10);
}

#[test]
fn no_room_at_all_still_leaves_the_workers() {
    let results = busy(&["queue.main.capacity=0"]);
    assert_eq!(results.requests.accepted, 1000);
    assert_eq!(mean(&results, Stage::QueueWait), 0.0);
}

#[test]
fn a_stay_ends_with_the_ttl_or_the_validity() {
    let by_ttl = busy(&["queue.main.ttl=30s"]);
    let by_validity = busy(&["traffic.t.validity=30s"]);
    for results in [by_ttl, by_validity] {
        let expired = truth(&results, Truth::ExpiredInQueue);
        assert_eq!(expired, results.queues[0].expired);
        // The server does one a second to the end, and 30 s beyond.
        assert_eq!(2000 - expired, 1030);
        assert!(quantile(&results, Stage::QueueWait, 1.0) <= 30.0);
        let seen = results.observed[Truth::ExpiredInQueue as usize][Observed::Expired as usize];
        assert_eq!(seen, expired);
    }
}

/// A second stream like the first.
fn two_streams(first: &str, second: &str) -> String {
    let start = SMALLEST.find("[[traffic]]").unwrap();
    let end = SMALLEST.find("[[route]]").unwrap();
    let stream = &SMALLEST[start..end];
    let other = stream.replace("name = \"t\"", "name = \"u\"");
    SMALLEST.replace(
        stream,
        &format!(
            "{}{first}\n{}{second}\n",
            stream.trim_end().to_owned() + "\n",
            other.trim_end().to_owned() + "\n"
        ),
    )
}

const TWO_BUSY: [&str; 4] = [
    "traffic.t.arrivals.constant.rate=0.6/s",
    "traffic.u.arrivals.constant.rate=0.6/s",
    "queue.main.workers=1",
    "provider.p.latency=1s",
];

#[test]
fn the_most_urgent_go_first() {
    let text = two_streams("priority = 0", "priority = 3");
    let waits = |discipline: &str| {
        let results = run_text(&text, &[&TWO_BUSY[..], &[discipline]].concat());
        let of = |stream: usize| results.traffic[stream].delivery.mean_s().unwrap();
        (of(0), of(1))
    };
    let (low, high) = waits("queue.main.discipline=priority");
    assert!(high < 3.0 && low > 100.0, "{low} {high}");
    let (low, high) = waits("queue.main.discipline=fifo");
    near(low, high, 0.02);
}

#[test]
fn the_earliest_deadline_goes_first() {
    let text = two_streams("deadline = \"1h\"", "deadline = \"5s\"");
    let results = run_text(&text, &[&TWO_BUSY[..], &["queue.main.discipline=deadline"]].concat());
    let of = |stream: usize| results.traffic[stream].delivery.mean_s().unwrap();
    assert!(of(1) < 3.0 && of(0) > 100.0);
}

#[test]
fn overhead_holds_the_worker() {
    let results = busy(&["queue.main.overhead=1s", "queue.main.capacity=0"]);
    assert_eq!(results.requests.accepted, 500);
    assert_eq!(mean(&results, Stage::HandOff), 2.0);
    assert_eq!(mean(&results, Stage::Submit), 1.0);
}

#[test]
fn utilisation_is_what_the_workers_did() {
    let set =
        ["traffic.t.arrivals.constant.rate=2/s", "queue.main.workers=4", "provider.p.latency=1s"];
    let results = run(&set);
    let busy = results.queues[0].busy.area as f64 / 1e12;
    near(busy, 2.0, 0.001);
    assert_eq!(results.queues[0].depth.max, 0);
}

#[test]
fn a_crash_loses_or_repeats_what_the_worker_held() {
    // A worker is up for 100 s in the mean and busy all the time; down for 10 s.
    let crash = |guarantee: &str| {
        let crash = format!(
            "queue.main.crash={{ mean_time_between = \"100s\", restart = \"10s\", {guarantee} }}"
        );
        run(&[
            "scenario.duration=20000s",
            "traffic.t.arrivals.constant.rate=30/s",
            "queue.main.workers=10",
            "queue.main.capacity=100",
            "provider.p.latency=1s",
            &crash,
        ])
    };
    let lost = crash("guarantee = \"at_most_once\"");
    let expected = 20_000.0 * 10.0 / 110.0;
    let lost_messages =
        lost.ends[1][Truth::LostBySender as usize] + lost.ends[1][Truth::DeliveredOnTime as usize];
    // What it had submitted was accepted all the same, so nothing is lost here …
    assert_eq!(lost_messages, 0);
    assert_eq!(lost.duplicate_copies, 0);
    let repeated = crash("guarantee = \"at_least_once\", visibility_timeout = \"60s\"");
    // … and the message that comes back is a duplicate, one for each crash.
    near(repeated.duplicate_copies as f64, expected, 0.1);
    // Some had two crashes.
    assert!(repeated.delivered_twice <= repeated.duplicate_copies);
    near(repeated.delivered_twice as f64, repeated.duplicate_copies as f64, 0.03);
    // Ten workers, up 100 s of every 110.
    let rate = lost.queues[0].busy.area as f64 / 20_000e9;
    near(rate, 10.0 / 1.1, 0.02);
}

#[test]
fn a_crash_before_the_submit_loses_the_message() {
    let crash = "queue.main.crash={ mean_time_between = \"100s\", restart = \"10s\", \
                 guarantee = \"at_most_once\" }";
    let results = run(&[
        "scenario.duration=20000s",
        "traffic.t.arrivals.constant.rate=30/s",
        "queue.main.workers=10",
        "queue.main.capacity=100",
        "queue.main.overhead=1s",
        crash,
    ]);
    let lost = truth(&results, Truth::LostBySender);
    near(lost as f64, 20_000.0 * 10.0 / 110.0, 0.1);
    let seen = results.observed[Truth::LostBySender as usize][Observed::Queued as usize];
    assert_eq!(seen, lost);
}

#[test]
fn workers_do_not_matter_where_they_are_enough() {
    let results = run(&["queue.main.workers=1"]);
    assert_eq!(mean(&results, Stage::QueueWait), 0.0);
    share_is(truth(&results, Truth::DeliveredOnTime), N, 1.0);
}

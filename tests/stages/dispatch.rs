//! Who waits where for a provider, and how long: in the queue or with a worker, until ttl or validity.

use crate::support::as_step_by_step;
use smschain::chain::{Results, Truth};

/// A pace of one a second.
const PACED: &str = r#"
[scenario]
duration = "10m"
[[traffic]]
name = "t"
arrivals.campaign = { count = 20000 }
[[queue]]
name = "main"
dispatch = "provider"
[[route]]
id = 1
provider = "p"
[[provider]]
name = "p"
throttle = { rate = "1/s" }
[[carrier]]
name = "c"
"#;

fn ends(set: &[&str]) -> (u64, u64) {
    of(&as_step_by_step(PACED, set).0)
}

/// Messages delivered, and expired in their queue.
fn of(results: &Results) -> (u64, u64) {
    let truth = results.truth();
    let delivered = results.total().layers.delivered;
    (delivered, truth[Truth::ExpiredInQueue as usize])
}

#[test]
fn ttl_holds_for_those_who_wait_for_the_pace() {
    // One at t = 0 and then one a second. At the very instant its ttl ends a message is too late.
    assert_eq!(ends(&["queue.main.ttl=4h"]), (14_400, 5_600));
    // Who doesn't look once more sends it: the token of that instant comes first.
    let blind = ["queue.main.ttl=4h", "queue.main.expire_at_submit=false"];
    assert_eq!(ends(&blind), (14_401, 5_599));
}

#[test]
fn validity_is_looked_at_again_when_the_token_comes() {
    let set = ["traffic.t.arrivals={ poisson = { rate = '5/s' } }", "traffic.t.validity=60s"];
    let with = |more: &[&str]| ends(&[&set[..], more].concat());
    let one = ["queue.main.dispatch=workers", "queue.main.workers=1"];
    // A second's worth of tokens for each second, and for the minute after the last request.
    let (delivered, _) = with(&one);
    assert!((655..=661).contains(&delivered), "{delivered}");
    // Who doesn't look pays for messages that expire at the carrier.
    let (delivered, _) = with(&[one[0], one[1], "queue.main.expire_at_submit=false"]);
    assert!(delivered < 120, "{delivered}");
    // Where they wait makes no difference to that: the queue, a worker, or workers without limit.
    assert!((655..=661).contains(&with(&[]).0));
    let unlimited = "queue=[{ name = 'main' }]";
    assert!((655..=661).contains(&with(&[unlimited]).0));
}

#[test]
fn priority_acts_until_the_last_moment() {
    let text = PACED.replace("count = 20000", "count = 500")
        + "[[traffic]]\nname = 'code'\npriority = 3\ndeadline = '2s'\n\
           arrivals.campaign = { count = 10, at = '20500ms', over = '100s' }\n";
    let on_time = |set: &[&str]| {
        let (results, _) = as_step_by_step(&text, set);
        // Streams are in the order of their names.
        results.traffic[0].truth[Truth::DeliveredOnTime as usize]
    };
    let priority = "queue.main.discipline=priority";
    // Each code takes the next token.
    assert_eq!(on_time(&[priority]), 10);
    assert_eq!(on_time(&[]), 0);
    // Five workers hold bulk messages that have asked before it.
    assert_eq!(on_time(&[priority, "queue.main.dispatch=workers", "queue.main.workers=5"]), 0);
    let urgent = "queue.main.discipline=deadline";
    assert_eq!(on_time(&[urgent]), 10);
}

#[test]
fn capacity_counts_those_who_wait_for_their_provider() {
    let (results, _) = as_step_by_step(PACED, &["queue.main.capacity=100"]);
    assert_eq!((results.requests.accepted, results.queues[0].depth.max), (101, 100));
    // No room at all: who finds token and slot passes.
    let (results, _) = as_step_by_step(PACED, &["queue.main.capacity=0"]);
    assert_eq!((results.requests.accepted, results.queues[0].depth.max), (1, 0));
}

#[test]
fn a_slot_is_waited_for_in_the_queue_too() {
    let set = [
        "provider.p.throttle={ rate = '1000/s', burst = 1000 }",
        "provider.p.window=2",
        "provider.p.latency=10s",
        "traffic.t.arrivals.campaign.count=100",
        "queue.main.ttl=95s",
    ];
    // Two go every ten seconds, the last of them at 90 s.
    assert_eq!(ends(&set), (20, 80));
    // A worker's overhead is spent with token and slot in hand.
    assert_eq!(ends(&[&set[..], &["queue.main.overhead=10s"]].concat()), (10, 90));
    // With fewer workers than slots there is one at a time.
    assert_eq!(ends(&[&set[..], &["queue.main.workers=1"]].concat()), (10, 90));
}

#[test]
fn each_sender_waits_for_its_own_tokens() {
    let set = [
        "traffic.t.senders={ count = 4, pick = 'round_robin' }",
        "provider.p.throttle={ rate = '1/s', scope = 'sender' }",
        "traffic.t.arrivals.campaign.count=4000",
        "queue.main.ttl=100s",
    ];
    assert_eq!(ends(&set), (400, 3_600));
}

#[test]
fn a_token_that_is_not_used_is_there_for_the_next() {
    // The window opens every ten seconds; who has a token by then may have become too late.
    let set = [
        "queue=[{ name = 'main' }]",
        "provider.p.window=1",
        "provider.p.latency=10s",
        "traffic.t.arrivals={ constant = { rate = '1/s' } }",
        "traffic.t.validity=12s",
        "scenario.duration=100s",
    ];
    let (results, _) = as_step_by_step(PACED, &set);
    // Slots at 0, 10, …, 110 s; at each there is someone who came within the last 12 s, and a token for them.
    assert_eq!((results.providers[0].submits, of(&results).1), (12, 88));
}

#[test]
fn an_open_breaker_sends_those_who_wait_elsewhere() {
    let text = PACED.replace("count = 20000", "count = 200")
        + "[[provider]]\nname = 'q'\n[[route]]\nid = 2\nprovider = 'q'\nrank = 2\n";
    let breaker = "retry={ max_attempts = 20, backoff.fixed = { delay = '5s' }, \
                   breaker = { window = '60s', failure_share = 0.5, min_calls = 5, open_for = '10m', probes = 1 } }";
    let set = [breaker, "provider.p.failures.transient=1", "provider.p.throttle.burst=5"];
    let (results, _) = as_step_by_step(&text, &set);
    assert_eq!(results.total().layers.delivered, 200);
    assert_eq!(results.providers[0].submits, 5);
}

#[test]
fn an_open_breaker_turns_a_long_queue_away() {
    let stream = |name: &str, at: &str| {
        format!(
            "[[traffic]]\nname = '{name}'\ndeadline = '1100ms'\n\
             arrivals.campaign = {{ count = 1, at = '{at}' }}\n"
        )
    };
    let text = PACED.replace("count = 20000", "count = 20000, at = '200us'")
        + &stream("a", "0s")
        + &stream("early", "100us");
    let set = [
        "retry={ max_attempts = 2, breaker = { window = 1, min_calls = 1, failure_share = 1, \
         open_for = '1s', probes = 1 } }",
        "incident=[{ name = 'down', at = '0s', for = '500ms', target = 'provider.p', \
         outage = 'refused' }]",
        "queue.main.workers=1",
        "provider=[{ name = 'p', latency = '1ms', window = 1 }]",
    ];
    let (results, _) = as_step_by_step(&text, &set);
    // The first is refused and opens it, all others wait for it; then all go.
    assert_eq!(of(&results), (20_002, 0));
    assert_eq!(results.providers[0].submits, 20_003);
    // In the order in which they came to it; streams are in the order of their names.
    assert_eq!(results.traffic[1].truth[Truth::DeliveredOnTime as usize], 1);
}

//! Rates count what happens within [warm-up, duration), whichever message it belongs to.

use crate::support::{SMALLEST, as_step_by_step};
use smschain::chain::{Again, Happened};

/// 40 messages a second for 10 min, the first minute not observed.
const TEN_MINUTES: [&str; 3] = [
    "scenario.duration=10m",
    "scenario.warmup=1m",
    "traffic.t.arrivals={ constant = { rate = '40/s' } }",
];

fn happened(set: &[&str]) -> Happened {
    let set: Vec<&str> = TEN_MINUTES.iter().chain(set).copied().collect();
    as_step_by_step(SMALLEST, &set).0.happened
}

#[test]
fn what_a_window_lets_through_is_delivered_whenever_it_was_asked_for() {
    // 50 outstanding for 200 ms each: 250 a second, of 400 that come.
    let happened = happened(&[
        "traffic.t.arrivals.constant.rate=400/s",
        "provider.p.window=50",
        "provider.p.latency=200ms",
        "traffic.t.deadline=60s",
    ]);
    let per_second = |count: u64| count as f64 / 540.0;
    assert_eq!(per_second(happened.offered), 400.0);
    assert_eq!(per_second(happened.accepted), 400.0);
    assert_eq!(per_second(happened.delivered), 250.0);
    // Of the peak, too, all that is submitted counts, not what the counted messages make of it.
    assert_eq!(happened.peak_segments, 250);
    // Message i comes at i/400 s and is there at i/250 s, a minute later from i = 40,000 on, which
    // is at 160 s: 100 s of the span.
    let on_time = happened.on_time as f64;
    assert!((on_time - 25_000.0).abs() <= 50.0, "{on_time}");
}

#[test]
fn each_thing_counts_at_its_own_time() {
    // The API takes 30 s, the way to the handset another 90 s: what comes in warm-up is accepted and
    // delivered within the span, what comes late is accepted or delivered after it.
    let slow = ["api.latency=30s", "carrier.c.latency=90s"];
    let happened = happened(&slow);
    assert_eq!(happened.offered, 540 * 40);
    assert_eq!(happened.accepted, 540 * 40);
    // The first is there at 120 s.
    assert_eq!(happened.delivered, 480 * 40);
    assert_eq!(happened.on_time, happened.delivered);
    // A request whose API call ends past the end of the requests is offered, not accepted.
    let slower = self::happened(&["api.latency=5m"]);
    assert_eq!((slower.offered, slower.accepted), (540 * 40, 300 * 40));
}

#[test]
fn copies_beyond_the_first_and_refused_requests_deliver_nothing() {
    // Every copy is accepted behind a time-out, three times a message.
    let thrice = [
        "retry={ max_attempts = 3, on = ['timeout'] }",
        "provider.p.latency=2s",
        "provider.p.submit_timeout=1s",
    ];
    let happened = self::happened(&thrice);
    assert_eq!(happened.delivered, 540 * 40);
    assert_eq!(happened.peak_segments, 120);
    let refused = self::happened(&["api.rate_limit={ rate = '10/s', burst = 1 }"]);
    assert_eq!(refused.offered, 540 * 40);
    assert_eq!((refused.accepted, refused.delivered), (540 * 10, 540 * 10));
}

#[test]
fn of_what_was_asked_for_a_repeated_call_is_nothing_more() {
    // Calls at 0, 2.5 and 5 s, each accepted after 3 s and given up after 2 s: three messages, of
    // which the last travels 4 s less than the others.
    let set = [
        "traffic.t.arrivals={ constant = { rate = '1/s' } }",
        "scenario.within=['8s', '9s', '11s']",
        "scenario.deadline=10s",
        "api.latency=3s",
        "client.timeout=2s",
        "client.retry={ max_attempts = 3, backoff.fixed = { delay = '500ms' } }",
        "carrier.c.latency={ uniform = { low = '1s', high = '6s' } }",
    ];
    let results = as_step_by_step(SMALLEST, &set).0;
    let total = results.total();
    assert_eq!((total.layers.requested, total.layers.accepted), (1000, 3000));
    assert_eq!((total.layers.again.accepted, total.layers.again.delivered), (2000, 2000));
    // Soonest is never the third; the first one comes between 4 and 9 s, the second between 6.5 and
    // 11.5 s.
    let arrived = |upto: usize| -> u64 {
        let counts = total.within.iter().zip(&total.within_again).take(upto);
        counts.map(|(count, again)| count - again).sum()
    };
    assert_eq!(arrived(2), 1000);
    assert!((800..1000).contains(&arrived(1)), "{}", arrived(1));
    assert_eq!(total.layers.on_time - total.layers.again.on_time, 1000);
    let once = as_step_by_step(SMALLEST, &[&set[..], &["client.idempotency=true"]].concat()).0;
    assert_eq!(once.total().layers.again, Again::default());
}

use crate::support::{
    N, SMALLEST, as_step_by_step, mean, near, quantile, run, run_text, share_is, truth,
};
use smschain::chain::{Observed, Stage, Truth};

#[test]
fn a_queueing_throttle_drains_a_batch_exactly() {
    let results = run(&[
        "traffic.t.arrivals.campaign={ count = 1000, at = \"0s\", over = \"0s\" }",
        "carrier.c.throttle={ rate = \"4/s\", burst = 100 }",
    ]);
    // 100 at once, then one every quarter of a second.
    assert_eq!(quantile(&results, Stage::CarrierWait, 0.1), 0.0);
    assert_eq!(results.ended_at, 225_000_000_000);
    let expected = (1..=900).map(f64::from).sum::<f64>() / 4.0 / 1000.0;
    near(mean(&results, Stage::CarrierWait), expected, 1e-12);
    assert_eq!(results.carriers[0].waiting.max, 900);
}

#[test]
fn excess_queues_is_rejected_or_dropped() {
    let excess = |more: &str| run(&[&format!("carrier.c.throttle={{ rate = \"40/s\", {more} }}")]);
    for (more, state) in [
        ("on_excess = \"queue\", queue_capacity = 5", Observed::Rejected),
        ("on_excess = \"reject\"", Observed::Rejected),
        ("on_excess = \"drop\"", Observed::Sent),
    ] {
        let results = excess(more);
        let out = truth(&results, Truth::ThrottledOut);
        assert_eq!(out, results.carriers[0].throttled);
        assert_eq!(results.observed[Truth::ThrottledOut as usize][state as usize], out, "{more}");
        assert!(out > N / 2);
    }
    // With a queue to wait in, every token is used.
    let queued = excess("on_excess = \"queue\", queue_capacity = 5");
    assert_eq!(N - truth(&queued, Truth::ThrottledOut), 40_000 + 5);
}

#[test]
fn scopes_of_a_carriers_throttle() {
    let passed = |scope: &str| {
        let text = SMALLEST
            .replace("sender = \"12345\"", "senders = { count = 5, pick = \"round_robin\" }");
        let throttle = format!(
            "carrier.c.throttle={{ rate = \"20/s\", scope = \"{scope}\", on_excess = \"drop\" }}"
        );
        run_text(&text, &[&throttle]).carriers[0].delivered
    };
    assert_eq!(passed("carrier"), N / 5);
    assert_eq!(passed("provider"), N / 5);
    // Brand and campaign default to the sender.
    for own in ["sender", "brand", "campaign"] {
        assert_eq!(passed(own), N, "{own}");
    }
}

#[test]
fn quiet_hours_hold_what_comes_until_they_end() {
    // t = 0 is 23:55, and one comes every 10 ms: those of 300 s to 600 s wait for the end.
    let set = [
        "scenario.start=23:55",
        "scenario.within=[\"1s\"]",
        "carrier.c.quiet={ from = \"00:00\", to = \"00:05\" }",
    ];
    let (results, _) = as_step_by_step(SMALLEST, &set);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    // The last second's wait for a second at most.
    let within: u64 = results.batches.iter().map(|batch| batch.within[0]).sum();
    assert_eq!(within, N - 30_000 + 100);
    // Who has waited for as long as its validity is too late: those of 300 s to 500 s.
    let expiring = [&set[..], &["traffic.t.validity=100s"]].concat();
    let (results, _) = as_step_by_step(SMALLEST, &expiring);
    assert_eq!(truth(&results, Truth::ExpiredAtCarrier), 20_001);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - 20_001);
    // Hours that the run doesn't reach change nothing.
    let elsewhere = "carrier.c.quiet={ from = \"01:00\", to = \"23:50\" }";
    let (far, _) = as_step_by_step(SMALLEST, &["scenario.start=23:55", elsewhere]);
    assert_eq!(far.digest, run_text(SMALLEST, &[]).digest);
}

#[test]
fn a_daily_cap_counts_segments_and_charges() {
    let set = [
        "scenario.start=\"23:50\"",
        "carrier.c.daily_cap={ limit = 30000, scope = \"sender\", resets_at = \"00:00\" }",
        "traffic.t.body.chars=161",
    ];
    let results = run(&set);
    // 10 minutes to midnight are 60,000 messages, then 40,000: 15,000 of each day pass.
    assert_eq!(results.carriers[0].delivered, 30_000);
    assert_eq!(results.carriers[0].capped, N - 30_000);
    let seen = results.observed[Truth::ThrottledOut as usize][Observed::Undelivered as usize];
    assert_eq!(seen, N - 30_000);
}

#[test]
fn numbers_without_a_subscriber() {
    let results = run(&["carrier.c.unknown_subscriber=23%"]);
    let unknown = truth(&results, Truth::UnknownSubscriber);
    share_is(unknown, N, 0.23);
    let seen = results.observed[Truth::UnknownSubscriber as usize][Observed::Undelivered as usize];
    assert_eq!(seen, unknown);
}

#[test]
fn every_segment_must_arrive() {
    let results = run(&["carrier.c.loss=10%", "traffic.t.body.chars=307"]);
    share_is(truth(&results, Truth::LostByCarrier), N, 1.0 - 0.9_f64.powi(3));
    let lost = results.observed[Truth::LostByCarrier as usize][Observed::Sent as usize];
    assert_eq!(lost, results.carriers[0].lost);
}

#[test]
fn an_absent_handset_is_found_by_the_schedule() {
    let set = [
        "carrier.c.absent={ probability = 1.0, returns = \"100s\" }",
        "carrier.c.retry_schedule=[\"1m\", \"5m\"]",
        "carrier.c.latency=2s",
    ];
    // Tries at 0, 60, 360 s: the handset is back at 100.
    let results = run(&set);
    assert_eq!(mean(&results, Stage::Delivery), 362.0);
    // The last wait repeats: 0, 60, 360, 660 …
    let later =
        run(&["carrier.c.absent={ probability = 1.0, returns = \"900s\" }", set[1], set[2]]);
    assert_eq!(mean(&later, Stage::Delivery), 962.0);
    // The network wakes the carrier at the return.
    let alert = "carrier.c.absent={ probability = 1.0, returns = \"100s\", alert = 1.0 }";
    assert_eq!(mean(&run(&[alert, set[1], set[2]]), Stage::Delivery), 102.0);
    let some = "carrier.c.absent={ probability = 0.4, returns = \"100s\", alert = 0.25 }";
    let mixed = run(&[some, set[1], "carrier.c.latency=0s"]);
    let delivery = &mixed.total().latency[Stage::Delivery as usize];
    let late = delivery.cells().filter(|&(at, _)| at > 200.0).map(|(_, n)| n).sum::<u64>();
    share_is(late, N, 0.4 * 0.75);
}

#[test]
fn no_try_is_made_when_the_validity_is_over() {
    let absent = "carrier.c.absent={ probability = 0.23, returns = \"100s\" }";
    let schedule = "carrier.c.retry_schedule=[\"1m\", \"5m\"]";
    let results = run(&[absent, schedule, "traffic.t.validity=360s"]);
    let expired = truth(&results, Truth::ExpiredAtCarrier);
    share_is(expired, N, 0.23);
    let seen = results.observed[Truth::ExpiredAtCarrier as usize][Observed::Expired as usize];
    assert_eq!(seen, expired);
    assert_eq!(
        truth(&run(&[absent, schedule, "traffic.t.validity=361s"]), Truth::ExpiredAtCarrier),
        0
    );
}

#[test]
fn resends_and_duplicates_meet_the_same_person() {
    // Absent for good: whoever is absent for the first message is absent for its resends.
    let set = [
        "carrier.c.absent={ probability = 0.3, returns = \"10d\" }",
        "traffic.t.validity=1h",
        "traffic.t.resend={ after = \"10s\", probability = 1.0, max = 2 }",
    ];
    let results = run(&set);
    let delivered = truth(&results, Truth::DeliveredOnTime);
    share_is(delivered, N, 0.7);
    assert_eq!(truth(&results, Truth::ExpiredAtCarrier), 3 * (N - delivered));
}

#[test]
fn delivery_takes_the_carriers_latency() {
    let results = run(&["carrier.c.latency.gamma={ mean = \"3s\", shape = 4 }"]);
    near(mean(&results, Stage::Delivery), 3.0, 3.2905 * 0.5 / (N as f64).sqrt());
}

/// An absence is the person's: it begins with the first try of any copy of a wish, and ends for all of them.
#[test]
fn whoever_is_back_is_back_for_every_copy() {
    let text = "
[scenario]
duration = '10s'
[[traffic]]
name = 't'
arrivals.constant = { rate = '1/s' }
validity = '5m'
[[route]]
id = 1
provider = 'p'
[[provider]]
name = 'p'
[[carrier]]
name = 'c'
absent = { probability = 1, returns = '10m' }
";
    let resend = "traffic.t.resend={ after = '2h', probability = 1, max = 1 }";
    let (results, _) = as_step_by_step(text, &[resend]);
    // Ten wait in vain for five minutes; asked for again after two hours, all are back.
    assert_eq!(results.total().layers.delivered, 10);
    assert_eq!(truth(&results, Truth::ExpiredAtCarrier), 10);
    // One that is asked for again while its person is away waits for what is left of that.
    let soon = "traffic.t.resend={ after = '4m', probability = 1, max = 1 }";
    let (results, _) = as_step_by_step(text, &[soon, "traffic.t.validity=7m", ALERT]);
    assert_eq!(results.total().layers.delivered, 10);
    let longest = results.total().latency[Stage::Delivery as usize].max_s();
    assert_eq!(longest, Some(360.0));
    // A duplicate, too: the second copy of a submit that timed out comes 6 minutes after the first.
    let again = [
        "provider.p.submit_timeout=1m",
        "provider.p.failures.timeout=1",
        "provider.p.timeout_accepted=1",
        "retry={ max_attempts = 2, backoff.fixed = { delay = '5m' } }",
        "traffic.t.validity=11m",
        "carrier.c.retry_schedule=['1h']",
        ALERT,
    ];
    let (results, _) = as_step_by_step(text, &again);
    // Accepted after 1 and 7 minutes: both are on the handset when it is back, 10 minutes after the first.
    assert_eq!((results.total().layers.delivered, results.delivered_twice), (0, 0));
    let (results, _) = as_step_by_step(text, &[&again[..], &["traffic.t.validity=12m"]].concat());
    assert_eq!((results.total().layers.delivered, results.delivered_twice), (10, 10));
}

/// The network wakes the carrier when a handset is back.
const ALERT: &str = "carrier.c.absent.alert=1";

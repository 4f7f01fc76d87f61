use crate::support::{N, SMALLEST, near, rejected, run, run_text, run_with, share_is, truth};
use smschain::chain::{Rejection, Stage, Truth};

#[test]
fn nothing_happens_in_the_smallest_chain() {
    let results = run(&[]);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    assert_eq!(results.total().layers.observed_delivered, N);
    for stage in Stage::ALL {
        let latency = &results.total().latency[stage as usize];
        // No message is sent in parts.
        let all = if stage == Stage::Parts { (0, None) } else { (N, Some(0.0)) };
        assert_eq!((latency.count(), latency.max_s()), all, "{}", stage.name());
    }
}

#[test]
fn segments_follow_characters_and_alphabet() {
    let segments = |set: &[&str]| run(set).segments_sent;
    assert_eq!(segments(&["traffic.t.body.chars=160"]), N);
    assert_eq!(segments(&["traffic.t.body.chars=161"]), 2 * N);
    assert_eq!(segments(&["traffic.t.body.chars=71", "traffic.t.body.ucs2=100%"]), 2 * N);
    let some = segments(&["traffic.t.body.chars=71", "traffic.t.body.ucs2=23%"]);
    share_is(some - N, N, 0.23);
    // Uniform over 1 … 320: one segment up to 160 characters, three above 306.
    let mixed = segments(&["traffic.t.body.chars.uniform={ low = 0.5, high = 320.5 }"]);
    near(mixed as f64 / N as f64, (160.0 + 2.0 * 146.0 + 3.0 * 14.0) / 320.0, 0.01);
}

#[test]
fn a_request_has_its_recipients() {
    let results = run(&["traffic.t.per_request=3"]);
    assert_eq!(results.requests.total, N);
    assert_eq!(results.total().layers.accepted, 3 * N);
}

#[test]
fn scale_multiplies_the_rate() {
    let mut spec = crate::support::scenario(SMALLEST, &[]).spec;
    spec.scale = 0.5;
    let results = smschain::chain::simulate(
        &spec,
        1,
        &mut smschain::chain::NoObserver,
        &mut smschain::kernel::Unwatched,
    );
    assert_eq!(results.unwrap().requests.total, N / 2);
}

#[test]
fn invalid_and_opted_out_are_rejected() {
    let invalid = |set: &[&str]| rejected(&run(set), Rejection::Invalid);
    share_is(invalid(&["traffic.t.invalid=23%"]), N, 0.23);
    share_is(invalid(&["traffic.t.opted_out=11%"]), N, 0.11);
    let both = invalid(&["traffic.t.invalid=23%", "traffic.t.opted_out=11%"]);
    share_is(both, N, 1.0 - 0.77 * 0.89);
}

#[test]
fn a_long_drain_does_not_lengthen_the_time_series_for_ever() {
    let results = run(&[
        "scenario.duration=1s",
        "scenario.sample_every=1ms",
        "carrier.c.latency=1h",
        "traffic.t.arrivals.constant.rate=10/s",
    ]);
    assert_eq!(results.series.len(), 100_000);
    let last = &results.series[99_999];
    assert_eq!((last.deliveries, last.gauges[0]), (10, 0));
    let before = &results.series[99_998];
    assert_eq!((before.deliveries, before.gauges[0]), (0, 10));
}

#[test]
fn people_without_a_copy_ask_again() {
    let resend = "traffic.t.resend={ after = \"10s\", probability = 1.0, max = 2 }";
    let failing = "provider.p.failures.permanent=100%";
    let results = run(&[resend, failing]);
    assert_eq!((results.requests.total, results.requests.resends), (3 * N, 2 * N));
    let chance = "traffic.t.resend={ after = \"10s\", probability = 0.4, max = 1 }";
    share_is(run(&[chance, failing]).requests.resends, N, 0.4);
    assert_eq!(run(&[resend]).requests.resends, 0);
    // Rejected requests are asked again too.
    assert_eq!(run(&[resend, "api.errors=100%"]).requests.total, 3 * N);
}

#[test]
fn a_resend_after_the_first_copy_came_is_not_made() {
    // Copies come 11 s after each request; the person looks 10 s after the first request and
    // asks again, looks 10 s later, and has the first copy by then.
    let resend = "traffic.t.resend={ after = \"10s\", probability = 1.0, max = 5 }";
    let results = run(&[resend, "carrier.c.latency=11s"]);
    assert_eq!(results.requests.resends, N);
}

#[test]
fn senders_are_picked_as_asked() {
    let filter = r#"
[[carrier.filter]]
name = "list"
rule.unregistered = { registered = ["t-1"] }
action = "block"
receipt = "rejected"
"#;
    let unregistered = |pick: &str| {
        let text = SMALLEST.replace(
            "sender = \"12345\"",
            &format!("senders = {{ count = 4, pick = \"{pick}\" }}\nrecipients = 1000000"),
        );
        let results = run_text(&format!("{text}{filter}"), &[]);
        results.carriers[0].filtered[0]
    };
    assert_eq!(unregistered("round_robin"), N * 3 / 4);
    share_is(unregistered("random"), N, 0.75);
    near(unregistered("sticky") as f64, N as f64 * 0.75, 0.01);
    assert_eq!(run_with(filter, &[]).carriers[0].filtered[0], N);
}

#[test]
fn carriers_are_chosen_by_weight() {
    let text =
        SMALLEST.replace("{ c = 1 }", "{ c = 3, d = 1 }").replace("[\"c\"]", "[\"c\", \"d\"]");
    let results = run_text(&format!("{text}\n[[carrier]]\nname = \"d\"\n"), &[]);
    share_is(results.carriers[1].arrived, N, 0.25);
}

#[test]
fn warm_up_is_simulated_but_not_counted() {
    let results = run(&["scenario.warmup=250s"]);
    assert_eq!((results.requests.total, results.simulated), (N * 3 / 4, N));
}

#[test]
fn a_campaign_and_its_deadline() {
    let set = [
        "traffic.t.arrivals.campaign={ count = 5000, at = \"10s\", over = \"50s\" }",
        "traffic.t.deadline=20s",
        "carrier.c.throttle={ rate = \"50/s\" }",
    ];
    let results = run(&set);
    assert_eq!(results.requests.total, 5000);
    // Message i comes at 10 + i/100 s, passes at 10 + i/50 s: on time while i/100 ≤ 20.
    assert_eq!(truth(&results, Truth::DeliveredOnTime), 2001);
    assert_eq!(truth(&results, Truth::DeliveredLate), 2999);
}

//! Incidents: each effect on each target, exactly where arithmetic gives it.

use crate::support::{
    N, SMALLEST, as_step_by_step, mean, near, rejected, result, run_text, run_with, scenario,
    share_is, truth,
};
use smschain::chain::spec::Target;
use smschain::chain::{AttemptResult, Rejection, Results, Stage, Truth};

/// [`crate::support::SMALLEST`] with an incident from 200 s to 300 s: 10,000 messages.
fn with(target: &str, effect: &str, set: &[&str]) -> Results {
    run_with(&incident("i", 200, 100, target, effect), set)
}

fn incident(name: &str, at: u64, span: u64, target: &str, effect: &str) -> String {
    format!(
        "[[incident]]\nname = \"{name}\"\nat = \"{at}s\"\nfor = \"{span}s\"\n\
         target = \"{target}\"\n{effect}\n"
    )
}

const HIT: u64 = 10_000;

#[test]
fn an_outage_of_the_api_answers_500() {
    let results = with("api", "outage = true", &[]);
    assert_eq!(rejected(&results, Rejection::Internal), HIT);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - HIT);
    let incident = &results.incidents[0];
    assert_eq!((incident.before.requested, incident.before.on_time), (20_000, 20_000));
    assert_eq!((incident.during.requested, incident.during.on_time), (HIT, 0));
    assert_eq!(incident.recovery(), Some(0));
    // Who calls again after a minute gets through once it is over.
    let again = ["client.retry={ max_attempts = 3, backoff.fixed.delay = \"60s\" }"];
    let results = with("api", "outage = true", &again);
    assert_eq!(rejected(&results, Rejection::Internal), 0);
}

#[test]
fn a_slow_api_ramps_up_and_down() {
    let set = ["api.latency=1s"];
    let results = with("api", "latency_factor = 3", &set);
    near(mean(&results, Stage::Api), 0.9 + 0.1 * 3.0, 1e-9);
    // With ramps of 40 s the mean factor is 1 + 2 × 60/100.
    let results = with("api", "latency_factor = 3\nramp = \"40s\"", &set);
    near(mean(&results, Stage::Api), 0.9 + 0.1 * 2.2, 1e-6);
    // Two at once multiply.
    let two = incident("a", 200, 100, "api", "latency_factor = 3")
        + &incident("b", 250, 100, "api", "latency_factor = 0.5");
    let results = run_with(&two, &set);
    let sum = 850.0 + 50.0 * 3.0 + 50.0 * 1.5 + 50.0 * 0.5;
    near(mean(&results, Stage::Api), sum / 1000.0, 1e-9);
}

#[test]
fn a_rate_limit_is_narrowed() {
    let set = ["api.rate_limit={ rate = \"100/s\", burst = 1 }"];
    let results = with("api", "throttle_factor = 0.5", &set);
    let refused = rejected(&results, Rejection::RateLimited);
    assert!(refused.abs_diff(HIT / 2) <= 1, "{refused}");
    let results = with("api", "throttle_factor = 0", &set);
    let refused = rejected(&results, Rejection::RateLimited);
    assert!(refused.abs_diff(HIT) <= 1, "{refused}");
}

#[test]
fn a_frozen_account_pays_nothing() {
    let account = "[account]\nbalance = 5.0\n\
                   top_up = { below = 10.0, amount = 0.1, every = \"1s\" }\n";
    let set = ["route.1.price=0.001"];
    let more = incident("i", 200, 100, "account", "freeze_balance = true");
    let results = run_with(&format!("{account}{more}"), &set);
    assert_eq!(rejected(&results, Rejection::InsufficientBalance), HIT);
    // A look every second from 1 s on to the end, but for the hundred in the frost.
    assert_eq!(results.money.topped_up, 899 * 100_000_000);
}

#[test]
fn traffic_is_multiplied_and_stays_the_same_traffic() {
    let results = with("traffic.t", "traffic_factor = 2.5", &[]);
    assert_eq!(results.requests.total, N + HIT * 3 / 2);
    let results = with("traffic.t", "traffic_factor = 0", &[]);
    assert_eq!(results.requests.total, N - HIT);
    let results = with("traffic.t", "traffic_factor = 3\nramp = \"50s\"", &[]);
    assert!(results.requests.total.abs_diff(N + HIT) <= 1, "{}", results.requests.total);
    // Every kind of rate: the counts have the area of rate × factor.
    for arrivals in [
        "poisson = { rate = \"100/s\" }",
        "onoff = { high = \"100/s\", low = \"100/s\", mean_high = \"7s\", mean_low = \"3s\" }",
        "profile = { points = [[\"0s\", \"100/s\"], [\"100s\", \"100/s\"]] }",
    ] {
        let set = [format!("traffic.t.arrivals={{ {arrivals} }}")];
        let results = with("traffic.t", "traffic_factor = 3\nramp = \"50s\"", &[&set[0]]);
        let expected = (N + HIT) as f64;
        let off = (results.requests.total as f64 - expected) / expected.sqrt();
        assert!(off.abs() < 4.0, "{arrivals}: {}", results.requests.total);
    }
    // A slope under a slope: 10,000 × ∫ (0.5 + x)(1 + 4x) or its mirror image, for x to 1/2.
    let set = ["traffic.t.arrivals={ profile = { points = [[\"200s\", \"50/s\"], \
                [\"300s\", \"150/s\"]] } }"];
    let results = with("traffic.t", "traffic_factor = 3\nramp = \"50s\"", &set);
    let slope = |x: f64| (0.5 + x) * if x < 0.5 { 1.0 + 4.0 * x } else { 5.0 - 4.0 * x };
    let area: f64 = (0..10_000).map(|i| slope((f64::from(i) + 0.5) / 10_000.0)).sum();
    let expected = 200.0 * 50.0 + area + 700.0 * 150.0;
    let off = (results.requests.total as f64 - expected) / expected.sqrt();
    assert!(off.abs() < 4.0, "{}, expected {expected}", results.requests.total);
}

#[test]
fn lost_workers_take_nothing_and_come_back() {
    // Ten workers of 0.1 s are just enough; a fifth of them serves 20 of 100 a second.
    let queue = "[[queue]]\nname = \"main\"\nworkers = 11\noverhead = \"100ms\"\n";
    let lost = |effect: &str| {
        run_with(&(queue.to_owned() + &incident("i", 200, 100, "queue.main", effect)), &[])
    };
    let results = lost("workers_lost = 0.8");
    // 11 × 0.8 = 8.8: nine are lost, two serve 20 a second.
    near(results.queues[0].depth.max as f64, 8_000.0, 0.001);
    // Then eleven serve 110 a second, of which 10 from the backlog: 8,000 of them last 800 s.
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    let all = lost("workers_lost = 1");
    near(all.queues[0].depth.max as f64, 10_000.0, 0.001);
    assert_eq!(truth(&all, Truth::DeliveredOnTime), N);
}

#[test]
fn an_outage_of_a_provider_leaves_submits_unanswered() {
    let set =
        ["provider.p.submit_timeout=10s", "provider.p.timeout_accepted=1", "provider.p.latency=1s"];
    let results = with("provider.p", "outage = true", &set);
    assert_eq!(result(&results, AttemptResult::Timeout), HIT);
    assert_eq!(truth(&results, Truth::RetriesExhausted), HIT);
    near(mean(&results, Stage::Submit), 0.9 + 0.1 * 10.0, 1e-9);
    // Servers are not kept busy by it.
    let servers = [set[0], set[1], set[2], "provider.p.servers=100"];
    let results = with("provider.p", "outage = true", &servers);
    assert_eq!(result(&results, AttemptResult::Timeout), HIT);
    // 900 s of 100 at once, less what those of the last second still need after the end.
    assert_eq!(results.providers[0].serving.area, 89_950_500_000_000);
}

#[test]
fn a_bind_that_is_down_refuses_submits() {
    let down = "outage = \"refused\"";
    let results = with("provider.p", down, &["provider.p.latency=1s"]);
    assert_eq!(result(&results, AttemptResult::Transient), HIT);
    assert_eq!(truth(&results, Truth::RetriesExhausted), HIT);
    // A refusal takes its time: by default as long as an answer.
    near(mean(&results, Stage::Submit), 1.0, 1e-9);
    let quick = ["provider.p.latency=1s", "provider.p.refusal_latency=20ms"];
    let results = with("provider.p", down, &quick);
    near(mean(&results, Stage::Submit), 0.9 + 0.1 * 0.02, 1e-9);
    // No server is kept busy by it, and no token of a throttle that refuses is taken.
    let more = [quick[0], quick[1], "provider.p.servers=100"];
    assert_eq!(with("provider.p", down, &more).providers[0].serving.area, 89_950_500_000_000);
    // Where one outage is silent, too, the bind is down all the same.
    let both = incident("a", 100, 100, "provider.p", "outage = true")
        + &incident("b", 100, 50, "provider.p", down);
    let results = run_with(&both, &["provider.p.submit_timeout=10s"]);
    assert_eq!(result(&results, AttemptResult::Transient), 5_000);
    assert_eq!(result(&results, AttemptResult::Timeout), 5_000);
}

#[test]
fn failures_of_a_provider_combine() {
    let half = "failures = { transient = 0.5 }";
    let results = with("provider.p", half, &[]);
    let failed = result(&results, AttemptResult::Transient);
    crate::support::share_is(failed, HIT, 0.5);
    let two =
        incident("a", 200, 100, "provider.p", half) + &incident("b", 200, 100, "provider.p", half);
    let results = run_with(&two, &["provider.p.failures.transient=20%"]);
    // 1 − 0.8 × 0.5 × 0.5 in the incident.
    let failed = result(&results, AttemptResult::Transient);
    crate::support::share_is(failed, N, 0.9 * 0.2 + 0.1 * 0.8);
}

#[test]
fn a_slow_provider_and_a_slow_carrier() {
    let results = with("provider.p", "latency_factor = 8", &["provider.p.latency=100ms"]);
    near(mean(&results, Stage::Submit), 0.09 + 0.08, 1e-9);
    let set = ["provider.p.latency=100ms", "provider.p.servers=1000"];
    let results = with("provider.p", "latency_factor = 8", &set);
    near(mean(&results, Stage::Submit), 0.09 + 0.08, 1e-9);
    let results = with("carrier.c", "latency_factor = 4", &["carrier.c.latency=2s"]);
    near(mean(&results, Stage::Delivery), 0.9 * 2.0 + 0.1 * 8.0, 1e-9);
}

#[test]
fn a_narrowed_throttle_drains_at_the_narrowed_rate() {
    for (station, stage) in [("provider.p", Stage::WindowWait), ("carrier.c", Stage::CarrierWait)] {
        let throttle = format!("{station}.throttle={{ rate = \"200/s\" }}");
        let set = [throttle.as_str()];
        // 100 a second come, 50 pass: after 100 s 5,000 wait. Then 200 pass: gone after 50 s.
        let results = with(station, "throttle_factor = 0.25", &set);
        let waits: f64 = 0.5 * 5_000.0 * 100.0 + 0.5 * 5_000.0 * 50.0;
        near(mean(&results, stage) * N as f64, waits, 0.002);
        // Nothing passes, then 200 a second.
        let results = with(station, "throttle_factor = 0", &set);
        let waits: f64 = 0.5 * 10_000.0 * 100.0 + 0.5 * 10_000.0 * 100.0;
        near(mean(&results, stage) * N as f64, waits, 0.002);
        assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    }
}

#[test]
fn an_outage_of_a_carrier_makes_everything_wait() {
    let set = ["carrier.c.latency=1s", "traffic.t.deadline=1s"];
    let results = with("carrier.c", "outage = true", &set);
    // What came from 199 s on was on its way to the handset when it began.
    assert_eq!(truth(&results, Truth::DeliveredLate), HIT + 100);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N - HIT - 100);
    let late: f64 = (1..=100).map(|i| f64::from(i) / 100.0 + 100.0).sum();
    let waited: f64 = (1..=10_000).map(|i| f64::from(i) / 100.0 + 1.0).sum();
    let expected = (N - HIT - 100) as f64 + late + waited;
    near(mean(&results, Stage::Delivery) * N as f64, expected, 1e-6);
    // Who is valid for a minute only is not tried any more.
    let short = [set[0], "traffic.t.validity=60s"];
    let results = with("carrier.c", "outage = true", &short);
    assert_eq!(truth(&results, Truth::ExpiredAtCarrier), 4_001);
    // Throttled copies do not pass in it either.
    let paced = ["carrier.c.throttle={ rate = \"90/s\" }", "scenario.drain=10d"];
    let free = run_with("", &paced);
    let results = with("carrier.c", "outage = true", &paced);
    let [free, results] = [&free, &results].map(|run| run.ended_at as f64 / 1e9);
    near(results, free + 100.0, 0.01);
}

#[test]
fn held_receipts_come_together() {
    let set = ["provider.p.receipts.delay=1s"];
    let results = with("provider.p", "hold_receipts = true", &set);
    // Those due from 200 s to 300 s, of messages sent a second before, come at 300 s.
    let held: f64 = (0..10_000).map(|i| 100.0 - f64::from(i) / 100.0).sum();
    near(mean(&results, Stage::Receipt) * N as f64, N as f64 + held, 1e-6);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
}

#[test]
fn receipts_are_lost_in_it() {
    // Those due from 200 s to 300 s, of messages sent a second before.
    let set = ["provider.p.receipts.delay=1s"];
    let results = with("provider.p", "lose_receipts = true", &set);
    assert_eq!(results.total().layers.unseen, 10_000);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    // A sender that acts on silence sends them again, and they come twice.
    let acts = [set[0], "on_receipt.after=150s", "on_receipt.on=unknown"];
    let results = with("provider.p", "lose_receipts = true", &acts);
    assert_eq!((results.on_receipt.acted, results.on_receipt.duplicates), (10_000, 10_000));
    assert_eq!(results.total().layers.unseen, 0);
}

#[test]
fn a_filter_is_switched_on() {
    let filter = "[[carrier.filter]]\nname = \"rules\"\nrule.random = {}\naction = \"block\"\n\
                  enabled = false\n";
    let on = incident("i", 200, 100, "carrier.c.filter.rules", "enable_filter = true");
    let results = run_with(&format!("{filter}{on}"), &[]);
    assert_eq!(truth(&results, Truth::FilteredExplicit), HIT);
    assert_eq!(results.carriers[0].filtered, [HIT]);
}

#[test]
fn recovery_is_the_first_window_that_is_as_good_as_before() {
    // One server of 10 ms at 50 a second: half its time. In the incident it takes 100 ms: 10 a
    // second are served, and 100 s leave 4,000 waiting, which 50 a second work off in 80 s.
    let set = [
        "traffic.t.arrivals.constant.rate=50/s",
        "traffic.t.deadline=20ms",
        "provider.p.servers=1",
        "provider.p.latency=10ms",
    ];
    let results = with("provider.p", "latency_factor = 10", &set);
    let incident = &results.incidents[0];
    assert_eq!((incident.before.requested, incident.before.on_time), (10_000, 10_000));
    assert_eq!((incident.during.requested, incident.during.on_time), (5_000, 0));
    let shares: Vec<bool> = incident.after.iter().map(|w| w.on_time == w.requested).collect();
    assert_eq!(incident.after.len(), 24, "700 s");
    assert_eq!(shares[..4], [false, false, false, true]);
    assert_eq!(incident.recovery(), Some(90_000_000_000));
    // Nothing to compare with, or no time to recover in.
    let early = run_with(&self::incident("i", 0, 100, "api", "outage = true"), &set);
    assert_eq!(early.incidents[0].recovery(), None);
    let late = run_with(&self::incident("i", 900, 100, "api", "outage = true"), &set);
    assert_eq!(late.incidents[0].recovery(), None);
    // Replications are pooled.
    let mut twice = results.clone();
    twice.merge(&results);
    assert_eq!(twice.incidents[0].during.requested, 10_000);
    assert_eq!(twice.incidents[0].recovery(), results.incidents[0].recovery());
}

#[test]
fn an_incident_moves_no_draw_elsewhere() {
    let set = [
        "traffic.t.arrivals={ poisson = { rate = \"100/s\" } }",
        "provider.p.latency.exponential.mean=80ms",
        "provider.p.failures.transient=10%",
        "carrier.c.latency.exponential.mean=3s",
    ];
    // Over before the first request is counted: the rest is as if it had never been.
    let warm = [&set[..], &["scenario.warmup=400s", "traffic.t.validity=60s"]].concat();
    let quiet = run_with("", &warm);
    let storm = incident("a", 100, 100, "carrier.c", "outage = true")
        + &incident("b", 50, 200, "provider.p", "failures = { permanent = 0.7 }")
        + &incident("c", 10, 100, "api", "outage = true");
    let stormy = run_with(&storm, &warm);
    assert_eq!(quiet.batches, stormy.batches);
    assert_ne!(quiet.digest, stormy.digest);
}

#[test]
fn targets_are_found_by_name() {
    let text = format!(
        "{}\n[[carrier.filter]]\nname = \"f\"\nrule.random = {{}}\naction = \"block\"\n\
         enabled = false\n{}",
        crate::support::SMALLEST,
        incident("z", 1, 1, "carrier.c.filter.f", "enable_filter = true")
            + &incident("a", 1, 1, "provider.p", "outage = \"refused\"")
    );
    let spec = scenario(&text, &["incident.a.for=7s"]).spec;
    let targets: Vec<Target> = spec.incidents.iter().map(|incident| incident.target).collect();
    assert_eq!(targets, [Target::Provider(0), Target::Filter { carrier: 0, filter: 0 }]);
    assert_eq!(spec.incidents[0].end(), 8_000_000_000);
    assert_eq!(run_text(&text, &[]).incidents.len(), 2);
}

#[test]
fn the_overhead_of_workers_grows() {
    let set = ["queue.main.overhead=1s"];
    let results = with("queue.main", "overhead_factor = 3", &set);
    near(mean(&results, Stage::HandOff), 0.9 + 0.1 * 3.0, 1e-9);
    // One worker, whose overhead takes up all its time, and then five times as much: 20,000 come before
    // it, 2,000 are served in it, and 70,000 after.
    let set = ["queue.main.workers=1", "queue.main.capacity=1", "queue.main.overhead=10ms"];
    let results = with("queue.main", "overhead_factor = 5", &set);
    let served = truth(&results, Truth::DeliveredOnTime);
    assert!(served.abs_diff(20_000 + 2_000 + 70_000) <= 3, "{served}");
}

#[test]
fn the_way_to_the_carrier_is_long() {
    let set = ["provider.p.relay=1s"];
    let results = with("provider.p", "relay_factor = 11", &set);
    near(mean(&results, Stage::Delivery), 0.9 + 0.1 * 11.0, 1e-9);
}

#[test]
fn receipts_are_late_and_some_are_lost() {
    let set = ["provider.p.receipts.delay=1s"];
    let results = with("provider.p", "receipt_delay_factor = 6", &set);
    near(mean(&results, Stage::Receipt), 0.9 + 0.1 * 6.0, 1e-9);
    // With half of them lost as ever, 1 − 0.5 × 0.6 are in it.
    let text =
        format!("{SMALLEST}\n{}", incident("i", 200, 100, "provider.p", "receipt_loss = 0.4"));
    let few = "traffic.t.arrivals.constant.rate=10/s";
    let (results, _) = as_step_by_step(&text, &[few, "provider.p.receipts.loss=50%"]);
    let unseen = results.total().layers.unseen;
    let (mean, variance) = (9e3 * 0.5 + 1e3 * 0.7, 9e3 * 0.25 + 1e3 * 0.21);
    assert!((unseen as f64 - mean).abs() < 3.29 * f64::sqrt(variance), "{unseen}");
    let (results, _) = as_step_by_step(&text, &[few]);
    share_is(results.total().layers.unseen, HIT / 10, 0.4);
}

#[test]
fn prices_and_costs_change() {
    let set = ["route.1.price=0.01", "route.1.cost=0.004"];
    let nanos = |units: f64| (units * 1e9).round() as i128;
    let money = |target: &str, effect: &str, set: &[&str]| {
        let results = with(target, effect, set);
        (results.money.charged, results.money.billed)
    };
    let plain = (nanos(1_000.0), nanos(400.0));
    let dearer = money("route.1", "price_factor = 1.5", &set);
    assert_eq!(dearer, (plain.0 + nanos(50.0), plain.1));
    assert_eq!(money("route.1", "cost_factor = 2", &set), (plain.0, plain.1 + nanos(40.0)));
    // The route's and its provider's factors multiply; with ramps of 40 s the mean size is 0.6.
    let both = "cost_factor = 3\nramp = \"40s\"";
    let results = run_with(
        &(incident("i", 200, 100, "provider.p", both)
            + &incident("j", 400, 100, "provider.p", "cost_factor = 2")
            + &incident("k", 400, 100, "route.1", "cost_factor = 2\nprice_factor = 0")),
        &set,
    );
    near(results.money.billed as f64, 1e9 * (400.0 + 40.0 * 2.0 * 0.6 + 40.0 * 3.0), 1e-6);
    assert_eq!(results.money.charged, nanos(900.0));
    // What is charged at acceptance by the API and at that by the provider is of one price: the API's.
    let late = [set[0], set[1], "account.charge_at_accept=0.3", "queue.main.overhead=50s"];
    assert_eq!(money("route.1", "price_factor = 1.5", &late), dearer);
}

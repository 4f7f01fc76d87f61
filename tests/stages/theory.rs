//! Stations reduce to textbook queues (docs/model.md). The tolerances are several standard errors
//! of these fixed seeds' run lengths; intervals that are computed belong to `validate`.

use crate::support::{mean, near, quantile, rejected, run, run_with};
use smschain::chain::{Rejection, Stage, Truth};

const MARKOV: [&str; 3] = [
    "scenario.duration=1000000s",
    "scenario.drain=100d",
    "provider.p.latency.exponential={ mean = \"1s\" }",
];

fn markov(rate: &str, more: &[&str]) -> smschain::chain::Results {
    let arrivals = format!("traffic.t.arrivals.poisson={{ rate = \"{rate}\" }}");
    run(&[&MARKOV[..], &[&arrivals], more].concat())
}

/// Probability of waiting in M/M/c with offered load a (Erlang 1917).
fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocked = erlang_b(servers, load);
    let c = f64::from(servers);
    c * blocked / (c - load * (1.0 - blocked))
}

/// Probability of blocking in M/M/c/c, by the usual recursion.
fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

#[test]
fn one_worker_is_m_m_1() {
    let results = markov("0.7/s", &["queue.main.workers=1"]);
    // W = ρ/(1 − ρ); P(W > t) = ρ·exp(−(1 − ρ)t).
    near(mean(&results, Stage::QueueWait), 0.7 / 0.3, 0.03);
    let p99 = (0.7_f64 / 0.01).ln() / 0.3;
    near(quantile(&results, Stage::QueueWait, 0.99), p99, 0.04);
    near(results.queues[0].busy.area as f64 / 1e15, 0.7, 0.01);
}

#[test]
fn workers_window_and_servers_are_m_m_c() {
    let expected = erlang_c(3, 2.4) / (3.0 - 2.4);
    let workers = markov("2.4/s", &["queue.main.workers=3"]);
    near(mean(&workers, Stage::QueueWait), expected, 0.03);
    let window = markov("2.4/s", &["provider.p.window=3"]);
    near(mean(&window, Stage::WindowWait), expected, 0.03);
    let servers = markov("2.4/s", &["provider.p.servers=3"]);
    near(mean(&servers, Stage::Submit), expected + 1.0, 0.02);
}

#[test]
fn no_waiting_room_is_erlang_b() {
    let results = markov("4/s", &["queue.main.workers=5", "queue.main.capacity=0"]);
    let blocked = rejected(&results, Rejection::QueueFull) as f64;
    near(blocked / results.requests.total as f64, erlang_b(5, 4.0), 0.01);
}

#[test]
fn a_finite_waiting_room_is_m_m_1_k() {
    // K = 9 in the system: P(blocked) = (1 − ρ)ρ⁹/(1 − ρ¹⁰).
    for rho in [0.8_f64, 1.25] {
        let results =
            markov(&format!("{rho}/s"), &["queue.main.workers=1", "queue.main.capacity=8"]);
        let exact = (1.0 - rho) * rho.powi(9) / (1.0 - rho.powi(10));
        let blocked = rejected(&results, Rejection::QueueFull) as f64;
        near(blocked / results.requests.total as f64, exact, 0.05);
    }
}

#[test]
fn constant_and_general_service_are_pollaczek_khinchine() {
    // W = λE[S²]/(2(1 − ρ))
    for (latency, second_moment) in [
        ("provider.p.latency=1s", 1.0),
        ("provider.p.latency.lognormal={ mean = \"1s\", cv = 1.5 }", 3.25),
        ("provider.p.latency.gamma={ mean = \"1s\", shape = 0.5 }", 3.0),
        (
            "provider.p.latency.hyperexponential={ weights = [0.9, 0.1], means = [\"0.5s\", \"5.5s\"] }",
            2.0 * (0.9 * 0.25 + 0.1 * 30.25),
        ),
    ] {
        let results = markov("0.6/s", &["queue.main.workers=1", latency]);
        let exact = 0.6 * second_moment / (2.0 * 0.4);
        near(mean(&results, Stage::QueueWait), exact, 0.06);
    }
}

#[test]
fn a_carriers_throttle_is_m_d_1() {
    let arrivals = "traffic.t.arrivals.poisson={ rate = \"0.8/s\" }";
    let long = "scenario.duration=1000000s";
    let queueing = run(&[arrivals, long, "carrier.c.throttle={ rate = \"1/s\" }"]);
    near(mean(&queueing, Stage::CarrierWait), 0.8 / (2.0 * 0.2), 0.03);
    // After an M/M/1 the stream is Poisson again (Burke 1956).
    let after = markov(
        "0.8/s",
        &[
            "queue.main.workers=1",
            "carrier.c.throttle={ rate = \"1/s\" }",
            "provider.p.latency.exponential={ mean = \"800ms\" }",
        ],
    );
    near(mean(&after, Stage::CarrierWait), 0.8 / (2.0 * 0.2), 0.04);
}

#[test]
fn a_velocity_filter_is_erlang_b() {
    let filter = "[[carrier.filter]]\nname = \"f\"\naction = \"block\"\nreceipt = \"rejected\"\n\
                  rule.velocity = { key = \"sender\", limit = 4, window = \"10s\" }\n";
    let set = ["traffic.t.arrivals.poisson={ rate = \"0.3/s\" }", "scenario.duration=1000000s"];
    let results = run_with(filter, &set);
    let taken = crate::support::truth(&results, Truth::FilteredExplicit) as f64;
    near(taken / results.requests.total as f64, erlang_b(4, 3.0), 0.02);
}

#[test]
fn calling_again_on_503_is_the_m_m_1_1_retrial_queue() {
    // Mean time in orbit ρ/(1 − ρ)·(1/μ + 1/θ).
    let set = [
        "queue.main.workers=1",
        "queue.main.capacity=0",
        "client.retry={ max_attempts = \"unlimited\", \
         backoff.fixed = { delay.exponential = { mean = \"2s\" } } }",
    ];
    let results = markov("0.5/s", &set);
    near(mean(&results, Stage::Api), 1.0 * (1.0 + 2.0), 0.04);
}

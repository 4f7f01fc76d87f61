//! Token buckets with burst 1 that queue, pace and drop.

use crate::chain::Stage;
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{constant, m_d_1_k_loss, m_m_c_mean_wait, pollaczek_khinchine};
use crate::theory::setup::Detects::Fine;
use crate::theory::setup::{Parts, Setup};

const LOAD: f64 = 0.7;
const TRAFFIC: &str = "arrivals.poisson = { rate = \"0.7/s\" }";
const TIME: &str = "duration = \"40000s\"\nwarmup = \"500s\"";
const LONG: &str = "duration = \"70000s\"\nwarmup = \"500s\"";
const ONE_A_SECOND: &str = "throttle = { rate = \"1/s\" }";

pub(super) fn setups() -> Vec<Setup> {
    vec![queueing(), pacing(), burke(), dropping(1), dropping(4), bounded()]
}

fn wait() -> f64 {
    pollaczek_khinchine(LOAD, constant(1.0))
}

fn line() -> Figure {
    Figure::little(Quantity::CarrierDepth, Stage::CarrierWait)
}

fn queueing() -> Setup {
    let parts = Parts { time: TIME, traffic: TRAFFIC, carrier: ONE_A_SECOND, ..Parts::default() };
    Setup::new("M/D/1, carrier's throttle that queues", parts)
        .ask("mean wait", Quantity::Mean(Stage::CarrierWait), wait(), Fine)
        .ask("utilisation", Quantity::Throttle, LOAD, Fine)
        .ask("Little's law, throttle line", line(), 1.0, Fine)
}

fn pacing() -> Setup {
    let parts = Parts { time: TIME, traffic: TRAFFIC, provider: ONE_A_SECOND, ..Parts::default() };
    let little = Figure::little(Quantity::Busy, Stage::WindowWait);
    Setup::new("M/D/1, provider's throttle that paces", parts)
        .ask("mean wait", Quantity::Mean(Stage::WindowWait), wait(), Fine)
        .ask("Little's law, pace line", little, 1.0, Fine)
}

/// The departures of an M/M/1 are Poisson again: Burke (1956), "The output of a queuing system".
fn burke() -> Setup {
    let parts = Parts {
        time: LONG,
        traffic: TRAFFIC,
        queue: "workers = 1",
        provider: "latency.exponential = { mean = \"1s\" }",
        carrier: ONE_A_SECOND,
        ..Parts::default()
    };
    let first = m_m_c_mean_wait(LOAD, 1.0, 1);
    Setup::new("M/D/1 behind an M/M/1 (Burke)", parts)
        .ask("mean wait, queue", Quantity::Mean(Stage::QueueWait), first, Fine)
        .ask("mean wait, throttle", Quantity::Mean(Stage::CarrierWait), wait(), Fine)
}

fn turned_away() -> Figure {
    Figure::ratio(Quantity::Throttled, Quantity::Arrived)
}

fn dropping(burst: u32) -> Setup {
    let carrier = format!("throttle = {{ rate = \"1/s\", burst = {burst}, on_excess = \"drop\" }}");
    let parts = Parts { time: LONG, traffic: TRAFFIC, carrier: &carrier, ..Parts::default() };
    Setup::new(format!("M/D/1/{burst}, throttle that drops, burst {burst}"), parts).ask(
        "share dropped",
        turned_away(),
        m_d_1_k_loss(LOAD, burst),
        Fine,
    )
}

/// Whoever holds the token and three who wait.
fn bounded() -> Setup {
    let parts = Parts {
        time: TIME,
        traffic: "arrivals.poisson = { rate = \"1.2/s\" }",
        carrier: "throttle = { rate = \"1/s\", on_excess = \"queue\", queue_capacity = 3 }",
        ..Parts::default()
    };
    Setup::new("M/D/1/4 at load 1.2, throttle that queues 3", parts).ask(
        "share turned away",
        turned_away(),
        m_d_1_k_loss(1.2, 4),
        Fine,
    )
}

//! Queues that turn customers away.

use crate::chain::Stage;
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{erlang_b, m_m_c_k_loss};
use crate::theory::setup::Detects::Fine;
use crate::theory::setup::{Parts, Setup};

const SECOND_EACH: &str = "latency.exponential = { mean = \"1s\" }";

pub(super) fn setups() -> Vec<Setup> {
    vec![
        erlang(),
        finite(1, 3, 0.7, 30_000),
        finite(1, 8, 1.25, 15_000),
        finite(3, 3, 2.1, 25_000),
        finite(3, 5, 3.6, 8_000),
        provider(),
        velocity(),
    ]
}

fn refused() -> Figure {
    Figure::ratio(Quantity::RejectedFull, Quantity::Requests)
}

fn erlang() -> Setup {
    let parts = Parts {
        time: "duration = \"5000s\"\nwarmup = \"100s\"",
        traffic: "arrivals.poisson = { rate = \"4/s\" }",
        queue: "workers = 5\ncapacity = 0",
        provider: SECOND_EACH,
        ..Parts::default()
    };
    let blocked = erlang_b(5, 4.0);
    Setup::new("Erlang B (M/M/5/5), 5 workers, capacity 0", parts)
        .ask("share refused", refused(), blocked, Fine)
        .ask("utilisation", Quantity::Workers, 0.8 * (1.0 - blocked), Fine)
}

/// M/M/c/K with `capacity` places to wait, for so many seconds: K = c + capacity.
fn finite(workers: u32, capacity: u32, load: f64, seconds: u32) -> Setup {
    let time = format!("duration = \"{seconds}s\"\nwarmup = \"500s\"");
    let traffic = format!("arrivals.poisson = {{ rate = \"{load}/s\" }}");
    let queue = format!("workers = {workers}\ncapacity = {capacity}");
    let parts = Parts {
        time: &time,
        traffic: &traffic,
        queue: &queue,
        provider: SECOND_EACH,
        ..Parts::default()
    };
    let room = workers + capacity;
    let lost = m_m_c_k_loss(workers, room, load);
    let used = load * (1.0 - lost) / f64::from(workers);
    Setup::new(format!("M/M/{workers}/{room} at load {load}, workers and capacity"), parts)
        .ask("share refused", refused(), lost, Fine)
        .ask("utilisation", Quantity::Workers, used, Fine)
        .ask("Little's law, queue", Figure::little(Quantity::Depth, Stage::QueueWait), 1.0, Fine)
}

fn provider() -> Setup {
    let parts = Parts {
        time: "duration = \"15000s\"\nwarmup = \"500s\"",
        traffic: "arrivals.poisson = { rate = \"1.6/s\" }",
        provider: "latency.exponential = { mean = \"1s\" }\nservers = 2\nqueue_capacity = 3",
        ..Parts::default()
    };
    let full = Figure::ratio(Quantity::ProviderFull, Quantity::Submits);
    Setup::new("M/M/2/5 at load 1.6, servers and queue_capacity", parts).ask(
        "share queue_full",
        full,
        m_m_c_k_loss(2, 5, 1.6),
        Fine,
    )
}

/// The filter lets a message through if fewer than `limit` were in the window before: each one
/// let through holds a place for the window's length, whatever comes.
fn velocity() -> Setup {
    let parts = Parts {
        time: "duration = \"30000s\"\nwarmup = \"500s\"",
        traffic: "arrivals.poisson = { rate = \"0.3/s\" }",
        more: "[[carrier.filter]]\nname = \"f\"\naction = \"block\"\nreceipt = \"rejected\"\n\
               rule.velocity = { key = \"sender\", limit = 4, window = \"10s\" }",
        ..Parts::default()
    };
    let taken = Figure::ratio(Quantity::Filtered, Quantity::Arrived);
    Setup::new("velocity filter as Erlang B(4, λτ = 3)", parts).ask(
        "share filtered",
        taken,
        erlang_b(4, 3.0),
        Fine,
    )
}

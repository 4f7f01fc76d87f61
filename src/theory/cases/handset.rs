//! Absent handsets against their schedule.

use crate::chain::{Stage, Truth};
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{expected_delivery, expired};
use crate::theory::setup::Detects::Fine;
use crate::theory::setup::{Parts, Setup};

/// Seconds until the handset is back, on average.
const BACK: f64 = 2400.0;
/// The schedule below, in seconds.
const WAITS: [f64; 5] = [60.0, 300.0, 600.0, 1800.0, 3600.0];
const SCHEDULE: &str = "retry_schedule = [\"1m\", \"5m\", \"10m\", \"30m\", \"1h\"]";
const TIME: &str = "duration = \"100s\"";
const TRAFFIC: &str = "arrivals.constant = { rate = \"50/s\" }";

pub(super) fn setups() -> Vec<Setup> {
    vec![schedule(), alert(), validity()]
}

fn carrier(alert: &str) -> String {
    format!(
        "absent = {{ probability = 1, returns.exponential = {{ mean = \"40m\" }}{alert} }}\n\
         {SCHEDULE}"
    )
}

fn schedule() -> Setup {
    let carrier = carrier("");
    let parts = Parts { time: TIME, traffic: TRAFFIC, carrier: &carrier, ..Parts::default() };
    let exact = expected_delivery(BACK, &WAITS);
    Setup::new("absent for 40 min (exponential), 5 waits, the last repeats", parts).ask(
        "mean delivery",
        Quantity::Mean(Stage::Delivery),
        exact,
        Fine,
    )
}

/// Half of them are delivered at the moment of their return.
fn alert() -> Setup {
    let carrier = carrier(", alert = 0.5");
    let parts = Parts { time: TIME, traffic: TRAFFIC, carrier: &carrier, ..Parts::default() };
    let exact = 0.5 * BACK + 0.5 * expected_delivery(BACK, &WAITS);
    Setup::new("absent, an alert for half of them", parts).ask(
        "mean delivery",
        Quantity::Mean(Stage::Delivery),
        exact,
        Fine,
    )
}

fn validity() -> Setup {
    let carrier = carrier("");
    let traffic = format!("{TRAFFIC}\nvalidity = \"70m\"");
    let parts = Parts { time: TIME, traffic: &traffic, carrier: &carrier, ..Parts::default() };
    let share = Figure::ratio(Quantity::Truth(Truth::ExpiredAtCarrier), Quantity::Accepted);
    Setup::new("absent, valid for 70 min", parts).ask(
        "share expired",
        share,
        expired(BACK, &WAITS, 4200.0),
        Fine,
    )
}

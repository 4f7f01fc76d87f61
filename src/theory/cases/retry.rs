//! Attempts, the spread of waits, and copies behind time-outs. No message meets another here.

use crate::chain::{Stage, Truth};
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{
    Spread, attempts_mean, copies_mean, duplicates_mean, exhausted, hand_off,
};
use crate::theory::setup::Detects::Fine;
use crate::theory::setup::{Parts, Setup};

const TIME: &str = "duration = \"100s\"";
const TRAFFIC: &str = "arrivals.constant = { rate = \"100/s\" }";

pub(super) fn setups() -> Vec<Setup> {
    vec![
        attempts(),
        spread("none", Spread::None),
        spread("full", Spread::Full),
        spread("equal", Spread::Equal),
        timeouts(),
    ]
}

fn attempts() -> Setup {
    let parts = Parts {
        time: TIME,
        traffic: TRAFFIC,
        provider: "failures = { transient = 0.5 }",
        more: "[retry]\nmax_attempts = 3",
        ..Parts::default()
    };
    let gave_up = Figure::ratio(Quantity::Truth(Truth::RetriesExhausted), Quantity::Accepted);
    Setup::new("3 attempts, each fails with 0.5", parts)
        .ask("mean attempts", Quantity::Attempts, attempts_mean(0.5, 3), Fine)
        .ask("share exhausted", gave_up, exhausted(0.5, 3), Fine)
}

fn spread(jitter: &str, spread: Spread) -> Setup {
    let more = format!(
        "[retry]\nmax_attempts = 2\nbackoff.fixed = {{ delay = \"10s\" }}\njitter = \"{jitter}\""
    );
    let parts = Parts {
        time: TIME,
        traffic: TRAFFIC,
        provider: "failures = { transient = 0.5 }",
        more: &more,
        ..Parts::default()
    };
    let (mean, deviation) = hand_off(0.5, spread.moments(10.0));
    Setup::new(format!("jitter {jitter}, one retry after 10 s"), parts)
        .ask("mean time to acceptance", Quantity::Mean(Stage::HandOff), mean, Fine)
        .ask("its standard deviation", Quantity::Deviation(Stage::HandOff), deviation, Fine)
}

fn timeouts() -> Setup {
    let parts = Parts {
        time: TIME,
        traffic: TRAFFIC,
        provider: "failures = { timeout = 0.4 }\nsubmit_timeout = \"1s\"\ntimeout_accepted = 0.5",
        more: "[retry]\nmax_attempts = 3",
        ..Parts::default()
    };
    let copies = Figure::ratio(Quantity::Arrived, Quantity::Accepted);
    let further = Figure::ratio(Quantity::Duplicates, Quantity::Accepted);
    Setup::new("time-outs accepted all the same", parts)
        .ask("mean copies", copies, copies_mean(0.4, 0.5, 3), Fine)
        .ask("mean duplicates", further, duplicates_mean(0.4, 0.5, 3), Fine)
        .ask("mean attempts", Quantity::Attempts, attempts_mean(0.4, 3), Fine)
}

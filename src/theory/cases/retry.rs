//! Attempts, the spread of waits, and copies behind time-outs. Messages do not wait for each other here.

use crate::chain::Truth;
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{Spread, attempts_mean, copies_mean, duplicates_mean, exhausted};
use crate::theory::setup::Detects::{Any, Fine};
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

/// Stream `a` takes the only token of each instant at which both streams ask; `t` is refused and
/// waits once. The token is back a nanosecond later, so what `t` takes is the wait alone.
fn spread(jitter: &str, spread: Spread) -> Setup {
    let more = format!(
        "[retry]\nmax_attempts = \"unlimited\"\nbackoff.fixed = {{ delay = \"10s\" }}\n\
         jitter = \"{jitter}\"\n\n[[traffic]]\nname = \"a\"\nsender = \"54321\"\n\
         carriers = {{ c = 1 }}\n{TRAFFIC}"
    );
    let random = spread != Spread::None;
    let parts = Parts {
        // Without spread all must be over before the first is back at the instant of another.
        time: if random { TIME } else { "duration = \"9s\"" },
        traffic: TRAFFIC,
        provider: "throttle = { rate = \"1000000000/s\", on_excess = \"refuse\" }",
        more: &more,
        ..Parts::default()
    };
    let (mean, variance) = spread.moments(10.0);
    let name = format!("jitter {jitter}, a wait of 10 s");
    if !random {
        return Setup::certain(name, parts).ask("mean wait", Quantity::StreamMean, mean, Any).ask(
            "longest wait",
            Quantity::StreamMax,
            mean,
            Any,
        );
    }
    let squared = vec![Quantity::StreamDeviation, Quantity::StreamDeviation];
    Setup::new(name, parts).ask("mean wait", Quantity::StreamMean, mean, Fine).ask(
        "variance",
        Figure { over: squared, under: Vec::new() },
        variance,
        Fine,
    )
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

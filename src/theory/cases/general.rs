//! M/G/1 through one worker.

use crate::chain::Stage;
use crate::theory::Quantity;
use crate::theory::formulas::{constant, gamma, hyperexponential, lognormal, pollaczek_khinchine};
use crate::theory::setup::Detects::{Coarse, Fine};
use crate::theory::setup::{Parts, Setup};

pub(super) fn setups() -> Vec<Setup> {
    let mixture = "latency.hyperexponential = \
                   { weights = [0.9, 0.1], means = [\"0.5s\", \"5.5s\"] }";
    [
        ("M/D/1, one worker", 0.7, 60_000, "latency = \"1s\"", constant(1.0), Fine),
        (
            "M/G/1, log-normal service (cv 1.5)",
            0.6,
            40_000,
            "latency.lognormal = { mean = \"1s\", cv = 1.5 }",
            lognormal(1.0, 1.5),
            Coarse,
        ),
        (
            "M/G/1, gamma service (shape 0.5)",
            0.6,
            80_000,
            "latency.gamma = { mean = \"1s\", shape = 0.5 }",
            gamma(1.0, 0.5),
            Fine,
        ),
        (
            "M/G/1, hyperexponential service (cv² 5)",
            0.6,
            40_000,
            mixture,
            hyperexponential(&[(0.9, 0.5), (0.1, 5.5)]),
            Coarse,
        ),
    ]
    .into_iter()
    .map(|(name, load, seconds, latency, service, detects)| {
        let traffic = format!("arrivals.poisson = {{ rate = \"{load}/s\" }}");
        let time = format!("duration = \"{seconds}s\"\nwarmup = \"1000s\"");
        let parts = Parts {
            time: &time,
            traffic: &traffic,
            queue: "workers = 1",
            provider: latency,
            ..Parts::default()
        };
        let wait = pollaczek_khinchine(load, service);
        Setup::new(name, parts)
            .ask("mean wait", Quantity::Mean(Stage::QueueWait), wait, detects)
            .ask("utilisation", Quantity::Workers, load, Fine)
    })
    .collect()
}

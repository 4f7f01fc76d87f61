//! Nothing is random here: the simulator must be exact.

use crate::chain::Stage;
use crate::theory::Quantity;
use crate::theory::formulas::{drained_last, drained_mean, overloaded_mean};
use crate::theory::setup::Detects::Any;
use crate::theory::setup::{Parts, Setup};

const BATCH: &str = "arrivals.campaign = { count = 1000, at = \"0s\", over = \"0s\" }";
const SHAPER: &str = "throttle = { rate = \"8/s\", burst = 40 }";

pub(super) fn setups() -> Vec<Setup> {
    vec![
        batch("paced by a provider's token bucket", SHAPER, "", Stage::WindowWait),
        batch("queued by a carrier's token bucket", "", SHAPER, Stage::CarrierWait),
        overloaded(),
        away(),
    ]
}

fn batch(how: &str, provider: &str, carrier: &str, stage: Stage) -> Setup {
    let time = "duration = \"1s\"";
    let parts = Parts { time, traffic: BATCH, provider, carrier, ..Parts::default() };
    Setup::certain(format!("a batch of 1000 {how}"), parts)
        .ask("mean wait", Quantity::Mean(stage), drained_mean(1000, 40, 8.0), Any)
        .ask("last one's wait", Quantity::Max(stage), drained_last(1000, 40, 8.0), Any)
}

fn overloaded() -> Setup {
    let parts = Parts {
        time: "duration = \"250s\"",
        traffic: "arrivals.constant = { rate = \"4/s\" }",
        queue: "workers = 1",
        provider: "latency = \"500ms\"",
        ..Parts::default()
    };
    let exact = overloaded_mean(1000, 0.25, 0.5);
    Setup::certain("D/D/1 at load 2, the first 1000", parts).ask(
        "mean wait",
        Quantity::Mean(Stage::QueueWait),
        exact,
        Any,
    )
}

/// Back after 7 minutes: of tries after 1, 6 and 16 minutes the third finds it.
fn away() -> Setup {
    let parts = Parts {
        time: "duration = \"100s\"",
        traffic: "arrivals.constant = { rate = \"1/s\" }",
        carrier: "absent = { probability = 1, returns = \"7m\" }\n\
                  retry_schedule = [\"1m\", \"5m\", \"10m\"]",
        ..Parts::default()
    };
    Setup::certain("absent for 7 min, tries after 1, 6 and 16 min", parts)
        .ask("mean delivery", Quantity::Mean(Stage::Delivery), 960.0, Any)
        .ask("longest", Quantity::Max(Stage::Delivery), 960.0, Any)
}

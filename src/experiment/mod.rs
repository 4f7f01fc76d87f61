//! Design points × replications: runs the chain again and again, on all cores, and says how sure
//! the figures are. What comes out depends on the scenario and the seed, never on the threads.

pub mod capacity;
mod cells;
mod certainty;
mod comparison;
mod contenders;
mod determinism;
mod digest;
mod estimates;
pub mod hunt;
mod in_order;
mod in_step;
mod kim_nelson;
pub mod metrics;
mod paired;
mod precision;
pub mod replay;
mod replications;
#[cfg(test)]
pub(crate) mod sample;
mod share;
mod tally;
pub mod tracing;
mod warm_up;
mod watch;

pub use cells::{Cells, Seeds};
pub use certainty::{Certainty, Rare, Reason};
pub use comparison::{Comparison, Decide, Decision, Observation, Until, compare};
pub use contenders::{Screened, screen};
pub use determinism::{Mismatch, Trail, Trailed, events_between, run_again};
pub use digest::Digest;
pub use estimates::{Estimated, Method, estimate};
pub use in_order::{Workers, in_order, in_order_while};
pub use in_step::{Broken, Points, in_step};
pub use kim_nelson::{Indifference, KimNelson, Standing};
pub use paired::{Difference, Pair, difference};
pub use precision::{replicate_observed, replicate_until, replicate_until_with};
pub use replications::{Failure, Replications, Run, replicate, replicate_each, replicate_with};
pub use share::share;
pub use tally::{Cell, Known, Tally};
pub use warm_up::{Unsettled, unsettled};
pub use watch::{Advance, Silent, Watch};

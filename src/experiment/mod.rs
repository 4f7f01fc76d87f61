//! Design points × replications: runs the chain again and again, on all cores, and says how sure
//! the figures are. What comes out depends on the scenario and the seed, never on the threads.

mod determinism;
mod estimates;
mod in_order;
pub mod metrics;
mod precision;
mod replications;
#[cfg(test)]
pub(crate) mod sample;
mod share;
mod warm_up;
mod watch;

pub use determinism::{Difference, Trail, Trailed, run_again};
pub use estimates::{Estimated, Method, estimate};
pub use in_order::{Workers, in_order, in_order_while};
pub use precision::{replicate_observed_until, replicate_until, replicate_until_with};
pub use replications::{
    Failure, Replications, Run, replicate, replicate_each, replicate_observed, replicate_with,
};
pub use share::share;
pub use warm_up::{Unsettled, unsettled};
pub use watch::{Silent, Watch};

//! One message's story: steps → lines, a file a stage; `trace.json` and the CSV.

mod account;
mod carrier;
mod client;
mod handset;
mod json;
mod lines;
mod provider;
mod queue;
mod reached;
mod receipt;
mod retry;
mod words;

pub use json::{trace, trace_csv};
pub use lines::{Kin, Line, Relation, kin, lines};
pub use reached::Reached;
pub(in crate::report) use words::{clock, counted};

use crate::chain::spec::Spec;
use crate::experiment::tracing::Story;

/// A story, and what it is of.
#[derive(Debug, Clone, Copy)]
pub struct Traced<'run> {
    /// The chain.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// The run's seed.
    pub seed: u64,
    /// The event.
    pub story: &'run Story,
}

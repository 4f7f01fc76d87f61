//! `replay.json`: what came of running an incident bundle again.

mod json;
mod pivot;
mod state;
mod what_if;

pub use json::replay;
pub(super) use state::id;
pub use what_if::{WhatIf, headline};

use crate::chain::Snapshot;
use crate::chain::spec::Spec;
use crate::experiment::replay::Pivot;
use crate::scenario::Bundle;

/// A bundle, run again.
#[derive(Debug)]
pub struct Replayed<'run> {
    /// The chain.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// The bundle.
    pub bundle: &'run Bundle,
    /// True if it is the same run.
    pub proof: &'run Proof,
    /// The chain's state at a time, if that was asked for.
    pub state: Option<&'run Snapshot>,
    /// The effect of a change, if that was asked for.
    pub what_if: Option<&'run WhatIf>,
    /// Its probability as it unfolded, if that was asked for.
    pub pivot: Option<&'run Pivot>,
}

/// True if a run is that of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The run's digest.
    pub digest: String,
    /// It is the bundle's.
    pub same: bool,
    /// Differences from when the bundle was made, a sentence each.
    pub notes: Vec<String>,
    /// The events where it parts from the bundle's, as far as that is known.
    pub parting: Option<Parting>,
}

/// The events among which two runs part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The number of the first, from 1.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// The first of them in this run, in words.
    pub events: Vec<String>,
}

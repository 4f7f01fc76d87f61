//! `replay.json`: what came of running an incident bundle again.

mod json;

pub use json::replay;

use crate::chain::spec::Spec;
use crate::scenario::Bundle;

/// A bundle, run again.
#[derive(Debug)]
pub struct Replayed<'run> {
    /// The chain.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// What the bundle says.
    pub bundle: &'run Bundle,
    /// Whether it is the same run.
    pub proof: &'run Proof,
}

/// Whether a run is that of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The run's digest.
    pub digest: String,
    /// It is the bundle's.
    pub same: bool,
    /// What is other than when the bundle was made, a sentence each.
    pub notes: Vec<String>,
    /// Where it parts from the bundle's, as far as that is known.
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

//! Incident bundles: a scenario with the seed of one run and what proves that a run is that one.
//!
//! A bundle is a scenario file with a few keys above its tables. Whatever reads scenarios reads
//! bundles: [`load`](super::load()) takes the keys out, runs the bundle's seed unless told another,
//! and keeps them as [`Scenario::bundle`](super::Scenario::bundle).

mod print;
mod read;

pub(crate) use read::take;

/// A bundle's statements beside its scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The version of smschain that made it.
    pub version: String,
    /// The run's seed.
    pub seed: u64,
    /// The run's digest, 32 hexadecimal digits; none if the run broke down.
    pub digest: Option<String>,
    /// Fault that broke the run down.
    pub fault: Option<String>,
    /// The condition that held on its report.
    pub when: Option<String>,
    /// The scenario's fingerprint.
    pub fingerprint: String,
    /// Parts that were taken away to make it smaller, in words.
    pub removed: Vec<String>,
    /// Parts that could not be taken away, in words.
    pub kept: Vec<String>,
    /// The data files, path and fingerprint.
    pub data: Vec<(String, String)>,
    /// The run on the way.
    pub trail: Option<Marks>,
}

/// Marks of a run on the way: short hashes of everything that had happened by then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Events of the whole run.
    pub events: u64,
    /// The hash of all of them.
    pub hash: u64,
    /// Events from mark to mark.
    pub every: u64,
    /// The lower 12 bits of the hash after `every` events, after twice as many, …
    pub marks: Vec<u16>,
}

//! Replications that objectives are held against: a bar, and each one's metrics as they come.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::progress::Progress;
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::{Advance, Watch};
use crate::report::metrics;

/// A bar that keeps the metrics of replications, if they are wanted.
pub(super) struct Judged<'spec> {
    pub(super) bar: Progress,
    spec: Option<&'spec Spec>,
    /// By the number of their replication.
    each: Mutex<BTreeMap<u64, Vec<Option<f64>>>>,
}

impl<'spec> Judged<'spec> {
    /// With a `spec`, the metrics of its runs are kept.
    pub(super) fn new(bar: Progress, spec: Option<&'spec Spec>) -> Judged<'spec> {
        Judged { bar, spec, each: Mutex::default() }
    }

    /// Those of the first so many replications, in their order; more may have been made.
    pub(super) fn taken(&self, replications: u64) -> Vec<Vec<Option<f64>>> {
        let mut each = self.each.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let all = std::mem::take(&mut *each);
        all.into_iter()
            .take_while(|(number, _)| *number < replications)
            .map(|(_, own)| own)
            .collect()
    }
}

impl Watch for Judged<'_> {
    fn advanced(&self, step: Advance) -> bool {
        self.bar.advanced(step)
    }

    fn ended(&self) {
        self.bar.ended();
    }

    fn finished(&self, replication: u64, results: &Results) {
        let Some(spec) = self.spec else { return };
        let metrics = metrics(spec, results.clone());
        let mut each = self.each.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        each.insert(replication, metrics);
    }
}

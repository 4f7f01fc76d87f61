//! Results of incidents: requests before, during and after each, and how long recovery took.

use super::count::counts;
use crate::kernel::{Nanos, SECOND};

/// Windows in which an incident's recovery is looked for.
pub const RECOVERY_WINDOW: Nanos = 30 * SECOND;

/// The most of them after one incident: over a month. Later requests are looked at no more.
pub const RECOVERY_WINDOWS_MAX: u64 = 100_000;

counts! {
    /// Recipients of requests made within a time.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Cohort {
        /// Recipients of every request.
        pub requested: u64,
        /// Of those, the ones a message reached on time.
        pub on_time: u64,
    }
}

counts! {
    /// Requests before, during and after one incident. Counted requests only.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct IncidentResults {
        /// Requests made from warm-up to its beginning.
        pub before: Cohort,
        /// Requests made in it.
        pub during: Cohort,
        /// Requests made in each [`RECOVERY_WINDOW`] from its end on, up to `duration`.
        pub after: Vec<Cohort>,
    }
}

impl IncidentResults {
    /// From its end to the start of the first window whose on-time share is at most one point
    /// below that of before; `None` if there is no such window or nothing before.
    #[must_use]
    pub fn recovery(&self) -> Option<Nanos> {
        let before = &self.before;
        // Exactly, in integers: on_time / requested ≥ before.on_time / before.requested − 1/100.
        let least = 100 * i128::from(before.on_time) - i128::from(before.requested);
        let recovered = |window: &Cohort| {
            let share = 100 * i128::from(window.on_time) * i128::from(before.requested);
            window.requested > 0 && share >= least * i128::from(window.requested)
        };
        let first = self.after.iter().position(recovered).filter(|_| before.requested > 0);
        first.map(|window| window as Nanos * RECOVERY_WINDOW)
    }
}

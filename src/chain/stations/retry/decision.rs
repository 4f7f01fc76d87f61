//! Decisions: what a policy makes of each result of an attempt.

use crate::chain::records::outcome::AttemptResult;
use crate::chain::spec::{AttemptResults, Policy, Tries};
use crate::kernel::Nanos;

/// A policy's decision on a result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision<'run> {
    /// The tries that follow; `None`: none do.
    pub(crate) tries: Option<&'run Tries>,
    /// Nothing is submitted to that provider for so long.
    pub(crate) pauses_link: Option<Nanos>,
}

/// By result, in the order of [`AttemptResult::ALL`].
pub(crate) type Decisions<'run> = [Decision<'run>; AttemptResult::COUNT];

/// The decisions of a policy.
pub(super) fn decisions(policy: &Policy<AttemptResults>) -> Decisions<'_> {
    let has = |on: &AttemptResults, result: AttemptResult| {
        result.failure().is_some_and(|failure| on.has(failure))
    };
    AttemptResult::ALL.map(|result| Decision::of(policy, |on| has(on, result)))
}

impl<'run> Decision<'run> {
    /// A policy's, on what `has` finds in a set of failures.
    pub(crate) fn of<On>(policy: &'run Policy<On>, has: impl Fn(&On) -> bool) -> Self {
        let rule = policy.rules.iter().find(|rule| has(&rule.on));
        let own = has(&policy.on).then_some(&policy.tries);
        Decision {
            tries: rule.map(|rule| &rule.tries).or(own),
            pauses_link: rule.and_then(|rule| rule.pauses_link),
        }
    }
}

//! The tries that make an incident smaller: judged, shown as progress, kept beside the search's runs.

use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::cli::finished::Runs;
use crate::cli::progress::Progress;
use crate::experiment::hunt::{Attempt, Judge, Judged, Ran};
use crate::experiment::{Advance, Watch as _};
use crate::kernel::SECOND;
use crate::report::{Condition, plausible};

/// Judges tries by a condition; with a store, each is made once.
pub(super) struct Tries<'run> {
    pub(super) condition: &'run Condition,
    pub(super) store: Option<&'run dyn Runs>,
    pub(super) progress: &'run Progress,
}

impl Judge for Tries<'_> {
    fn judge(&self, spec: &Spec, results: Results) -> Judged {
        let (events, messages) = (results.events, results.simulated);
        self.progress.ended();
        self.progress.advanced(Advance { simulated: SECOND, events, messages });
        self.condition.judge(spec, results)
    }

    fn known(&self, attempt: Attempt<'_>) -> Option<Option<Ran>> {
        let spec = &attempt.scenario.spec;
        let believed = |figures: &[Option<f64>]| match figures {
            [] => true,
            [Some(messages), Some(events), figures @ ..] => {
                let is_count = |count: &f64| count.trunc() == *count && (0.0..1e15).contains(count);
                [messages, events].into_iter().all(is_count)
                    && plausible(spec, Some(self.condition.paths()), figures)
            }
            _ => false,
        };
        let kept = self.store?.recall(&key(attempt), attempt.seed, &believed)?;
        let ran = match kept.as_slice() {
            [] => None,
            [messages, events, figures @ ..] => Some(Ran {
                judged: self.condition.of(figures.to_vec()),
                messages: (*messages)? as u64,
                events: (*events)? as u64,
            }),
            [_] => return None,
        };
        self.progress.known(SECOND);
        Some(ran)
    }

    fn made(&self, attempt: Attempt<'_>, ran: Option<&Ran>) {
        let Some(store) = self.store else {
            return;
        };
        let figures = ran.map(|ran| {
            let counts = [ran.messages, ran.events].map(|count| Some(count as f64));
            [counts.as_slice(), &ran.judged.figures].concat()
        });
        store.keep(&key(attempt), attempt.seed, &figures.unwrap_or_default());
    }
}

/// The name that a try is known by, beside its seed; no run of a search goes by such a name.
fn key(attempt: Attempt<'_>) -> String {
    format!("{}/{}", attempt.scenario.fingerprint, attempt.most)
}

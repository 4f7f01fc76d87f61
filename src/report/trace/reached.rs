//! The stage that a message had truly reached by each step of its story.

use std::collections::BTreeMap;

use super::Line;
use super::lines::{TRY, WAY};
use crate::chain::Truth;
use crate::chain::trace::story::{
    CarrierStep, HandsetStep, QueueStep, RetryStep, Step, SubmitStep,
};
use crate::experiment::tracing::Story;

/// The stage that a message has truly reached: the layers of success, then how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The API accepted it.
    Accepted,
    /// A provider truly accepted it.
    HandedOff,
    /// It ended so.
    End(Truth),
}

impl Reached {
    /// As a person reads it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Reached::Accepted => "accepted",
            Reached::HandedOff => "handed off",
            Reached::End(truth) => truth.name(),
        }
    }
}

/// True if the step decides what becomes of a copy, or ends the sender's own work.
pub(super) fn decides(step: &Step) -> bool {
    match step {
        Step::Queue(
            QueueStep::Overflows { .. }
            | QueueStep::Expires { .. }
            | QueueStep::Crashes { back: None, .. },
        )
        | Step::Retry(RetryStep::Stops { .. })
        | Step::Carrier(
            CarrierStep::Throttled { .. }
            | CarrierStep::Capped { passes: false, .. }
            | CarrierStep::Unknown { .. }
            | CarrierStep::Filtered { taken: true, .. },
        )
        | Step::Handset(
            HandsetStep::Tries { absent: None, found: None, .. }
            | HandsetStep::Delivered { .. }
            | HandsetStep::Lost { .. }
            | HandsetStep::Expires { .. },
        ) => true,
        Step::Submit(SubmitStep::Accepted { lost, .. }) => lost.is_some_and(|lost| lost.happened()),
        _ => false,
    }
}

/// Says of every line, in order of time, how far its message had come.
pub(super) fn fill(story: &Story, lines: &mut [Line]) {
    let mut come: BTreeMap<Option<String>, Reached> = BTreeMap::new();
    for at in 0..lines.len() {
        let line = &lines[at];
        let before = come.get(&line.kin).copied();
        let ended = matches!(before, Some(Reached::End(_)));
        let known = if line.decides { decided(story, &lines[at..]) } else { line.truth };
        let reached = match (known, line.kind.as_str()) {
            (Truth::Unresolved, "api.accepts") => Some(Reached::Accepted),
            (Truth::Unresolved, "submit.accepted") if !ended => Some(Reached::HandedOff),
            (Truth::Unresolved, _) => before,
            // Tries that are told beforehand are those of a message that has not ended.
            (_, TRY | WAY) if !ended => before,
            (truth, _) => Some(Reached::End(truth)),
        };
        if let Some(reached) = reached {
            come.insert(line.kin.clone(), reached);
        }
        lines[at].reached = reached;
    }
}

/// The end of a message with the first of these lines, which decides something: what the chain
/// says of it before anything else is decided; if nothing else is, its end.
fn decided(story: &Story, lines: &[Line]) -> Truth {
    let Some((first, later)) = lines.split_first() else {
        return Truth::Unresolved;
    };
    let own: Vec<&Line> = later.iter().filter(|line| line.kin == first.kin).collect();
    let next = own.iter().position(|line| line.decides);
    let Some(next) = next else {
        let of = |id: &String| story.ends.iter().find(|end| end.bx_message_id() == *id);
        let end = first.kin.as_ref().map_or_else(|| story.end(), of);
        return end.map_or(Truth::Unresolved, |end| end.truth);
    };
    let told = std::iter::once(first).chain(own[..next].iter().copied());
    let mut known = told.map(|line| line.truth).filter(|truth| *truth != Truth::Unresolved);
    known.next_back().unwrap_or(Truth::Unresolved)
}

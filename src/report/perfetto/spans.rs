//! The spans of one message. Its stages follow one another nested in it; what goes on beside the
//! first (a hedge, a second copy, a receipt under way) has a lane of its own, so that spans of one
//! id never overlap without being nested.

use super::event::Id;
use crate::chain::trace::story::{
    ApiStep, CarrierStep, HandsetStep, QueueStep, ReceiptStep, RetryStep, Step, SubmitStep, Told,
};
use crate::kernel::Nanos;
use crate::random::Key;

/// A stage that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The API works on a call.
    Api,
    Queue,
    /// For pace and window.
    Wait,
    /// For a retry to be due, or a crashed worker's message to come back.
    Aside,
    /// For a breaker.
    Breaker,
    Submit {
        provider: u16,
        number: u32,
    },
    /// A copy, from a provider's acceptance to the first try.
    Carrier {
        copy: u32,
    },
    /// A copy, from the first try on.
    Handset {
        copy: u32,
    },
    /// A receipt that comes at that time.
    Receipt {
        at: Nanos,
    },
}

impl Stage {
    /// As a viewer shows it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Stage::Api => "api",
            Stage::Queue => "queue",
            Stage::Wait => "wait for window",
            Stage::Aside => "wait for retry",
            Stage::Breaker => "wait for breaker",
            Stage::Submit { .. } => "submit",
            Stage::Carrier { .. } => "carrier",
            Stage::Handset { .. } => "handset",
            Stage::Receipt { .. } => "receipt",
        }
    }
}

/// The effect of a step on stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Opens(Stage),
    Closes(Stage),
    /// The sender's waiting is over, whatever it was for.
    WaitsNoMore,
    /// The call bore no message: all of it ends, unless there is one.
    Refused,
    Nothing,
}

/// Open spans of a message.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    pub(super) order_id: u64,
    pub(super) process: u32,
    /// The API has accepted it.
    pub(super) accepted: bool,
    /// By lane; the first is the message's own.
    lanes: Vec<Option<Stage>>,
}

impl Spans {
    pub(super) fn new(order_id: u64, process: u32) -> Spans {
        Spans { order_id, process, accepted: false, lanes: Vec::new() }
    }

    /// The id of a lane's spans.
    pub(super) fn id(&self, message: u64, lane: usize) -> Id {
        let span = if lane == 0 { message } else { Key(message).child(lane as u64).0 };
        Id { process: self.process, span }
    }

    /// A stage begins: its lane.
    pub(super) fn open(&mut self, stage: Stage) -> usize {
        let free = self.lanes.iter().position(Option::is_none);
        let lane = free.unwrap_or(self.lanes.len());
        match self.lanes.get_mut(lane) {
            Some(slot) => *slot = Some(stage),
            None => self.lanes.push(Some(stage)),
        }
        lane
    }

    /// A stage ends: its lane, if it was open.
    pub(super) fn close(&mut self, stage: Stage) -> Option<usize> {
        let lane = self.lanes.iter().position(|&open| open == Some(stage))?;
        self.lanes[lane] = None;
        Some(lane)
    }

    /// Open stages, by lane.
    pub(super) fn stages(&self) -> impl Iterator<Item = (usize, Stage)> + '_ {
        let lanes = self.lanes.iter().enumerate();
        lanes.filter_map(|(lane, stage)| stage.map(|stage| (lane, stage)))
    }

    /// The stages in which the sender waits.
    pub(super) fn waits(&self) -> Vec<Stage> {
        let waits = [Stage::Queue, Stage::Wait, Stage::Aside, Stage::Breaker];
        self.stages().map(|(_, stage)| stage).filter(|stage| waits.contains(stage)).collect()
    }
}

/// The changes of a step to its message's stages: first what it ends, then what it begins.
pub(super) fn changes(told: &Told) -> [Change; 2] {
    use Change::{Closes, Nothing, Opens, Refused, WaitsNoMore};
    let submit = |provider: usize, number| Stage::Submit { provider: provider as u16, number };
    match told.step {
        Step::Api(ApiStep::Works { .. }) => [Opens(Stage::Api), Nothing],
        Step::Api(ApiStep::Accepts { .. }) => [Closes(Stage::Api), Nothing],
        Step::Api(ApiStep::Answers { .. }) => [Closes(Stage::Api), Refused],
        Step::Queue(QueueStep::Waits { .. }) => [WaitsNoMore, Opens(Stage::Queue)],
        Step::Queue(
            QueueStep::Taken { .. }
            | QueueStep::Begun { .. }
            | QueueStep::LeaseEnds { .. }
            | QueueStep::DoneLate { holds: true, .. }
            | QueueStep::Expires { .. }
            | QueueStep::Overflows { .. },
        ) => [WaitsNoMore, Nothing],
        Step::Queue(QueueStep::Crashes { back, .. }) => {
            [WaitsNoMore, if back.is_some() { Opens(Stage::Aside) } else { Nothing }]
        }
        Step::Retry(RetryStep::Again { .. }) => [WaitsNoMore, Opens(Stage::Aside)],
        Step::Retry(RetryStep::Held { .. }) => [WaitsNoMore, Opens(Stage::Breaker)],
        Step::Retry(RetryStep::Released { .. } | RetryStep::Stops { .. }) => [WaitsNoMore, Nothing],
        Step::Submit(SubmitStep::WaitsForToken { .. } | SubmitStep::WaitsForSlot { .. }) => {
            [WaitsNoMore, Opens(Stage::Wait)]
        }
        Step::Submit(SubmitStep::GoesOut { provider, number, .. }) => {
            [WaitsNoMore, Opens(submit(provider, number))]
        }
        Step::Submit(SubmitStep::Ends { provider, number, .. }) => {
            [Closes(submit(provider, number)), Nothing]
        }
        Step::Submit(SubmitStep::Accepted { copy, lost, .. }) => {
            let lost = lost.is_some_and(|lost| lost.happened());
            [Nothing, if lost { Nothing } else { Opens(Stage::Carrier { copy }) }]
        }
        Step::Carrier(
            CarrierStep::Throttled { copy, .. }
            | CarrierStep::Capped { copy, passes: false, .. }
            | CarrierStep::Unknown { copy, .. }
            | CarrierStep::Filtered { copy, taken: true, .. },
        ) => [Closes(Stage::Carrier { copy }), Nothing],
        Step::Handset(HandsetStep::Tries { copy, .. }) => {
            [Closes(Stage::Carrier { copy }), Opens(Stage::Handset { copy })]
        }
        Step::Handset(
            HandsetStep::Delivered { copy, .. }
            | HandsetStep::PartArrives { copy, .. }
            | HandsetStep::Lost { copy },
        ) => [Closes(Stage::Handset { copy }), Nothing],
        // A daily cap may have held it.
        Step::Handset(HandsetStep::Expires { copy }) => {
            [Closes(Stage::Carrier { copy }), Closes(Stage::Handset { copy })]
        }
        Step::Receipt(ReceiptStep::Leaves { at, unseen: false, forgotten: false, .. })
            if at > told.time =>
        {
            [Nothing, Opens(Stage::Receipt { at })]
        }
        Step::Receipt(ReceiptStep::Acts { .. }) => [WaitsNoMore, Opens(Stage::Aside)],
        Step::Receipt(ReceiptStep::CallsOff) => [WaitsNoMore, Nothing],
        Step::Receipt(ReceiptStep::Arrives { .. }) => {
            [Closes(Stage::Receipt { at: told.time }), Nothing]
        }
        _ => [Nothing, Nothing],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_beside_has_a_lane_of_its_own() {
        let mut spans = Spans::new(1, 10);
        let (first, hedge) =
            (Stage::Submit { provider: 0, number: 1 }, Stage::Submit { provider: 1, number: 1 });
        assert_eq!((spans.open(first), spans.open(hedge)), (0, 1));
        assert_ne!(spans.id(7, 0), spans.id(7, 1));
        assert_eq!((spans.close(first), spans.close(first)), (Some(0), None));
        assert_eq!(spans.open(Stage::Queue), 0);
        assert_eq!(spans.waits(), [Stage::Queue]);
        assert_eq!(spans.stages().count(), 2);
    }
}

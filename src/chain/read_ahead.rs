//! Reading what the events that come next are about, all at once: with more in flight than the caches
//! hold, each event would wait for its own record to come from memory.

use super::event::{Event, What};
use super::observer::Listener;
use super::world::Chain;

impl<L: Listener> Chain<'_, L> {
    /// A few bytes of every line of the records that these events are about.
    #[inline(never)]
    pub(super) fn read_ahead(&self, events: impl Iterator<Item = Event>) {
        let mut read = 0;
        for event in events {
            read ^= match event.what() {
                What::Call | What::CallTimeout | What::CallEnd => {
                    let request = &self.requests[event.slot];
                    request.key.0
                        ^ u64::from(request.calls ^ request.recipients)
                        ^ u64::from(request.settled)
                }
                What::ServiceDone
                | What::SubmitDone
                | What::SubmitTimeout
                | What::AskSlot
                | What::Submit
                | What::HedgeDue
                | What::LateAcceptance => {
                    let submit = &self.submits[event.slot];
                    self.messages[submit.message].key.0
                }
                What::QueueExpiry
                | What::Rejoin
                | What::WorkerReady
                | What::CarrierArrival
                | What::CarrierPass
                | What::Delivery
                | What::DeliveryLost
                | What::CarrierExpiry
                | What::Receipt
                | What::Completion => {
                    let message = &self.messages[event.slot];
                    message.key.0 ^ u64::from(message.batch)
                }
                What::ResendCheck => u64::from(self.recipients[event.slot].person),
                What::WorkerCrash
                | What::WorkerRestart
                | What::WorkersChange
                | What::ProviderToken
                | What::CarrierToken
                | What::HalfOpen
                | What::LinkResumes
                | What::Arrival => 0,
            };
        }
        std::hint::black_box(read);
    }
}

//! Asking for what the events that come next are about, all at once: with more in flight than the caches
//! hold, each event would wait for its own record to come from memory.

use super::{Fast, Reordered};
use crate::chain::model::Chain;
use crate::chain::records::event::{Event, Slot};
use crate::chain::records::slab::fetch;

impl<L: Reordered> Chain<'_, Fast<L>> {
    /// Every line that is needed of the records that these events are about.
    #[inline(never)]
    pub(super) fn read_ahead(&self, events: impl Iterator<Item = Event>) {
        for event in events {
            match event.kind().slot() {
                // A call that is refused needs no more of it than its first line.
                Slot::Request => fetch(&self.requests[event.request()].key),
                Slot::Attempt => {
                    let message = &self.messages[self.attempts[event.attempt()].message];
                    fetch(&message.key);
                    fetch(&message.stamp);
                }
                Slot::Message | Slot::Copy => {
                    let message = &self.messages[event.message()];
                    fetch(&message.key);
                    fetch(&message.stamp);
                    fetch(&message.batch);
                }
                Slot::Recipient => fetch(&self.recipients[event.recipient()].person),
                Slot::Stream | Slot::Queue | Slot::Provider => {}
                Slot::Carrier | Slot::Gate | Slot::Routes => {}
            }
        }
    }
}

//! Reading what the events that come next are about, all at once: with more in flight than the caches
//! hold, each event would wait for its own record to come from memory.

use super::event::{Event, Slot};
use super::observer::Listener;
use super::world::Chain;

impl<L: Listener> Chain<'_, L> {
    /// A few bytes of every line that is needed of the records that these events are about.
    #[inline(never)]
    pub(super) fn read_ahead(&self, events: impl Iterator<Item = Event>) {
        let mut read = 0;
        for event in events {
            read ^= match event.what().slot() {
                // A call that is refused needs no more of it than its first line.
                Slot::Request => self.requests[event.slot].key.0,
                Slot::Submit => {
                    let message = &self.messages[self.submits[event.slot].message];
                    message.key.0 ^ u64::from(message.stamp)
                }
                Slot::Message => {
                    let message = &self.messages[event.slot];
                    message.key.0 ^ u64::from(message.stamp) ^ u64::from(message.batch)
                }
                Slot::Recipient => u64::from(self.recipients[event.slot].person),
                Slot::Stream
                | Slot::Queue
                | Slot::Provider
                | Slot::Carrier
                | Slot::Guard
                | Slot::Client => 0,
            };
        }
        std::hint::black_box(read);
    }
}

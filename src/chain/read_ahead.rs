//! Asking for what the events that come next are about, all at once: with more in flight than the caches
//! hold, each event would wait for its own record to come from memory.

use super::event::{Event, Slot};
use super::observer::Listener;
use super::world::Chain;
use prefetch_index::prefetch_index;

impl<L: Listener> Chain<'_, L> {
    /// Every line that is needed of the records that these events are about.
    #[inline(never)]
    pub(super) fn read_ahead(&self, events: impl Iterator<Item = Event>) {
        for event in events {
            match event.what().slot() {
                // A call that is refused needs no more of it than its first line.
                Slot::Request => fetch(&self.requests[event.slot].key),
                Slot::Submit => {
                    let message = &self.messages[self.submits[event.slot].message];
                    fetch(&message.key);
                    fetch(&message.stamp);
                }
                Slot::Message => {
                    let message = &self.messages[event.slot];
                    fetch(&message.key);
                    fetch(&message.stamp);
                    fetch(&message.batch);
                }
                Slot::Recipient => fetch(&self.recipients[event.slot].person),
                Slot::Stream | Slot::Queue | Slot::Provider | Slot::Carrier | Slot::Guard => {}
            }
        }
    }
}

/// Begins to bring the line of the cache in which this begins, and doesn't wait for it.
#[inline(always)]
pub(super) fn fetch<T>(thing: &T) {
    prefetch_index(std::slice::from_ref(thing), 0);
}

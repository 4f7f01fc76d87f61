//! The same content from many senders: a campaign spread so that each stays below what a carrier counts
//! by sender.

use super::Arrival;
use crate::chain::records::keyed_map::KeyedMap;
use crate::chain::trace::story::Sight;
use crate::kernel::Nanos;
use crate::random::Key;
use std::collections::VecDeque;

/// Finds content that `senders` other senders or more had let through within the window.
#[derive(Debug)]
pub(super) struct Snowshoe {
    senders: u64,
    window: Nanos,
    /// Messages let through: when, the content, and it with its sender.
    log: VecDeque<(Nanos, u64, u64)>,
    /// Messages by content and sender.
    messages: KeyedMap<u64>,
    /// Senders by content.
    spread: KeyedMap<u64>,
}

impl Snowshoe {
    pub(super) fn new(senders: u64, window: Nanos) -> Snowshoe {
        Snowshoe {
            senders,
            window,
            log: VecDeque::new(),
            messages: KeyedMap::default(),
            spread: KeyedMap::default(),
        }
    }

    pub(super) fn looks(&mut self, it: &Arrival<'_>) -> (Sight, bool) {
        self.forget(it.now);
        let (content, own) = keys(it.content(), it.message.sender);
        let others = self.spread.get(content) - u64::from(self.messages.get(own) > 0);
        (Sight::Count(others), others >= self.senders)
    }

    pub(super) fn lets_through(&mut self, it: &Arrival<'_>) {
        let (content, own) = keys(it.content(), it.message.sender);
        self.add(it.now, content, own);
    }

    fn add(&mut self, now: Nanos, content: u64, own: u64) {
        if self.messages.get(own) == 0 {
            self.spread.increment(content);
        }
        self.messages.increment(own);
        self.log.push_back((now, content, own));
    }

    /// Forgets what was let through before the window that ends now.
    fn forget(&mut self, now: Nanos) {
        while let Some(&(time, content, own)) = self.log.front()
            && now - time >= self.window
        {
            self.log.pop_front();
            self.messages.decrement(own);
            if self.messages.get(own) == 0 {
                self.spread.decrement(content);
            }
        }
    }
}

/// The keys under which a content is counted, alone and with its sender.
fn keys(content: Key, sender: u32) -> (u64, u64) {
    (content.0, content.child(u64::from(sender)).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_counts_as_long_as_one_of_its_messages_is_in_the_window() {
        let mut rule = Snowshoe::new(2, 10);
        for (time, sender) in [(0, 1), (4, 1), (5, 2)] {
            let (content, own) = keys(Key(7), sender);
            rule.add(time, content, own);
        }
        let senders = |rule: &Snowshoe| rule.spread.get(keys(Key(7), 0).0);
        rule.forget(10);
        assert_eq!(senders(&rule), 2, "the one at 4 is still there");
        rule.forget(14);
        assert_eq!(senders(&rule), 1);
        rule.forget(15);
        assert_eq!((senders(&rule), rule.log.len(), rule.messages.len()), (0, 0, 0));
    }
}

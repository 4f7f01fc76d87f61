//! Sliding windows.

use crate::chain::records::keyed_map::KeyedMap;
use crate::kernel::Nanos;
use std::collections::VecDeque;

/// Events of the last `window`, counted by key: those in (t − window, t].
#[derive(Debug)]
pub(super) struct SlidingLog {
    window: Nanos,
    log: VecDeque<(Nanos, u64)>,
    counts: KeyedMap<u64>,
}

impl SlidingLog {
    pub(super) fn new(window: Nanos) -> SlidingLog {
        SlidingLog { window, log: VecDeque::new(), counts: KeyedMap::default() }
    }

    /// The number of `key` within the window that ends now.
    pub(super) fn count(&mut self, now: Nanos, key: u64) -> u64 {
        while let Some(&(time, old)) = self.log.front()
            && now - time >= self.window
        {
            self.log.pop_front();
            self.counts.decrement(old);
        }
        self.counts.get(key)
    }

    pub(super) fn add(&mut self, now: Nanos, key: u64) {
        self.log.push_back((now, key));
        self.counts.increment(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_open_at_its_old_end() {
        let mut log = SlidingLog::new(10);
        log.add(0, 1);
        log.add(5, 1);
        log.add(5, 2);
        assert_eq!((log.count(9, 1), log.count(9, 2)), (2, 1));
        assert_eq!(log.count(10, 1), 1);
        assert_eq!(log.count(15, 2), 0);
        assert_eq!((log.log.len(), log.counts.len()), (0, 0));
    }
}

//! Quiet hours: when what comes is held.

use crate::chain::spec::Quiet;
use crate::kernel::Nanos;

const DAY: Nanos = 86_400 * 1_000_000_000;

impl Quiet {
    /// The end of the quiet hours that `now` lies in, if it lies in any; `start` is the time of day at
    /// t = 0.
    #[inline(never)]
    pub(crate) fn ends(&self, start: Nanos, now: Nanos) -> Option<Nanos> {
        let since = |time: Nanos| (start + now % DAY + DAY - time) % DAY;
        let length = self.length();
        let gone = since(self.from);
        (gone < length).then(|| now.saturating_add(length - gone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_end_at_their_time_of_day_over_midnight_too() {
        let hour = DAY / 24;
        let night = Quiet { from: 21 * hour, to: 8 * hour };
        // t = 0 is 20:00.
        let ends = |now| night.ends(20 * hour, now);
        assert_eq!(ends(hour - 1), None);
        assert_eq!(ends(hour), Some(12 * hour));
        assert_eq!(ends(12 * hour - 1), Some(12 * hour));
        assert_eq!(ends(12 * hour), None);
        assert_eq!(ends(DAY + 5 * hour), Some(DAY + 12 * hour));
        let noon = Quiet { from: 12 * hour, to: 13 * hour };
        assert_eq!(noon.ends(0, 12 * hour), Some(13 * hour));
        assert_eq!((noon.ends(0, 13 * hour), noon.ends(0, 0)), (None, None));
    }
}

//! The sample of a time, looked up mostly without a division.

use crate::chain::books::results::{SAMPLES_MAX, Sample};
use crate::kernel::Nanos;

/// A sample looked up: most things happen in the same sample as the last one of their kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lookup {
    index: usize,
    start: Nanos,
}

impl Lookup {
    #[inline(always)]
    pub(super) fn find<'a>(
        &mut self,
        series: &'a mut Vec<Sample>,
        every: Nanos,
        time: Nanos,
    ) -> &'a mut Sample {
        if time.wrapping_sub(self.start) >= every || self.index >= series.len() {
            self.turn_to(series, every, time);
        }
        &mut series[self.index]
    }

    #[inline(never)]
    fn turn_to(&mut self, series: &mut Vec<Sample>, every: Nanos, time: Nanos) {
        // What goes back and forth between two samples needs no division.
        if time.wrapping_sub(self.start.wrapping_add(every)) < every && self.index < LAST_SAMPLE {
            self.start += every;
            self.index += 1;
        } else if time.wrapping_sub(self.start.wrapping_sub(every)) < every {
            self.start -= every;
            self.index -= 1;
        } else {
            self.index = (time / every).min(LAST_SAMPLE as u64) as usize;
            self.start = self.index as u64 * every;
        }
        if self.index >= series.len() {
            series.resize(self.index + 1, Sample::default());
        }
    }
}

/// The index of the last sample, which goes on to the run's end.
const LAST_SAMPLE: usize = SAMPLES_MAX as usize - 1;

//! Counts over time in bounded memory: ticks that grow twice as long when they become too many.

use std::ops::AddAssign;

use crate::kernel::SECOND;

/// Ticks that lie together: spans in which nothing happens take no memory.
const CHUNK: i64 = 256;

/// Something counted by ticks of time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticks<T> {
    /// Length of a tick, ns.
    width: i64,
    /// Chunks that are kept at most.
    most: usize,
    /// By their numbers, ascending.
    chunks: Vec<(i64, Vec<T>)>,
    /// The chunk of the last instant, and where it begins: the next one mostly lies in it, too.
    last: usize,
    start: i64,
}

impl<T: Copy + Default + AddAssign> Ticks<T> {
    /// Ticks of a second, at most about so many.
    pub(crate) fn new(most: usize) -> Ticks<T> {
        let most = (most / CHUNK as usize).max(2);
        Ticks { width: SECOND as i64, most, chunks: Vec::new(), last: 0, start: 0 }
    }

    pub(crate) fn add(&mut self, at: i64, what: T) {
        let tick = at.wrapping_sub(self.start) as u64 / self.width as u64;
        match self.chunks.get_mut(self.last) {
            Some((_, all)) if tick < CHUNK as u64 => all[tick as usize] += what,
            _ => self.add_elsewhere(at, what),
        }
    }

    /// The same beyond the chunk of the last instant.
    #[inline(never)]
    fn add_elsewhere(&mut self, at: i64, what: T) {
        self.add_to(at.div_euclid(self.width), what);
        while self.chunks.len() > self.most {
            self.widen();
        }
    }

    fn add_to(&mut self, tick: i64, what: T) {
        let number = tick.div_euclid(CHUNK);
        if self.chunks.get(self.last).is_none_or(|&(own, _)| own != number) {
            self.last = match self.place(number) {
                Ok(place) => place,
                Err(place) => {
                    self.chunks.insert(place, (number, vec![T::default(); CHUNK as usize]));
                    place
                }
            };
            self.start = number.wrapping_mul(CHUNK).wrapping_mul(self.width);
        }
        let chunk = self.chunks.get_mut(self.last);
        if let Some(own) = chunk.and_then(|(_, all)| all.get_mut(tick.rem_euclid(CHUNK) as usize)) {
            *own += what;
        }
    }

    fn place(&self, number: i64) -> Result<usize, usize> {
        self.chunks.binary_search_by_key(&number, |&(own, _)| own)
    }

    fn widen(&mut self) {
        let former = std::mem::take(&mut self.chunks);
        self.width = self.width.saturating_mul(2);
        self.last = 0;
        for (number, values) in former {
            for (tick, value) in (number * CHUNK..).zip(values) {
                self.add_to(tick.div_euclid(2), value);
            }
        }
    }

    /// The same with each value changed.
    pub(crate) fn map(&self, change: impl Fn(&mut T)) -> Ticks<T> {
        let mut own = self.clone();
        own.chunks.iter_mut().flat_map(|(_, all)| all).for_each(change);
        own
    }

    /// Length of a tick, ns.
    pub(crate) fn width(&self) -> i64 {
        self.width
    }

    /// The value of each tick that lies wholly in `[from, to)`, with where it begins.
    pub(crate) fn over(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, T)> + '_ {
        let first = from.div_euclid(self.width) + i64::from(from.rem_euclid(self.width) > 0);
        let mut place = 0;
        (first..to.div_euclid(self.width)).map(move |tick| {
            let number = tick.div_euclid(CHUNK);
            while self.chunks.get(place).is_some_and(|&(own, _)| own < number) {
                place += 1;
            }
            let chunk = self.chunks.get(place).filter(|&&(own, _)| own == number);
            let value = chunk.and_then(|(_, all)| all.get(tick.rem_euclid(CHUNK) as usize));
            (tick * self.width, value.copied().unwrap_or_default())
        })
    }

    /// The sums over steps of `step` ns from `from` on, up to `to`; a tick counts where it begins.
    pub(crate) fn by(&self, from: i64, to: i64, step: i64) -> Vec<T> {
        let step = step.max(1);
        let count =
            (to - from).max(0).div_euclid(step) + i64::from((to - from).rem_euclid(step) > 0);
        let mut sums = vec![T::default(); usize::try_from(count).unwrap_or(0)];
        let start = from.div_euclid(self.width) * self.width;
        for (at, value) in self.over(start, to.saturating_add(self.width)) {
            let place = (at.max(from) - from).div_euclid(step);
            if let Some(sum) = usize::try_from(place).ok().and_then(|place| sums.get_mut(place)) {
                *sum += value;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_when_ticks_grow() {
        let mut ticks = Ticks::<u32>::new(1024);
        let second = SECOND as i64;
        (-500..9_500).for_each(|at| ticks.add(at * second, 1));
        assert_eq!(ticks.width(), 16 * second);
        assert_eq!(
            ticks.by(-512 * second, 9_600 * second, 632 * second).iter().sum::<u32>(),
            10_000
        );
        let inside: Vec<_> = ticks.over(0, 64 * second).collect();
        assert_eq!(inside, [(0, 16), (16 * second, 16), (32 * second, 16), (48 * second, 16)]);
        assert_eq!(ticks.by(0, 64 * second, 32 * second), [32, 32]);
    }

    #[test]
    fn a_gap_takes_no_memory() {
        let mut ticks = Ticks::<u32>::new(1024);
        ticks.add(0, 1);
        ticks.add(10_000_000 * SECOND as i64, 1);
        assert_eq!((ticks.width(), ticks.chunks.len()), (SECOND as i64, 2));
    }
}

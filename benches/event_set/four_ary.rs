//! An implicit 4-ary heap of 128-bit keys (time, rank): half the levels of a binary one, and the four
//! children of a node lie side by side.

use super::FutureEvents;

const CHILDREN: usize = 4;

pub(crate) struct FourAry(Vec<(u128, u64)>);

impl FutureEvents for FourAry {
    fn with(pending: u64, _mean_delay: u64) -> Self {
        FourAry(Vec::with_capacity(pending as usize + 1))
    }

    fn schedule(&mut self, time: u64, rank: u64, event: u64) {
        let entry = (u128::from(time) << 64 | u128::from(rank), event);
        let mut hole = self.0.len();
        self.0.push(entry);
        while hole > 0 {
            let parent = (hole - 1) / CHILDREN;
            if self.0[parent].0 <= entry.0 {
                break;
            }
            self.0[hole] = self.0[parent];
            hole = parent;
        }
        self.0[hole] = entry;
    }

    fn take(&mut self) -> Option<(u64, u64)> {
        let last = self.0.pop()?;
        let Some(&(key, event)) = self.0.first() else {
            return Some(((last.0 >> 64) as u64, last.1));
        };
        let mut hole = 0;
        loop {
            let first = CHILDREN * hole + 1;
            let children = first..(first + CHILDREN).min(self.0.len());
            let Some(least) = children.min_by_key(|&child| self.0[child].0) else {
                break;
            };
            if last.0 <= self.0[least].0 {
                break;
            }
            self.0[hole] = self.0[least];
            hole = least;
        }
        self.0[hole] = last;
        Some(((key >> 64) as u64, event))
    }
}

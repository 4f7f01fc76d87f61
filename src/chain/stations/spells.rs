//! Spells of degradation.

use crate::chain::draws::{happens, site};
use crate::chain::spec;
use crate::kernel::Nanos;
use crate::random::{Chance, DrawSource, Key, open01};

/// Alternating spells, good and degraded, with exponential dwells from a stationary start.
#[derive(Debug)]
pub(crate) struct Spells {
    key: Key,
    mean_up: Nanos,
    mean_down: Nanos,
    down: bool,
    until: Nanos,
    dwells: u32,
}

impl Spells {
    pub(super) fn new(degraded: &spec::Degraded, key: Key, chance: &Chance) -> Spells {
        let (up, down) = (degraded.mean_up as f64, degraded.mean_down as f64);
        let first = chance.block(site::spell(key, 0)).second();
        let mut spells = Spells {
            key,
            mean_up: degraded.mean_up,
            mean_down: degraded.mean_down,
            down: happens(down / (up + down), first),
            until: 0,
            dwells: 0,
        };
        spells.until = spells.dwell(chance);
        spells
    }

    fn dwell(&mut self, chance: &impl DrawSource) -> Nanos {
        let mean = if self.down { self.mean_down } else { self.mean_up };
        let bits = chance.block(site::spell(self.key, self.dwells)).first();
        self.dwells += 1;
        let length = -libm::log(open01(bits)) * mean as f64;
        self.until.saturating_add(length.round() as Nanos)
    }

    /// The end of the present spell.
    pub(super) fn until(&self) -> Nanos {
        self.until
    }

    /// True if it is a spell of degradation now. Times asked for ascend.
    pub(crate) fn down_at(&mut self, now: Nanos, chance: &impl DrawSource) -> bool {
        while now >= self.until {
            self.down = !self.down;
            self.until = self.dwell(chance).max(self.until + 1);
        }
        self.down
    }

    /// Draws anew what is left of the spell at `now`.
    pub(crate) fn cut(&mut self, now: Nanos, chance: &impl DrawSource) {
        if self.until > now {
            self.until = now;
            self.until = self.dwell(chance).max(now + 1);
        }
    }
}

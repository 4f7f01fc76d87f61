//! Another course of chance from some time on: what had been drawn by then stays, everything else
//! is drawn from another seed.
//!
//! A draw has no time of its own: it is a function of who and what for. So the run is made once
//! with a note of when each draw was first asked for; in the runs that follow, a draw that had
//! been asked for before the time is the old one, whenever it is asked for again (a person's traits
//! by a resend, the latency of a submit that waits for a server), and any other is the new one. A
//! block of two words counts as one draw. Spells under way are cut: they are exponential, so that
//! what is left of them doesn't depend on how long they have lasted. What is scheduled already stays: a
//! stream's next request, deliveries and answers under way.
//!
//! Only a run that goes step by step can have another course.

use super::Draws;
use crate::kernel::Nanos;
use crate::random::{Block, Chance, DrawSource, Site};
use std::cell::RefCell;

/// Times at which each draw of a run was first asked for.
#[derive(Debug, Clone)]
pub struct FirstUses {
    /// Sorted by the draws' fingerprints.
    uses: Vec<(u64, Nanos)>,
}

impl FirstUses {
    fn new(mut uses: Vec<(u64, Nanos)>) -> FirstUses {
        uses.sort_unstable();
        uses.dedup_by_key(|&mut (draw, _)| draw);
        FirstUses { uses }
    }

    /// True if it was asked for before `time`.
    fn before(&self, draw: u64, time: Nanos) -> bool {
        let index = self.uses.partition_point(|&(other, _)| other < draw);
        self.uses.get(index).is_some_and(|&(other, first)| other == draw && first < time)
    }
}

/// The draws of a run whose chance may take another course.
#[derive(Debug)]
pub(crate) struct Redrawable<'run> {
    chance: Chance,
    redraw: Redraw<'run>,
}

#[derive(Debug)]
enum Redraw<'run> {
    /// One seed throughout.
    Off,
    /// Notes when each draw is asked for.
    Noted { now: Nanos, uses: RefCell<Vec<(u64, Nanos)>> },
    /// From `at` on another one's, unless they had been asked for before.
    Changed { at: Nanos, reached: bool, other: Chance, uses: &'run FirstUses },
}

impl<'run> Redrawable<'run> {
    /// From now on it is noted when each draw is first asked for.
    pub(crate) fn note(&mut self) {
        self.redraw = Redraw::Noted { now: 0, uses: RefCell::new(Vec::new()) };
    }

    /// The uses noted.
    pub(crate) fn noted(self) -> FirstUses {
        match self.redraw {
            Redraw::Noted { uses, .. } => FirstUses::new(uses.into_inner()),
            Redraw::Off | Redraw::Changed { .. } => FirstUses::new(Vec::new()),
        }
    }

    /// From `at` on chance is `other`, but for draws whose first use, by `uses`, was before.
    pub(crate) fn change(&mut self, at: Nanos, other: Chance, uses: &'run FirstUses) {
        self.redraw = Redraw::Changed { at, reached: false, other, uses };
    }
}

impl From<Chance> for Redrawable<'_> {
    fn from(chance: Chance) -> Self {
        Redrawable { chance, redraw: Redraw::Off }
    }
}

impl DrawSource for Redrawable<'_> {
    #[inline]
    fn block(&self, site: Site) -> Block {
        let chance = match &self.redraw {
            Redraw::Off => &self.chance,
            Redraw::Noted { now, uses } => {
                uses.borrow_mut().push((site.fingerprint(), *now));
                &self.chance
            }
            Redraw::Changed { at, reached: true, other, uses }
                if !uses.before(site.fingerprint(), *at) =>
            {
                other
            }
            Redraw::Changed { .. } => &self.chance,
        };
        chance.block(site)
    }

    fn ahead(&self) -> Option<&Chance> {
        None
    }
}

impl Draws for Redrawable<'_> {
    fn comes_to(&mut self, time: Nanos) -> Option<Nanos> {
        match &mut self.redraw {
            Redraw::Off => None,
            Redraw::Noted { now, .. } => {
                *now = time;
                None
            }
            Redraw::Changed { at, reached, .. } => {
                let changes = !*reached && time >= *at;
                *reached |= changes;
                changes.then_some(*at)
            }
        }
    }
}

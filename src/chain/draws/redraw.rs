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
use crate::chain::books::results::Results;
use crate::chain::engine::{Engine, Imbalance, Stepwise, finish};
use crate::chain::model::Chain;
use crate::chain::records::event::{Event, EventKind};
use crate::chain::spec::Spec;
use crate::chain::trace::observer::Nobody;
use crate::kernel::{Nanos, Pace, Scheduler, Unwatched, run};
use crate::random::{Block, Chance, DrawSource, Site};
use std::cell::RefCell;

/// When each draw of a run was first asked for.
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

    /// Was it asked for before `time`?
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

impl<E: Engine> Chain<'_, E> {
    /// What is left of every spell is drawn anew.
    pub(crate) fn cut_spells(&mut self, at: Nanos, s: &mut Scheduler<Event>) {
        for provider in &mut self.providers {
            if let Some(spells) = &mut provider.spells {
                spells.cut(at, &self.chance);
            }
        }
        for (arrivals, next) in self.arrivals.iter_mut().zip(&self.upcoming) {
            // The next request is known, and by that the spell until then.
            let known = next.as_ref().map_or(at, |next| next.time.max(at));
            arrivals.cut(known, &self.chance);
        }
        if self.queues.iter().all(|queue| !queue.crashes()) {
            return;
        }
        s.retain(|_, event| event.kind() != EventKind::WorkerCrash);
        // A crash that would have come after the run's end wasn't scheduled: all but those that
        // are on their way back work.
        let back: Vec<(u32, u32)> = s
            .iter()
            .filter(|(_, event)| event.kind() == EventKind::WorkerRestart)
            .map(|(_, event)| (event.slot, event.detail()))
            .collect();
        self.schedule_crashes_but(&back, s);
    }
}

/// Runs the chain once and notes when each draw is first asked for.
#[must_use]
pub fn first_uses(spec: &Spec, seed: u64) -> FirstUses {
    let mut chain = Chain::new(spec, seed, Stepwise::new(), Nobody);
    chain.chance.redraw = Redraw::Noted { now: 0, uses: RefCell::new(Vec::new()) };
    let mut scheduler = Scheduler::new();
    chain.start(&mut scheduler);
    let until = chain.end;
    run(&mut chain, &mut scheduler, until, &mut Unwatched);
    match chain.chance.redraw {
        Redraw::Noted { uses, .. } => FirstUses::new(uses.into_inner()),
        _ => FirstUses::new(Vec::new()),
    }
}

/// Runs the chain with what was drawn by `at`, and everything else from `other`, a seed. `uses` are
/// those of [`first_uses`] with the same settings and `seed`.
///
/// # Errors
/// Conservation is broken.
pub fn simulate_redrawn(
    spec: &Spec,
    seed: u64,
    uses: &FirstUses,
    at: Nanos,
    other: u64,
    pace: &mut dyn Pace,
) -> Result<Results, Imbalance> {
    let mut chain = Chain::new(spec, seed, Stepwise::new(), Nobody);
    let other = Chance::new(other);
    chain.chance.redraw = Redraw::Changed { at, reached: false, other, uses };
    finish(chain, pace)
}

//! Copies whose way is decided, taken to their ends together.
//!
//! What becomes of a copy that its carrier has let in, and that is all that is left of its message, is
//! decided by draws that are keyed already ([`super::foresight`]). Unless something there remembers
//! other copies, nobody asks before the next sample of the time series when that is worked out. So such
//! copies wait here for each other: what chance has in store for them is drawn side by side, and the code
//! that takes a message to its end is read once for all of them.

use super::copied::Copied;
use super::delay::delays;
use super::event::Event;
use super::observer::Listener;
use super::purpose::{DELIVERY, FILTER, RECEIPT};
use super::slab::NONE;
use super::spec::{Meaning, Spec};
use super::together::TOGETHER;
use super::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Block, DrawSource, Key, Owner};

/// What chance has in store for a copy from its carrier on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fate {
    /// The word that decides whether the first filter takes it.
    pub(super) filter: u64,
    /// From the carrier to the handset, without what incidents make of it.
    pub(super) latency: Nanos,
    /// The word that says whether it is lost on that way.
    pub(super) loss: u64,
    /// From the handset to the sender.
    pub(super) receipt: Nanos,
    /// The word that says whether the receipt is lost on that way.
    pub(super) receipt_loss: u64,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
struct Traveller<M> {
    /// When it joined, as the listener knows it.
    moment: M,
    key: Key,
    now: Nanos,
    message: u32,
    copy: u32,
    provider: u32,
    carrier: u16,
    filter: Owner,
    from_carrier: Owner,
    from_provider: Owner,
}

/// Those that wait.
#[derive(Debug)]
pub(super) struct Convoy<M> {
    travellers: Vec<Traveller<M>>,
    draws: Draws,
}

/// What chance has a part in, somewhere.
#[derive(Debug, Clone, Copy)]
struct Draws {
    filters: bool,
    deliveries: bool,
    receipts: bool,
}

impl<M> Convoy<M> {
    pub(super) fn new(spec: &Spec) -> Convoy<M> {
        let firsts = || spec.carriers.iter().filter_map(|carrier| carrier.filters.first());
        let receipts = || spec.providers.iter().map(|provider| &provider.receipts);
        let draws = Draws {
            filters: firsts().any(|filter| (0.0..1.0).contains(&filter.probability)),
            deliveries: spec
                .carriers
                .iter()
                .any(|carrier| carrier.loss > 0.0 || carrier.latency.is_random()),
            receipts: receipts().any(|receipts| receipts.loss > 0.0 || receipts.delay.is_random()),
        };
        Convoy { travellers: Vec::new(), draws }
    }
}

impl<L: Listener> Chain<'_, L> {
    /// A copy is let in by its carrier.
    #[inline(always)]
    pub(super) fn carrier_lets_in(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        let record = &self.messages[it.message];
        let carrier = &self.carriers[usize::from(record.carrier)];
        let joins = !L::ALL
            && carrier.forgets
            && self.open_streams > 0
            && record.open == 1
            && record.extra == NONE
            && self.meaning(it) == Meaning::Handset;
        if !joins {
            self.goes_alone(it, s);
            return;
        }
        self.convoy.travellers.push(Traveller {
            moment: self.listener.moment(),
            key: record.key,
            now: it.now,
            message: it.message,
            copy: it.copy,
            provider: it.provider as u32,
            carrier: record.carrier,
            filter: carrier.first_filter(),
            from_carrier: carrier.owner,
            from_provider: self.providers[it.provider].owner,
        });
        if self.convoy.travellers.len() >= TOGETHER {
            self.convoy_arrives(s);
        }
    }

    #[inline(never)]
    fn goes_alone(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        self.carrier_pass(it, s);
    }

    /// Those that wait for each other are taken to their ends.
    #[inline(never)]
    pub(super) fn convoy_arrives(&mut self, s: &mut Scheduler<Event>) {
        if self.convoy.travellers.is_empty() {
            return;
        }
        let mut travellers = std::mem::take(&mut self.convoy.travellers);
        let mut filters = [0; TOGETHER];
        let (mut deliveries, mut receipts) = ([Block::UNUSED; TOGETHER], [Block::UNUSED; TOGETHER]);
        if let Some(chance) = self.chance.ahead() {
            let drawn = self.convoy.draws;
            let filter = |one: &Traveller<_>| (one.key, one.filter, one.copy);
            if drawn.filters {
                chance.draw_all(&travellers, filter, FILTER, &mut filters, Block::first);
            }
            let delivery = |one: &Traveller<_>| (one.key, one.from_carrier, one.copy);
            if drawn.deliveries {
                chance.draw_all(&travellers, delivery, DELIVERY, &mut deliveries, |draw| draw);
            }
            let receipt = |one: &Traveller<_>| (one.key, one.from_provider, one.copy);
            if drawn.receipts {
                chance.draw_all(&travellers, receipt, RECEIPT, &mut receipts, |draw| draw);
            }
        }
        let mut latencies = [0; TOGETHER];
        let mut lates = [0; TOGETHER];
        let law = |one: &Traveller<_>| &self.spec.carriers[usize::from(one.carrier)].latency;
        delays(&travellers, law, |index| deliveries[index].first(), &mut latencies);
        let law = |one: &Traveller<_>| &self.spec.providers[one.provider as usize].receipts.delay;
        delays(&travellers, law, |index| receipts[index].first(), &mut lates);
        let present = self.listener.moment();
        for (index, one) in travellers.iter().enumerate() {
            let fate = Fate {
                filter: filters[index],
                latency: latencies[index],
                loss: deliveries[index].second(),
                receipt: lates[index],
                receipt_loss: receipts[index].second(),
            };
            let it = Copied {
                message: one.message,
                copy: one.copy,
                provider: one.provider as usize,
                now: one.now,
                fate: Some(&fate),
            };
            self.listener.returns_to(one.moment);
            self.carrier_pass(it, s);
        }
        self.listener.returns_to(present);
        travellers.clear();
        self.convoy.travellers = travellers;
    }
}

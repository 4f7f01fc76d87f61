//! Copies that wait for nothing but chance, taken to their ends together.
//!
//! What becomes of a copy that its carrier has let in, and that is all that is left of its message, is
//! decided by draws that are keyed already ([`super::fast_forward`]). Unless something there remembers
//! other copies, nobody asks before the next sample of the time series when that is worked out. So such
//! copies wait here for each other: what chance has in store for them is drawn side by side, and the code
//! that takes a message to its end is read once for all of them.

use super::{Fast, Reordered};
use crate::chain::draws::delay::delays;
use crate::chain::draws::site;
use crate::chain::draws::together::TOGETHER;
use crate::chain::model::Chain;
use crate::chain::records::copied::{Copied, CopyDraws};
use crate::chain::records::event::Event;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::parts::WHOLE;
use crate::chain::spec::Meaning;
use crate::kernel::{EventSet, Nanos};
use crate::random::{Block, DrawSource, Key, Owner};

/// One of them.
#[derive(Debug, Clone, Copy)]
struct Waiting<M> {
    /// The moment at which it joined, as the listener knows it.
    moment: M,
    key: Key,
    now: Nanos,
    message: Id<Message>,
    copy: u32,
    provider: u32,
    carrier: u16,
    segments: u16,
    filter: Owner,
    from_carrier: Owner,
    from_provider: Owner,
}

/// Those that wait.
#[derive(Debug)]
pub(super) struct DeliveryBatch<M>(Vec<Waiting<M>>);

impl<M> DeliveryBatch<M> {
    pub(super) fn new() -> DeliveryBatch<M> {
        DeliveryBatch(Vec::new())
    }
}

impl<L: Reordered> Chain<'_, Fast<L>> {
    /// A copy is let in by its carrier.
    #[inline(always)]
    pub(super) fn joins_batch(&mut self, it: Copied<'_>, s: &mut EventSet<Event>) {
        let record = &self.messages[it.message];
        let carrier = &self.carriers[usize::from(record.carrier)];
        let joins = self.engine.plan.independent_tails[usize::from(record.carrier)]
            && self.open_streams > 0
            && record.open == 1
            && record.extra.is_none()
            && self.meaning(it) == Meaning::Handset;
        if !joins {
            self.goes_alone(it, s);
            return;
        }
        self.engine.batch.0.push(Waiting {
            moment: self.listener.moment(),
            key: record.key,
            now: it.now,
            message: it.message,
            copy: it.copy,
            provider: it.provider as u32,
            carrier: record.carrier,
            segments: it.segments,
            filter: carrier.first_filter(),
            from_carrier: carrier.owner(),
            from_provider: self.providers[it.provider].owner(),
        });
        if self.engine.batch.0.len() >= TOGETHER {
            self.batch_arrives(s);
        }
    }

    #[inline(never)]
    fn goes_alone(&mut self, it: Copied<'_>, s: &mut EventSet<Event>) {
        self.carrier_pass(it, s);
    }

    /// Those that wait for each other are taken to their ends.
    #[inline(never)]
    pub(super) fn batch_arrives(&mut self, s: &mut EventSet<Event>) {
        if self.engine.batch.0.is_empty() {
            return;
        }
        let mut waiting = std::mem::take(&mut self.engine.batch.0);
        let mut filters = [0; TOGETHER];
        let (mut deliveries, mut receipts) = ([Block::UNUSED; TOGETHER], [Block::UNUSED; TOGETHER]);
        if let Some(chance) = self.chance.ahead() {
            let drawn = self.engine.plan.tail_draws;
            let filter = |one: &Waiting<_>| site::filter(one.key, one.filter, one.copy);
            if drawn.filters {
                chance.draw_all(&waiting, filter, &mut filters, Block::first);
            }
            let delivery = |one: &Waiting<_>| site::delivery(one.key, one.from_carrier, one.copy);
            if drawn.deliveries {
                chance.draw_all(&waiting, delivery, &mut deliveries, |draw| draw);
            }
            let receipt = |one: &Waiting<_>| site::receipt(one.key, one.from_provider, one.copy);
            if drawn.receipts {
                chance.draw_all(&waiting, receipt, &mut receipts, |draw| draw);
            }
        }
        let mut latencies = [0; TOGETHER];
        let mut lates = [0; TOGETHER];
        let law = |one: &Waiting<_>| &self.spec.carriers[usize::from(one.carrier)].latency;
        delays(&waiting, law, |index| deliveries[index].first(), &mut latencies);
        let law = |one: &Waiting<_>| &self.spec.providers[one.provider as usize].receipts.delay;
        delays(&waiting, law, |index| receipts[index].first(), &mut lates);
        let present = self.listener.moment();
        for (index, one) in waiting.iter().enumerate() {
            let draws = CopyDraws {
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
                // What goes in parts has a record of them, and goes alone.
                part: WHOLE,
                segments: one.segments,
                now: one.now,
                drawn: Some(&draws),
            };
            self.listener.returns_to(one.moment);
            self.carrier_pass(it, s);
        }
        self.listener.returns_to(present);
        waiting.clear();
        self.engine.batch.0 = waiting;
    }
}

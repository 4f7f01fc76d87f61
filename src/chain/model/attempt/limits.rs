//! Waiting for several throttles of a provider at once, and refusals by one of several.

use super::flow_control::schedule_token;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::stations::limits::{Among, Held};
use crate::chain::trace::story::SubmitStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The counts of a provider's throttles that messages of a stream's sender fall into.
    pub(crate) fn provider_counts(&self, index: usize, stream: u16, sender: u32) -> Among {
        let identity = &self.identities[usize::from(stream)];
        let limits = self.providers[index].limits();
        limits.map_or(Among::default(), |limits| {
            limits.among(|scope| identity.scope(scope, sender, 0))
        })
    }

    fn counts_of(&self, message: Id<Message>, index: usize) -> Among {
        let record = &self.messages[message];
        self.provider_counts(index, record.stream, record.sender)
    }

    /// An attempt goes on to a slot with a token of each throttle that paces, or waits for them.
    #[inline(never)]
    pub(super) fn ask_limits(&mut self, attempt: Id<Attempt>, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let (message, ticket) = (record.message, (attempt, record.stamp));
        let segments = record.segments;
        let among = self.counts_of(message, index);
        let asked = self.providers[index]
            .limits_mut()
            .map_or(Ok(()), |limits| limits.asks(ticket, &among, segments, now));
        match asked {
            Ok(()) => self.ask_slot(attempt, s),
            Err(Held { limit, place }) => {
                self.schedule_limits(index, s);
                self.tell(message, now, |chain| SubmitStep::WaitsForToken {
                    provider: index,
                    throttle: limit,
                    place,
                    tokens: chain.provider_level(index, limit, &among, now),
                });
            }
        }
    }

    fn provider_level(&self, index: usize, limit: usize, among: &Among, now: Nanos) -> f64 {
        let limits = self.providers[index].limits();
        limits.map_or(0.0, |limits| limits.level(limit, among, now))
    }

    fn schedule_limits(&mut self, index: usize, s: &mut E::Scheduler) {
        let at = self.providers[index].limits_mut().and_then(|limits| limits.event_at());
        schedule_token(index, 0, at, s);
    }

    /// Those who wait for several throttles pass if there is a token of each; then those in queues.
    #[inline(never)]
    pub(super) fn limits_let_through(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if !self.providers[index].limits_mut().is_some_and(|limits| limits.wakes(now)) {
            return;
        }
        let (mut turned_back, mut too_late) = (Vec::new(), Vec::new());
        while let Some(looked) = self.providers[index].limits().and_then(|limits| limits.looked()) {
            let (attempt, stamp) = looked.item;
            let record = &self.attempts[attempt];
            let left = record.stamp != stamp;
            let (message, place) = (record.message, record.place);
            let blocked = !left && self.policies.blocks(record.gate);
            let lapses = !left && self.too_late(message, now);
            let Some(limits) = self.providers[index].limits_mut() else {
                break;
            };
            if left || blocked {
                limits.leaves(&looked);
                if blocked {
                    turned_back.push(attempt);
                }
                continue;
            }
            if !limits.has_all(&looked, now) {
                continue;
            }
            limits.leaves(&looked);
            if lapses {
                too_late.push(attempt);
                continue;
            }
            limits.takes(&looked.among, looked.tokens, now);
            let ask = Event::new(EventKind::AskSlot, attempt, stamp & DETAIL_MAX);
            s.happens(now, self.messages[message].order, place, ask);
        }
        self.schedule_limits(index, s);
        self.pace_let_through(index, turned_back, too_late, s);
    }

    /// The tokens of a submit that is not made after all are there for the next.
    pub(super) fn gives_tokens_back(
        &mut self,
        attempt: Id<Attempt>,
        index: usize,
        s: &mut E::Scheduler,
    ) {
        let &Attempt { message, segments, .. } = &self.attempts[attempt];
        let among = self.counts_of(message, index);
        if let Some(limits) = self.providers[index].limits_mut() {
            limits.gives_back(&among, segments, s.now());
        }
        self.schedule_limits(index, s);
    }

    /// The first throttle of the list that refuses an attempt, its tokens and the wait that it asks for;
    /// `None`: it has taken its tokens of all that might.
    pub(super) fn refused_by(
        &mut self,
        attempt: Id<Attempt>,
        index: usize,
        now: Nanos,
    ) -> Option<(usize, f64, Nanos)> {
        let &Attempt { message, segments, .. } = &self.attempts[attempt];
        let among = self.counts_of(message, index);
        let batch = self.messages[message].batch;
        let limits = self.providers[index].limits_mut()?;
        let (limit, retry_after) = limits.asks_rates(&among, segments, now).err()?;
        self.ledger.at_provider(batch, index, |provider| {
            if let Some(count) = provider.throttled_by.get_mut(limit) {
                *count += 1;
            }
        });
        Some((limit, self.provider_level(index, limit, &among, now), retry_after))
    }
}

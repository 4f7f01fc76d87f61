//! Messages that wait in their queue for several throttles of their provider at once.

use crate::chain::model::Chain;
use crate::chain::model::attempt::schedule_token;
use crate::chain::model::engine::Engine;
use crate::chain::model::queue::Passage;
use crate::chain::records::event::{Order, Scheduler as _};
use crate::chain::stations::limits::Spot;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The place of a queue's next who has a token of each throttle: since when it waits, and in which lane. By its
    /// discipline, each is held up by the first count that has no tokens, which is kept for it then.
    #[inline(never)]
    pub(super) fn next_by_limits(
        &mut self,
        provider: usize,
        index: usize,
        s: &mut E::Scheduler,
    ) -> Option<((Nanos, Order), usize)> {
        let now = s.now();
        let lanes = self.providers[provider].pace_lanes();
        let firsts = self.queues[index].firsts(provider, lanes, &self.messages);
        let firsts = firsts.map(|(lane, it)| (self.urgency(it, index), lane, self.passage(it)));
        let mut firsts: Vec<_> = firsts.collect();
        firsts.sort_unstable_by_key(|&(urgency, lane, _)| (urgency, lane));
        let mut kept: Vec<Spot> = Vec::new();
        for ((_, _, since, order), lane, it) in firsts {
            match self.spot_of(&kept, it, provider, now) {
                None => return Some(((since, order), lane)),
                Some(spot) => {
                    kept.push(spot);
                    self.awaits_tokens(it, provider, s);
                }
            }
        }
        None
    }

    /// True if one that comes to a queue now finds a token of each throttle, with nobody before it who waits there
    /// for one of them.
    #[inline(never)]
    pub(super) fn limits_pace(&self, it: Passage, provider: usize, now: Nanos) -> bool {
        let mut kept: Vec<Spot> = Vec::new();
        let queue = &self.queues[self.spec.queue_by(it.route)];
        if queue.depth().level() > 0 {
            let lanes = self.providers[provider].pace_lanes();
            for (_, message) in queue.firsts(provider, lanes, &self.messages) {
                kept.extend(self.spot_of(&[], self.passage(message), provider, now));
            }
        }
        self.spot_of(&kept, it, provider, now).is_none()
    }

    /// The first count of a provider's throttles that holds a message up.
    fn spot_of(&self, kept: &[Spot], it: Passage, provider: usize, now: Nanos) -> Option<Spot> {
        let among = self.provider_counts(provider, it.stream, it.sender);
        self.providers[provider].limits()?.holds_up_beside(kept, &among, it.segments, now)
    }

    /// A message has begun to wait for several throttles, although it may have a token of each: it is looked
    /// at now.
    pub(super) fn looks_at_once(&mut self, provider: usize, s: &mut E::Scheduler) {
        let now = s.now();
        let at = self.providers[provider].limits_mut().and_then(|limits| limits.looks_at(now));
        schedule_token(provider, 0, at, s);
    }
}

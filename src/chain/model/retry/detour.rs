//! Ways other than a message's first route: failover, and round a provider whose breaker is open.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::MessageState;
use crate::chain::records::retrying::Detour;
use crate::chain::trace::story::RetryStep;

impl<E: Engine> Chain<'_, E> {
    /// The route that first handed the message off, or else the one it is on.
    #[inline]
    pub(crate) fn route_shown(&self, message: Id<Message>) -> u16 {
        let record = &self.messages[message];
        if record.copies > 0 {
            self.messages.route_of_copy(message, 0)
        } else {
            self.messages.via(message)
        }
    }

    /// Counts a submit of the message to a provider, and says which one it is, from 1.
    #[inline]
    pub(crate) fn count_submit(&mut self, message: Id<Message>, provider: usize) -> u32 {
        match self.messages.extra_if_any(message).and_then(|extra| extra.detour.as_mut()) {
            None => self.messages[message].attempts,
            Some(detour) => detour.count(provider),
        }
    }

    /// The provider a message is on its way to.
    pub(crate) fn provider_of(&self, message: Id<Message>) -> usize {
        self.spec.provider_by(self.messages.via(message))
    }

    /// Attempts made on the route the message is on.
    fn made_here(&self, message: Id<Message>) -> u32 {
        let before = self.messages.extra(message).detour.as_ref();
        let before = before.map_or(0, |detour| detour.made_before);
        self.messages.tries(message) - before.max(self.messages.tries_before(message))
    }

    /// From now on more than one route has to do with the message.
    pub(crate) fn open_detour(&mut self, message: Id<Message>) -> &mut Detour {
        let provider = self.provider_of(message);
        let record = &self.messages[message];
        let (route, attempts, copies) = (record.route, record.attempts, record.copies);
        self.messages.extra_mut(message).detour.get_or_insert_with(|| {
            Box::new(Detour {
                via: route,
                submits: vec![(provider, attempts)],
                copies: vec![route; copies as usize],
                made_before: 0,
            })
        })
    }

    /// The message goes by another route from now on.
    pub(crate) fn go_by(&mut self, message: Id<Message>, route: u16, s: &mut E::Scheduler) {
        if self.messages.via(message) == route {
            return;
        }
        self.probes_no_more(message, s);
        let tries = self.messages.tries(message);
        let detour = self.open_detour(message);
        (detour.via, detour.made_before) = (route, tries);
        self.tell(message, s.now(), |chain| RetryStep::GoesBy {
            route: usize::from(route),
            provider: chain.provider_of(message),
        });
    }

    /// The route of a retry with failover: after enough attempts by one, the next that has another
    /// provider and isn't blocked. The last one stays.
    pub(crate) fn route_of_retry(&self, message: Id<Message>, attempts: u32) -> u16 {
        let via = self.messages.via(message);
        let other = (self.made_here(message) >= attempts).then(|| self.route_after(message));
        other.flatten().unwrap_or(via)
    }

    /// The next route after the message's own that has another provider and isn't blocked.
    pub(crate) fn route_after(&self, message: Id<Message>) -> Option<u16> {
        let record = &self.messages[message];
        let (provider, via) = (self.provider_of(message), self.messages.via(message));
        let routes = self.routing.in_order(record.carrier);
        let after = routes.iter().skip_while(|&&route| route != via).skip(1);
        after.copied().find(|&route| {
            self.spec.provider_by(route) != provider
                && self.takes(route, message)
                && !self.policies.blocks(self.gate_on(record.stream, route))
        })
    }

    /// The best route by another provider that isn't blocked, for a hedge.
    pub(crate) fn route_elsewhere(&self, message: Id<Message>) -> Option<u16> {
        let record = &self.messages[message];
        let provider = self.provider_of(message);
        let policy = self.policy_of(message);
        // Whole beside whole, a part beside that part.
        let in_parts = |provider: usize| self.spec.providers[provider].takes_parts(record.segments);
        self.routing.in_order(record.carrier).iter().copied().find(|&route| {
            let other = self.spec.provider_by(route);
            other != provider
                && self.takes(route, message)
                && in_parts(other) == in_parts(provider)
                && !self.policies.blocks(self.policies.gate_of(policy, other))
        })
    }

    /// The provider's breaker lets nothing through: the message, with a worker, goes by another
    /// route, or waits until it is half-open. True if its worker goes on with it.
    pub(crate) fn turned_back(&mut self, message: Id<Message>, s: &mut E::Scheduler) -> bool {
        let now = s.now();
        self.tell(message, now, |chain| RetryStep::Blocked {
            provider: chain.provider_of(message),
            hedge: false,
        });
        let record = &self.messages[message];
        let (stream, via) = (record.stream, self.messages.via(message));
        let open = |route| !self.policies.blocks(self.gate_on(stream, route));
        let other = self.routing.pick_open(&self.chance, self.sent_by(message), open);
        let queue = self.queue_of(message);
        if let Some(route) = other
            && self.spec.queue_by(route) == queue
        {
            self.go_by(message, route, s);
            return true;
        }
        self.messages[message].moves_to(MessageState::Aside, now);
        self.release_worker(message, s);
        match other {
            Some(route) => {
                self.go_by(message, route, s);
                s.happens(
                    now,
                    self.messages[message].order,
                    0,
                    Event::new(EventKind::Rejoin, message, 0),
                );
            }
            None => {
                let gate = self.gate_on(stream, via);
                self.hold(message, gate, now);
            }
        }
        false
    }
}

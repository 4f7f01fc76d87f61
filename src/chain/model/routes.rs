//! Routes over time: which one a message goes by when it is sent, and traffic that is taken from slow ones.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::Observed;
use crate::chain::stations::routing::Sent;
use crate::chain::stations::slow_routes::{Seen, Why};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// A message in the eyes of routes.
    #[inline]
    pub(crate) fn sent_by(&self, message: Id<Message>) -> Sent {
        let record = &self.messages[message];
        Sent {
            key: record.key,
            carrier: record.carrier,
            stream: record.stream,
            sender: record.sender,
        }
    }

    /// True if a route's conditions hold for a message.
    #[inline]
    pub(crate) fn takes(&self, route: u16, message: Id<Message>) -> bool {
        let record = &self.messages[message];
        self.routing.takes(route, record.stream, record.sender)
    }

    /// A worker is about to make a message's first attempt: its route is chosen once more, among those of its
    /// queue, as weights and breakers are now.
    #[inline(never)]
    pub(crate) fn chooses_again(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let (stream, queue) = (self.messages[message].stream, self.queue_of(message));
        let open = |route: u16| {
            self.spec.queue_by(route) == queue && !self.policies.blocks(self.gate_on(stream, route))
        };
        if let Some(route) = self.routing.pick_open(&self.chance, self.sent_by(message), open) {
            self.go_by(message, route, s);
        }
    }

    /// Looks at slow routes begin.
    pub(crate) fn start_looking(&mut self, s: &mut E::Scheduler) {
        if self.slow_routes.exist() {
            self.weigh(0);
            self.looks_next(0, s);
        }
    }

    fn looks_next(&self, now: Nanos, s: &mut E::Scheduler) {
        if let Some(at) = self.slow_routes.next_look(now).filter(|&at| at <= self.end) {
            s.station(at, 0, Event::new(EventKind::RouteLook, 0_u32, 0));
        }
    }

    /// A look at the routes: traffic is taken from slow ones, or given back.
    #[inline(never)]
    pub(crate) fn looks_at_routes(&mut self, s: &mut E::Scheduler) {
        let now = s.now();
        let routing = &self.routing;
        let part = |route: u16, carrier: u16, rivals: &[u16]| routing.part(route, carrier, rivals);
        let changes = self.slow_routes.look(now, part);
        for change in &changes {
            self.routing.takes_from(change.route, change.taken);
            match change.why {
                Why::Slow => self.ledger.at_route(now, change.route, |route| route.slowed += 1),
                Why::Restored => {
                    self.ledger.at_route(now, change.route, |route| route.restored += 1);
                }
                Why::Even => {}
            }
        }
        if !changes.is_empty() {
            self.weigh(now);
        }
        self.looks_next(now, s);
    }

    fn weigh(&mut self, now: Nanos) {
        let routing = &self.routing;
        let part = |route: u16, carrier: u16, rivals: &[u16]| routing.part(route, carrier, rivals);
        self.slow_routes.weigh(now, part);
    }

    /// A provider has accepted a message's `copy` by a route.
    #[inline(never)]
    pub(crate) fn route_accepts(
        &mut self,
        message: Id<Message>,
        copy: u32,
        route: u16,
        now: Nanos,
    ) {
        if copy > 0 {
            self.messages.extra_mut(message).later_copies.push(now);
        } else if let Some(parts) = self.messages.parts_mut(message) {
            parts.first_copy = Some(now);
        }
        self.slow_routes.accepts(route, now);
    }

    /// The sender reads what a receipt says of a copy.
    #[inline(never)]
    pub(crate) fn route_is_seen(
        &mut self,
        message: Id<Message>,
        copy: u32,
        says: Observed,
        now: Nanos,
    ) {
        let record = &self.messages[message];
        let batch = record.batch;
        let accepted = match copy {
            // Of a message in parts the hand-off is later.
            0 => {
                let parts = self.messages.parts(message);
                parts.and_then(|parts| parts.first_copy).or(Some(record.handed_off))
            }
            later => {
                let extra = self.messages.extra(message);
                extra.later_copies.get(later as usize - 1).copied()
            }
        };
        let Some(accepted) = accepted else {
            debug_assert!(false, "a receipt is of a copy that was accepted");
            return;
        };
        let route = self.messages.route_of_copy(message, copy);
        let seen = self.slow_routes.sees(route, accepted, says, now);
        self.ledger.of_route(batch, route, |route| match seen {
            Seen::InTime => route.in_time += 1,
            Seen::Failed => route.failed += 1,
            Seen::Late | Seen::Nothing => {}
        });
    }
}

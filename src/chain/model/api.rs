//! The request boundary: validate → select route → price → deduct balance → enqueue.

use crate::chain::draws::key;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::model::queue::Passage;
use crate::chain::records::event::{Order, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Call;
use crate::chain::records::message::Message;
use crate::chain::records::message::Request;
use crate::chain::records::message::{Birth, NEVER, Refunded};
use crate::chain::records::outcome::Rejection;
use crate::chain::records::slab::fetch;
use crate::chain::spec::TraceRow;
use crate::chain::spec::{Nanounits, Overflow, Refund};
use crate::chain::stations::admission::{self, Asked, Unfit, Valid};
use crate::chain::stations::queue::Room;
use crate::chain::stations::quiet::Hours;
use crate::chain::trace::observer::Listener as _;
use crate::chain::trace::story::{ApiStep, MoneyStep, Refusal};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key};

impl<E: Engine> Chain<'_, E> {
    /// The API's verdict on a call at the end of its latency: accepted if any recipient is.
    pub(crate) fn accept(
        &mut self,
        request: Id<Request>,
        call: Id<Call>,
        s: &mut E::Scheduler,
    ) -> Result<(), Rejection> {
        let record = &self.requests[request];
        let key = key::call(record.key, call.number());
        let count = self.recipients_of(record.origin, record.stream);
        let mut kept = record.recipients;
        if let Some(kept) = kept {
            fetch(&self.recipients[kept].users);
        }
        let mut verdict = Err(Rejection::Invalid);
        for recipient in 0..count {
            let one = self.accept_one(request, key, recipient, s);
            match one {
                Ok(message) => {
                    if let Some(kept) = kept {
                        let extra = self.messages.extra_mut(message.0);
                        (extra.recipient, extra.request) = (Some(kept), Some(request));
                        let known = &mut self.recipients[kept];
                        known.users += 1;
                        known.messages += 1;
                        if known.messages > 1 {
                            let facts = known.request;
                            self.ledger.accepted_again(facts.batch, facts.stream);
                        }
                        self.requests[request].messages += 1;
                    }
                    verdict = Ok(());
                    self.enqueue_new(message.0, message.1, s);
                }
                Err(rejection) if verdict.is_err() => verdict = Err(rejection),
                Err(_) => {}
            }
            kept = kept.and_then(|kept| self.recipients[kept].next);
        }
        verdict
    }

    /// One recipient's message, charged and about to be enqueued; or why not.
    fn accept_one(
        &mut self,
        request: Id<Request>,
        call: Key,
        recipient: u32,
        s: &mut E::Scheduler,
    ) -> Result<(Id<Message>, Room), Rejection> {
        let now = s.now();
        let key = key::message(call, recipient);
        let record = &self.requests[request];
        let (stream, row, repeat) = (record.stream, record.row, record.repeat);
        let (root, content) = record.root(recipient);
        if let Some(Hours::Refused { until }) = self.held[usize::from(stream)].at(now) {
            self.tell_recipient(request, call, recipient, now, |_| ApiStep::Refuses {
                rejection: Rejection::QuietHours,
                why: Refusal::QuietHours { until },
            });
            return Err(Rejection::QuietHours);
        }
        let batch = record.batch;
        let asked = Asked { key, root, stream, row, repeat, sender: record.sender, at: now };
        let (segments, carrier, route) = match self.admit(&asked, &self.chance) {
            Ok(Valid { segments, carrier, route }) => (segments, carrier, route),
            Err(Unfit::Invalid { segments }) => {
                self.tell_recipient(request, call, recipient, now, |chain| ApiStep::Refuses {
                    rejection: Rejection::Invalid,
                    why: admission::invalid(
                        chain.spec,
                        &chain.populations[usize::from(stream)],
                        root,
                        segments,
                        &chain.chance,
                    ),
                });
                return Err(Rejection::Invalid);
            }
            Err(Unfit::OptedOut { since }) => {
                self.ledger.of_stream(batch, stream, |stream| stream.opt_outs.refused += 1);
                self.tell_recipient(request, call, recipient, now, |_| ApiStep::Refuses {
                    rejection: Rejection::Invalid,
                    why: Refusal::OptedOutSince { since },
                });
                return Err(Rejection::Invalid);
            }
            Err(Unfit::NoRoute { carrier }) => {
                self.tell_recipient(request, call, recipient, now, |chain| ApiStep::Refuses {
                    rejection: Rejection::NoRoute,
                    why: Refusal::NoRoute {
                        carrier: usize::from(carrier),
                        served: !chain.routing.in_order(carrier).is_empty(),
                    },
                });
                return Err(Rejection::NoRoute);
            }
        };
        let settings = &self.spec.routes[usize::from(route)];
        let price = self.tariff.price(admission::price(self.spec, route, segments), route, now);
        if !self.account.can_pay(now, price) {
            self.tell_recipient(request, call, recipient, now, |chain| ApiStep::Refuses {
                rejection: Rejection::InsufficientBalance,
                why: Refusal::Poor {
                    price,
                    balance: chain.account.balance().unwrap_or(0),
                    frozen: chain.account.frozen(now),
                },
            });
            return Err(Rejection::InsufficientBalance);
        }
        let sender = self.sender(&asked, &self.chance);
        let at_once = self.submitted_at_once(route, segments);
        let room = self.room(Passage { route, stream, sender, segments: at_once }, now);
        if room == Room::None && self.spec.queues[settings.queue].overflow == Overflow::Reject {
            self.tell_recipient(request, call, recipient, now, |chain| ApiStep::Refuses {
                rejection: Rejection::QueueFull,
                why: Refusal::QueueFull {
                    queue: settings.queue,
                    waiting: chain.queues[settings.queue].depth().level(),
                },
            });
            return Err(Rejection::QueueFull);
        }
        let birth = Birth {
            key,
            root,
            order: Order::new(record.ordinal, record.births),
            requested: record.first_call,
            order_id: if E::Listener::MESSAGES { self.order_id(call) } else { 0 },
            sender,
            stream,
            carrier,
            route,
            segments,
            batch: record.batch,
            stamp: self.messages.next_stamp(),
        };
        self.requests[request].births += 1;
        let message = self.is_born(&birth, content, (row, repeat), now);
        let now_due = admission::due_at_accept(self.spec, price);
        self.tell(message, now, |chain| ApiStep::Accepts {
            carrier: usize::from(carrier),
            route: usize::from(route),
            around: chain.routing.pick(&chain.chance, chain.sent_by(message)) != Some(route),
            part: chain.slow_routes.exist().then(|| chain.slow_routes.part(usize::from(route))),
            segments: u32::from(segments),
            charged: now_due,
            balance: chain.account.balance(),
        });
        Ok((message, room))
    }

    /// Admission of a message, as breakers are now.
    #[inline(always)]
    pub(crate) fn admit(&self, asked: &Asked, chance: &impl DrawSource) -> Result<Valid, Unfit> {
        let stream = usize::from(asked.stream);
        let people = (&self.populations[stream], &self.identities[stream]);
        let blocks = |route| self.policies.blocks(self.gate_on(asked.stream, route));
        let blocked = self.policies.breaks().then_some(blocks);
        admission::admit(self.spec, people, &self.routing, asked, blocked, chance)
    }

    /// The sender of a message.
    #[inline]
    pub(crate) fn sender(&self, asked: &Asked, chance: &impl DrawSource) -> u32 {
        let stream = usize::from(asked.stream);
        let (people, identity) = (&self.populations[stream], &self.identities[stream]);
        admission::sender(self.spec, people, identity, asked, chance)
    }

    /// A message is accepted at `accepted`, and charged.
    #[inline(always)]
    pub(crate) fn is_born(
        &mut self,
        birth: &Birth,
        root_request: Key,
        (row, repeat): (Option<Id<TraceRow>>, u32),
        accepted: Nanos,
    ) -> Id<Message> {
        self.ledger.accepted(birth.requested, accepted, birth.batch, birth.stream);
        let message = self.messages.insert(birth, accepted);
        if row.is_some() || self.contents_matter {
            let content = self.populations[usize::from(birth.stream)].content(root_request);
            let extra = self.messages.extra_mut(message);
            extra.content = content;
            (extra.row, extra.repeat) = (row, repeat);
        }
        self.charge(message, self.first_part(message), accepted);
        message
    }

    /// The part of a message's price that is charged at accept: by the route it was accepted for.
    #[inline]
    fn first_part(&self, message: Id<Message>) -> Nanounits {
        admission::due_at_accept(self.spec, self.price(message, self.messages[message].route))
    }

    /// The rest of it, due when a provider first accepts the message: by that one's route.
    #[inline(always)]
    fn rest(&self, message: Id<Message>) -> Nanounits {
        if self.spec.charge_at_accept >= 1.0 {
            return 0;
        }
        let price = self.price(message, self.route_shown(message));
        price - admission::due_at_accept(self.spec, price)
    }

    #[inline]
    fn price(&self, message: Id<Message>, route: u16) -> Nanounits {
        let record = &self.messages[message];
        let price = admission::price(self.spec, route, record.segments);
        self.tariff.price(price, route, record.accepted)
    }

    /// Charges the rest of the price.
    #[inline]
    pub(crate) fn charge_rest(&mut self, message: Id<Message>, now: Nanos) {
        let rest = self.rest(message);
        if rest > 0 {
            self.charge(message, rest, now);
            self.tell(message, now, |_| MoneyStep::Charges { amount: rest });
            if self.spec.refund != Refund::Never {
                // The sender may have given the message up: what it sees calls for this part, too.
                self.refund(message, self.messages[message].seen(), now);
            }
        }
    }

    /// The charge for a message so far.
    #[inline(always)]
    pub(crate) fn charged_for(&self, message: Id<Message>) -> Nanounits {
        let handed_off = self.messages[message].handed_off < NEVER;
        self.first_part(message) + if handed_off { self.rest(message) } else { 0 }
    }

    /// The cost of a message: charged and not given back.
    #[inline(always)]
    pub(crate) fn cost_of(&self, message: Id<Message>) -> Nanounits {
        let back = match self.messages.extra(message).refunded {
            Refunded::Nothing => 0,
            Refunded::FirstPart => self.first_part(message),
            Refunded::Whole => self.first_part(message) + self.rest(message),
        };
        self.charged_for(message) - back
    }

    fn charge(&mut self, message: Id<Message>, amount: Nanounits, now: Nanos) {
        self.account.charge(now, amount);
        self.ledger.charged(self.messages[message].batch, amount);
    }
}

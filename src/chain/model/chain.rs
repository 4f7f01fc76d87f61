//! The whole chain: its state, how copies and messages end, and the run.

use crate::chain::books::ledger::Ledger;
use crate::chain::books::places::Places;
use crate::chain::draws::delay::scaled;
use crate::chain::draws::happens;
use crate::chain::draws::{key, site};
use crate::chain::model::engine::Engine;
use crate::chain::model::requests::Due;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::copied::Copied;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER, Person, Recipient, Request};
use crate::chain::records::messages::Messages;
use crate::chain::records::names::{Identity, Names, identities};
use crate::chain::records::outcome::{Observed, Stage, Truth};
use crate::chain::records::parts::WHOLE;
use crate::chain::records::slab::Slab;
use crate::chain::spec::{Parts, Spec, Target};
use crate::chain::stations::account::Account;
use crate::chain::stations::api::Api;
use crate::chain::stations::arrivals::{Arrivals, Next};
use crate::chain::stations::carrier::Carrier;
use crate::chain::stations::client::ClientDecisions;
use crate::chain::stations::faults;
use crate::chain::stations::on_receipt::Reactions;
use crate::chain::stations::population::Population;
use crate::chain::stations::provider::Provider;
use crate::chain::stations::queue::Queue;
use crate::chain::stations::quiet::{Calendar, Held};
use crate::chain::stations::retry::Policies;
use crate::chain::stations::routing::Routing;
use crate::chain::stations::slow_routes::SlowRoutes;
use crate::chain::stations::tariff::Tariff;
use crate::chain::trace::story::{Draw, SubmitStep};
use crate::kernel::Nanos;
use crate::random::{Chance, DrawSource as _, Key};

/// The chain of one run.
pub(crate) struct Chain<'run, E: Engine> {
    pub(crate) spec: &'run Spec,
    /// The engine that carries the run out.
    pub(crate) engine: E,
    pub(crate) chance: E::Draws,
    /// The key by which ids differ from seed to seed.
    id_key: Key,
    pub(crate) listener: E::Listener,
    /// The run ends here at the latest.
    pub(crate) end: Nanos,
    pub(crate) names: Names,
    pub(crate) places: Places,
    pub(crate) identities: Vec<Identity>,
    pub(crate) populations: Vec<Population>,
    /// Some filter asks what messages say.
    pub(crate) contents_matter: bool,
    /// By stream: are its requests' recipients kept until their messages end?
    pub(crate) keeps_recipients: Vec<bool>,
    pub(crate) arrivals: Vec<Arrivals>,
    pub(crate) upcoming: Vec<Option<Next>>,
    /// By stream: its quiet hours, and the requests that they hold.
    pub(crate) held: Vec<Held<Due>>,
    /// Streams with requests to come.
    pub(crate) open_streams: usize,
    pub(crate) next_ordinal: u64,
    pub(crate) api: Api<'run>,
    pub(crate) account: Account,
    pub(crate) routing: Routing,
    pub(crate) tariff: Tariff,
    pub(crate) slow_routes: SlowRoutes<'run>,
    pub(crate) queues: Vec<Queue<'run>>,
    pub(crate) providers: Vec<Provider<'run>>,
    pub(crate) carriers: Vec<Carrier<'run>>,
    /// Some carrier has an outage.
    pub(crate) carriers_fail: bool,
    pub(crate) requests: Slab<Request>,
    pub(crate) recipients: Slab<Recipient>,
    pub(crate) people: Slab<Person>,
    pub(crate) messages: Messages,
    pub(crate) attempts: Slab<Attempt>,
    pub(crate) policies: Policies<'run>,
    /// The rules of senders that act on receipts, and on silence.
    pub(crate) reactions: Reactions<'run>,
    /// The client's.
    pub(crate) client_decisions: ClientDecisions<'run>,
    /// Messages may wait too long, or their recipients opt out: the sender looks at them once more right before a
    /// submit.
    pub(crate) looks_again: bool,
    /// Of some stream people opt out in the course of the run.
    pub(crate) people_opt_out: bool,
    /// Workers' leases of messages end.
    pub(crate) leased: bool,
    /// Some provider takes long messages in parts.
    pub(crate) takes_apart: bool,
    /// A message is about to leave its queue for its provider.
    pub(crate) dispatching: bool,
    /// Pending timers that something else overtook.
    pub(crate) overtaken: usize,
    pub(crate) ledger: Ledger,
    pub(crate) next_sample: Nanos,
}

impl<'run, E: Engine> Chain<'run, E> {
    pub(crate) fn new(
        spec: &'run Spec,
        seed: u64,
        engine: E,
        listener: E::Listener,
    ) -> Chain<'run, E> {
        let chance = Chance::new(seed);
        let (names, identities) = identities(spec);
        let places = Places::new(spec);
        let stream_keys: Vec<Key> = spec
            .traffic
            .iter()
            .map(|stream| Key::named(&format!("traffic.{}", stream.name)))
            .collect();
        let streams = || spec.traffic.iter().zip(&stream_keys);
        let arrivals = stream_keys.iter().enumerate();
        let arrivals =
            arrivals.map(|(index, &key)| Arrivals::new(index, key, spec, &chance)).collect();
        let populations: Vec<Population> =
            streams().map(|(stream, &key)| Population::new(stream, key, spec.scale)).collect();
        let patient = spec.client.timeout.is_none();
        let frozen = faults::windows(spec, Target::Account, |effects| effects.freeze_balance);
        let policies = Policies::new(spec);
        let ledger = Ledger::new(spec, &places, crate::chain::model::gauges::columns(spec));
        let providers: Vec<Provider<'_>> = (0..spec.providers.len())
            .map(|index| Provider::new(index, spec, &names, &chance))
            .collect();
        let pace_lanes: Vec<usize> = providers.iter().map(Provider::pace_lanes).collect();
        Chain {
            spec,
            engine,
            id_key: Key(chance.id()),
            chance: chance.into(),
            listener,
            end: spec.duration.saturating_add(spec.drain),
            places,
            identities,
            contents_matter: spec
                .carriers
                .iter()
                .flat_map(|carrier| &carrier.filters)
                .any(|filter| filter.rule.needs_content()),
            keeps_recipients: spec
                .traffic
                .iter()
                .map(|stream| !patient || stream.resend.is_some())
                .collect(),
            arrivals,
            upcoming: vec![None; spec.traffic.len()],
            held: spec
                .traffic
                .iter()
                .map(|stream| Held::new(Calendar::new(&stream.quiet, spec.since_monday())))
                .collect(),
            open_streams: 0,
            // 0 is the stations' own.
            next_ordinal: 1,
            api: Api::new(spec, &names),
            account: Account::new(spec.account.as_ref(), frozen),
            routing: Routing::new(spec, &names),
            slow_routes: SlowRoutes::new(spec),
            tariff: Tariff::new(spec),
            queues: (0..spec.queues.len())
                .map(|index| Queue::new(index, spec, &pace_lanes))
                .collect(),
            providers,
            carriers: (0..spec.carriers.len())
                .map(|index| Carrier::new(index, spec, &names))
                .collect(),
            carriers_fail: spec.incidents.iter().any(|incident| {
                incident.effects.outage.is_some() && matches!(incident.target, Target::Carrier(_))
            }),
            names,
            requests: Slab::default(),
            recipients: Slab::default(),
            people: Slab::default(),
            messages: Messages::new(),
            attempts: Slab::default(),
            policies,
            reactions: Reactions::new(spec),
            client_decisions: ClientDecisions::new(&spec.client.retry),
            looks_again: spec.queues.iter().any(|queue| queue.expire_at_submit)
                && (spec.queues.iter().any(|queue| queue.ttl.is_some())
                    || spec.traffic.iter().any(|stream| stream.validity.is_some()))
                || populations.iter().any(Population::looks_again),
            people_opt_out: populations.iter().any(Population::loses_people),
            populations,
            leased: spec.queues.iter().any(|queue| queue.lease.is_some()),
            takes_apart: spec.providers.iter().any(|provider| provider.parts == Parts::Each),
            dispatching: false,
            overtaken: 0,
            ledger,
            next_sample: spec.sample_every.max(1),
        }
    }

    /// Sets the streams and the crashes going.
    pub(crate) fn start(&mut self, s: &mut E::Scheduler) {
        self.start_streams(s);
        self.schedule_crashes(s);
        self.schedule_losses(s);
        self.schedule_quiet_hours(s);
        self.start_looking(s);
        self.schedule_looks(s);
    }

    #[inline(always)]
    pub(crate) fn validity_end(&self, message: Id<Message>) -> Nanos {
        let record = &self.messages[message];
        let validity = self.spec.traffic[usize::from(record.stream)].validity;
        validity.map_or(NEVER, |span| record.accepted.saturating_add(span))
    }

    #[inline]
    pub(crate) fn deadline_of(&self, message: Id<Message>) -> Nanos {
        let record = &self.messages[message];
        let deadline =
            self.populations[usize::from(record.stream)].deadline(self.messages.row(message));
        deadline.map_or(NEVER, |span| record.requested.saturating_add(span))
    }

    /// A provider truly accepts a copy: from here on the sender has no hand in it.
    #[inline(always)]
    pub(crate) fn copy_accepted(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let &Attempt { message, route, provider, part, segments, .. } = &self.attempts[attempt];
        let owner = self.providers[provider].owner();
        let settings = &self.spec.providers[provider];
        let record = &mut self.messages[message];
        let copy = record.copies;
        record.copies += 1;
        record.open += 1;
        let counted = record.counted();
        let mut recipient = None;
        if let Some(extra) = self.messages.extra_if_any(message) {
            recipient = extra.recipient;
            if let Some(detour) = &mut extra.detour {
                detour.copies.push(route);
            }
        }
        let (own, whole) = match self.takes_apart {
            false => (copy > 0, true),
            true => self.part_accepted(message, part, copy),
        };
        let repeated = match recipient {
            None => own,
            Some(recipient) => {
                let copies = &mut self.recipients[recipient].copies;
                *copies += 1;
                // Those of its other messages are beyond the first, too.
                own || *copies > copy + 1
            }
        };
        let bill = self.spec.routes[usize::from(route)].cost.saturating_mul(i64::from(segments));
        let bill = self.tariff.cost(bill, route, now);
        self.ledger.handed_off(now, counted, (route, provider, segments), bill, repeated);
        if part != WHOLE {
            self.part_billed(message, bill);
        }
        let record = &mut self.messages[message];
        let drawn = settings.loss > 0.0 || settings.relay.is_random();
        let draw = self.chance.block_if(drawn, site::relay(record.key, owner, copy));
        let lost = settings.loss > 0.0 && happens(settings.loss, draw.second());
        let order = record.order;
        if whole && record.handed_off == NEVER {
            let again = recipient.is_some_and(|recipient| {
                std::mem::replace(&mut self.recipients[recipient].handed_off, true)
            });
            if again {
                self.ledger.executed_again(record.batch, record.stream);
            }
            self.ledger.latency(record.batch, Stage::HandOff, now - record.requested);
            record.handed_off = now;
            self.charge_rest(message, now);
        }
        let factor = self.providers[provider].relay_factor(now);
        let relay = || scaled(&settings.relay, factor, || draw.first());
        self.tell(message, now, |_| SubmitStep::Accepted {
            provider,
            copy,
            whole,
            relay: relay(),
            lost: Draw::of(settings.loss, draw.second()),
        });
        if self.slow_routes.exist() {
            self.route_accepts(message, copy, route, now);
        }
        if lost {
            self.lost_by_provider((message, part), provider, s);
        } else {
            let relay = relay();
            let event = Event::new(EventKind::CarrierArrival, message, copy);
            s.happens(now.saturating_add(relay), order, copy, event);
        }
    }

    #[inline(never)]
    fn lost_by_provider(
        &mut self,
        (message, part): (Id<Message>, u16),
        provider: usize,
        s: &mut E::Scheduler,
    ) {
        let batch = self.messages[message].batch;
        self.ledger.at_provider(batch, provider, |provider| provider.lost += 1);
        let place = self.places.provider(provider);
        self.copy_ends((message, part), Truth::LostByProvider, place, s.now(), s);
    }

    /// The sender has seen a provider accept the message: its own work is done.
    pub(crate) fn sent(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        self.observe(message, Observed::Sent, now);
        self.messages[message].moves_to(MessageState::Done, now);
        if self.reactions.exist() && self.awaits_receipt(message, s) {
            return;
        }
        self.closes(message, now, s);
    }

    /// The 16 digits of a message's id: a bijection of its key, other for every seed.
    #[inline]
    pub(crate) fn message_id(&self, message: Key) -> u64 {
        key::message_id(message, self.id_key)
    }

    /// The order number of a call: a function of its key and the seed.
    #[inline]
    pub(crate) fn order_id(&self, call: Key) -> u32 {
        key::order_id(call, self.id_key)
    }

    /// The `copy`-th of a message.
    #[inline(always)]
    pub(crate) fn copied(&self, message: Id<Message>, copy: u32, now: Nanos) -> Copied<'static> {
        let route = self.messages.route_of_copy(message, copy);
        let (part, segments) = match self.takes_apart {
            false => (WHOLE, self.messages[message].segments),
            true => self.messages.part_of_copy(message, copy),
        };
        let provider = self.spec.provider_by(route);
        Copied { message, copy, provider, part, segments, now, drawn: None }
    }

    /// Something will happen to a copy at `at`.
    #[inline]
    pub(crate) fn schedule_copy(
        &self,
        it: Copied<'_>,
        kind: EventKind,
        at: Nanos,
        s: &mut E::Scheduler,
    ) {
        let Copied { message, copy, .. } = it;
        s.happens(at, self.messages[message].order, copy, Event::new(kind, message, copy));
    }
}

//! The fast engine: the same results with fewer events.
//!
//! What nothing can change any more is entered into the books at once ([`fast_forward`]); copies that
//! wait for nothing but chance are taken to their ends together ([`delivery_batch`]); requests that
//! nothing refuses are accepted when they are made ([`eager_admission`]). [`plan`] says where each is
//! allowed. All of it calls the model's own functions; only draws are made ahead, by their own sites.

mod delivery_batch;
mod eager_admission;
mod fast_forward;
mod first_attempts;
mod in_order;
mod lister;
mod plan;
mod prefetch;

pub use in_order::{InOrder, Texts};
pub(super) use lister::MessageLister;

use crate::chain::model::Chain;
use crate::chain::model::attempt::AttemptDraw;
use crate::chain::model::engine::{Engine, Unrecorded};
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::Observed;
use crate::chain::spec::Spec;
use crate::chain::trace::observer::{Listener, Nobody};
use crate::kernel::{EventSet, Nanos};
use crate::random::{Chance, Key, Owner};
use delivery_batch::DeliveryBatch;
use eager_admission::Arriving;
use fast_forward::FastForwarded;
use first_attempts::FirstAttempts;
use plan::Plan;
use std::fmt::Debug;

/// A listener that can be told of what was decided at another moment of the run.
pub(super) trait Reordered: Listener {
    /// A moment of a run.
    type Moment: Debug + Clone + Copy;

    /// The present moment; what it has been told of since the last message belongs to that.
    fn moment(&mut self) -> Self::Moment;

    /// It is told of what was decided at another moment.
    fn returns_to(&mut self, moment: Self::Moment);

    /// The next message told of will end by an event of this time and rank.
    fn fast_forwards(&mut self, _time: Nanos, _rank: u64) {}
}

impl Reordered for Nobody {
    type Moment = ();

    fn moment(&mut self) {}

    fn returns_to(&mut self, _moment: ()) {}
}

/// The state of the shortcuts.
#[derive(Debug)]
pub(super) struct Fast<L: Reordered> {
    plan: Plan,
    /// Messages booked before their end.
    fast_forwarded: FastForwarded,
    /// Copies that wait for each other.
    batch: DeliveryBatch<L::Moment>,
    /// Requests that are made together.
    arriving: Vec<Arriving>,
    /// Messages accepted ahead that the API is still at work on.
    at_api: usize,
    /// Draws of first attempts to come.
    first_attempts: FirstAttempts,
}

impl<L: Reordered> Fast<L> {
    pub(super) fn new(spec: &Spec) -> Fast<L> {
        Fast {
            plan: Plan::new(spec),
            fast_forwarded: FastForwarded::new(spec.sample_every.max(1)),
            batch: DeliveryBatch::new(),
            arriving: Vec::new(),
            at_api: 0,
            first_attempts: FirstAttempts::new(),
        }
    }
}

impl<L: Reordered> Engine for Fast<L> {
    type Listener = L;
    type Draws = Chance;
    type Scheduler = EventSet<Event>;

    fn streams_start(chain: &mut Chain<'_, Self>, s: &mut EventSet<Event>) {
        chain.schedule_streams(s);
    }

    fn arrives(chain: &mut Chain<'_, Self>, stream: u16, s: &mut EventSet<Event>) {
        chain.requests_arrive(stream, s);
    }

    #[inline(always)]
    fn is_let_in(chain: &mut Chain<'_, Self>, it: Copied<'_>, s: &mut EventSet<Event>) {
        chain.joins_batch(it, s);
    }

    #[inline(always)]
    fn happens_at(
        chain: &mut Chain<'_, Self>,
        it: Copied<'_>,
        kind: EventKind,
        at: Nanos,
        s: &mut EventSet<Event>,
    ) {
        chain.happens_ahead(it, kind, at, s);
    }

    #[inline(always)]
    fn copy_ends(
        chain: &mut Chain<'_, Self>,
        it: Copied<'_>,
        end: CopyEnd,
        says: Option<Observed>,
        at: Nanos,
        s: &mut EventSet<Event>,
    ) {
        chain.copy_ends_ahead(it, end, says, at, s);
    }

    #[inline(always)]
    fn goes_on_with(
        chain: &mut Chain<'_, Self>,
        kind: EventKind,
        s: &mut EventSet<Event>,
    ) -> Option<Event> {
        let event = s.take_now(|event| event.kind() == kind)?;
        chain.listener.begins(s.now(), s.rank());
        Some(event)
    }

    #[inline(always)]
    fn comes_next(chain: &mut Chain<'_, Self>, rank: u64, s: &mut EventSet<Event>) -> bool {
        let next = s.take_at_once(rank);
        if next {
            chain.listener.begins(s.now(), rank);
        }
        next
    }

    #[inline(always)]
    fn first_attempt(
        &self,
        message: Id<Message>,
        key: Key,
        provider: Owner,
    ) -> Option<AttemptDraw> {
        self.first_attempts.of(message, key, provider)
    }

    fn accepted_ahead(chain: &mut Chain<'_, Self>, message: Id<Message>, s: &mut EventSet<Event>) {
        chain.engine.at_api -= 1;
        chain.accepted_joins(message, s);
    }

    fn catches_up(chain: &mut Chain<'_, Self>, s: &mut EventSet<Event>) {
        chain.batch_arrives(s);
    }

    fn in_flight(&mut self, now: Nanos) -> Unrecorded {
        Unrecorded {
            without_record: self.fast_forwarded.on_their_way(now),
            not_accepted: self.at_api as u64,
        }
    }

    fn last_end(&self) -> Nanos {
        self.fast_forwarded.last()
    }

    fn run_ends(&mut self) {
        self.fast_forwarded.all_end();
    }

    /// Asks where there is too much in flight for the caches.
    fn comes_up(chain: &Chain<'_, Self>, events: impl Iterator<Item = Event>) {
        const MANY: usize = 1 << 12;
        const AT_MOST: usize = 128;
        if chain.requests.len() + chain.messages.len() >= MANY {
            chain.read_ahead(events.take(AT_MOST));
        }
    }
}

//! The engine as the model sees it.

use super::Chain;
use super::attempt::AttemptDraw;
use crate::chain::draws::Draws;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind, Scheduler};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::Observed;
use crate::chain::trace::observer::Listener;
use crate::kernel::Nanos;
use crate::random::{Key, Owner};

/// An engine, as the model sees it. The bodies here are those of the plain one.
pub(crate) trait Engine: Sized {
    /// The listener that hears of the run.
    type Listener: Listener;

    /// The source of its draws.
    type Draws: Draws;

    /// The scheduler of its events. The model knows no more of it than its trait.
    type Scheduler: Scheduler;

    /// The streams begin.
    fn streams_start(chain: &mut Chain<'_, Self>, s: &mut Self::Scheduler) {
        for stream in 0..chain.arrivals.len() {
            chain.schedule_arrival(stream as u16, s);
        }
    }

    /// A stream's next request comes.
    fn arrives(chain: &mut Chain<'_, Self>, stream: u16, s: &mut Self::Scheduler) {
        chain.next_arrival(stream, s);
    }

    /// A copy is let in by its carrier: past the throttle, before cap and filters.
    #[inline(always)]
    fn is_let_in(chain: &mut Chain<'_, Self>, it: Copied<'_>, s: &mut Self::Scheduler) {
        chain.carrier_pass(it, s);
    }

    /// Something happens to a copy at `at`, not before now.
    #[inline(always)]
    fn happens_at(
        chain: &mut Chain<'_, Self>,
        it: Copied<'_>,
        kind: EventKind,
        at: Nanos,
        s: &mut Self::Scheduler,
    ) {
        chain.schedule_copy(it, kind, at, s);
    }

    /// A copy ends at `at`; the carrier has `says` to say of it.
    #[inline(always)]
    fn copy_ends(
        chain: &mut Chain<'_, Self>,
        it: Copied<'_>,
        end: CopyEnd,
        says: Option<Observed>,
        at: Nanos,
        s: &mut Self::Scheduler,
    ) {
        chain.copy_ends_with(it, end, says, at, s);
    }

    /// The event of that kind that was scheduled last, if it is for this very instant and nothing
    /// comes between: it is carried out by the caller.
    #[inline(always)]
    fn goes_on_with(
        _chain: &mut Chain<'_, Self>,
        _kind: EventKind,
        _s: &mut Self::Scheduler,
    ) -> Option<Event> {
        None
    }

    /// True if an event of this instant and rank, which is not scheduled, would be the next one: then
    /// the caller carries it out.
    #[inline(always)]
    fn comes_next(_chain: &mut Chain<'_, Self>, _rank: u64, _s: &mut Self::Scheduler) -> bool {
        false
    }

    /// The draws of a message's first attempt at a provider, if they are made already.
    #[inline(always)]
    fn first_attempt(
        &self,
        _message: Id<Message>,
        _key: Key,
        _provider: Owner,
    ) -> Option<AttemptDraw> {
        None
    }

    /// The API's work on a request ends whose message was accepted when the request was made.
    fn accepted_ahead(
        _chain: &mut Chain<'_, Self>,
        _message: Id<Message>,
        _s: &mut Self::Scheduler,
    ) {
        debug_assert!(false, "only an engine that accepts ahead schedules this");
    }

    /// Someone is about to look at what there is: what was put off is made up for.
    fn catches_up(_chain: &mut Chain<'_, Self>, _s: &mut Self::Scheduler) {}

    /// Messages in flight at `now` that records don't show.
    fn in_flight(&mut self, _now: Nanos) -> Unrecorded {
        Unrecorded::default()
    }

    /// The end of the last message that has no record any more.
    fn last_end(&self) -> Nanos {
        0
    }

    /// The run is over.
    fn run_ends(&mut self) {}

    /// Memory may be asked for what the next events are about.
    fn comes_up(_chain: &Chain<'_, Self>, _events: impl Iterator<Item = Event>) {}
}

/// Messages in flight whose records don't tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unrecorded {
    /// In flight without a record: their ends are booked.
    pub(crate) without_record: u64,
    /// With a record, and not accepted yet.
    pub(crate) not_accepted: u64,
}

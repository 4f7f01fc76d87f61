//! Messages in flight: a small record of each, and one of what only some of them need.

use crate::chain::records::acting::Acting;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::batch::Batch;
use crate::chain::records::id::Id;
use crate::chain::records::lease::Leases;
use crate::chain::records::message::{Birth, Message, NEVER, Recipient, Refunded, Request};
use crate::chain::records::outcome::AttemptResult;
use crate::chain::records::outcome::{EndPlace, Truth};
use crate::chain::records::parts::{Parts, WHOLE, reaches};
use crate::chain::records::retrying::{Detour, Paid};
use crate::chain::records::slab::Slab;
use crate::chain::spec::TraceRow;
use crate::kernel::Nanos;
use crate::random::Key;
use std::ops::{Index, IndexMut};

/// The part of a record that most messages do without, each field with a value that says so: of a stream whose recipients are
/// kept, of a row of a trace, with a hedge, on another route than its first.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    /// Same content: the root request, or for a campaign the stream. Kept where a filter asks.
    pub(crate) content: Key,
    /// Its request, if that is kept.
    pub(crate) request: Option<Id<Request>>,
    /// Its recipient, if that is kept.
    pub(crate) recipient: Option<Id<Recipient>>,
    /// Row of a trace, and which repeat of it.
    pub(crate) row: Option<Id<TraceRow>>,
    pub(crate) repeat: u32,
    /// Of its submits, hedges.
    pub(crate) hedges: u32,
    /// The hedge beside the submit its sender waits for.
    pub(crate) hedge: Option<Id<Attempt>>,
    /// Its worker, where workers crash.
    pub(crate) worker: Option<Id<Worker>>,
    /// Its worker's batch, where it fetched others with it.
    pub(crate) batch: Option<Id<Batch>>,
    /// Fetched, and no worker has begun with it yet.
    pub(crate) not_begun: bool,
    /// No retry before this: the longest that a provider asked for.
    pub(crate) not_before: Nanos,
    /// The payment for its coming retry.
    pub(crate) paid: Option<Paid>,
    /// The failure of the first of two attempts, while the other is awaited.
    pub(crate) failed_with: AttemptResult,
    /// It is on its way to a half-open breaker.
    pub(crate) probing: bool,
    pub(crate) refunded: Refunded,
    /// More than one copy reached the handset.
    pub(crate) arrived_again: bool,
    /// The time at which a try first found the handset absent, unless its recipient is kept.
    pub(crate) absent_since: Nanos,
    /// Its ways, once more than its first route has had to do with it.
    pub(crate) detour: Option<Box<Detour>>,
    /// The state of acting on its receipts.
    pub(crate) acting: Option<Box<Acting>>,
    /// The times at which providers accepted its copies after the first, where routes are looked at.
    pub(crate) later_copies: Vec<Nanos>,
    /// Leases of workers, where they end.
    pub(crate) leases: Option<Box<Leases>>,
    /// Its parts, if it goes in parts.
    pub(crate) parts: Option<Box<Parts>>,
}

impl Extra {
    /// Of a message that needs none.
    const NONE: Extra = Extra {
        content: Key(0),
        request: None,
        recipient: None,
        row: None,
        repeat: 0,
        hedges: 0,
        hedge: None,
        worker: None,
        batch: None,
        not_begun: false,
        not_before: 0,
        paid: None,
        failed_with: AttemptResult::Transient,
        probing: false,
        refunded: Refunded::Nothing,
        arrived_again: false,
        absent_since: NEVER,
        detour: None,
        acting: None,
        later_copies: Vec::new(),
        leases: None,
        parts: None,
    };
}

/// A worker of a queue whose workers crash; known by its number alone.
#[derive(Debug)]
pub(crate) struct Worker;

/// The messages in flight.
#[derive(Debug)]
pub(crate) struct Messages {
    records: Slab<Message>,
    extras: Slab<Extra>,
}

impl Messages {
    pub(crate) fn new() -> Messages {
        Messages { records: Slab::default(), extras: Slab::default() }
    }

    /// The number of them.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// A message is accepted then.
    #[inline(always)]
    pub(crate) fn insert(&mut self, birth: &Birth, accepted: Nanos) -> Id<Message> {
        self.records.insert_with(|| Message::new(birth, accepted))
    }

    /// The stamp of a message born now: a slot's stamps go on from one message to the next.
    #[inline]
    pub(crate) fn next_stamp(&self) -> u32 {
        self.records.next_free().map_or(0, |last| last.stamp.wrapping_add(1))
    }

    /// Its slot is free; what the record says stays until it is taken again, without extras.
    #[inline]
    pub(crate) fn release(&mut self, message: Id<Message>) {
        let extra = self.records[message].extra.take();
        if let Some(extra) = extra {
            self.release_extra(extra);
        }
        self.records.release(message);
    }

    #[inline(never)]
    fn release_extra(&mut self, extra: Id<Extra>) {
        self.extras[extra].detour = None;
        self.extras[extra].acting = None;
        self.extras[extra].later_copies = Vec::new();
        self.extras[extra].leases = None;
        self.extras[extra].parts = None;
        self.extras.release(extra);
    }

    /// Slots in use, ascending.
    pub(crate) fn live(&self) -> Vec<Id<Message>> {
        self.records.live()
    }

    /// The part of a record that few messages have of their own.
    #[inline]
    pub(crate) fn extra(&self, message: Id<Message>) -> &Extra {
        match self.records[message].extra {
            None => const { &Extra::NONE },
            Some(extra) => &self.extras[extra],
        }
    }

    /// True if it has any. If not, all of them are as they are of most.
    #[inline]
    pub(crate) fn has_extra(&self, message: Id<Message>) -> bool {
        self.records[message].extra.is_some()
    }

    /// From now on it has.
    #[inline(never)]
    pub(crate) fn extra_mut(&mut self, message: Id<Message>) -> &mut Extra {
        let record = &mut self.records[message];
        let extra = *record.extra.get_or_insert_with(|| self.extras.insert(Extra::NONE));
        &mut self.extras[extra]
    }

    /// The same, if it has any.
    #[inline]
    pub(crate) fn extra_if_any(&mut self, message: Id<Message>) -> Option<&mut Extra> {
        match self.records[message].extra {
            None => None,
            Some(extra) => Some(&mut self.extras[extra]),
        }
    }

    /// The route it goes by.
    #[inline]
    pub(crate) fn via(&self, message: Id<Message>) -> u16 {
        let record = &self.records[message];
        match record.extra {
            None => record.route,
            Some(extra) => self.via_detour(record, extra),
        }
    }

    #[inline(never)]
    fn via_detour(&self, record: &Message, extra: Id<Extra>) -> u16 {
        let detour = self.extras[extra].detour.as_ref();
        detour.map_or(record.route, |detour| detour.via)
    }

    /// The route by which a copy was accepted.
    #[inline]
    pub(crate) fn route_of_copy(&self, message: Id<Message>, copy: u32) -> u16 {
        let record = &self.records[message];
        match record.extra {
            None => record.route,
            Some(extra) => self.detour_of_copy(record, extra, copy),
        }
    }

    #[inline(never)]
    fn detour_of_copy(&self, record: &Message, extra: Id<Extra>, copy: u32) -> u16 {
        let detour = self.extras[extra].detour.as_ref();
        detour.map_or(record.route, |detour| detour.copies[copy as usize])
    }

    /// Its row of a trace.
    #[inline]
    pub(crate) fn row(&self, message: Id<Message>) -> Option<Id<TraceRow>> {
        self.extras[self.records[message].extra?].row
    }

    /// Its recipient, if that is kept.
    #[inline]
    pub(crate) fn recipient(&self, message: Id<Message>) -> Option<Id<Recipient>> {
        self.extras[self.records[message].extra?].recipient
    }

    /// Its hedge.
    #[inline]
    fn hedge(&self, message: Id<Message>) -> Option<Id<Attempt>> {
        self.extras[self.records[message].extra?].hedge
    }

    /// Attempts made: submits without hedges; of a message in parts, rounds.
    #[inline]
    pub(crate) fn tries(&self, message: Id<Message>) -> u32 {
        let extra = self.extra(message);
        let further = extra.parts.as_ref().map_or(0, |parts| parts.further());
        self.records[message].attempts - extra.hedges - further
    }

    /// Its parts, if it goes in parts.
    #[inline]
    pub(crate) fn parts(&self, message: Id<Message>) -> Option<&Parts> {
        self.extras[self.records[message].extra?].parts.as_deref()
    }

    /// The same, to be changed.
    #[inline]
    pub(crate) fn parts_mut(&mut self, message: Id<Message>) -> Option<&mut Parts> {
        self.extra_if_any(message).and_then(|extra| extra.parts.as_deref_mut())
    }

    /// The part that a copy is of, and its segments.
    #[inline]
    pub(crate) fn part_of_copy(&self, message: Id<Message>, copy: u32) -> (u16, u16) {
        let part = self.parts(message).map_or(WHOLE, |parts| parts.of_copy(copy));
        (part, if part == WHOLE { self.records[message].segments } else { 1 })
    }

    /// Copies of parts that have not ended.
    pub(crate) fn part_copies_under_way(&self) -> u64 {
        let parts = self.live().into_iter().filter_map(|message| self.parts(message));
        parts.map(|parts| u64::from(parts.under_way())).sum()
    }

    /// A copy has ended so.
    #[inline]
    pub(crate) fn copy_ends(
        &mut self,
        message: Id<Message>,
        part: u16,
        truth: Truth,
        place: EndPlace,
    ) {
        match self.parts_mut(message) {
            None => self.records[message].reaches(truth, place),
            Some(parts) => parts.ends(part, truth, place),
        }
    }

    /// The sender's work on it has ended so.
    pub(crate) fn sender_ends(&mut self, message: Id<Message>, truth: Truth, place: EndPlace) {
        match self.parts_mut(message) {
            None => self.records[message].reaches(truth, place),
            Some(parts) => parts.sender_ends(truth, place),
        }
    }

    /// Its end as it stands, if it was not delivered.
    #[inline]
    pub(crate) fn end(&self, message: Id<Message>) -> (Truth, EndPlace) {
        let record = &self.records[message];
        self.parts(message).map_or((record.cause, record.place), Parts::end)
    }

    /// The state of acting on its receipts.
    pub(crate) fn acting(&self, message: Id<Message>) -> Acting {
        self.extra(message).acting.as_deref().copied().unwrap_or_default()
    }

    /// The same, to be changed.
    pub(crate) fn acting_mut(&mut self, message: Id<Message>) -> &mut Acting {
        self.extra_mut(message).acting.get_or_insert_default()
    }

    /// Attempts made before its sender acted last on a receipt.
    #[inline]
    pub(crate) fn tries_before(&self, message: Id<Message>) -> u32 {
        self.extra(message).acting.as_ref().map_or(0, |acting| acting.tries)
    }

    /// The submit its sender waits for, and the hedge beside it.
    #[inline]
    pub(crate) fn awaited(&self, message: Id<Message>) -> [Option<Id<Attempt>>; 2] {
        [self.records[message].attempt, self.hedge(message)]
    }

    /// From now on its sender waits for these.
    #[inline]
    pub(crate) fn awaits(
        &mut self,
        message: Id<Message>,
        [attempt, hedge]: [Option<Id<Attempt>>; 2],
    ) {
        self.records[message].attempt = attempt;
        if let Some(extra) = self.extra_if_any(message) {
            extra.hedge = hedge;
        }
    }

    /// The payment for its retry stays with it: that is still to be made.
    pub(crate) fn keep_paid(&mut self, message: Id<Message>, paid: Option<Paid>) {
        if paid.is_some() || self.has_extra(message) {
            self.extra_mut(message).paid = paid;
        }
    }

    /// Takes what was paid for its coming retry.
    #[inline]
    pub(crate) fn take_paid(&mut self, message: Id<Message>) -> Option<Paid> {
        self.extra_if_any(message).and_then(|extra| extra.paid.take())
    }

    /// It isn't on its way to a breaker any more; was it?
    #[inline]
    pub(crate) fn stop_probing(&mut self, message: Id<Message>) -> bool {
        self.extra_if_any(message).is_some_and(|extra| std::mem::take(&mut extra.probing))
    }

    /// A copy is on the handset at `at`. Is it the first?
    #[inline(always)]
    pub(crate) fn arrives(&mut self, message: Id<Message>, at: Nanos) -> bool {
        let record = &mut self.records[message];
        if record.delivered < NEVER {
            self.extra_mut(message).arrived_again = true;
            return false;
        }
        record.delivered = at;
        true
    }
}

impl Message {
    /// Of several ends the furthest counts, of equally far ones the first.
    #[inline]
    pub(crate) fn reaches(&mut self, truth: Truth, place: EndPlace) {
        let mut end = (self.cause, self.place);
        reaches(&mut end, truth, place);
        (self.cause, self.place) = end;
    }
}

impl Index<Id<Message>> for Messages {
    type Output = Message;

    #[inline]
    fn index(&self, message: Id<Message>) -> &Message {
        &self.records[message]
    }
}

impl IndexMut<Id<Message>> for Messages {
    #[inline]
    fn index_mut(&mut self, message: Id<Message>) -> &mut Message {
        &mut self.records[message]
    }
}

//! Records of long messages that go in parts: where each segment is, and what is known of it.
//!
//! The sender goes through the parts that it doesn't know to be accepted, one after another: a *round*, which
//! counts as one attempt at the message. The handset shows the message when it has every part.

use crate::chain::records::message::NEVER;
use crate::chain::records::outcome::{AttemptResult, EndPlace, Observed, PartEnd, Truth};
use crate::chain::spec::{Several, Whole};
use crate::kernel::Nanos;

/// In the place of a part's number: the whole message.
pub(crate) const WHOLE: u16 = u16::MAX;

/// A message's parts.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    parts: Box<[Part]>,
    /// The part of each copy, in order of acceptance.
    copies: Vec<u16>,
    /// The part that its next submit is of, if that goes in parts.
    next: u16,
    /// A submit of this round has gone out.
    in_round: bool,
    /// Submits beyond the first of each round.
    further: u32,
    /// The failure that this round's result is.
    failed_with: Option<AttemptResult>,
    /// Every part has been accepted, or a whole copy.
    accepted: bool,
    /// The furthest end of copies that weren't parts.
    whole: (Truth, EndPlace),
    /// The time at which the message's first copy was accepted, where that was a part's and routes are looked at.
    pub(crate) first_copy: Option<Nanos>,
    /// Copies of parts that have not ended.
    under_way: u32,
    /// The bill for its copies of parts, in 10⁻⁹ of a unit.
    billed: i128,
    /// Times that the handset has got every part.
    complete: u32,
    /// Parts that it has.
    arrived: u16,
    /// The arrival of the first.
    first_arrival: Nanos,
    /// The last of those that have come, by number.
    furthest_arrival: u16,
    /// One came after a later one.
    out_of_order: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
struct Part {
    submits: u32,
    /// Copies that providers accepted.
    copies: u32,
    /// Copies that reached the handset.
    arrived: u32,
    /// The sender knows that a provider accepted it.
    known: bool,
    /// The state that its receipts said.
    seen: Option<Observed>,
    /// The end of its furthest copy, and where.
    end: (Truth, EndPlace),
}

const NOT_ENDED: (Truth, EndPlace) = (Truth::Unresolved, 0);

/// The effect of a part's arrival on its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// The handset has every part: once more, if it had before.
    pub(crate) completes: bool,
    /// … for the first time.
    pub(crate) first: bool,
    /// It had this one already.
    pub(crate) again: bool,
    /// From the first part to this one.
    pub(crate) spread: Nanos,
    /// Parts it has.
    pub(crate) have: u16,
}

/// The state of a message's parts at the handset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The handset has had every part.
    pub(crate) complete: bool,
    /// Parts that it has.
    pub(crate) arrived: u16,
    pub(crate) out_of_order: bool,
}

impl Parts {
    /// Of a message of so many segments that copies were accepted of before.
    pub(crate) fn new(segments: u16, copies: u32) -> Parts {
        let part =
            Part { submits: 0, copies: 0, arrived: 0, known: false, seen: None, end: NOT_ENDED };
        Parts {
            parts: vec![part; usize::from(segments)].into_boxed_slice(),
            copies: vec![WHOLE; copies as usize],
            next: 0,
            in_round: false,
            further: 0,
            failed_with: None,
            accepted: copies > 0,
            whole: NOT_ENDED,
            first_copy: None,
            under_way: 0,
            billed: 0,
            complete: 0,
            arrived: 0,
            first_arrival: NEVER,
            furthest_arrival: 0,
            out_of_order: false,
        }
    }

    /// The number of them.
    pub(crate) fn len(&self) -> u16 {
        self.parts.len() as u16
    }

    // The sender.

    /// The part that the next submit is of.
    pub(crate) fn next(&self) -> u16 {
        self.next
    }

    /// True if a round has begun that is not over.
    pub(crate) fn in_round(&self) -> bool {
        self.in_round
    }

    /// Submits beyond the first of each round.
    pub(crate) fn further(&self) -> u32 {
        self.further
    }

    /// True if no submit of that part has gone out.
    pub(crate) fn is_new(&self, part: u16) -> bool {
        self.parts[usize::from(part)].submits == 0
    }

    /// A submit of that part goes out.
    pub(crate) fn goes_out(&mut self, part: u16, hedge: bool) {
        self.parts[usize::from(part)].submits += 1;
        // A hedge is beside another submit, and counted as that.
        self.further += u32::from(self.in_round && !hedge);
        self.in_round = true;
    }

    /// The sender has the result of that part. True: it goes on with another one in this round.
    pub(crate) fn has_result(&mut self, part: u16, result: AttemptResult) -> bool {
        match result {
            AttemptResult::Accepted => self.parts[usize::from(part)].known = true,
            // What can't be mended decides.
            _ if self.failed_with == Some(AttemptResult::Permanent) => {}
            _ => self.failed_with = Some(result),
        }
        match self.unknown_from(part + 1) {
            Some(next) => self.next = next,
            None => self.next_round(),
        }
        self.in_round
    }

    /// The result of the round that is over, if it failed.
    pub(crate) fn take_failure(&mut self) -> Option<AttemptResult> {
        self.failed_with.take()
    }

    /// The next submit begins a round: with the first part that isn't known to be accepted.
    pub(crate) fn next_round(&mut self) {
        self.in_round = false;
        self.next = self.unknown_from(0).unwrap_or(0);
    }

    /// The first part from that one on that isn't known to be accepted.
    fn unknown_from(&self, first: u16) -> Option<u16> {
        (first..self.len()).find(|&part| !self.parts[usize::from(part)].known)
    }

    /// The sender sends once more what it hasn't seen delivered.
    pub(crate) fn once_more(&mut self, whole: Whole) {
        let keeps = matches!(whole, Whole::All | Whole::Any);
        let seen = |part: &Part| keeps && part.seen == Some(Observed::Delivered);
        let all = self.parts.iter().all(seen);
        for part in self.parts.iter_mut().filter(|part| all || !seen(part)) {
            (part.known, part.seen) = (false, None);
        }
        self.failed_with = None;
        self.next_round();
    }

    // Copies.

    /// The part that a copy is of.
    pub(crate) fn of_copy(&self, copy: u32) -> u16 {
        self.copies.get(copy as usize).copied().unwrap_or(WHOLE)
    }

    /// Copies of parts that have not ended.
    pub(crate) fn under_way(&self) -> u32 {
        self.under_way
    }

    /// A provider bills a copy of a part.
    pub(crate) fn bill(&mut self, bill: i64) {
        self.billed += i128::from(bill);
    }

    /// The bill for copies of parts.
    pub(crate) fn billed(&self) -> i128 {
        self.billed
    }

    /// A provider accepts a copy. Returns whether it had been accepted before, and whether it is
    /// what was missing of the message.
    pub(crate) fn accepted(&mut self, part: u16) -> (bool, bool) {
        let whole_before = self.copies.contains(&WHOLE);
        self.copies.push(part);
        let repeated = match part {
            WHOLE => self.copies.len() > 1,
            part => {
                self.under_way += 1;
                let part = &mut self.parts[usize::from(part)];
                part.copies += 1;
                whole_before || part.copies > 1
            }
        };
        let before = self.accepted;
        self.accepted |= part == WHOLE || self.parts.iter().all(|part| part.copies > 0);
        (repeated, self.accepted && !before)
    }

    /// A copy ends.
    pub(crate) fn ends(&mut self, part: u16, truth: Truth, place: EndPlace) {
        let end = match self.parts.get_mut(usize::from(part)) {
            None => &mut self.whole,
            Some(part) => {
                self.under_way -= 1;
                &mut part.end
            }
        };
        reaches(end, truth, place);
    }

    /// The sender's work ends so: for the parts that it doesn't know to be accepted.
    pub(crate) fn sender_ends(&mut self, truth: Truth, place: EndPlace) {
        for part in self.parts.iter_mut().filter(|part| !part.known) {
            reaches(&mut part.end, truth, place);
        }
    }

    /// The end of the message, unless it was delivered: that of the part that got least far, the first of
    /// several; or that of a whole copy that got further.
    pub(crate) fn end(&self) -> (Truth, EndPlace) {
        let mut end = self.whole;
        let missing = self.parts.iter().filter(|part| part.arrived == 0);
        if let Some(part) = missing.min_by_key(|part| part.end.0.reach()) {
            reaches(&mut end, part.end.0, part.end.1);
        }
        end
    }

    // The handset.

    /// A copy of that part reaches the handset.
    pub(crate) fn arrives(&mut self, part: u16, at: Nanos) -> Arrived {
        let number = part;
        let part = &mut self.parts[usize::from(number)];
        part.arrived += 1;
        let (again, lacked) = (part.arrived > 1, part.arrived == self.complete + 1);
        if !again {
            self.out_of_order |= self.arrived > 0 && number < self.furthest_arrival;
            self.furthest_arrival = self.furthest_arrival.max(number);
            self.arrived += 1;
            self.first_arrival = self.first_arrival.min(at);
        }
        let completes = lacked && self.parts.iter().all(|part| part.arrived > self.complete);
        self.complete += u32::from(completes);
        let spread = at - self.first_arrival;
        let first = completes && self.complete == 1;
        Arrived { completes, first, again, spread, have: self.arrived }
    }

    /// Their state at the handset.
    pub(crate) fn summary(&self) -> Summary {
        let Parts { complete, arrived, out_of_order, .. } = *self;
        Summary { complete: complete > 0, arrived, out_of_order }
    }

    /// The end of each; `over`: the sender has no more to do with the message.
    pub(crate) fn ends_of_parts(&self, over: bool) -> impl Iterator<Item = PartEnd> {
        self.parts.iter().map(move |part| match part {
            Part { arrived: 1.., .. } => PartEnd::Delivered,
            Part { copies: 0, .. } if over => PartEnd::NotAccepted,
            Part { copies: 0, .. } => PartEnd::Unresolved,
            Part { end: (truth, _), .. } => PartEnd::of(*truth),
        })
    }

    // Receipts.

    /// A receipt says this of a part. Returns what it says of the message, if the sender heeds it and
    /// knows.
    pub(crate) fn hears(
        &mut self,
        part: u16,
        says: Observed,
        several: Several,
        whole: Whole,
    ) -> Option<Observed> {
        if !heeds(&mut self.parts[usize::from(part)].seen, says, several) {
            return None;
        }
        let failure = |state: &Observed| *state != Observed::Delivered;
        let mut seen = self.parts.iter().map(|part| part.seen);
        match whole {
            Whole::First => self.parts.first()?.seen,
            Whole::Last => self.parts.last()?.seen,
            Whole::All => match seen.clone().flatten().find(failure) {
                Some(state) => Some(state),
                None => seen.all(|state| state.is_some()).then_some(Observed::Delivered),
            },
            Whole::Any => match seen.clone().flatten().find(|state| !failure(state)) {
                Some(state) => Some(state),
                None => seen.clone().all(|state| state.is_some()).then(|| seen.next()?).flatten(),
            },
        }
    }

    /// True if a receipt is asked for with that part.
    pub(crate) fn asks_for_receipt(&self, part: u16, whole: Whole) -> bool {
        match whole {
            Whole::All | Whole::Any => true,
            Whole::First => part == 0,
            Whole::Last => part + 1 == self.len(),
        }
    }
}

/// A state that receipts said, and one that says this. Does it count?
pub(crate) fn heeds(seen: &mut Option<Observed>, says: Observed, several: Several) -> bool {
    let counts = match (*seen, several) {
        (None, _) | (_, Several::LastWins) => true,
        (Some(before), Several::DeliveredWins) => before != Observed::Delivered,
        (Some(_), Several::FirstWins) => false,
    };
    if counts {
        *seen = Some(says);
    }
    counts
}

/// Of several ends the furthest counts, of equally far ones the first.
pub(crate) fn reaches(end: &mut (Truth, EndPlace), truth: Truth, place: EndPlace) {
    if truth.reach() > end.0.reach() {
        *end = (truth, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AttemptResult::{Accepted, Permanent, Transient};

    #[test]
    fn a_round_goes_through_the_parts_and_the_next_one_through_those_that_failed() {
        let mut parts = Parts::new(4, 0);
        let mut round = |results: &[(u16, AttemptResult, bool)]| {
            for &(part, result, goes_on) in results {
                assert_eq!(parts.next(), part);
                parts.goes_out(part, false);
                assert_eq!(parts.has_result(part, result), goes_on, "{part}");
            }
            (parts.take_failure(), parts.further())
        };
        let first = round(&[
            (0, Accepted, true),
            (1, Permanent, true),
            (2, Accepted, true),
            (3, Transient, false),
        ]);
        assert_eq!(first, (Some(Permanent), 3));
        assert_eq!(round(&[(1, Transient, true), (3, Accepted, false)]), (Some(Transient), 4));
        assert_eq!(round(&[(1, Accepted, false)]), (None, 4));
    }

    #[test]
    fn the_handset_shows_what_is_complete_and_a_second_time_what_is_complete_again() {
        let mut parts = Parts::new(2, 0);
        let mut arrive = |part, at| {
            let Arrived { completes, first, again, spread, have } = parts.arrives(part, at);
            (completes, first, again, spread, have)
        };
        assert_eq!(arrive(1, 50), (false, false, false, 0, 1));
        assert_eq!(arrive(1, 60), (false, false, true, 10, 1));
        assert_eq!(arrive(0, 70), (true, true, false, 20, 2));
        assert_eq!(arrive(0, 80), (true, false, true, 30, 2));
        assert_eq!(parts.summary(), Summary { complete: true, arrived: 2, out_of_order: true });
    }

    #[test]
    fn the_least_far_part_names_the_end() {
        let mut parts = Parts::new(3, 0);
        for part in [0, 1] {
            assert_eq!(parts.accepted(part), (false, false));
            parts.has_result(part, Accepted);
        }
        parts.ends(0, Truth::LostByCarrier, 4);
        parts.ends(1, Truth::LostByProvider, 3);
        parts.sender_ends(Truth::RetriesExhausted, 2);
        assert_eq!(parts.end(), (Truth::RetriesExhausted, 2));
        // Accepted behind a timeout.
        assert_eq!(parts.accepted(2), (false, true));
        parts.ends(2, Truth::ThrottledOut, 5);
        assert_eq!(parts.end(), (Truth::LostByProvider, 3));
        let ends: Vec<PartEnd> = parts.ends_of_parts(true).collect();
        assert_eq!(ends, [PartEnd::Lost, PartEnd::Lost, PartEnd::ThrottledOut]);
    }

    #[test]
    fn what_is_seen_of_the_whole() {
        use Observed::{Delivered, Rejected, Undelivered};
        let receipts = [(1, Delivered), (0, Undelivered)];
        let expected = [
            (Whole::All, None, Some(Undelivered)),
            (Whole::Any, Some(Delivered), Some(Delivered)),
            (Whole::First, None, Some(Undelivered)),
            (Whole::Last, Some(Delivered), Some(Delivered)),
        ];
        for (whole, after_one, after_both) in expected {
            let mut parts = Parts::new(2, 0);
            let mut hear = |(part, says)| parts.hears(part, says, Several::DeliveredWins, whole);
            assert_eq!(receipts.map(&mut hear), [after_one, after_both], "{whole:?}");
        }
        let mut parts = Parts::new(2, 0);
        let mut hear = |part, says| parts.hears(part, says, Several::DeliveredWins, Whole::Any);
        assert_eq!([hear(1, Undelivered), hear(0, Rejected)], [None, Some(Rejected)]);
    }
}

//! Handsets: present or absent, store-and-forward, the alert, and the last hop.

use crate::chain::draws::delay::{delay, scaled, times};
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::model::faults::latency_factor;
use crate::chain::model::population::happens;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::NEVER;
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::spec::{self, Meaning};
use crate::chain::trace::story::{Absence, Draw, HandsetStep};
use crate::kernel::{Nanos, Scheduler};
use crate::random::DrawSource as _;

/// The first try at or after `back` of those that begin at `first` and follow the schedule,
/// whose last wait repeats. `None`: there is no such try.
fn try_at(first: Nanos, back: Nanos, schedule: &[Nanos]) -> Option<Nanos> {
    let mut time = first;
    for &wait in schedule {
        if time >= back {
            return Some(time);
        }
        time = time.saturating_add(wait);
    }
    if time >= back {
        return Some(time);
    }
    let &last = schedule.last()?;
    let further = (back - time).div_ceil(last.max(1));
    Some(time.saturating_add(further.saturating_mul(last)))
}

/// When a try succeeds, if one can: with an alert the network wakes the carrier at once.
fn success(first: Nanos, back: Nanos, alert: bool, schedule: &[Nanos]) -> Option<Nanos> {
    if alert { Some(back) } else { try_at(first, back, schedule) }
}

/// The share of messages of so many segments that are lost: every segment must arrive.
fn lost(loss: f64, segments: u16) -> f64 {
    1.0 - libm::pow(1.0 - loss, f64::from(segments))
}

impl<E: Engine> Chain<'_, E> {
    /// The carrier's first try at the handset: what follows is decided by draws already keyed.
    #[inline(always)]
    pub(crate) fn first_try(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        let Copied { message, copy, now, .. } = it;
        let record = &self.messages[message];
        let index = usize::from(record.carrier);
        let settings = &self.spec.carriers[index];
        let validity_end = self.validity_end(message);
        let found = match &settings.absent {
            None => Some(now),
            Some(absent) => self.found_at(message, absent, now),
        };
        let faults = self.carriers[index].faults.as_deref();
        // A try that falls into an outage is made at its end.
        let found = found.map(|time| faults.map_or(time, |faults| faults.up_from(time)));
        self.tell(message, now, |chain| HandsetStep::Tries {
            copy,
            absent: chain.absence(message, now),
            found: found.filter(|&time| time < validity_end),
        });
        let (record, faults) = (&self.messages[message], self.carriers[index].faults.as_deref());
        let Some(time) = found.filter(|&time| time < validity_end) else {
            // With no end of validity and no try to come there is nothing to wait for.
            let at = if validity_end == NEVER { now } else { validity_end.max(now) };
            E::happens_at(self, it, EventKind::CarrierExpiry, at, s);
            return;
        };
        let drawn = settings.loss > 0.0 || settings.latency.is_random();
        let owner = self.carriers[index].owner;
        let factor = latency_factor(faults, time);
        let (latency, loss) = match it.drawn {
            Some(drawn) => (times(drawn.latency, factor), drawn.loss),
            None => {
                let draw = self.chance.block_if(drawn, site::delivery(record.key, owner, copy));
                (scaled(&settings.latency, factor, || draw.first()), draw.second())
            }
        };
        let what = if settings.loss > 0.0 && { happens(lost(settings.loss, record.segments), loss) }
        {
            EventKind::DeliveryLost
        } else {
            EventKind::Delivery
        };
        self.tell(message, now, |chain| HandsetStep::OnItsWay {
            copy,
            from: time,
            latency,
            factor,
            lost: chain.loss(message, settings.loss, loss),
        });
        let at = time.saturating_add(latency);
        E::happens_at(self, it, what, at, s);
    }

    /// Whether a segment of a message is lost.
    fn loss(&self, message: Id<Message>, loss: f64, bits: u64) -> Option<Draw> {
        Draw::of(lost(loss, self.messages[message].segments), bits)
    }

    /// The handset's absence, if it is absent at a copy's first try.
    fn absence(&self, message: Id<Message>, first: Nanos) -> Option<Absence> {
        let record = &self.messages[message];
        let index = usize::from(record.carrier);
        let absent = self.spec.carriers[index].absent.as_ref()?;
        let owner = self.carriers[index].owner;
        let draw = self.chance.block(site::subscriber(record.root, owner));
        let draw = Draw::of(absent.probability, draw.second()).filter(|draw| draw.happened())?;
        let block = self.chance.block(site::handset_return(record.root, owner));
        let begun = self.absent_since(message).min(first);
        let back = begun.saturating_add(delay(&absent.returns, || block.first()));
        let alert = Draw::of(absent.alert, block.second());
        Some(Absence { draw, back, alert }).filter(|absence| absence.back > first)
    }

    /// Since when a message's handset is known to be absent; [`NEVER`]: no try has found that yet.
    fn absent_since(&self, message: Id<Message>) -> Nanos {
        let extra = self.messages.extra(message);
        match extra.recipient {
            None => extra.absent_since,
            Some(recipient) => match self.recipients[recipient].person {
                None => self.recipients[recipient].absent_since,
                Some(person) => self.people[person].absent_since,
            },
        }
    }

    /// A copy's first try finds the handset absent. Since when? The absence is the person's: it begins with the first
    /// try of any copy of the same root request.
    fn absence_begins(&mut self, message: Id<Message>, first: Nanos) -> Nanos {
        let known = self.absent_since(message);
        if known < NEVER {
            return known;
        }
        match self.messages.extra(message).recipient {
            // No other copy will come.
            None if self.messages[message].open == 1 => {}
            None => self.messages.extra_mut(message).absent_since = first,
            Some(recipient) => match self.recipients[recipient].person {
                None => self.recipients[recipient].absent_since = first,
                Some(person) => self.people[person].absent_since = first,
            },
        }
        first
    }

    /// When a try finds the handset there.
    #[inline(never)]
    fn found_at(
        &mut self,
        message: Id<Message>,
        absent: &spec::Absent,
        first: Nanos,
    ) -> Option<Nanos> {
        let record = &self.messages[message];
        let index = usize::from(record.carrier);
        let owner = self.carriers[index].owner;
        let draw = self.chance.block(site::subscriber(record.root, owner));
        if absent.probability <= 0.0 || !happens(absent.probability, draw.second()) {
            return Some(first);
        }
        let draw = self.chance.block(site::handset_return(record.root, owner));
        let begun = self.absence_begins(message, first);
        let back = begun.saturating_add(delay(&absent.returns, || draw.first())).max(first);
        let alert = absent.alert > 0.0 && happens(absent.alert, draw.second());
        success(first, back, alert, &self.spec.carriers[index].retry_schedule)
    }

    /// A copy reaches the handset.
    #[inline(always)]
    pub(crate) fn delivery(&mut self, it: Copied<'_>, at: Nanos, s: &mut Scheduler<Event>) {
        let Copied { message, copy, .. } = it;
        let first = self.messages.arrives(message, at);
        let record = &self.messages[message];
        let index = usize::from(record.carrier);
        if first {
            self.ledger.delivery(record.batch, record.stream, at - record.requested);
        }
        self.ledger.copy_delivered(at, record.counted(), record.segments);
        self.ledger.at_carrier(record.batch, index, |carrier| carrier.delivered += 1);
        self.recipient_has_copy(message, first, at);
        self.tell(message, at, |_| HandsetStep::Delivered { copy, first });
        let receipt = self.reported_by_handset(it, Observed::Delivered);
        let end = CopyEnd { by: EventKind::Delivery, truth: Truth::DeliveredLate, place: 0 };
        E::copy_ends(self, it, end, receipt, at, s);
    }

    /// A copy is lost on the way to the handset: nobody will say so.
    #[inline(never)]
    pub(crate) fn delivery_lost(&mut self, it: Copied<'_>, at: Nanos, s: &mut Scheduler<Event>) {
        let Copied { message, copy, .. } = it;
        self.tell(message, at, |_| HandsetStep::Lost { copy });
        let index = usize::from(self.messages[message].carrier);
        self.ledger.at_carrier(self.messages[message].batch, index, |carrier| carrier.lost += 1);
        let place = self.places.carrier(index);
        let end = CopyEnd { by: EventKind::DeliveryLost, truth: Truth::LostByCarrier, place };
        E::copy_ends(self, it, end, None, at, s);
    }

    /// A copy's validity ends before a try finds the handset.
    #[inline(never)]
    pub(crate) fn carrier_expiry(&mut self, it: Copied<'_>, at: Nanos, s: &mut Scheduler<Event>) {
        let Copied { message, copy, .. } = it;
        let index = usize::from(self.messages[message].carrier);
        self.ledger.at_carrier(self.messages[message].batch, index, |carrier| carrier.expired += 1);
        self.tell(message, at, |_| HandsetStep::Expires { copy });
        let receipt = self.reported_by_handset(it, Observed::Expired);
        let place = self.places.carrier(index);
        let end = CopyEnd { by: EventKind::CarrierExpiry, truth: Truth::ExpiredAtCarrier, place };
        E::copy_ends(self, it, end, receipt, at, s);
    }

    /// What a provider reports of the handset; one for which `delivered` means the carrier's
    /// acceptance has said so already.
    pub(crate) fn reported_by_handset(&self, it: Copied<'_>, state: Observed) -> Option<Observed> {
        (self.meaning(it) == Meaning::Handset).then_some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_follow_the_schedule_and_its_last_wait_repeats() {
        let schedule = [10, 20];
        let cases = [(0, 0), (1, 10), (10, 10), (11, 30), (30, 30), (31, 50), (90, 90), (91, 110)];
        for (back, expected) in cases {
            assert_eq!(try_at(0, back, &schedule), Some(expected), "{back}");
        }
        assert_eq!(try_at(5, 5, &[]), Some(5));
        assert_eq!(try_at(5, 6, &[]), None);
    }

    #[test]
    fn an_alert_succeeds_at_the_return() {
        assert_eq!(success(0, 17, true, &[10]), Some(17));
        assert_eq!(success(0, 17, false, &[10]), Some(20));
        assert_eq!(success(0, 17, true, &[]), Some(17));
    }
}

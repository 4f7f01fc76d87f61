//! The tail of a copy's life, from its carrier's throttle on: whether its number has a subscriber, when
//! a try finds the handset, how long the last hop takes, what becomes of the receipt.
//!
//! All of it is a function of facts, settings and draws: nothing is remembered, and nothing here has
//! a time of its own. So it may be asked step by step, as each thing comes, or all at once as soon as the copy
//! is let in, with draws that were made side by side.

use crate::chain::draws::delay::{delay, scaled, times};
use crate::chain::draws::{happens, site};
use crate::chain::records::copied::{Copied, CopyDraws};
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::outcome::Observed;
use crate::chain::spec::Absent;
use crate::chain::stations::carrier::Carrier;
use crate::chain::stations::provider::Provider;
use crate::chain::trace::story::{Absence, Draw};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key};

/// A copy that its carrier has let in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LetIn<'drawn> {
    pub(crate) key: Key,
    pub(crate) root: Key,
    pub(crate) copy: u32,
    pub(crate) segments: u16,
    pub(crate) at: Nanos,
    /// Draws of it that are made already.
    pub(crate) drawn: Option<&'drawn CopyDraws>,
}

impl<'drawn> LetIn<'drawn> {
    /// A message's copy, let in at that time.
    #[inline(always)]
    pub(crate) fn of(message: &Message, it: &Copied<'drawn>) -> LetIn<'drawn> {
        let &Copied { copy, segments, now: at, drawn, .. } = it;
        LetIn { key: message.key, root: message.root, copy, segments, at, drawn }
    }
}

/// The draw of an unknown subscriber, where there may be one.
#[inline]
pub(crate) fn unknown_subscriber(
    carrier: &Carrier<'_>,
    copy: &LetIn<'_>,
    chance: &impl DrawSource,
) -> Option<Draw> {
    let share = carrier.settings().unknown_subscriber;
    let word = || chance.block(site::subscriber(copy.root, carrier.owner())).first();
    if share > 0.0 { Draw::of(share, word()) } else { None }
}

/// The end of the way to the handset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HopEnd {
    Delivered,
    Lost,
    /// The validity ends before a try finds the handset.
    Expired,
}

/// The way from the carrier to the handset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastHop {
    pub(crate) end: HopEnd,
    pub(crate) at: Nanos,
    /// The handset's absence, if chance has it absent at the first try.
    pub(crate) absence: Option<Absence>,
    /// The try that finds the handset before the validity's end, and what follows from it.
    pub(crate) found: Option<Found>,
}

/// A try that finds the handset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) at: Nanos,
    pub(crate) latency: Nanos,
    /// The factor by which incidents multiply the latency.
    pub(crate) factor: f64,
    /// The word that says whether the copy is lost after it.
    pub(crate) loss: u64,
}

/// A copy's way to the handset. `absent_since`: when an earlier try found the handset absent, or
/// [`NEVER`].
#[inline(always)]
pub(crate) fn last_hop(
    carrier: &Carrier<'_>,
    copy: &LetIn<'_>,
    validity_end: Nanos,
    absent_since: impl FnOnce() -> Nanos,
    chance: &impl DrawSource,
) -> LastHop {
    let settings = carrier.settings();
    let (found, absence) = match &settings.absent {
        None => (Some(copy.at), None),
        Some(absent) => present_at(carrier, copy, absent, absent_since, chance),
    };
    // A try that falls into an outage is made at its end.
    let found = found.map(|time| carrier.up_from(time)).filter(|&time| time < validity_end);
    debug_assert!(found.is_none_or(|time| time >= copy.at), "a try before the copy is let in");
    let Some(time) = found else {
        // With no end of validity and no try to come there is nothing to wait for.
        let at = if validity_end == NEVER { copy.at } else { validity_end.max(copy.at) };
        return LastHop { end: HopEnd::Expired, at, absence, found: None };
    };
    let drawn = settings.loss > 0.0 || settings.latency.is_random();
    let factor = carrier.latency_factor(time);
    let (latency, loss) = match copy.drawn {
        Some(drawn) => (times(drawn.latency, factor), drawn.loss),
        None => {
            let site = site::delivery(copy.key, carrier.owner(), copy.copy);
            let draw = chance.block_if(drawn, site);
            (scaled(&settings.latency, factor, || draw.first()), draw.second())
        }
    };
    let lost = settings.loss > 0.0 && happens(lost_share(settings.loss, copy.segments), loss);
    let end = if lost { HopEnd::Lost } else { HopEnd::Delivered };
    let found = Some(Found { at: time, latency, factor, loss });
    LastHop { end, at: time.saturating_add(latency), absence, found }
}

/// The time at which a try finds the handset there, if one does, and its absence.
#[inline(never)]
fn present_at(
    carrier: &Carrier<'_>,
    copy: &LetIn<'_>,
    absent: &Absent,
    absent_since: impl FnOnce() -> Nanos,
    chance: &impl DrawSource,
) -> (Option<Nanos>, Option<Absence>) {
    let word = || chance.block(site::subscriber(copy.root, carrier.owner())).second();
    let draw = if absent.probability > 0.0 { Draw::of(absent.probability, word()) } else { None };
    let Some(draw) = draw.filter(|draw| draw.happened()) else {
        return (Some(copy.at), None);
    };
    let block = chance.block(site::handset_return(copy.root, carrier.owner()));
    // The absence is the person's: it begins with the first try of any copy of the same root request.
    let known = absent_since();
    let begun = if known < NEVER { known } else { copy.at };
    let back = begun.saturating_add(delay(&absent.returns, || block.first())).max(copy.at);
    let alert = Draw::of(absent.alert, block.second());
    let alerted = alert.is_some_and(Draw::happened);
    let found = success(copy.at, back, alerted, &carrier.settings().retry_schedule);
    (found, Some(Absence { draw, back, alert }))
}

/// The share of messages of so many segments that are lost: every segment must arrive.
pub(crate) fn lost_share(loss: f64, segments: u16) -> f64 {
    1.0 - libm::pow(1.0 - loss, f64::from(segments))
}

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

/// The time at which a try succeeds, if one can: with an alert the network wakes the carrier at once.
fn success(first: Nanos, back: Nanos, alert: bool, schedule: &[Nanos]) -> Option<Nanos> {
    if alert { Some(back) } else { try_at(first, back, schedule) }
}

/// The fate of a receipt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Report {
    /// It is lost on the way: by chance, or in an incident.
    Lost(Option<Draw>),
    /// It is on its way.
    Leaves {
        says: Observed,
        /// The draw by which it says that an undelivered copy was delivered.
        lie: Option<Draw>,
        /// The time at which it would be there, and that at which it is: incidents may hold it.
        due: Nanos,
        at: Nanos,
    },
}

/// The receipt of what a carrier has to say at `now` of a message's copy.
#[inline(always)]
pub(crate) fn report(
    provider: &Provider<'_>,
    (key, copy): (Key, u32),
    state: Observed,
    now: Nanos,
    drawn: Option<&CopyDraws>,
    chance: &impl DrawSource,
) -> Report {
    let settings = provider.receipts();
    let (factor, lost) = provider.receipt_course(now);
    let (late, word) = match drawn {
        Some(drawn) => (times(drawn.receipt, factor), drawn.receipt_loss),
        None => {
            let drawn = lost > 0.0 || settings.delay.is_random();
            let draw = chance.block_if(drawn, site::receipt(key, provider.owner(), copy));
            (scaled(&settings.delay, factor, || draw.first()), draw.second())
        }
    };
    if lost > 0.0
        && let Some(draw) = Draw::of(lost, word).filter(|draw| draw.happened())
    {
        return Report::Lost(Some(draw));
    }
    let mut lie = None;
    if state != Observed::Delivered && settings.false_delivered > 0.0 {
        let draw = chance.block(site::false_receipt(key, provider.owner(), copy));
        lie = Draw::of(settings.false_delivered, draw.first()).filter(|draw| draw.happened());
    }
    let says = if lie.is_some() { Observed::Delivered } else { state };
    let due = now.saturating_add(late);
    let at = provider.receipt_at(due);
    if provider.receipt_lost(at) {
        return Report::Lost(None);
    }
    Report::Leaves { says, lie, due, at }
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

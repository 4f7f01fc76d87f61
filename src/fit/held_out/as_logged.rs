//! A run's messages as its log would tell them: by the log's clocks, and no more than is in it.

use super::dispersion::Parts;
use super::words::{Words, chosen};
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observed, Observer, Truth, Wants};
use crate::fit::gather::Fate;
use crate::fit::{Gathered, Resolution};
use crate::kernel::Nanos;
use crate::logs::{Failure, Row, Status, Time};

/// The columns that a log has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Form {
    pub(crate) resolution: Resolution,
    pub(crate) attempts: bool,
    /// `true` if failures have kinds.
    pub(crate) kinds: bool,
    /// The time that receipts take, ns: what came less than that before its last word is under way in it.
    pub(crate) late: i64,
    /// `true` if it knows of deliveries of which no receipt came.
    pub(crate) unreceived: bool,
    /// The states that it ever tells of, by [`Status`]: a format hasn't all of them.
    pub(crate) states: [bool; Status::COUNT],
    /// The span whose times it can't have.
    pub(crate) gap: Option<(i64, i64)>,
    /// The words that it has for each fate.
    pub(crate) words: Words,
    /// The times from the request on that failures take in it, ns, each as often as it has them; empty if they
    /// come at once, as far as it tells. A scenario's do.
    pub(crate) failing: Vec<i64>,
}

impl Form {
    /// A state as the log tells it: that which stands nearest to it, where it never tells of it.
    fn nearest(&self, status: Status) -> Status {
        use Status::{
            Cancelled, Delivered, Expired, Failed, Pending, Rejected, Undelivered, Unknown,
        };
        let in_its_place: &[Status] = match status {
            Pending => &[Unknown],
            Unknown | Cancelled => &[Pending],
            Expired => &[Undelivered, Failed, Rejected],
            Rejected => &[Undelivered, Failed],
            Undelivered => &[Failed, Rejected],
            Failed => &[Rejected, Undelivered],
            Delivered => &[],
        };
        let tells = |own: &Status| self.states[*own as usize];
        if tells(&status) {
            return status;
        }
        in_its_place.iter().copied().find(tells).unwrap_or(status)
    }
}

/// Gathers the messages of a run: those of some first parts in counts, all others as a log.
pub(crate) struct AsLogged<'run> {
    pub(crate) parts: Parts,
    pub(crate) log: Gathered,
    form: &'run Form,
    spec: &'run Spec,
    /// t = 0, ns since 1970.
    origin: i64,
    /// The log's last word: what comes later isn't in it.
    exported: i64,
}

impl<'run> AsLogged<'run> {
    pub(crate) fn new(
        spec: &'run Spec,
        form: &'run Form,
        origin: i64,
        exported: i64,
    ) -> AsLogged<'run> {
        let (parts, log) = (Parts::default(), Gathered::of_a_run());
        AsLogged { parts, log, form, spec, origin, exported }
    }

    /// A time by a clock, if the log has it and it had come.
    fn time(&self, at: Option<Nanos>, resolution: Option<i64>) -> Option<Time> {
        let at = self.origin.saturating_add(i64::try_from(at?).ok()?);
        let step = resolution?.max(1);
        // What comes after the export isn't in it, whatever its clock would have noted.
        (at <= self.exported).then_some(Time(at.div_euclid(step) * step))
    }
}

impl AsLogged<'_> {
    /// The end of a message's validity: when a carrier says that it expired. Without one it says so at once.
    fn expires(&self, message: &Completed<'_>) -> Option<Nanos> {
        let validity = self.spec.traffic.get(message.traffic).and_then(|own| own.validity);
        validity.map_or(message.handed_off, |own| Some(message.accepted.saturating_add(own)))
    }
}

impl AsLogged<'_> {
    /// Time at which the log would tell of a failure.
    fn fails(&self, message: &Completed<'_>) -> Option<Nanos> {
        let came = message.handed_off?;
        let takes = chosen(&self.form.failing, message.message_id).copied().unwrap_or(0);
        Some(came.max(message.requested.saturating_add(u64::try_from(takes).unwrap_or(0))))
    }
}

impl Observer for AsLogged<'_> {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if !message.counted {
            return;
        }
        let Resolution { submitted, sent, done } = self.form.resolution;
        let any = submitted.or(sent).or(done);
        let requested = self.time(Some(message.requested), submitted.or(any));
        let Some(at) = requested else { return };
        let cant_have =
            |time: Time| self.form.gap.is_some_and(|(from, to)| from <= time.0 && time.0 < to);
        if cant_have(at) {
            return;
        }
        let delivered = message.observed == Observed::Delivered;
        let silent = matches!(message.observed, Observed::Sent | Observed::Unknown);
        let told = delivered || silent && self.form.unreceived;
        let done = self.time(message.delivered.filter(|_| told), done);
        let done = done.filter(|done| done.0 <= self.exported.saturating_sub(self.form.late));
        let unreceived = silent && done.is_some();
        let noted = match message.observed {
            _ if unreceived => Status::Delivered,
            Observed::Queued | Observed::Sent => Status::Pending,
            Observed::Delivered if done.is_none() && self.form.resolution.done.is_some() => {
                Status::Pending
            }
            Observed::Delivered => Status::Delivered,
            Observed::Expired if self.time(self.expires(message), any).is_none() => Status::Pending,
            Observed::Undelivered | Observed::Rejected
                if self.time(self.fails(message), any).is_none() =>
            {
                Status::Pending
            }
            Observed::Undelivered => Status::Undelivered,
            Observed::Rejected => Status::Rejected,
            Observed::Expired => Status::Expired,
            Observed::Failed => Status::Failed,
            Observed::Unknown => Status::Unknown,
        };
        if done.is_some_and(cant_have) {
            return;
        }
        let mut failure = failure(message).filter(|_| self.form.kinds);
        let mut status = self.form.nearest(noted);
        let mut done = done;
        // What had ended, or never ends, the log calls by its own words.
        let is_over = |fate: &Fate| noted != Status::Pending || *fate == Fate::Lost;
        if let Some(fate) = fate(message).filter(is_over)
            && let Some(word) = self.form.words.word(fate, message.message_id)
        {
            (status, failure) = word;
        }
        let unasked =
            message.handed_off.is_some() && self.form.words.is_unasked(message.message_id);
        if unasked {
            (status, failure, done) = (Status::Unknown, None, None);
        }
        let route = self.spec.routes.get(message.route);
        let provider = route.and_then(|route| self.spec.providers.get(route.provider));
        let carrier = self.spec.carriers.get(message.carrier);
        let row = Row {
            submitted: requested,
            sent: self.time(message.handed_off, sent),
            done,
            unreceived,
            status,
            failure,
            unasked,
            provider: provider.map(|provider| provider.name.as_str()),
            carrier: carrier.map(|carrier| carrier.name.as_str()),
            sender: Some(message.sender),
            segments: Some(message.segments),
            attempts: self.form.attempts.then_some(message.attempts),
            ..Row::default()
        };
        if !self.parts.add(at.0, &row) {
            self.log.add(&row);
        }
    }
}

/// The fate that the fit took for a message that ended so; `None` of what was delivered, or may be.
fn fate(message: &Completed<'_>) -> Option<Fate> {
    match message.truth {
        Truth::UnknownSubscriber => Some(Fate::UnknownSubscriber),
        Truth::RejectedByProvider => Some(Fate::Refused),
        Truth::RetriesExhausted => Some(Fate::GivenUp),
        Truth::ExpiredAtCarrier => Some(Fate::Away),
        Truth::FilteredExplicit => match message.cause.rsplit('/').next() {
            Some("filtered") => Some(Fate::Filtered),
            Some("opted-out") => Some(Fate::OptedOut),
            Some("permanent") => Some(Fate::Permanent),
            Some("expired" | "absent" | "unreachable") => Some(Fate::Away),
            _ => Some(Fate::Unexplained),
        },
        Truth::ThrottledOut => Some(Fate::Unexplained),
        Truth::FilteredSilent
        | Truth::LostBySender
        | Truth::LostByProvider
        | Truth::LostByCarrier => Some(Fate::Lost),
        _ => None,
    }
}

/// The kind of failure that a code would tell.
fn failure(message: &Completed<'_>) -> Option<Failure> {
    match message.truth {
        Truth::UnknownSubscriber => Some(Failure::UnknownSubscriber),
        Truth::RejectedByProvider => Some(Failure::Permanent),
        Truth::RetriesExhausted => Some(Failure::Transient),
        Truth::ThrottledOut => Some(Failure::Throttled),
        Truth::ExpiredAtCarrier => Some(Failure::Absent),
        Truth::FilteredExplicit => match message.cause.rsplit('/').next() {
            Some("filtered") => Some(Failure::Filtered),
            Some("opted-out") => Some(Failure::OptedOut),
            Some("permanent") => Some(Failure::Permanent),
            Some("expired" | "unreachable") => Some(Failure::Absent),
            _ => None,
        },
        _ => None,
    }
}

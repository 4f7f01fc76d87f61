//! Incidents: what goes wrong for a while.

use super::{Failures, words};
use crate::kernel::Nanos;

/// Something that goes wrong at a time, for a span, at one target. Several at one target act
/// together: factors multiply, shares combine as 1 − Π(1 − p).
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Its name.
    pub name: String,
    /// Words in which an on-call engineer would describe it; may be empty.
    pub summary: String,
    /// Instant at which it begins.
    pub at: Nanos,
    /// Time it lasts, above 0, ramps included.
    pub span: Nanos,
    /// Factors and shares grow from nothing to their full size over this long, and fade as long
    /// before the end; at most half of `span`. What is on or off is so for the whole span.
    pub ramp: Nanos,
    /// It comes again this often after `at`; not shorter than `span`. `None`: it happens once.
    pub repeat: Option<Every>,
    /// Station it strikes.
    pub target: Target,
    /// Effects on it.
    pub effects: Effects,
}

words! {
    /// Period of what repeats.
    pub enum Every {
        /// every 24 h
        Day = "daily",
        /// every seven days
        Week = "weekly",
    }
}

impl Every {
    /// Its length.
    #[must_use]
    pub fn period(self) -> Nanos {
        const DAY: Nanos = 86_400 * 1_000_000_000;
        match self {
            Every::Day => DAY,
            Every::Week => 7 * DAY,
        }
    }
}

/// One time that an incident happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Instant at which it begins.
    pub at: Nanos,
    /// Instant at which it is over.
    pub end: Nanos,
    /// As [`Incident::ramp`].
    pub ramp: Nanos,
}

impl Incident {
    /// Instant at which it is over, for the first time if it repeats.
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.at.saturating_add(self.span)
    }

    /// The times that it happens, of those that begin before `until`.
    pub fn occurrences(&self, until: Nanos) -> impl Iterator<Item = Occurrence> + use<> {
        let &Incident { at, span, ramp, repeat, .. } = self;
        let first = (at < until).then_some(at);
        let begins = std::iter::successors(first, move |&at| {
            at.checked_add(repeat?.period()).filter(|&at| at < until)
        });
        begins.map(move |at| Occurrence { at, end: at.saturating_add(span), ramp })
    }

    /// `true` if it is on at some time from `from` to before `to`.
    #[must_use]
    pub fn meets(&self, from: Nanos, to: Nanos) -> bool {
        let on = |at: Nanos| at < to && at.saturating_add(self.span) > from;
        let Some(repeat) = self.repeat else {
            return on(self.at);
        };
        let period = repeat.period();
        let last = self.at.saturating_add(from.saturating_sub(self.at) / period * period);
        on(last) || on(last.saturating_add(period))
    }

    /// `true` if it is on at `time`.
    #[must_use]
    pub fn is_on(&self, time: Nanos) -> bool {
        self.meets(time, time.saturating_add(1))
    }
}

/// Station an incident strikes: indices into the lists of [`super::Spec`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The request boundary.
    Api,
    /// The prepaid account.
    Account,
    /// A stream of requests.
    Traffic(usize),
    /// A queue.
    Queue(usize),
    /// A provider.
    Provider(usize),
    /// A carrier.
    Carrier(usize),
    /// A route.
    Route(usize),
    /// A filter of a carrier.
    Filter {
        /// The carrier.
        carrier: usize,
        /// The filter within it.
        filter: usize,
    },
}

/// Answer of a provider that has an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Provider: it gives no answer.
    Silent,
    /// Provider: the bind is down, every submit is refused as `transient`.
    Refused,
}

/// Effects of an incident; only those that apply to its target ever differ from the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Api: 500. Provider: nothing is accepted. Carrier: everything waits.
    pub outage: Option<Outage>,
    /// Api, provider, carrier: latency is multiplied by this.
    pub latency_factor: f64,
    /// Provider: failure shares beside its own.
    pub failures: Failures,
    /// Api, provider, carrier: the rate of the rate limit or throttle is multiplied by this.
    pub throttle_factor: f64,
    /// Traffic: the rate is multiplied by this.
    pub traffic_factor: f64,
    /// Queue: the share of its workers that takes no work.
    pub workers_lost: f64,
    /// Queue: its workers' overhead is multiplied by this.
    pub overhead_factor: f64,
    /// Provider: the way to the carrier takes this many times as long.
    pub relay_factor: f64,
    /// Provider: the delay of receipts that set out in it is multiplied by this.
    pub receipt_delay_factor: f64,
    /// Provider: share of receipts that set out in it and never come, beside its own.
    pub receipt_loss: f64,
    /// Route: its price is multiplied by this.
    pub price_factor: f64,
    /// Route, provider: what is billed is multiplied by this.
    pub cost_factor: f64,
    /// Provider: receipts wait until the end and come together.
    pub hold_receipts: bool,
    /// Provider: receipts that would come are lost.
    pub lose_receipts: bool,
    /// Account: nothing can be paid, no top-up arrives.
    pub freeze_balance: bool,
    /// Filter: it is switched on.
    pub enable_filter: bool,
}

impl Default for Effects {
    fn default() -> Effects {
        Effects {
            outage: None,
            latency_factor: 1.0,
            failures: Failures::default(),
            throttle_factor: 1.0,
            traffic_factor: 1.0,
            workers_lost: 0.0,
            overhead_factor: 1.0,
            relay_factor: 1.0,
            receipt_delay_factor: 1.0,
            receipt_loss: 0.0,
            price_factor: 1.0,
            cost_factor: 1.0,
            hold_receipts: false,
            lose_receipts: false,
            freeze_balance: false,
            enable_filter: false,
        }
    }
}

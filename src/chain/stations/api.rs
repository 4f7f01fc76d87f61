//! The API: its rate limit, its work on a call, and what it makes of it.

use crate::chain::draws::delay::{delay, scaled, times};
use crate::chain::draws::happens;
use crate::chain::records::id::Id;
use crate::chain::records::message::Call;
use crate::chain::spec::{self, Scope, Spec, Target};
use crate::chain::stations::bucket::Buckets;
use crate::chain::stations::faults::{Faults, faults_at, latency_factor};
use crate::kernel::Nanos;
use crate::random::Block;

/// The API.
#[derive(Debug)]
pub(crate) struct Api<'run> {
    settings: &'run spec::Api,
    faults: Option<Box<Faults>>,
    rate_limit: Option<Buckets>,
}

/// The outcome of the API's work on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum CallOutcome {
    /// Its recipients' messages are judged one by one.
    Judged,
    /// An internal error.
    Fails,
    /// It is over the rate limit.
    Refused,
}

const _: () = assert!((CallOutcome::Refused as u32) < 1 << CallOutcome::BITS);

impl CallOutcome {
    const BITS: u32 = 2;

    /// A call and what it comes to, in an event's detail.
    pub(crate) fn packed(self, call: Id<Call>) -> u32 {
        call.number() << CallOutcome::BITS | self as u32
    }

    /// The parts that [`CallOutcome::packed`] made one number of.
    pub(crate) fn unpacked(detail: u32) -> (Id<Call>, CallOutcome) {
        let outcome = match detail & ((1 << CallOutcome::BITS) - 1) {
            0 => CallOutcome::Judged,
            1 => CallOutcome::Fails,
            _ => CallOutcome::Refused,
        };
        (Id::nth(detail >> CallOutcome::BITS), outcome)
    }
}

/// The API's work on a call, as chance has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// Without what incidents make of it.
    latency: Nanos,
    /// The word that says whether it ends in an internal error.
    error: u64,
}

/// The API's work on a call, as it is at its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worked {
    pub(crate) latency: Nanos,
    /// The factor by which incidents multiply the latency.
    pub(crate) factor: f64,
    /// Nobody is there to work on it.
    pub(crate) outage: bool,
    /// The word that says whether it ends in an internal error.
    pub(crate) error: u64,
    pub(crate) outcome: CallOutcome,
}

impl<'run> Api<'run> {
    pub(crate) fn new(spec: &'run Spec) -> Api<'run> {
        let limit = spec.api.rate_limit.as_ref();
        Api {
            settings: &spec.api,
            faults: Faults::of(spec, Target::Api),
            rate_limit: limit
                .map(|bucket| Buckets::new(spec, Target::Api, bucket, Scope::Carrier, 1)),
        }
    }

    #[inline]
    pub(crate) fn has_rate_limit(&self) -> bool {
        self.rate_limit.is_some()
    }

    /// Whether a call is within the rate limit, of which it takes a token then.
    #[inline]
    pub(crate) fn admits(&mut self, now: Nanos) -> bool {
        self.rate_limit.as_mut().is_none_or(|bucket| bucket.passes(0, 1, now))
    }

    /// Tokens of its rate limit, if it has one.
    pub(crate) fn tokens(&self, now: Nanos) -> Option<f64> {
        Some(self.rate_limit.as_ref()?.level(0, now))
    }

    /// The latency of refusing a call for its rate.
    pub(crate) fn refusal_takes(&self, now: Nanos, word: impl FnOnce() -> u64) -> Nanos {
        let law = self.settings.refusal_latency.as_ref().unwrap_or(&self.settings.latency);
        scaled(law, latency_factor(faults_at(&self.faults, now), now), word)
    }

    /// Whether chance has a part in its work.
    pub(crate) fn work_is_drawn(&self) -> bool {
        self.settings.errors > 0.0 || self.settings.latency.is_random()
    }

    /// Its work on a call, by the call's draw.
    #[inline(always)]
    pub(crate) fn work(&self, draw: Block) -> Work {
        let latency = delay(&self.settings.latency, || draw.first());
        Work { latency, error: draw.second() }
    }

    /// Whether nobody is there.
    #[inline]
    pub(crate) fn is_out(&self, now: Nanos) -> bool {
        faults_at(&self.faults, now).is_some_and(|faults| faults.outage(now))
    }

    /// Its work on a call made now.
    #[inline(always)]
    pub(crate) fn works(&self, now: Nanos, work: Work) -> Worked {
        let faults = faults_at(&self.faults, now);
        let outage = faults.is_some_and(|faults| faults.outage(now));
        let factor = latency_factor(faults, now);
        let errors = self.settings.errors;
        let fails = outage || errors > 0.0 && happens(errors, work.error);
        Worked {
            latency: times(work.latency, factor),
            factor,
            outage,
            error: work.error,
            outcome: if fails { CallOutcome::Fails } else { CallOutcome::Judged },
        }
    }
}

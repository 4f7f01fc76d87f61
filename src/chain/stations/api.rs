//! The API: its rate limit, its work on a call, and what it makes of it.

use crate::chain::draws::delay::{delay, scaled, times};
use crate::chain::draws::happens;
use crate::chain::records::id::Id;
use crate::chain::records::message::Call;
use crate::chain::records::names::Names;
use crate::chain::spec::{self, Scope, Spec, Target};
use crate::chain::stations::bucket::Buckets;
use crate::chain::stations::call_limits::{CallLimits, Party};
use crate::chain::stations::faults::{Faults, faults_at, latency_factor};
use crate::kernel::Nanos;
use crate::random::Block;

/// The API.
#[derive(Debug)]
pub(crate) struct Api<'run> {
    settings: &'run spec::Api,
    faults: Option<Box<Faults>>,
    rate_limit: Option<Buckets>,
    limits: Option<CallLimits>,
    /// Calls that it works on, and how many it may.
    at_work: u64,
    most_at_work: u64,
    /// A call may be answered 429.
    refuses: bool,
}

/// A limit that a call is over: its number among their names, and what it has left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OverLimit {
    pub(crate) limit: usize,
    /// `None`: what the rate limit has.
    pub(crate) left: Option<f64>,
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
    pub(crate) fn new(spec: &'run Spec, names: &Names) -> Api<'run> {
        let limit = spec.api.rate_limit.as_ref();
        Api {
            settings: &spec.api,
            faults: Faults::of(spec, Target::Api),
            rate_limit: limit
                .map(|bucket| Buckets::new(spec, Target::Api, bucket, Scope::Carrier, 1)),
            limits: CallLimits::new(spec, names),
            at_work: 0,
            most_at_work: spec.api.concurrency.unwrap_or(u64::MAX),
            refuses: limit.is_some()
                || !spec.api.limits.is_empty()
                || spec.api.concurrency.is_some(),
        }
    }

    /// True if any limit may refuse a call.
    #[inline]
    pub(crate) fn may_refuse(&self) -> bool {
        self.refuses
    }

    /// True if it asks whose call it is.
    pub(crate) fn asks_whose(&self) -> bool {
        self.limits.is_some()
    }

    /// Takes a call's tokens of each limit if it is within all of them; else it takes none, and the
    /// first that it is over counts.
    #[inline]
    pub(crate) fn admits(
        &mut self,
        now: Nanos,
        stream: u16,
        parties: &[Party],
    ) -> Result<(), OverLimit> {
        let mut limit = 0;
        if self.most_at_work < u64::MAX {
            if self.at_work >= self.most_at_work {
                return Err(OverLimit { limit, left: Some(0.0) });
            }
            limit += 1;
        }
        let Some(limits) = &mut self.limits else {
            let passes = self.rate_limit.as_mut().is_none_or(|bucket| bucket.passes(0, 1, now));
            return if passes { Ok(()) } else { Err(OverLimit { limit, left: None }) };
        };
        if let Some(bucket) = &self.rate_limit {
            if bucket.ready_at(0, 1, now) > now {
                return Err(OverLimit { limit, left: None });
            }
            limit += 1;
        }
        if let Some((index, left)) = limits.over(stream, parties, now) {
            return Err(OverLimit { limit: limit + index, left: Some(left) });
        }
        limits.takes(now);
        if let Some(bucket) = &mut self.rate_limit {
            bucket.take(0, 1, now);
        }
        Ok(())
    }

    /// It begins to work on a call.
    #[inline]
    pub(crate) fn begins(&mut self) {
        self.at_work += 1;
    }

    /// It has done with a call that it worked on.
    #[inline]
    pub(crate) fn ends(&mut self) {
        debug_assert!(self.at_work > 0, "it works on no call");
        self.at_work -= 1;
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

    /// True if chance has a part in its work.
    pub(crate) fn work_is_drawn(&self) -> bool {
        self.settings.errors > 0.0 || self.settings.latency.is_random()
    }

    /// Its work on a call, by the call's draw.
    #[inline(always)]
    pub(crate) fn work(&self, draw: Block) -> Work {
        let latency = delay(&self.settings.latency, || draw.first());
        Work { latency, error: draw.second() }
    }

    /// True if nobody is there.
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

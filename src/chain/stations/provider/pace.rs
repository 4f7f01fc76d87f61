//! The pace of a provider: its token buckets, who waits for a token, and who is refused for the rate.

use super::Provider;
use crate::chain::records::attempt::{Attempt, Ticket};
use crate::chain::records::message::NEVER;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, Allowance, ProviderExcess, Scope, Spec, Target};
use crate::chain::stations::bucket::Buckets;
use crate::chain::stations::throttles::Throttles;
use crate::kernel::Nanos;
use std::collections::VecDeque;

/// Its throttles.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one a station, asked for each message")]
pub(super) enum Throttled {
    Free,
    /// One token bucket, by scope.
    One(Throttle),
    Several(Box<Throttles>),
}

impl Throttled {
    pub(super) fn new(index: usize, spec: &Spec, names: &Names) -> Throttled {
        match &spec.providers[index].throttle[..] {
            [] => Throttled::Free,
            [spec::ProviderThrottle { allowance: Allowance::Bucket(bucket), scope, on_excess }] => {
                // A provider's own bucket is its only one.
                let size = match *scope {
                    Scope::Provider | Scope::Carrier => 1,
                    scope => scope_size(scope, names, 1),
                };
                let retry_after = match *on_excess {
                    ProviderExcess::Pace => None,
                    ProviderExcess::Refuse { retry_after } => retry_after,
                };
                Throttled::One(Throttle {
                    buckets: Buckets::new(spec, Target::Provider(index), bucket, *scope, size),
                    lines: Paged::new(VecDeque::new(), size),
                    due: Paged::new(NEVER, size),
                    paces: *on_excess == ProviderExcess::Pace,
                    retry_after: retry_after.unwrap_or(0),
                })
            }
            _ => Throttled::Several(Box::new(Throttles::new(index, spec, names))),
        }
    }
}

/// An attempt that may be over the rate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OverRate {
    /// It is, with the span it is asked to wait.
    Refused(Nanos),
    /// There are several throttles to be asked.
    Asks,
}

#[derive(Debug)]
pub(super) struct Throttle {
    buckets: Buckets,
    /// Attempts waiting for a token, by bucket.
    lines: Paged<VecDeque<Ticket<Attempt>>>,
    /// Times at which the first who waits for a token is looked at, by bucket: the earliest of the events that were
    /// scheduled, the others are void.
    due: Paged<Nanos>,
    /// An attempt that finds no token waits; else it is refused.
    paces: bool,
    retry_after: Nanos,
}

impl Throttle {
    /// There will be a token at `at`, at the earliest: that time, if an event has to be scheduled for it.
    fn due_at(&mut self, bucket: usize, at: Nanos) -> Option<Nanos> {
        let due = &mut self.due[bucket];
        (at < *due).then(|| {
            *due = at;
            at
        })
    }
}

/// An attempt that may have to wait for a provider's pace.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PaceLine {
    /// It waits.
    Waits {
        /// Its place, from 1.
        place: u64,
        /// There is a token then, which nobody waits for yet.
        token_at: Option<Nanos>,
    },
    /// There are several throttles to be asked.
    Asks,
}

impl Provider<'_> {
    /// Its one token bucket, by scope.
    fn one(&self) -> Option<&Throttle> {
        match &self.throttle {
            Throttled::One(throttle) => Some(throttle),
            Throttled::Free | Throttled::Several(_) => None,
        }
    }

    fn one_mut(&mut self) -> Option<&mut Throttle> {
        match &mut self.throttle {
            Throttled::One(throttle) => Some(throttle),
            Throttled::Free | Throttled::Several(_) => None,
        }
    }

    /// Its several throttles, which are asked all together.
    pub(crate) fn limits(&self) -> Option<&Throttles> {
        match &self.throttle {
            Throttled::Several(several) => Some(several),
            Throttled::Free | Throttled::One(_) => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn limits_mut(&mut self) -> Option<&mut Throttles> {
        match &mut self.throttle {
            Throttled::Several(several) => Some(several),
            Throttled::Free | Throttled::One(_) => None,
        }
    }

    fn pace(&self) -> Option<&Throttle> {
        self.one().filter(|throttle| throttle.paces)
    }

    fn pace_mut(&mut self) -> Option<&mut Throttle> {
        self.one_mut().filter(|throttle| throttle.paces)
    }

    /// The scope of its throttle's buckets, if there are several.
    #[inline]
    pub(crate) fn buckets_of(&self) -> Option<Scope> {
        let throttle = self.one().filter(|throttle| throttle.buckets.len() > 1)?;
        Some(throttle.buckets.scope())
    }

    /// The number of lanes in which messages wait in a queue for its pace: one a bucket, 1 without a pace.
    pub(crate) fn pace_lanes(&self) -> usize {
        match self.limits() {
            Some(throttles) => throttles.lanes(),
            None => self.pace().map_or(1, |pace| pace.buckets.len()),
        }
    }

    /// The same as [`Provider::buckets_of`] of its pace alone.
    pub(crate) fn pace_of(&self) -> Option<Scope> {
        self.buckets_of().filter(|_| !self.refuses)
    }

    /// Takes a token of its pace, or a place in line for one.
    #[inline(always)]
    pub(crate) fn asks_pace(
        &mut self,
        ticket: Ticket<Attempt>,
        bucket: usize,
        segments: u16,
        now: Nanos,
    ) -> Result<(), PaceLine> {
        match &mut self.throttle {
            Throttled::Free => Ok(()),
            Throttled::One(pace) if pace.paces => {
                let tokens = u64::from(segments);
                if pace.lines[bucket].is_empty() && pace.buckets.passes(bucket, tokens, now) {
                    return Ok(());
                }
                pace.lines[bucket].push_back(ticket);
                let place = pace.lines[bucket].len() as u64;
                if place > 1 {
                    return Err(PaceLine::Waits { place, token_at: None });
                }
                let at = pace.buckets.ready_at(bucket, tokens, now);
                Err(PaceLine::Waits { place, token_at: pace.due_at(bucket, at) })
            }
            Throttled::One(_) => Ok(()),
            Throttled::Several(_) => Err(PaceLine::Asks),
        }
    }

    /// True if its pace would let one that comes now through, with nobody in line before it.
    pub(crate) fn paces(&self, bucket: usize, segments: u16, now: Nanos) -> bool {
        self.pace().is_none_or(|pace| {
            pace.buckets.ready_at(bucket, u64::from(segments), now) <= now
                && pace.lines[bucket].is_empty()
        })
    }

    /// True if there is a token.
    pub(crate) fn has_token(&self, bucket: usize, segments: u16, now: Nanos) -> bool {
        self.pace()
            .is_none_or(|pace| pace.buckets.ready_at(bucket, u64::from(segments), now) <= now)
    }

    /// One that waits elsewhere will be looked at when there is a token for it: when, if an event has to
    /// be scheduled for that.
    pub(crate) fn awaits_token(
        &mut self,
        bucket: usize,
        segments: u16,
        now: Nanos,
    ) -> Option<Nanos> {
        let pace = self.pace_mut()?;
        let at = pace.buckets.ready_at(bucket, u64::from(segments), now);
        if at > now { pace.due_at(bucket, at) } else { None }
    }

    /// True if the event of a token is the one that counts.
    pub(crate) fn token_comes(&mut self, bucket: usize, now: Nanos) -> bool {
        self.pace_mut().is_some_and(|pace| {
            let counts = pace.due[bucket] == now;
            if counts {
                pace.due[bucket] = NEVER;
            }
            counts
        })
    }

    /// The first in line for a token; those that `left` are forgotten.
    pub(crate) fn first_for_token(
        &mut self,
        bucket: usize,
        left: impl Fn(Ticket<Attempt>) -> bool,
    ) -> Option<Ticket<Attempt>> {
        let line = &mut self.one_mut()?.lines[bucket];
        while let Some(&ticket) = line.front() {
            if !left(ticket) {
                return Some(ticket);
            }
            line.pop_front();
        }
        None
    }

    /// The first in line for a token leaves it.
    pub(crate) fn first_leaves_pace(&mut self, bucket: usize) {
        if let Some(pace) = self.one_mut() {
            pace.lines[bucket].pop_front();
        }
    }

    /// Takes a token that is there.
    pub(crate) fn takes_token(&mut self, bucket: usize, segments: u16, now: Nanos) {
        if let Some(pace) = self.pace_mut() {
            debug_assert!(pace.buckets.ready_at(bucket, u64::from(segments), now) <= now);
            pace.buckets.take(bucket, u64::from(segments), now);
        }
    }

    /// The token of an attempt that is not made after all is there for the next.
    pub(crate) fn gives_token_back(&mut self, bucket: usize, segments: u16, now: Nanos) {
        if let Some(pace) = self.pace_mut() {
            pace.buckets.give_back(bucket, u64::from(segments), now);
        }
    }

    /// The time of a token for the first in line, if an event has to be scheduled for it; it may be now.
    pub(crate) fn first_is_due(
        &mut self,
        bucket: usize,
        segments: u16,
        now: Nanos,
    ) -> Option<Nanos> {
        let pace = self.pace_mut()?;
        let at = pace.buckets.ready_at(bucket, u64::from(segments), now);
        pace.due_at(bucket, at)
    }

    /// Takes a token for an attempt that goes out.
    #[inline]
    pub(crate) fn asks_rate(
        &mut self,
        bucket: usize,
        segments: u16,
        now: Nanos,
    ) -> Result<(), OverRate> {
        if !self.refuses {
            return Ok(());
        }
        match &mut self.throttle {
            Throttled::Free => Ok(()),
            Throttled::One(throttle) => {
                let passes = throttle.buckets.passes(bucket, u64::from(segments), now);
                if passes { Ok(()) } else { Err(OverRate::Refused(throttle.retry_after)) }
            }
            Throttled::Several(_) => Err(OverRate::Asks),
        }
    }

    /// Tokens in the emptiest of its buckets; `None` without a throttle.
    pub(crate) fn least_tokens(&self, now: Nanos) -> Option<f64> {
        match &self.throttle {
            Throttled::Free => None,
            Throttled::One(throttle) => Some(throttle.buckets.least_level(now)),
            Throttled::Several(several) => Some(several.least_level(now)),
        }
    }

    /// Tokens in one of its buckets; `None` without a throttle, or with several.
    pub(crate) fn tokens(&self, bucket: usize, now: Nanos) -> Option<f64> {
        Some(self.one()?.buckets.level(bucket, now))
    }

    /// By throttle: segments that passed the busiest of its counts within the observation window.
    pub(crate) fn throttle_taken(&self) -> Vec<u64> {
        match &self.throttle {
            Throttled::Free => Vec::new(),
            Throttled::One(throttle) => vec![throttle.buckets.most_taken()],
            Throttled::Several(several) => several.most_taken(),
        }
    }

    /// Attempts in line for a token, of which some may have left.
    pub(super) fn in_line_for_token(&self) -> Vec<Ticket<Attempt>> {
        match &self.throttle {
            Throttled::Free => Vec::new(),
            Throttled::One(throttle) => throttle.lines.distinct().flatten().copied().collect(),
            Throttled::Several(several) => several.in_line(),
        }
    }
}

//! Token buckets, in exact arithmetic.

use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, Scope, Spec, Target};
use crate::chain::stations::faults;
use crate::chain::stations::faults::own_time::{FRACTION_BITS, OwnTime};
use crate::kernel::Nanos;
use std::ops::Range;

/// A token bucket: full at t = 0, filled at a steady rate up to its burst.
///
/// A message passes if the level is at least min(its tokens, burst) and then takes its tokens;
/// the level may go negative. The level isn't stored: `zero` is the instant at which it was (or
/// will be) 0, so filling needs no arithmetic at all and can't accumulate rounding. With 2⁻³² ns
/// the period of 60 tokens a second is off by less than 10⁻¹⁷ of itself, and a billion tokens
/// drift by less than a nanosecond.
///
/// Where incidents change the rate, those who ask bring its own time, and `zero` is an instant
/// of that.
#[derive(Debug, Clone)]
pub(crate) struct TokenBucket {
    /// In 2⁻³² ns.
    zero: i128,
    /// Time for one token, in 2⁻³² ns.
    period: i128,
    burst: u64,
    /// Time for all of them, in 2⁻³² ns.
    full: i128,
    /// So many tokens don't pass before that instant, if none are taken until then: where one has asked in
    /// vain, others will.
    short: (u64, Nanos),
    /// Tokens taken within the observation window.
    taken: u64,
}

impl TokenBucket {
    pub(crate) fn new(bucket: &spec::Bucket) -> TokenBucket {
        let unit = (1_u64 << FRACTION_BITS) as f64;
        let period = ((unit * 1e9 / bucket.rate).round() as i128).max(1);
        let full = i128::from(bucket.burst) * period;
        TokenBucket { zero: -full, period, burst: bucket.burst, full, short: (0, 0), taken: 0 }
    }

    /// The earliest instant, not before `now`, at which `tokens` may pass.
    #[inline]
    pub(crate) fn ready_at(&self, now: Nanos, tokens: u64, time: Option<&OwnTime>) -> Nanos {
        let needed = i128::from(tokens.min(self.burst)) * self.period;
        let instant = self.zero + needed;
        if let Some(time) = time {
            return now.max(time.reached(instant));
        }
        // Rounded up: at the nanosecond before, the level is short.
        let nanos = (instant + ((1 << FRACTION_BITS) - 1)) >> FRACTION_BITS;
        now.max(u64::try_from(nanos.max(0)).unwrap_or(Nanos::MAX))
    }

    /// Takes `tokens` at `now`, if they may pass: as [`TokenBucket::ready_at`] says.
    #[inline]
    pub(crate) fn passes(&mut self, now: Nanos, tokens: u64, time: Option<&OwnTime>) -> bool {
        if self.is_known_short(now, tokens) {
            return false;
        }
        let own = own(now, time);
        let passes = self.has(own, tokens);
        if passes {
            self.take_at(own, tokens);
        } else {
            self.falls_short(now, tokens, time);
        }
        passes
    }

    #[inline]
    fn has(&self, own: i128, tokens: u64) -> bool {
        let needed = i128::from(tokens.min(self.burst)) * self.period;
        own >= self.zero + needed
    }

    /// True if somebody has asked in vain, so that nobody else will pass.
    #[inline]
    fn is_known_short(&self, now: Nanos, tokens: u64) -> bool {
        let (short_of, until) = self.short;
        short_of == tokens && now < until
    }

    #[inline(never)]
    fn falls_short(&mut self, now: Nanos, tokens: u64, time: Option<&OwnTime>) {
        self.short = (tokens, self.ready_at(now, tokens, time));
    }

    /// Tokens there are at `now`; below 0 is a debt.
    pub(crate) fn level(&self, now: Nanos, time: Option<&OwnTime>) -> f64 {
        let own = own(now, time);
        ((own - self.zero) as f64 / self.period as f64).min(self.burst as f64)
    }

    /// True if it is as full as at first.
    pub(crate) fn is_full(&self, now: Nanos, time: Option<&OwnTime>) -> bool {
        own(now, time) - self.zero >= self.full
    }

    /// Takes `tokens` at `now`, which [`TokenBucket::ready_at`] allowed.
    #[inline]
    pub(crate) fn take(&mut self, now: Nanos, tokens: u64, time: Option<&OwnTime>) {
        self.take_at(own(now, time), tokens);
    }

    /// Gives back `tokens` that were taken and not used.
    pub(crate) fn give_back(&mut self, tokens: u64) {
        self.zero -= i128::from(tokens) * self.period;
        self.short = (0, 0);
    }

    #[inline]
    fn take_at(&mut self, own: i128, tokens: u64) {
        self.zero = self.zero.max(own - self.full) + i128::from(tokens) * self.period;
        self.short = (0, 0);
    }
}

/// The buckets of a throttle: one, or one for each of whatever its scope is.
#[derive(Debug)]
pub(crate) struct Buckets {
    scope: Scope,
    buckets: Paged<TokenBucket>,
    /// Their own time, where incidents change the rate.
    time: Option<OwnTime>,
    /// The span over which taken tokens are counted.
    counted: Range<Nanos>,
}

impl Buckets {
    /// So many buckets of a target's throttle.
    pub(crate) fn new(
        spec: &Spec,
        target: Target,
        bucket: &spec::Bucket,
        scope: Scope,
        size: usize,
    ) -> Buckets {
        Buckets {
            scope,
            buckets: Paged::new(TokenBucket::new(bucket), size),
            time: faults::throttle_time(spec, target),
            counted: spec.warmup..spec.duration,
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Takes `tokens` at `now`, if they may pass.
    #[inline]
    pub(crate) fn passes(&mut self, bucket: usize, tokens: u64, now: Nanos) -> bool {
        let one = &mut self.buckets[bucket];
        let passes = one.passes(now, tokens, self.time.as_ref());
        if passes && self.counted.contains(&now) {
            one.taken += tokens;
        }
        passes
    }

    /// The earliest instant, not before `now`, at which `tokens` may pass.
    #[inline]
    pub(crate) fn ready_at(&self, bucket: usize, tokens: u64, now: Nanos) -> Nanos {
        self.buckets[bucket].ready_at(now, tokens, self.time.as_ref())
    }

    /// Takes `tokens` that are there.
    pub(crate) fn take(&mut self, bucket: usize, tokens: u64, now: Nanos) {
        let one = &mut self.buckets[bucket];
        one.take(now, tokens, self.time.as_ref());
        one.taken += if self.counted.contains(&now) { tokens } else { 0 };
    }

    /// Gives back `tokens` that were taken and not used.
    pub(crate) fn give_back(&mut self, bucket: usize, tokens: u64, now: Nanos) {
        let one = &mut self.buckets[bucket];
        one.give_back(tokens);
        one.taken -= if self.counted.contains(&now) { tokens.min(one.taken) } else { 0 };
    }

    /// Tokens in one of them.
    pub(crate) fn level(&self, bucket: usize, now: Nanos) -> f64 {
        self.buckets.get(bucket).map_or(0.0, |one| one.level(now, self.time.as_ref()))
    }

    /// Tokens in the emptiest.
    pub(crate) fn least_level(&self, now: Nanos) -> f64 {
        let levels = self.buckets.distinct().map(|one| one.level(now, self.time.as_ref()));
        levels.fold(f64::INFINITY, f64::min)
    }

    /// Tokens taken from the busiest within the observation window.
    pub(crate) fn most_taken(&self) -> u64 {
        self.buckets.distinct().map(|one| one.taken).max().unwrap_or(0)
    }
}

/// `now` on the bucket's own clock, in 2⁻³² ns.
#[inline]
fn own(now: Nanos, time: Option<&OwnTime>) -> i128 {
    time.map_or_else(|| i128::from(now) << FRACTION_BITS, |time| time.at(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::stations::faults::piecewise::{PiecewiseLinear, tests::incident};

    fn bucket(rate: f64, burst: u64) -> TokenBucket {
        TokenBucket::new(&spec::Bucket { rate, burst })
    }

    #[test]
    fn drains_a_batch_at_its_rate() {
        let mut bucket = bucket(3.0, 2);
        let mut passed = Vec::new();
        for _ in 0..5 {
            let at = bucket.ready_at(0, 1, None);
            bucket.take(at, 1, None);
            passed.push(at);
        }
        assert_eq!(passed, [0, 0, 333_333_334, 666_666_667, 1_000_000_000]);
    }

    #[test]
    fn a_long_message_passes_on_a_full_bucket_and_leaves_a_debt() {
        let mut bucket = bucket(1.0, 2);
        assert_eq!(bucket.level(0, None), 2.0);
        assert!(bucket.passes(0, 10, None));
        assert_eq!([0, 9_500_000_000].map(|now| bucket.level(now, None)), [-8.0, 1.5]);
        // Level −8; two more tokens are needed above 0.
        assert_eq!(bucket.ready_at(0, 10, None), 10_000_000_000);
        assert_eq!(bucket.ready_at(0, 1, None), 9_000_000_000);
    }

    #[test]
    fn never_holds_more_than_its_burst() {
        let mut bucket = bucket(10.0, 3);
        let late = 1_000_000_000_000;
        for _ in 0..3 {
            assert!(bucket.passes(late, 1, None));
        }
        assert_eq!(bucket.ready_at(late, 1, None), late + 100_000_000);
    }

    #[test]
    fn a_billion_tokens_do_not_drift() {
        let mut bucket = bucket(60.0, 1);
        bucket.take(0, 1_000_000_000, None);
        let exact = 1_000_000_000_u64 * 1_000_000_000 / 60;
        assert!(bucket.ready_at(0, 1, None).abs_diff(exact + 1) <= 17_000_000);
        let drift = (bucket.zero >> FRACTION_BITS) - i128::from(exact - 16_666_667);
        assert!(drift.abs() <= 2, "{drift}");
    }

    /// One that asks again and again is let through when, and only when, there are tokens.
    #[test]
    fn asking_in_vain_changes_nothing() {
        let second = 1_000_000_000;
        let slow = incident(2 * second, 3 * second, second);
        let own = OwnTime::new(&PiecewiseLinear::factor([(slow, 0.3)]).unwrap());
        for time in [None, Some(&own)] {
            for seed in 0..50_u64 {
                let (mut asked, mut fresh) = (bucket(7.0, 3), bucket(7.0, 3));
                let (mut now, mut bits) = (0, seed);
                for _ in 0..400 {
                    bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    now += (bits >> 33) % 40_000_000;
                    let tokens = 1 + (bits >> 60) % 4;
                    let ready = fresh.ready_at(now, tokens, time) <= now;
                    if bits >> 50 & 1 == 1 && !ready {
                        assert!(!asked.passes(now, tokens, time));
                    }
                    assert_eq!(asked.passes(now, tokens, time), ready, "{seed} {now}");
                    if ready {
                        fresh.take(now, tokens, time);
                    }
                }
                assert_eq!(asked.zero, fresh.zero);
            }
        }
    }

    #[test]
    fn a_changed_rate_changes_what_is_due() {
        let second = 1_000_000_000;
        let slow = incident(10 * second, 10 * second, 0);
        let time = OwnTime::new(&PiecewiseLinear::factor([(slow, 0.5)]).unwrap());
        let mut bucket = bucket(1.0, 1);
        let mut passed = Vec::new();
        for _ in 0..17 {
            let at = bucket.ready_at(9 * second, 1, Some(&time));
            bucket.take(at, 1, Some(&time));
            passed.push(at / second);
        }
        assert_eq!(passed, [9, 10, 12, 14, 16, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    }
}

//! Deterministic queues: no chance, so the simulator must agree to the last digit.
//!
//! A token bucket as in Tanenbaum and Wetherall (2011), *Computer Networks*, 5th ed., 5.4.2: full
//! at first, so of a batch `burst` pass at once and the rest one a period.

/// Mean wait, seconds, of a batch of `count` that comes at once to a bucket of `burst` tokens and
/// `rate` tokens a second: Σ k/rate for k = 1 … count − burst, over count.
#[must_use]
pub fn drained_mean(count: u32, burst: u32, rate: f64) -> f64 {
    let late = f64::from(count.saturating_sub(burst));
    late * (late + 1.0) / 2.0 / rate / f64::from(count)
}

/// Wait of the last of them, seconds.
#[must_use]
pub fn drained_last(count: u32, burst: u32, rate: f64) -> f64 {
    f64::from(count.saturating_sub(burst)) / rate
}

/// Mean wait, seconds, of the first `count` of D/D/1 that come every `gap` seconds and take
/// `service` ≥ `gap` each: the nth (from 0) waits n(service − gap).
#[must_use]
pub fn overloaded_mean(count: u32, gap: f64, service: f64) -> f64 {
    f64::from(count.saturating_sub(1)) / 2.0 * (service - gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_batches() {
        assert_eq!(drained_mean(4, 1, 2.0), (0.0 + 0.5 + 1.0 + 1.5) / 4.0);
        assert_eq!(drained_last(4, 1, 2.0), 1.5);
        assert_eq!((drained_mean(4, 9, 2.0), drained_last(4, 9, 2.0)), (0.0, 0.0));
        assert_eq!(overloaded_mean(3, 0.25, 0.5), 0.25);
    }
}

//! Retries: attempts, copies, and how waits are spread.
//!
//! Attempts are independent trials, so all of it is the geometric distribution cut off at k
//! (Feller 1968, *An Introduction to Probability Theory and Its Applications* I, XI.2); the
//! spreads are those of Brooker (2015), "Exponential Backoff and Jitter".

/// Attempts a message has on average when each fails with probability `fails` and at most `most`
/// are made: (1 − pᵏ)/(1 − p).
#[must_use]
pub fn attempts_mean(fails: f64, most: u32) -> f64 {
    (1.0 - exhausted(fails, most)) / (1.0 - fails)
}

/// Share of messages of which every attempt fails: pᵏ.
#[must_use]
pub fn exhausted(fails: f64, most: u32) -> f64 {
    (0..most).map(|_| fails).product()
}

/// Copies a message has on average when each of at most `most` attempts times out with
/// probability `times_out`, a timed-out one was accepted all the same with probability
/// `accepted`, and only time-outs are tried again.
#[must_use]
pub fn copies_mean(times_out: f64, accepted: f64, most: u32) -> f64 {
    attempts_mean(times_out, most) * (1.0 - times_out + times_out * accepted)
}

/// Of those, copies beyond a message's first: without a copy is who timed out each time and was
/// never accepted.
#[must_use]
pub fn duplicates_mean(times_out: f64, accepted: f64, most: u32) -> f64 {
    let none = exhausted(times_out * (1.0 - accepted), most);
    copies_mean(times_out, accepted, most) - (1.0 - none)
}

/// The spread of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// w.
    None,
    /// U(0, w).
    Full,
    /// w/2 + U(0, w/2).
    Equal,
}

impl Spread {
    /// Mean (seconds) and variance (seconds²) of a wait of `wait` seconds, spread so.
    #[must_use]
    pub fn moments(self, wait: f64) -> (f64, f64) {
        match self {
            Spread::None => (wait, 0.0),
            Spread::Full => (wait / 2.0, wait * wait / 12.0),
            Spread::Equal => (0.75 * wait, wait * wait / 48.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-12, "{value}, expected {expected}");
    }

    #[test]
    fn three_attempts() {
        near(attempts_mean(0.5, 3), 1.75);
        near(exhausted(0.5, 3), 0.125);
        // Two attempts: 1 − f + fa + f(1 − f + fa) copies.
        near(copies_mean(0.4, 0.5, 2), 0.8 + 0.4 * 0.8);
        // A second copy: timed out, accepted, and the second attempt gives one too.
        near(duplicates_mean(0.4, 0.5, 2), 0.4 * 0.5 * 0.8);
    }

    #[test]
    fn spreads() {
        assert_eq!(Spread::Full.moments(6.0), (3.0, 3.0));
        assert_eq!(Spread::Equal.moments(6.0), (4.5, 0.75));
    }
}

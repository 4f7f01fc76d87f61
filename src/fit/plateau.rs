//! A ceiling of a throughput: the throttle behind it.
//!
//! What comes freely varies at least as much as Poisson counts; what a throttle lets through under
//! load is nearly the same in every tick. Stretches whose index of dispersion is far below 1 at the
//! top of what was seen are therefore a throttle at work, and their mean is its rate. A token bucket
//! of rate r and burst b lets no stretch of t ticks have more than b + r t, so the greatest sum of
//! counts less r over any stretch (Kadane's algorithm) is the burst, as far as it was used.

use super::fitted::Interval;
use crate::special::student_t_quantile;

/// Ticks of a stretch.
const STRETCH: usize = 10;

/// Stretches without which there is no plateau.
const LEAST: usize = 4;

/// Index of dispersion below which a stretch is not chance: of ten Poisson counts it is below 0.2 in
/// 0.6 % of stretches.
const EVEN: f64 = 0.2;

/// Distance from the rate within which a stretch on the plateau lies, as a share of it.
const NEAR: f64 = 0.1;

/// A throttle as its throughput shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    /// Its rate, per tick.
    pub rate: Interval,
    /// Units it let through at once beyond its rate, in units: a lower bound of its burst.
    pub burst: f64,
    /// Ticks on the plateau.
    pub ticks: usize,
}

/// The plateau of counts per tick; none where nothing looks like a throttle.
pub fn plateau(counts: &[u64]) -> Option<Plateau> {
    let even: Vec<(usize, f64)> = counts
        .chunks_exact(STRETCH)
        .enumerate()
        .filter_map(|(i, ticks)| {
            let mean = ticks.iter().sum::<u64>() as f64 / STRETCH as f64;
            let squares: f64 = ticks.iter().map(|&n| (n as f64 - mean) * (n as f64 - mean)).sum();
            // A throttle below one per tick makes counts of 0 and 1, which tell nothing here.
            let index = squares / (STRETCH - 1) as f64 / mean;
            (mean >= 2.0 && index < EVEN).then_some((i, mean))
        })
        .collect();
    // The level where most of them are: the one with the most others near it.
    let near = |level: f64| even.iter().filter(move |(_, m)| (m - level).abs() <= NEAR * level);
    let most = even.iter().map(|&(_, mean)| (near(mean).count(), mean));
    let (_, level) =
        most.fold((0, 0.0), |a, b| if b.0 > a.0 || b.0 == a.0 && b.1 > a.1 { b } else { a });
    let means: Vec<f64> = near(level).map(|(_, mean)| *mean).collect();
    let n = means.len();
    if n < LEAST {
        return None;
    }
    let mean = means.iter().sum::<f64>() / n as f64;
    // Nothing lasts above it: or it isn't a ceiling.
    let stretches = counts.chunks_exact(STRETCH);
    let above = stretches
        .filter(|ticks| ticks.iter().sum::<u64>() as f64 / STRETCH as f64 > (1.0 + NEAR) * mean);
    if above.count() > n {
        return None;
    }
    let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
    let error = libm::sqrt(squares / (n - 1) as f64 / n as f64);
    // The first and the last count of a stretch are cut by the ticks: one more or less in all.
    let half = (student_t_quantile(0.975, (n - 1) as f64) * error).max(1.0 / (n * STRETCH) as f64);
    let (mut run, mut burst) = (0.0_f64, 0.0_f64);
    for &count in counts {
        run = (run + count as f64 - mean).max(0.0);
        burst = burst.max(run);
    }
    Some(Plateau {
        rate: Interval { value: mean, low: mean - half, high: mean + half },
        burst,
        ticks: n * STRETCH,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Chance, Key, Owner, Purpose, open01};

    /// Counts a second behind a bucket, and in front of it.
    fn throttled(rate: f64, burst: f64, offered: impl Fn(usize) -> f64) -> (Vec<u64>, Vec<u64>) {
        use rand::Rng;
        let mut draws = Chance::new(1).stream(Key::named("plateau"), Owner::NONE, Purpose(0));
        let (mut tokens, mut waiting) = (burst, 0.0);
        (0..600)
            .map(|second| {
                let (mut at, mut come) = (0.0, 0);
                loop {
                    at -= libm::log(open01(draws.next_u64())) / offered(second);
                    if at > 1.0 {
                        break;
                    }
                    come += 1;
                }
                waiting += f64::from(come);
                tokens += rate;
                let pass = tokens.min(waiting).floor();
                tokens = (tokens - pass).min(burst);
                waiting -= pass;
                (come as u64, pass as u64)
            })
            .unzip()
    }

    #[test]
    fn a_throttle_is_seen_and_chance_is_not() {
        let load = |second: usize| if (200..300).contains(&second) { 90.0 } else { 20.0 };
        let (offered, passed) = throttled(40.0, 60.0, load);
        let plateau = super::plateau(&passed).unwrap();
        assert!(plateau.rate.low <= 40.0 && 40.0 <= plateau.rate.high, "{plateau:?}");
        assert!((plateau.burst - 60.0).abs() <= 6.0, "{plateau:?}");
        assert_eq!(super::plateau(&offered), None);
    }

    #[test]
    fn little_and_nothing_have_no_plateau() {
        assert_eq!(plateau(&[]), None);
        assert_eq!(plateau(&[0; 100]), None);
        assert_eq!(plateau(&[1, 0, 1, 0, 1]), None);
    }
}

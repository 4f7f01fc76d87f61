//! The design points of several that may be the best.

use crate::stats::{Parameters, Running};

/// The place of a design point among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screened {
    /// The best mean.
    Best,
    /// Another has the best mean, but this one may be the best all the same.
    Contender,
    /// Not the best, or not comparable: the figure isn't defined in every replication.
    Behind,
}

/// The places of `points`, each with its observations by replication on common random numbers;
/// the replications that all of them have are compared. The best is in front or a contender with
/// a probability of at least 1 − `error`.
///
/// Screening as in Nelson, Swann, Goldsman and Song (2001), *Simple procedures for selecting the
/// best simulated system when the number of alternatives is large*, Operations Research 49(6),
/// with paired variances and Bonferroni's inequality, since common random numbers make the points
/// depend on each other: a point goes if another is ahead by more than
/// t(1 − error ÷ (k − 1), n − 1) · s ÷ √n.
#[must_use]
pub fn screen(
    points: &[Vec<Option<f64>>],
    higher_is_better: bool,
    parameters: Parameters,
    error: f64,
) -> Vec<Screened> {
    let common = points.iter().map(Vec::len).min().unwrap_or(0);
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    let comparable: Vec<Option<Vec<f64>>> = points
        .iter()
        .map(|values| values[..common].iter().map(|value| value.map(|v| sign * v)).collect())
        .collect();
    let others = comparable.iter().flatten().count().saturating_sub(1).max(1) as f64;
    let mean = |values: &[f64]| {
        let mut running = Running::default();
        values.iter().for_each(|&value| running.push(value));
        running.mean().unwrap_or(f64::NEG_INFINITY)
    };
    let beaten = |own: &[f64]| {
        comparable.iter().flatten().any(|other| {
            let mut ahead = Running::new(parameters);
            own.iter().zip(other).for_each(|(own, other)| ahead.push(other - own));
            // Two-sided at twice the error is one-sided at the error.
            let room = ahead.half_width((2.0 * error / others).min(0.999));
            ahead.mean().zip(room).is_some_and(|(mean, room)| mean > room)
        })
    };
    let mut places: Vec<Screened> = comparable
        .iter()
        .map(|own| match own {
            Some(own) if !beaten(own) => Screened::Contender,
            _ => Screened::Behind,
        })
        .collect();
    let means = comparable.iter().map(|values| values.as_deref().map(mean));
    let best = means.enumerate().fold(None, |best: Option<(usize, f64)>, (index, mean)| {
        match (best, mean) {
            (Some((_, least)), Some(mean)) if mean <= least => best,
            (_, Some(mean)) => Some((index, mean)),
            (best, None) => best,
        }
    });
    if let Some((index, _)) = best {
        places[index] = Screened::Best;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[&[f64]], higher: bool) -> Vec<Screened> {
        let points: Vec<Vec<Option<f64>>> =
            points.iter().map(|values| values.iter().copied().map(Some).collect()).collect();
        screen(&points, higher, Parameters::Same, 0.05)
    }

    #[test]
    fn pairs_tell_what_means_alone_do_not() {
        // The second is always 0.1 to 0.3 ahead, however much the replications differ; the third
        // is sometimes ahead.
        let first: &[f64] = &[1.0, 9.0, 5.0, 3.0];
        let second: &[f64] = &[1.2, 9.1, 5.3, 3.2];
        let third: &[f64] = &[1.4, 9.0, 5.0, 3.3];
        use Screened::{Behind, Best, Contender};
        assert_eq!(of(&[first, second, third], true), [Behind, Best, Contender]);
        assert_eq!(of(&[first, second, third], false), [Best, Behind, Contender]);
    }

    #[test]
    fn equals_are_all_in_front() {
        assert_eq!(of(&[&[1.0, 2.0], &[1.0, 2.0]], true), [Screened::Best, Screened::Contender]);
        assert_eq!(of(&[], true), []);
    }

    #[test]
    fn the_undefined_is_not_compared() {
        let points = [vec![None, Some(9.0)], vec![Some(1.0), Some(2.0)]];
        assert_eq!(
            screen(&points, true, Parameters::Same, 0.05),
            [Screened::Behind, Screened::Best]
        );
    }
}

//! Differences between design points that share their random numbers.

use super::tally::Tally;
use crate::stats::{Parameters, Running};

/// One figure's difference between a design point and another, replication by replication.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Paired {
    difference: Tally,
    /// Of the replications in which both are defined.
    own: Running,
    other: Running,
}

/// A difference and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Mean of own − other; `None` if either is undefined in some replication.
    pub mean: Option<f64>,
    /// Half the width of its interval.
    pub half_width: Option<f64>,
    /// Replications in which both are defined.
    pub n: u64,
    /// The factor by which the variance would be larger with independent random numbers,
    /// (s²₁ + s²₂) ÷ s² of the differences; `None` where nothing varies.
    pub variance_reduction: Option<f64>,
}

/// The differences of every figure between two design points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pair {
    /// Index of the point.
    pub point: usize,
    parameters: Parameters,
    figures: Vec<Paired>,
}

impl Pair {
    pub(super) fn new(point: usize, parameters: Parameters) -> Pair {
        Pair { point, parameters, figures: Vec::new() }
    }

    /// Counts a replication of both.
    pub(super) fn push(&mut self, own: &[Option<f64>], other: &[Option<f64>]) {
        let none = Paired::new(self.parameters);
        self.figures.resize(own.len().max(self.figures.len()), none);
        for ((figure, &own), &other) in self.figures.iter_mut().zip(own).zip(other) {
            figure.push(own, other);
        }
    }

    /// Figure by figure, with intervals that miss with a probability of `error`, in (0, 1), each.
    pub fn differences(&self, error: f64) -> impl Iterator<Item = Difference> {
        self.figures.iter().map(move |figure| figure.known(error))
    }
}

/// The difference of one figure between a point and another, over the replications both have.
#[must_use]
pub fn difference(
    own: &[Option<f64>],
    other: &[Option<f64>],
    parameters: Parameters,
    error: f64,
) -> Difference {
    let mut paired = Paired::new(parameters);
    own.iter().zip(other).for_each(|(&own, &other)| paired.push(own, other));
    paired.known(error)
}

impl Paired {
    fn new(parameters: Parameters) -> Paired {
        let (own, other) = (Running::default(), Running::default());
        Paired { difference: Tally::new(parameters), own, other }
    }

    fn push(&mut self, own: Option<f64>, other: Option<f64>) {
        let both = own.zip(other);
        self.difference.push(both.map(|(own, other)| own - other));
        if let Some((own, other)) = both {
            self.own.push(own);
            self.other.push(other);
        }
    }

    fn known(&self, error: f64) -> Difference {
        let known = self.difference.known(error);
        let reduction = || {
            let unpaired = self.own.variance()? + self.other.variance()?;
            let paired = self.difference.variance()?;
            Some(unpaired / paired).filter(|ratio| ratio.is_finite() && known.mean.is_some())
        };
        Difference {
            mean: known.mean,
            half_width: known.half_width,
            n: known.n,
            variance_reduction: reduction(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(values: &[(f64, f64)]) -> Difference {
        let mut pair = Pair::new(1, Parameters::Same);
        for &(own, other) in values {
            pair.push(&[Some(own)], &[Some(other)]);
        }
        pair.differences(0.05 / 2.0).next().unwrap()
    }

    #[test]
    fn what_both_share_cancels() {
        let difference = pair(&[(11.0, 10.0), (22.0, 20.0), (33.0, 30.0), (44.0, 40.0)]);
        assert_eq!((difference.mean, difference.n), (Some(2.5), 4));
        // t(0.9875, 3) = 4.176535, s² = 5/3; unpaired 5/3 × (121 + 100)
        let half = 4.176_535 * libm::sqrt(5.0 / 3.0) / 2.0;
        assert!((difference.half_width.unwrap() - half).abs() < 1e-5);
        assert!((difference.variance_reduction.unwrap() - 221.0).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_vary_has_no_ratio() {
        let difference = pair(&[(1.0, 0.5), (2.0, 1.5)]);
        assert_eq!((difference.mean, difference.half_width), (Some(0.5), Some(0.0)));
        assert_eq!(difference.variance_reduction, None);
    }

    #[test]
    fn undefined_once_is_unknown() {
        let mut pair = Pair::new(1, Parameters::Same);
        pair.push(&[Some(1.0)], &[Some(2.0)]);
        pair.push(&[Some(1.0)], &[None]);
        pair.push(&[Some(3.0)], &[Some(2.0)]);
        let difference = pair.differences(0.05).next().unwrap();
        assert_eq!((difference.mean, difference.half_width, difference.n), (None, None, 2));
        assert_eq!(difference.variance_reduction, None);
    }
}

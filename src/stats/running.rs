//! Mean and variance of real numbers, one after another.

use super::interval::half_width;
use crate::special::student_t_quantile;

/// Parameters of a model in its replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Parameters {
    /// The same in all.
    #[default]
    Same,
    /// In every second one drawn from what isn't known of them, on the random numbers of the one before
    /// it, which has their estimates.
    EverySecondDrawn,
}

impl Parameters {
    /// The kind of those that are drawn, or aren't.
    pub(crate) fn of(are_drawn: bool) -> Parameters {
        if are_drawn { Parameters::EverySecondDrawn } else { Parameters::Same }
    }

    /// The replication whose random numbers another has.
    pub(crate) fn numbers_of(self, replication: u64) -> u64 {
        match self {
            Parameters::Same => replication,
            Parameters::EverySecondDrawn => replication - replication % 2,
        }
    }
}

/// Running mean and sum of squared distances from it.
///
/// Welford (1962), *Note on a method for calculating corrected sums of squares and products*,
/// Technometrics 4(3). Equal values have variance 0 exactly. Depends on the order of the values:
/// push them in a fixed one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Running {
    n: u64,
    mean: f64,
    squares: f64,
    pairs: Option<Pairs>,
}

/// Values in pairs: with the estimates of the parameters, and with drawn ones.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Pairs {
    /// That with the estimates, of a pair that isn't complete.
    first: f64,
    n: u64,
    /// The means of both, and by how much the second is more: means, and squared distances from them.
    mean: f64,
    squares: f64,
    apart: f64,
    apart_squares: f64,
}

impl Running {
    /// No value yet.
    #[must_use]
    pub fn new(parameters: Parameters) -> Running {
        let pairs = (parameters == Parameters::EverySecondDrawn).then(Pairs::default);
        Running { pairs, ..Running::default() }
    }

    /// Counts one value.
    pub fn push(&mut self, value: f64) {
        self.n += 1;
        let distance = value - self.mean;
        self.mean += distance / self.n as f64;
        self.squares += distance * (value - self.mean);
        match &mut self.pairs {
            Some(pairs) if self.n.is_multiple_of(2) => pairs.push(value),
            Some(pairs) => pairs.first = value,
            None => {}
        }
    }

    /// The number of values.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Their mean; `None` if there was none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Their variance (n − 1 in the denominator); `None` for fewer than two.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.squares.max(0.0) / (self.n - 1) as f64)
    }

    /// Half the width of the two-sided Student's t interval that misses the true mean with a
    /// probability of `error`, in (0, 1); `None` for fewer than two values.
    ///
    /// Where parameters are drawn the true mean is that of the true ones. It is as far from that of the estimates as
    /// drawn ones move a replication, on the same random numbers, however many there are. So of g pairs with
    /// the variance V of their means, and D of how far drawn parameters move them, it has the variance D + V/g,
    /// with degrees of freedom after Satterthwaite (1946), *An approximate distribution of estimates of variance
    /// components*, Biometrics Bulletin 2(6); `None` for fewer than two pairs. What chance makes of a pair's difference in
    /// spite of the same random numbers is in D, too.
    #[must_use]
    pub fn half_width(&self, error: f64) -> Option<f64> {
        match &self.pairs {
            Some(pairs) => pairs.half_width(error),
            None => Some(half_width(self.variance()?, self.n as f64, 1.0 - 0.5 * error)),
        }
    }

    /// Half the width of the interval that chance alone would make, where parameters are drawn; `None` where
    /// they aren't, and for fewer than two pairs.
    #[must_use]
    pub fn half_width_by_chance(&self, error: f64) -> Option<f64> {
        let pairs = self.pairs.filter(|pairs| pairs.n > 1)?;
        Some(half_width(pairs.variance(), pairs.n as f64, 1.0 - 0.5 * error))
    }
}

impl Pairs {
    /// Counts the second of a pair.
    fn push(&mut self, value: f64) {
        self.n += 1;
        let apart = value - self.first;
        let step = |value: f64, mean: &mut f64, squares: &mut f64| {
            let distance = value - *mean;
            *mean += distance / self.n as f64;
            *squares += distance * (value - *mean);
        };
        step(self.first + 0.5 * apart, &mut self.mean, &mut self.squares);
        step(apart, &mut self.apart, &mut self.apart_squares);
    }

    /// The variance of the pairs' means.
    fn variance(&self) -> f64 {
        self.squares.max(0.0) / (self.n - 1) as f64
    }

    fn half_width(&self, error: f64) -> Option<f64> {
        let freedom = (self.n > 1).then(|| (self.n - 1) as f64)?;
        let (unknown, chance) =
            (self.apart_squares.max(0.0) / freedom, self.variance() / self.n as f64);
        let (variance, squares) = (unknown + chance, unknown * unknown + chance * chance);
        if variance == 0.0 {
            return Some(0.0);
        }
        let freedom = freedom * variance * variance / squares;
        Some(student_t_quantile(1.0 - 0.5 * error, freedom) * variance.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Chance, Key, Owner, Purpose, Site, open01};
    use crate::special::normal_quantile;

    fn of(values: &[f64]) -> Running {
        let mut running = Running::default();
        values.iter().for_each(|&value| running.push(value));
        running
    }

    #[test]
    fn of_four_values() {
        let running = of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((running.n(), running.mean()), (4, Some(2.5)));
        assert!((running.variance().unwrap() - 5.0 / 3.0).abs() < 1e-15);
        // t(0.975, 3) = 3.182446, t(0.99375, 3) = 5.391945: 95 %, and 95 % shared by four
        let root = libm::sqrt(5.0 / 3.0) / 2.0;
        assert!((running.half_width(0.05).unwrap() - 3.182_446_305 * root).abs() < 1e-8);
        assert!((running.half_width(0.05 / 4.0).unwrap() - 5.391_945 * root).abs() < 1e-5);
    }

    /// The seed is fixed, so this can't flicker; the standard error of a share is 0.35 points.
    #[test]
    fn intervals_with_drawn_parameters_cover_the_true_one_s_mean_however_many_there_are() {
        const TIMES: u64 = 4_000;
        // Of what chance makes a twentieth is another with drawn parameters.
        const OWN: f64 = 0.05;
        for (pairs, unknown) in [(3, 1.0), (10, 1.0), (100, 1.0), (100, 0.3), (10, 0.3), (10, 0.0)]
        {
            let mut covered = 0;
            for number in 0..TIMES {
                let (chance, mut ordinal) = (Chance::new(number), 0);
                let mut normal = || {
                    ordinal += 1;
                    let site =
                        Site { thing: Key(0), owner: Owner::NONE, purpose: Purpose(0), ordinal };
                    normal_quantile(open01(chance.block(site).first()))
                };
                // The truth is 0; a log's estimate of it is off, and draws lie around that.
                let estimate = unknown * normal();
                let mut running = Running::new(Parameters::EverySecondDrawn);
                for _ in 0..pairs {
                    let shared = normal();
                    running.push(estimate + shared);
                    running.push(estimate + unknown * normal() + shared + OWN * normal());
                }
                let half_width = running.half_width(0.05).unwrap();
                covered += u64::from(running.mean().unwrap().abs() <= half_width);
                let by_chance = running.half_width_by_chance(0.05).unwrap();
                assert!(pairs < 10 || by_chance < half_width);
            }
            let share = covered as f64 / TIMES as f64;
            assert!((0.93..0.97).contains(&share), "{pairs} pairs, {unknown}: {share}");
        }
    }

    #[test]
    fn pairs_need_two() {
        let mut running = Running::new(Parameters::EverySecondDrawn);
        for value in [1.0, 2.0, 4.0] {
            running.push(value);
            let widths = [running.half_width(0.05), running.half_width_by_chance(0.05)];
            assert_eq!(widths, [None, None]);
        }
        running.push(6.0);
        // Means 1.5 and 5, differences 1 and 2: 0.5 and 6.125 / 2, 1.318 degrees of freedom.
        let freedom = 3.5625 * 3.5625 / (0.25 + 3.0625 * 3.0625);
        let half_width = student_t_quantile(0.975, freedom) * libm::sqrt(3.5625);
        assert!((running.half_width(0.05).unwrap() - half_width).abs() < 1e-5);
        assert_eq!(running.mean(), Some(3.25));
    }

    #[test]
    fn a_constant_has_no_width() {
        let running = of(&[0.1; 20]);
        assert_eq!((running.mean(), running.half_width(0.05)), (Some(0.1), Some(0.0)));
        assert_eq!((of(&[]).mean(), of(&[2.0]).half_width(0.05)), (None, None));
    }

    #[test]
    fn a_large_offset_costs_nothing() {
        let near: Vec<f64> = [1.0, 2.0, 4.0].map(|value| value + 1e9).into();
        assert!((of(&near).variance().unwrap() - 7.0 / 3.0).abs() < 1e-5);
    }
}

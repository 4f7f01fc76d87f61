//! Choosing the best of several design points, replication by replication.

/// Requirements of the choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indifference {
    /// Differences below this don't matter, above 0.
    pub zone: f64,
    /// Probability of a wrong choice, in (0, 1), when the best is ahead by at least `zone`.
    pub error: f64,
    /// Replications before the first judgement, at least 2.
    pub first_stage: u64,
}

/// The state of the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// More than one may still be the best.
    Open,
    /// This one is.
    Best(usize),
    /// The figure isn't defined for this one, so that it can't be ranked.
    Undefined(usize),
}

/// The fully sequential procedure of Kim and Nelson (2001), *A fully sequential procedure for
/// indifference-zone selection in simulation*, ACM TOMACS 11(3), 251–273, with c = 1, for the
/// largest mean. The variances are those of the paired differences, so common random numbers are
/// allowed, and shorten it.
#[derive(Debug, Clone)]
pub struct KimNelson {
    asked: Indifference,
    going: Vec<usize>,
    /// The first stage's observations, by point.
    first: Vec<Vec<f64>>,
    sums: Vec<f64>,
    /// h²S²/δ² of each pair: how many replications until its continuation region has closed.
    spans: Vec<Vec<f64>>,
    seen: u64,
}

impl KimNelson {
    /// For `points` design points, at least one.
    #[must_use]
    pub fn new(points: usize, asked: Indifference) -> KimNelson {
        KimNelson {
            asked,
            going: (0..points).collect(),
            first: vec![Vec::new(); points],
            sums: vec![0.0; points],
            spans: Vec::new(),
            seen: 0,
        }
    }

    /// The points that may still be the best, in order.
    #[must_use]
    pub fn going(&self) -> &[usize] {
        &self.going
    }

    /// Counts one more replication: a value for each point still [`going`](Self::going), in
    /// their order. Those that can't be the best any more go.
    pub fn observe(&mut self, values: &[Option<f64>]) -> Standing {
        for (&point, &value) in self.going.iter().zip(values) {
            let Some(value) = value else {
                return Standing::Undefined(point);
            };
            self.sums[point] += value;
            if self.seen < self.asked.first_stage {
                self.first[point].push(value);
            }
        }
        self.seen += 1;
        if self.seen < self.asked.first_stage {
            return Standing::Open;
        }
        if self.seen == self.asked.first_stage {
            self.measure();
        }
        self.screen();
        // Where every region has closed, only ties are left.
        if self.going.len() == 1 || self.seen as f64 > self.longest() {
            return Standing::Best(self.leader());
        }
        Standing::Open
    }

    /// The spans, from the first stage.
    fn measure(&mut self) {
        let Indifference { zone, error, first_stage } = self.asked;
        let degrees = (first_stage - 1) as f64;
        let others = self.first.len().saturating_sub(1).max(1) as f64;
        // η for c = 1: ½(1 + 2η)^(−(n₀−1)/2) = α/(k−1)
        let eta = 0.5 * (libm::pow(2.0 * error / others, -2.0 / degrees) - 1.0);
        let h2 = 2.0 * eta * degrees;
        let span = |a: &[f64], b: &[f64]| {
            let differences = || a.iter().zip(b).map(|(a, b)| a - b);
            let mean = differences().sum::<f64>() / first_stage as f64;
            let squares: f64 = differences().map(|d| (d - mean) * (d - mean)).sum();
            (h2 * squares / degrees / (zone * zone)).max(0.0)
        };
        self.spans =
            self.first.iter().map(|a| self.first.iter().map(|b| span(a, b)).collect()).collect();
    }

    /// Drops whoever lies behind another by more than chance may explain.
    fn screen(&mut self) {
        let before = self.going.clone();
        let half_zone = 0.5 * self.asked.zone;
        self.going.retain(|&own| {
            before.iter().all(|&other| {
                let room = half_zone * (self.spans[own][other] - self.seen as f64).max(0.0);
                own == other || self.sums[own] >= self.sums[other] - room
            })
        });
    }

    /// Replications until every pair's region has closed.
    fn longest(&self) -> f64 {
        let pairs = self.going.iter().flat_map(|&a| self.going.iter().map(move |&b| (a, b)));
        pairs.map(|(a, b)| self.spans[a][b].floor()).fold(0.0, f64::max)
    }

    fn leader(&self) -> usize {
        let first = self.going[0];
        self.going.iter().copied().fold(first, |best, point| {
            if self.sums[point] > self.sums[best] { point } else { best }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::normal_quantile;

    /// Standard normal values, the same always.
    fn normal(trial: u64, replication: u64, point: u64) -> f64 {
        let mut word =
            (trial << 40 | replication << 20 | point).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for _ in 0..2 {
            word = (word ^ (word >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        normal_quantile(((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
    }

    /// The choice and after how many replications, for normal points with these means and a
    /// common part of standard deviation `shared`.
    fn choose(trial: u64, means: &[f64], shared: f64, zone: f64) -> (usize, u64) {
        let asked = Indifference { zone, error: 0.05, first_stage: 10 };
        let mut rule = KimNelson::new(means.len(), asked);
        for replication in 0..100_000 {
            let common = shared * normal(trial, replication, 1000);
            let value = |&point: &usize| {
                Some(means[point] + common + normal(trial, replication, point as u64))
            };
            let values: Vec<_> = rule.going().iter().map(value).collect();
            if let Standing::Best(best) = rule.observe(&values) {
                return (best, replication + 1);
            }
        }
        panic!("no choice");
    }

    #[test]
    fn the_best_is_chosen_as_often_as_promised() {
        // The hardest case the promise covers: all others exactly the zone behind.
        let means = [0.0, 0.0, 0.5, 0.0, 0.0];
        let trials = 1000;
        let right = (0..trials).filter(|&trial| choose(trial, &means, 1.0, 0.5).0 == 2).count();
        assert!(right >= 950, "{right} of {trials}");
    }

    #[test]
    fn a_smaller_zone_takes_longer_and_a_shared_part_nothing() {
        let means = [0.0, 0.1, 0.3];
        let mean_length =
            |shared, zone| (0..100).map(|trial| choose(trial, &means, shared, zone).1).sum::<u64>();
        let (wide, narrow) = (mean_length(0.0, 0.4), mean_length(0.0, 0.1));
        assert!(narrow > 2 * wide, "{narrow} {wide}");
        let common = mean_length(50.0, 0.1);
        assert!(common.abs_diff(narrow) * 100 < narrow, "{common} {narrow}");
    }

    #[test]
    fn by_hand() {
        // n₀ = 2, k = 2, α = 0.05: η = ½((0.1)⁻² − 1) = 49.5, h² = 99.
        let mut rule = KimNelson::new(2, Indifference { zone: 1.0, error: 0.05, first_stage: 2 });
        assert_eq!(rule.observe(&[Some(1.0), Some(0.0)]), Standing::Open);
        // Differences 1 and 1.2: S² = 0.02, h²S²/δ² = 1.98 < 2: the region has closed.
        assert_eq!(rule.observe(&[Some(1.2), Some(0.0)]), Standing::Best(0));
        let mut rule = KimNelson::new(2, Indifference { zone: 1.0, error: 0.05, first_stage: 2 });
        assert_eq!(rule.observe(&[Some(1.0), Some(0.0)]), Standing::Open);
        // Differences 1 and 1.4: S² = 0.08, 7.92: at 2, 2.4 is less than ½(7.92 − 2) = 2.96 ahead.
        assert_eq!(rule.observe(&[Some(1.4), Some(0.0)]), Standing::Open);
        // At 3, 2.5 against ½ × 4.92 = 2.46.
        assert_eq!(rule.observe(&[Some(0.1), Some(0.0)]), Standing::Best(0));
        assert_eq!(rule.going(), [0]);
    }

    #[test]
    fn ties_end_and_the_undefined_is_named() {
        let asked = Indifference { zone: 1.0, error: 0.05, first_stage: 2 };
        let mut rule = KimNelson::new(3, asked);
        assert_eq!(rule.observe(&[Some(1.0), Some(1.0), Some(0.0)]), Standing::Open);
        assert_eq!(rule.observe(&[Some(2.0), Some(2.0), Some(1.0)]), Standing::Best(0));
        let mut rule = KimNelson::new(2, asked);
        assert_eq!(rule.observe(&[Some(1.0), None]), Standing::Undefined(1));
    }
}

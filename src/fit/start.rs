//! Start of a search, and whether it can begin at all.

use super::distribution::Family;
use super::fitted::LEAST_ROWS;
use super::sample::{Observation, Sample};
use super::unfit::Unfit;

/// A sample in a few figures, each interval standing for its middle.
pub(super) struct Summary {
    ended: u64,
    /// Mean and deviation of the logarithms.
    mean_ln: f64,
    deviation_ln: f64,
    mean: f64,
}

impl Summary {
    /// Of the durations beyond `shift`, s.
    pub(super) fn of(sample: &Sample, shift: f64) -> Summary {
        let (mut n, mut sum, mut sum_ln) = (0.0, 0.0, 0.0);
        for o in sample.observations() {
            let (x, count) = (middle(&o.after(shift)), o.count as f64);
            n += count;
            sum += count * x;
            sum_ln += count * libm::log(x);
        }
        let n: f64 = n.max(1.0);
        let mean_ln = sum_ln / n;
        let squares: f64 = sample
            .observations()
            .iter()
            .map(|o| {
                let off = libm::log(middle(&o.after(shift))) - mean_ln;
                o.count as f64 * off * off
            })
            .sum();
        Summary {
            ended: sample.rows() - sample.pending(),
            mean_ln,
            deviation_ln: libm::sqrt(squares / n).clamp(0.05, 3.0),
            mean: sum / n,
        }
    }

    /// Error if nothing can be fitted, with the reason.
    pub(super) fn check(&self, sample: &Sample) -> Result<(), Unfit> {
        let rows = sample.rows();
        if rows > 0 && self.ended == 0 {
            return Err(Unfit::AllPending { rows });
        }
        if self.ended < LEAST_ROWS {
            return Err(Unfit::TooFew { ended: self.ended, least: LEAST_ROWS });
        }
        if sample.zeros() == rows {
            return Err(Unfit::AllZero { rows });
        }
        let ended = sample.observations().iter().filter(|o| !o.is_pending());
        let mut ended = ended.map(|o| (o.least(), o.high, o.is_exact()));
        let Some((low, high, exact)) = ended.next() else {
            let ended = self.ended - sample.zeros();
            return Err(Unfit::TooFew { ended, least: LEAST_ROWS });
        };
        if ended.all(|other| other == (low, high, exact)) {
            return Err(if exact {
                Unfit::AllEqual { seconds: low }
            } else {
                Unfit::OneInterval { low, high }
            });
        }
        Ok(())
    }

    /// A first guess of the share that never ends: half of what is pending longer than most took.
    pub(super) fn never_share(&self, sample: &Sample) -> f64 {
        let long = libm::exp(self.mean_ln + 2.0 * self.deviation_ln);
        let pending = sample.observations().iter().filter(|o| o.is_pending() && o.low > long);
        let rows = sample.rows().max(1) as f64;
        (0.5 * pending.map(|o| o.count as f64).sum::<f64>() / rows).clamp(0.5 / rows, 0.9)
    }

    /// A first guess of the share of zeros.
    pub(super) fn zero_share(&self, sample: &Sample) -> f64 {
        let may_be: f64 =
            sample.observations().iter().map(|o| o.count as f64 * o.share_at_zero()).sum();
        let rows = sample.rows().max(1) as f64;
        ((sample.zeros() as f64 + 0.5 * may_be) / rows).clamp(0.5 / rows, 0.9)
    }
}

/// Points from which the likelihood of a family is climbed.
pub(super) fn starts(family: Family, summary: &Summary) -> Vec<Vec<f64>> {
    let (m, s) = (summary.mean_ln, summary.deviation_ln);
    let ln_mean = libm::log(summary.mean);
    match family {
        Family::Exponential => vec![vec![ln_mean]],
        Family::LogNormal => vec![vec![m, libm::log(s)]],
        // The variance of ln X is ψ′(shape), about 1/shape + 1/(2 shape²).
        Family::Gamma => {
            let shape = (1.0 + libm::sqrt(1.0 + 2.0 * s * s)) / (2.0 * s * s);
            vec![vec![ln_mean, libm::log(shape)]]
        }
        // That of a Weibull is π²/(6 shape²).
        Family::Weibull => {
            let shape = 1.282_549_830_161_864 / s;
            vec![vec![m + 0.577_215_664_901_532_9 / shape, libm::log(shape)]]
        }
        Family::Hyperexponential => {
            [(0.0, 0.3, 1.7), (1.5, 0.5, 3.0), (3.0, 0.8, 8.0), (-1.5, 0.1, 1.2)]
                .into_iter()
                .map(|(logit, short, long)| {
                    vec![logit, ln_mean + libm::log(short), ln_mean + libm::log(long)]
                })
                .collect()
        }
        Family::LogNormals => {
            [(0.0, -0.8, 0.8), (2.0, -0.3, 2.0), (1.0, -0.5, 1.2), (-1.5, -2.0, 0.4)]
                .into_iter()
                .map(|(logit, short, long)| {
                    let narrow = libm::log(0.6 * s);
                    vec![logit, m + short * s, narrow, m + long * s, narrow]
                })
                .collect()
        }
    }
}

/// A value that stands for an observation.
fn middle(o: &Observation) -> f64 {
    let low = o.least();
    let x = if o.is_pending() { low.max(0.5 * o.blur) } else { 0.5 * (low + o.high.max(0.0)) };
    x.max(1e-9)
}

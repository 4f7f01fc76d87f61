//! Confidence intervals.

use crate::special::student_t_quantile;

/// A mean with the half-width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean of the observations.
    pub mean: f64,
    /// Half the width of the interval; `None` for fewer than two observations.
    pub half_width: Option<f64>,
    /// Observations.
    pub n: usize,
}

/// Student's t interval at 95 % over independent observations; `None` if there are none.
#[must_use]
pub fn t_interval(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let half_width = (n > 1).then(|| {
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        half_width(squares / (n - 1) as f64, n as f64, 0.975)
    });
    Some(Estimate { mean, half_width, n })
}

/// The quantile at `p` of Student's t, times the standard error of a mean of `n` > 1 values.
pub(super) fn half_width(variance: f64, n: f64, p: f64) -> f64 {
    student_t_quantile(p, n - 1.0) * variance.sqrt() / n.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_four_observations() {
        // t(0.975, 3) = 3.182446, s = 1.290994
        let estimate = t_interval(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((estimate.mean, estimate.n), (2.5, 4));
        assert!((estimate.half_width.unwrap() - 3.182_446_305 * 1.290_994_449 / 2.0).abs() < 1e-6);
    }

    #[test]
    fn one_observation_has_no_width_and_none_no_mean() {
        assert_eq!(t_interval(&[3.0]).unwrap().half_width, None);
        assert_eq!(t_interval(&[]), None);
    }
}

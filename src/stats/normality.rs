//! Fitness of observations for Student's t: independent, and not too skewed for their number.

/// The lag-1 autocorrelation, 1 − η/2 with von Neumann's ratio η of the mean squared successive
/// difference to the variance: about 0 of independent values, with a standard error of about 1/√n.
/// `None` for fewer than three values, or equal ones.
///
/// von Neumann (1941), *Distribution of the ratio of the mean square successive difference to the
/// variance*, Annals of Mathematical Statistics 12(4), 367–395.
#[must_use]
pub fn lag_one(values: &[f64]) -> Option<f64> {
    if values.len() < 3 {
        return None;
    }
    let (_, squares, _) = central(values);
    let steps: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    (squares > 0.0).then(|| 1.0 - 0.5 * steps / squares)
}

/// `true` if a t interval of these values would promise too much: Cochran's rule, n < 25 G² with G the
/// adjusted skewness (Cochran 1977, *Sampling Techniques*, 3rd edition, § 2.15). Of few values the
/// skewness is itself unsure: below two and a half of its standard errors, √(6/n), it says nothing.
/// Values of which most are one and the same have too little in them that varies, whatever their skewness.
#[must_use]
pub fn is_skewed(values: &[f64]) -> bool {
    let n = values.len() as f64;
    let (_, squares, cubes) = central(values);
    if values.len() < 3 || squares <= 0.0 {
        return false;
    }
    let skewness =
        (cubes / n) / libm::pow(squares / n, 1.5) * libm::sqrt(n * (n - 1.0)) / (n - 2.0);
    skewness.abs() > libm::sqrt(n / 25.0).max(2.5 * libm::sqrt(6.0 / n)) || are_mostly_one(values)
}

/// `true` if more than half of them are equal.
fn are_mostly_one(values: &[f64]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // The one in the middle is then among them.
    let middle = sorted[sorted.len() / 2];
    2 * values.iter().filter(|&&value| value == middle).count() > values.len()
}

/// Mean, and the sums of squared and cubed distances from it.
fn central(values: &[f64]) -> (f64, f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let distances = values.iter().map(|value| value - mean);
    distances.fold((mean, 0.0, 0.0), |(mean, squares, cubes), far| {
        (mean, squares + far * far, cubes + far * far * far)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_are_alike_are_correlated() {
        // Mean 2.5, squares 5, steps 3: 1 − 0.3.
        assert!((lag_one(&[1.0, 2.0, 3.0, 4.0]).unwrap() - 0.7).abs() < 1e-15);
        // Steps 12, squares 4.
        assert!((lag_one(&[0.0, 2.0, 0.0, 2.0]).unwrap() + 0.5).abs() < 1e-15);
        assert_eq!((lag_one(&[1.0, 2.0]), lag_one(&[3.0; 5])), (None, None));
    }

    #[test]
    fn few_that_stand_out_need_many_beside_them() {
        // One in 20: G = 4.47, which takes 500.
        let mut values = [0.0; 20];
        values[3] = 1.0;
        assert!(is_skewed(&values));
        // G = 2.24 of five, the most there can be, against 2.74: but most are 0.
        assert!(is_skewed(&[0.0, 0.0, 0.0, 0.0, 1.0]));
        assert!(!is_skewed(&[0.0, 0.1, 0.2, 0.1, 9.0]));
        assert!(is_skewed(&[0.0, 0.0, 0.0, 1.0, 2.0]) && !is_skewed(&[0.0, 0.0, 1.0, 2.0]));
        assert!(!is_skewed(&[1.0, 2.0, 3.0, 4.0, 6.0]));
        // Half and half: none at all.
        assert!(!is_skewed(&[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]));
        // One in ten far off: G = 2.7 or so, which takes 180.
        let one = |n: u32| if n.is_multiple_of(10) { 50.0 } else { f64::from(n % 7) };
        let many: Vec<f64> = (0..500).map(one).collect();
        assert!(!is_skewed(&many) && is_skewed(&many[..20]));
        assert!(!is_skewed(&[2.0; 9]) && !is_skewed(&[1.0, 9.0]));
    }
}

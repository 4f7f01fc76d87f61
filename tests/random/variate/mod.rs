//! Variates against their own distribution functions, moments, bounds and errors.

mod cases;
mod samplers;

use cases::{Case, cases, decay};
use rand_distr::Distribution;
use smschain::random::{Variate, open01};

/// A grid of (0, 1), fine in both tails.
fn grid() -> impl Iterator<Item = f64> {
    let tail = [1e-12, 1e-10, 1e-8, 1e-6, 1e-5, 6e-5, 6.2e-5, 1e-4, 3e-4, 1e-3, 4e-3];
    let middle = (1..2000).map(|i| f64::from(i) / 2000.0 + 1e-7);
    let upper = tail.into_iter().rev().map(|t| 1.0 - t);
    tail.into_iter().chain(middle.filter(|u| (0.004..0.996).contains(u))).chain(upper)
}

#[test]
fn quantiles_go_there_and_back() {
    for Case { name, variate, tails } in cases() {
        for u in grid() {
            let x = variate.quantile(u);
            let (p, q) = tails(x);
            let error = if u < 0.5 { p / u - 1.0 } else { q / (1.0 - u) - 1.0 };
            // What one rounding of x costs in probability; the rest is the table's bound.
            let (above, below) = (tails(x * (1.0 + 4e-16)), tails(x * (1.0 - 4e-16)));
            let rounding = if u < 0.5 {
                (above.0 - below.0).abs() / u
            } else {
                (above.1 - below.1).abs() / (1.0 - u)
            };
            let tabled = name.starts_with("gamma") || name.starts_with("beta");
            let bound = if tabled { 1e-10 } else { 2e-13 };
            assert!(error.abs() <= bound + 4.0 * rounding, "{name} at {u}: {error:e}");
        }
    }
}

#[test]
fn quantiles_never_decrease() {
    for Case { name, variate, .. } in cases() {
        let mut last = f64::NEG_INFINITY;
        for u in grid() {
            let x = variate.quantile(u);
            assert!(x >= last, "{name} at {u}");
            last = x;
        }
        // Neighbouring numbers, where a table or the tail beside it might be out of step.
        for base in [1.0 / 16384.0, 1.0 - 1.0 / 16384.0, 0.3, 0.5] {
            let mut last = f64::NEG_INFINITY;
            for i in -2000..2000 {
                let x = variate.quantile(base + f64::from(i) * 1e-9);
                assert!(x >= last, "{name} near {base}");
                last = x;
            }
        }
    }
}

/// Mean and variance by the trapezium rule after u = 1/(1 + e⁻ᶻ), which makes smooth integrands
/// die off at both ends, so that the rule converges fast.
fn moments(variate: &Variate) -> (f64, f64) {
    let h = 1.0 / 512.0;
    let centre = variate.quantile(0.5);
    let (mut first, mut second) = (0.0, 0.0);
    for i in -18_000..=18_000 {
        let e = libm::exp(-f64::from(i) * h);
        let (u, weight) = (1.0 / (1.0 + e), h * e / ((1.0 + e) * (1.0 + e)));
        let away = variate.quantile(u) - centre;
        first += weight * away;
        second += weight * away * away;
    }
    (centre + first, second - first * first)
}

#[test]
fn exact_moments_are_those_of_the_quantiles() {
    for Case { name, variate, .. } in cases() {
        let (mean, variance) = moments(&variate);
        let (exact_mean, exact_variance) = (variate.mean().unwrap(), variate.variance().unwrap());
        // A kink (triangular) and a heavy tail (pareto) cost the rule some digits.
        let digits = if ["triangular", "pareto"].contains(&name) { 1e-6 } else { 1e-8 };
        assert!((mean / exact_mean - 1.0).abs() < digits, "{name}: mean {mean}, {exact_mean}");
        let error = (variance / exact_variance - 1.0).abs();
        assert!(error < digits, "{name}: variance {variance}, {exact_variance}");
    }
}

#[test]
fn moments_of_compositions_are_those_of_their_values() {
    let inner = Variate::uniform(0.0, 1.0).unwrap().bounded(10.0, None, None).unwrap();
    let outer = vec![(1.0, inner), (0.0, Variate::constant(1e9).unwrap()), (3.0, weibull())];
    for variate in [
        Variate::hyperexponential(&[0.2, 0.5, 0.3], &[1.0, 4.0, 0.1]).unwrap(),
        Variate::mixture(outer).unwrap(),
        Variate::empirical(vec![3.0, -1.0, 3.0, 8.0, 2.5]).unwrap(),
    ] {
        let n = 1 << 20;
        let values = || (0..n).map(|i| variate.quantile((f64::from(i) + 0.5) / f64::from(n)));
        let mean = values().sum::<f64>() / f64::from(n);
        let variance = values().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!((variate.mean().unwrap() / mean - 1.0).abs() < 2e-5, "{mean}");
        assert!((variate.variance().unwrap() / variance - 1.0).abs() < 2e-4, "{variance}");
    }
}

fn weibull() -> Variate {
    Variate::weibull(2.0, 1.5).unwrap()
}

#[test]
fn a_mixture_has_the_mixed_distribution_function() {
    let (weights, means) = ([1.0, 3.0], [10.0, 1.0]);
    let variate = Variate::hyperexponential(&weights, &means).unwrap();
    let n = 1_000_000;
    let mut values: Vec<f64> =
        (0..n).map(|i| variate.quantile((f64::from(i) + 0.5) / f64::from(n))).collect();
    values.sort_by(f64::total_cmp);
    for x in [0.01, 0.5, 1.0, 3.0, 10.0, 40.0] {
        let share = values.partition_point(|&v| v <= x) as f64 / f64::from(n);
        let exact = 0.25 * decay(x / 10.0).0 + 0.75 * decay(x).0;
        assert!((share - exact).abs() < 2e-6, "{x}: {share}, {exact}");
    }
    // The first part's piece of (0, 1), stretched.
    assert_eq!(variate.quantile(0.125), Variate::exponential(10.0).unwrap().quantile(0.5));
}

#[test]
fn log_normal_meets_its_percentiles_and_its_mean() {
    let variate = Variate::lognormal_median_p95(90.0, 450.0).unwrap();
    assert_eq!(variate.quantile(0.5), 90.0);
    assert!((variate.quantile(0.95) / 450.0 - 1.0).abs() < 1e-14);
    let variate = Variate::lognormal_mean_cv(3.0, 2.0).unwrap();
    assert!((variate.mean().unwrap() / 3.0 - 1.0).abs() < 1e-14);
    assert!((variate.variance().unwrap() / 36.0 - 1.0).abs() < 1e-14);
}

#[test]
fn empirical_values_are_equally_likely_in_order() {
    let variate = Variate::empirical(vec![5.0, 1.0, 3.0, 3.0]).unwrap();
    let values: Vec<f64> =
        [1e-12, 0.249, 0.251, 0.6, 0.7499, 0.75, 1.0 - 1e-16].map(|u| variate.quantile(u)).into();
    assert_eq!(values, [1.0, 1.0, 3.0, 3.0, 3.0, 5.0, 5.0]);
}

#[test]
fn bounds_shift_first_and_clamp_then() {
    let variate = Variate::exponential(1.0).unwrap();
    let bounded = variate.clone().bounded(2.0, Some(2.5), Some(4.0)).unwrap();
    assert_eq!(bounded.quantile(0.01), 2.5);
    assert_eq!(bounded.quantile(0.7), 2.0 + variate.quantile(0.7));
    assert_eq!(bounded.quantile(0.999), 4.0);
    assert_eq!((bounded.mean(), bounded.variance()), (None, None));
    // Again: the old bounds hold first.
    let again = bounded.bounded(1.0, None, Some(4.75)).unwrap();
    assert_eq!(again.quantile(0.01), 3.5);
    assert_eq!(again.quantile(0.999), 4.75);
}

#[test]
fn bounds_that_cut_nothing_leave_the_moments() {
    let shifted = Variate::exponential(1.0).unwrap().bounded(2.0, Some(2.0), None).unwrap();
    assert_eq!((shifted.mean(), shifted.variance()), (Some(3.0), Some(1.0)));
    let same = weibull().bounded(0.0, None, None).unwrap();
    assert_eq!(same, weibull());
    let mixed = Variate::mixture(vec![(1.0, shifted), (1.0, Variate::constant(3.0).unwrap())]);
    let mixed = mixed.unwrap().bounded(0.0, Some(0.0), None).unwrap();
    assert_eq!((mixed.mean(), mixed.variance()), (Some(3.0), Some(0.5)));
}

#[test]
fn a_mixture_of_cut_parts_has_no_simple_moments() {
    let cut = Variate::exponential(1.0).unwrap().bounded(0.0, None, Some(1.0)).unwrap();
    let mixed = Variate::mixture(vec![(1.0, cut), (1.0, weibull())]).unwrap();
    assert_eq!((mixed.mean(), mixed.variance()), (None, None));
}

#[test]
fn infinite_moments_are_none() {
    assert_eq!(Variate::pareto(1.0, 1.0).unwrap().mean(), None);
    let variate = Variate::pareto(1.0, 1.5).unwrap();
    assert_eq!((variate.mean(), variate.variance()), (Some(3.0), None));
}

#[test]
fn one_value_is_a_constant() {
    for constant in [
        Variate::constant(7.0),
        Variate::lognormal_median_p95(7.0, 7.0),
        Variate::lognormal_mean_cv(7.0, 0.0),
        Variate::uniform(7.0, 7.0),
        Variate::triangular(7.0, 7.0, 7.0),
        Variate::normal(7.0, 0.0),
        Variate::empirical(vec![7.0; 3]),
        Variate::mixture(vec![(2.0, Variate::constant(7.0).unwrap())]),
        Variate::exponential(9.0).unwrap().bounded(0.0, Some(7.0), Some(7.0)),
        Variate::constant(3.0).unwrap().bounded(4.0, None, None),
    ] {
        let constant = constant.unwrap();
        assert_eq!(constant.as_constant(), Some(7.0));
        assert_eq!(constant.quantile(0.3), 7.0);
        assert_eq!((constant.mean(), constant.variance()), (Some(7.0), Some(0.0)));
        assert_eq!(constant, Variate::constant(7.0).unwrap());
    }
    assert_eq!(weibull().as_constant(), None);
}

#[test]
fn extreme_parameters_give_finite_values() {
    let sizes = [1e-300, 1e-9, 1e-3, 1.0, 1e4, 1e12, 1e300];
    let ends = [open01(0), 1e-9, 0.3, 0.5, 0.9, 1.0 - 1e-9, open01(u64::MAX)];
    for a in sizes {
        for b in sizes {
            let mut variates = vec![
                Variate::exponential(a),
                Variate::lognormal_mean_cv(a, b.min(1e150)),
                Variate::lognormal_median_p95(a.min(b), a.max(b)),
                Variate::gamma(a, b),
                Variate::weibull(a, b),
                Variate::pareto(a, b),
                Variate::uniform(-a, b),
                Variate::triangular(-a, 0.0, b),
                Variate::normal(a, b),
                Variate::hyperexponential(&[a, b], &[b, a]),
            ];
            // Far more than a score could need: a hundred million.
            variates.push(Variate::beta(a.min(1e8), b.min(1e8)));
            for variate in variates {
                let variate = variate.unwrap();
                let values = ends.map(|u| variate.quantile(u));
                assert!(values.iter().all(|x| x.is_finite()), "{variate:?}: {values:?}");
                let is_mixture = format!("{variate:?}").contains("Mixture");
                assert!(values.is_sorted() || is_mixture, "{variate:?}: {values:?}");
                assert!(variate.mean().is_none_or(f64::is_finite), "{variate:?}");
            }
        }
    }
    let far = Variate::pareto(1.0, 1e-3).unwrap().bounded(-5.0, None, None).unwrap();
    assert_eq!(far.quantile(open01(u64::MAX)), f64::MAX);
}

#[test]
fn senseless_parameters_are_told() {
    let one = || Variate::constant(1.0).unwrap();
    for (result, sentence) in [
        (Variate::constant(f64::NAN), "`value` is NaN: expected a finite number"),
        (Variate::exponential(0.0), "`mean` is 0: expected a finite number above 0"),
        (Variate::exponential(-2.5), "`mean` is -2.5: expected a finite number above 0"),
        (Variate::exponential(f64::INFINITY), "`mean` is inf: expected a finite number above 0"),
        (
            Variate::lognormal_median_p95(90.0, 45.0),
            "`p95` is 45: expected a finite number, at least `median` (90)",
        ),
        (
            Variate::lognormal_mean_cv(1.0, -0.5),
            "`cv` is -0.5: expected a finite number, at least 0",
        ),
        (Variate::gamma(1.0, 0.0), "`shape` is 0: expected a finite number above 0"),
        (Variate::weibull(-1.0, 1.0), "`scale` is -1: expected a finite number above 0"),
        (Variate::pareto(1.0, f64::NAN), "`shape` is NaN: expected a finite number above 0"),
        (Variate::uniform(3.0, 2.0), "`high` is 2: expected a finite number, at least `low` (3)"),
        (
            Variate::triangular(0.0, 5.0, 4.0),
            "`high` is 4: expected a finite number, at least `mode` (5)",
        ),
        (
            Variate::triangular(0.0, -1.0, 4.0),
            "`mode` is -1: expected a finite number, at least `low` (0)",
        ),
        (Variate::normal(0.0, -1.0), "`sd` is -1: expected a finite number, at least 0"),
        (Variate::beta(2.0, -1.0), "`beta` is -1: expected a finite number above 0"),
        (
            Variate::hyperexponential(&[0.5, 0.5], &[1.0]),
            "`means` is a list of 1: expected as many as `weights` (2)",
        ),
        (
            Variate::hyperexponential(&[0.5, 0.5], &[1.0, 0.0]),
            "`means[1]` is 0: expected a finite number above 0",
        ),
        (
            Variate::hyperexponential(&[0.5, -0.5], &[1.0, 2.0]),
            "`weights[1]` is -0.5: expected a finite number, at least 0",
        ),
        (
            Variate::hyperexponential(&[0.0, 0.0], &[1.0, 2.0]),
            "`weights` is of total weight 0: expected weights with a finite sum above 0",
        ),
        (Variate::mixture(vec![]), "`parts` is empty: expected at least one part"),
        (
            Variate::mixture(vec![(f64::NAN, one())]),
            "`parts[0].weight` is NaN: expected a finite number, at least 0",
        ),
        (Variate::empirical(vec![]), "`values` is empty: expected at least one number"),
        (Variate::empirical(vec![1.0, f64::NAN]), "`values[1]` is NaN: expected a finite number"),
        (one().bounded(0.0, Some(2.0), Some(1.0)), "`min` is 2: expected at most `max` (1)"),
        (one().bounded(f64::NAN, None, None), "`shift` is NaN: expected a finite number"),
    ] {
        assert_eq!(result.unwrap_err().to_string(), sentence);
    }
    assert_eq!(Variate::exponential(0.0).unwrap_err().parameter(), "mean");
}

/// Counts its draws.
struct Counter(u64);

impl rand::TryRng for Counter {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        panic!("a sample draws 64 bits")
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 += 1;
        Ok(self.0 << 60)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        panic!("a sample draws 64 bits")
    }
}

#[test]
fn a_sample_is_the_quantile_of_one_draw() {
    let mixture = Variate::mixture(vec![(1.0, weibull()), (1.0, weibull())]).unwrap();
    for variate in [weibull(), mixture, Variate::constant(1.0).unwrap()] {
        let mut counter = Counter(2);
        assert_eq!(variate.sample(&mut counter), variate.quantile(open01(3 << 60)));
        assert_eq!(counter.0, 3);
    }
}

#[test]
fn clones_and_equals_give_the_same_bits() {
    let (one, two) = (Variate::gamma(1.0, 0.3).unwrap(), Variate::gamma(1.0, 0.3).unwrap());
    assert_eq!(one, two);
    for u in grid() {
        assert_eq!(one.quantile(u).to_bits(), two.clone().quantile(u).to_bits());
    }
}

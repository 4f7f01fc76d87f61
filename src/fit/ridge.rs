//! Draws of a mixture whose parts a log hardly tells apart.
//!
//! Weights and parts can then make good for each other over a long way, along which the likelihood stays
//! as it is; but the way is bent, and a normal law around the estimate leaves it: median and p95 would
//! vary by a third where the log tells them to a hundredth. So such a mixture is drawn as a whole, longer or
//! shorter, and wider or narrower, by as much as median and p95 aren't known.

use super::distribution::Family;
use super::fitted::Fit;
use super::linear::{Matrix, dot, quadratic};

/// Standard deviations of logarithms and logits beyond which a mixture is drawn as a whole.
const WIDE: f64 = 0.1;

/// The covariance to draw from. What is drawn with a mixture that is drawn as a whole keeps its own.
pub(super) fn drawable(fit: &Fit) -> Matrix {
    let (all, free) = (fit.covariance(), fit.family().free());
    let of_family: Matrix =
        all.iter().take(free).map(|row| row.iter().take(free).copied().collect()).collect();
    let Some(whole) = as_a_whole(fit, &of_family) else { return all.clone() };
    let mut covariance = all.clone();
    for (i, row) in covariance.iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate() {
            match whole.get(i).and_then(|row| row.get(j)) {
                Some(own) => *entry = *own,
                None if i < free || j < free => *entry = 0.0,
                None => {}
            }
        }
    }
    covariance
}

/// The covariance of a mixture's unknowns that makes it longer or shorter and wider or narrower as a whole; `None`
/// where its own will do.
fn as_a_whole(fit: &Fit, covariance: &Matrix) -> Option<Matrix> {
    let (longer, wider): (&[f64], &[f64]) = match fit.family() {
        Family::LogNormals => (&[0.0, 1.0, 0.0, 1.0, 0.0], &[0.0, 0.0, 1.0, 0.0, 1.0]),
        Family::Hyperexponential => (&[0.0, 1.0, 1.0], &[0.0, -1.0, 1.0]),
        _ => return None,
    };
    let told = |(i, row): (usize, &Vec<f64>)| row.get(i).is_some_and(|own| *own < WIDE * WIDE);
    if covariance.iter().enumerate().all(told) {
        return None;
    }
    let slopes = |share: f64| {
        let mut all = fit.scores(|model| libm::log(model.quantile(share)));
        all.truncate(covariance.len());
        all
    };
    let (median, p95) = (slopes(0.5), slopes(0.95));
    let both: Vec<f64> = median.iter().zip(&p95).map(|(a, b)| a + b).collect();
    let (v, w) = (quadratic(covariance, &median), quadratic(covariance, &p95));
    let c = (quadratic(covariance, &both) - v - w) / 2.0;
    let (a, b) = (dot(&median, longer), dot(&median, wider));
    let (d, e) = (dot(&p95, longer), dot(&p95, wider));
    let det = a * e - b * d;
    if det.abs() < 1e-6 || ![v, w, c].iter().all(|own| own.is_finite()) {
        return None;
    }
    // The inverse of [a b; d e] times [v c; c w], times its transpose.
    let of = |x: [f64; 2], y: [f64; 2]| {
        x[0] * y[0] * v + (x[0] * y[1] + x[1] * y[0]) * c + x[1] * y[1] * w
    };
    let (first, second) = ([e / det, -b / det], [-d / det, a / det]);
    let (l, m, r) = (of(first, first), of(first, second), of(second, second));
    let entry = |i: usize, j: usize| {
        longer[i] * longer[j] * l
            + (longer[i] * wider[j] + wider[i] * longer[j]) * m
            + wider[i] * wider[j] * r
    };
    let n = covariance.len();
    Some((0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::compose::Kind;
    use crate::fit::{Observation, Sample, Uncertain, drawn, fit};

    #[test]
    fn a_mixture_that_is_hardly_one_is_drawn_with_the_median_that_the_log_tells() {
        // A log-normal with a little besides, as a receipt's way adds to a latency.
        let z = |n: u64| crate::special::normal_quantile((n as f64 + 0.5) / 20_000.0);
        let seconds =
            |n: u64| 3.0 * libm::exp(0.67 * z(n * 7_919 % 20_000)) + 0.3 * (n % 7) as f64 / 3.0;
        let sample: Sample = (0..20_000).map(|n| Observation::exact(seconds(n))).collect();
        let fitted = fit(Family::LogNormals, &sample).unwrap();
        let known = fitted.quantile(0.5);
        let uncertain = Uncertain {
            path: "latency".to_owned(),
            kind: Kind::Duration(Family::LogNormals),
            at: fitted.point().to_vec(),
            covariance: drawable(&fitted),
            also: Vec::new(),
        };
        // Medians of what is drawn, as the scenario has it: of both parts by their weights.
        let spread = (known.high / known.low - 1.0).abs();
        assert!(spread < 0.03, "{known:?}");
        for replication in 0..50 {
            let set = drawn(std::slice::from_ref(&uncertain), 1, replication);
            let number = |after: &str, text: &str| -> f64 {
                let rest = text.split_once(after).unwrap().1;
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap();
                rest[..end].parse().unwrap()
            };
            let parts: Vec<&str> = set[0].split("{ weight").skip(1).collect();
            let part = |text: &str| {
                (number(" = ", text), number("median = \"", text), number("p95 = \"", text))
            };
            let [(w, a, s), (_, b, t)] = [part(parts[0]), part(parts[1])];
            let drawn = crate::fit::Distribution::LogNormals {
                weights: [w, 1.0 - w],
                medians: [a, b],
                p95s: [s, t],
            };
            let off = drawn.quantile(0.5) / known.value - 1.0;
            assert!(off.abs() < 1.5 * spread, "{off} {known:?} {}", set[0]);
        }
    }
}

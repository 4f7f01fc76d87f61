//! The amount of a figure that nobody would act on, unless they say.

use crate::report::{Unit, unit};

/// Half a point of a share.
const POINTS: f64 = 0.005;
/// Of a share near 0 or 100 % this part of what is left, if that is less: from 0.2 % to 0.1 % is
/// half of all failures.
const OF_THE_REST: f64 = 0.5;
/// This share of any other figure.
const RELATIVE: f64 = 0.01;

/// The amount of the figure at `path`, where it is about `value`, nobody would act on.
#[must_use]
pub fn indifference(path: &str, value: f64) -> f64 {
    match unit(path) {
        Unit::Share => {
            let rest = value.min(1.0 - value).max(0.0);
            POINTS.min(OF_THE_REST * rest)
        }
        _ => RELATIVE * value.abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::indifference;

    #[test]
    fn it_shrinks_near_the_ends_of_shares() {
        for (path, value, expected) in [
            ("divergence.api_vs_on_time", 0.3, 0.005),
            ("within.30s", 0.97, 0.005),
            ("within.30s", 0.999, 0.000_5),
            ("divergence.api_vs_outcome", 0.002, 0.001),
            ("latency.delivery.p95_s", 30.0, 0.3),
            ("attempts.mean", 2.0, 0.02),
            ("cost.wasted", 0.0, 0.0),
        ] {
            assert!((indifference(path, value) - expected).abs() < 1e-12, "{path} {value}");
        }
    }
}

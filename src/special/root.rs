//! The positive root of an increasing function.

/// Rounds before the best bracket is taken as it is; Newton's method needs about five.
const ROUNDS: usize = 200;

/// The x in [low, high] where `f` crosses zero; `f` answers its value and its derivative by ln x,
/// and increases. 0 < low ≤ high.
///
/// Newton's method in ln x, with a geometric bisection wherever it would leave the bracket.
pub(super) fn positive_root(
    mut low: f64,
    mut high: f64,
    start: f64,
    f: impl Fn(f64) -> (f64, f64),
) -> f64 {
    let mut x = start.max(low).min(high);
    let mut last = f64::INFINITY;
    for _ in 0..ROUNDS {
        let (value, slope) = f(x);
        if value < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let step = -value / slope;
        if step.abs() < 1e-6 {
            let next = x + x * step;
            // Below 1e-15 nothing is left but rounding; so it is when steps stop shrinking.
            if step.abs() <= 1e-15 || step.abs() >= last {
                return next;
            }
            x = next;
            last = step.abs();
            continue;
        }
        let next = x * libm::exp(step);
        x = if next > low && next < high { next } else { libm::sqrt(low) * libm::sqrt(high) };
        if high - low <= 1e-16 * high {
            return x;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_far_from_the_start() {
        let x = positive_root(1e-300, 1e300, 1e250, |x| (libm::log(x) + 40.0, 1.0));
        assert!((x / libm::exp(-40.0) - 1.0).abs() < 1e-14);
        let x = positive_root(1e-300, 1e300, 1e-200, |x| (x - 7.0, x));
        assert!((x - 7.0).abs() < 1e-14);
    }
}

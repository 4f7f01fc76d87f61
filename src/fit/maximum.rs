//! The maximum of a likelihood in a few unbounded unknowns.

use super::linear::{Matrix, dot, inverse, solve};

/// Steps before it is given up.
const STEPS: usize = 50;

/// Step of the differences that stand for derivatives. Unknowns are logarithms or logits, of
/// order one: what the differences leave out moves the maximum by some 1e-8.
const DIFFERENCE: f64 = 2e-4;

/// A gain in ln L that is no more than this is none, for unknowns have errors: a gain of 1e-4 moves
/// them by a seventieth of their standard error.
const NO_GAIN: f64 = 1e-4;

/// Rounding error of a sum, over its size.
const ROUNDING: f64 = 1e-12;

/// No unknown is moved farther in one step.
const FARTHEST: f64 = 1.5;

/// No unknown is believed beyond: e⁵⁰ of anything has no place in a log.
const BEYOND: f64 = 50.0;

/// Place where a likelihood is greatest.
#[derive(Clone, Debug)]
pub(super) struct Maximum {
    pub(super) at: Vec<f64>,
    pub(super) value: f64,
    /// The inverse of the observed information, if the likelihood falls off in every direction.
    pub(super) covariance: Option<Matrix>,
}

/// The maximum of `f`, climbed from `start`: Newton's method with derivatives by differences, damped
/// as by Levenberg (1944) and Marquardt (1963) so that no step goes down. None if it has none near
/// enough, or runs away.
pub(super) fn maximise(start: &[f64], f: impl Fn(&[f64]) -> f64) -> Option<Maximum> {
    let mut at = start.to_vec();
    let mut value = f(&at);
    let mut damping = 0.0;
    for _ in 0..STEPS {
        let near = |x: &f64| x.abs() < BEYOND;
        if !value.is_finite() || !at.iter().all(near) {
            return None;
        }
        let (slope, information) = derivatives(&at, value, &f);
        if slope.iter().any(|x| !x.is_finite()) {
            return None;
        }
        let noise = 1e-10 + ROUNDING * value.abs();
        if let Some(step) = solve(&information, &slope)
            && dot(&slope, &step) < 2.0 * noise
        {
            // Newton's method doubles the digits: after this step nothing is left but rounding.
            let next = moved(&at, &step);
            let there = f(&next);
            if there >= value - noise {
                (at, value) = (next, there);
            }
            return Some(peak(at, value, &f));
        }
        // Each failure multiplies the damping by eight.
        let climbed = (0..16).any(|_| {
            let next = solve(&damped(&information, damping), &slope).map(|step| moved(&at, &step));
            let there = next.as_deref().map_or(f64::NAN, &f);
            if let (Some(next), true) = (next, there > value) {
                (at, value) = (next, there);
                damping = if damping < 1e-6 { 0.0 } else { damping / 16.0 };
                return true;
            }
            damping = if damping == 0.0 { 1e-3 } else { damping * 8.0 };
            false
        });
        if !climbed {
            let near = solve(&information, &slope).is_some_and(|step| dot(&slope, &step) < NO_GAIN);
            return near.then(|| peak(at, value, &f));
        }
    }
    None
}

/// The point a step away, the step cut to what is allowed.
fn moved(at: &[f64], step: &[f64]) -> Vec<f64> {
    let longest = step.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let share = if longest > FARTHEST { FARTHEST / longest } else { 1.0 };
    at.iter().zip(step).map(|(x, d)| x + share * d).collect()
}

fn peak(at: Vec<f64>, value: f64, f: &impl Fn(&[f64]) -> f64) -> Maximum {
    let (_, information) = derivatives(&at, value, f);
    Maximum { covariance: inverse(&information), at, value }
}

/// The information with its diagonal raised by a share `damping` of its own size.
fn damped(information: &[Vec<f64>], damping: f64) -> Matrix {
    let size = (0..information.len()).fold(1e-12_f64, |most, i| most.max(information[i][i].abs()));
    let mut matrix = information.to_vec();
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] += damping * (row[i].abs() + 1e-3 * size);
    }
    matrix
}

/// The slope of `f`, and its curvature with the sign turned.
fn derivatives(at: &[f64], value: f64, f: &impl Fn(&[f64]) -> f64) -> (Vec<f64>, Matrix) {
    const H: f64 = DIFFERENCE;
    let n = at.len();
    let moved = |changes: &[(usize, f64)]| {
        let mut there = at.to_vec();
        for &(i, by) in changes {
            there[i] += by;
        }
        f(&there)
    };
    let up: Vec<f64> = (0..n).map(|i| moved(&[(i, H)])).collect();
    let down: Vec<f64> = (0..n).map(|i| moved(&[(i, -H)])).collect();
    let slope = (0..n).map(|i| (up[i] - down[i]) / (2.0 * H)).collect();
    let mut information = vec![vec![0.0; n]; n];
    for i in 0..n {
        information[i][i] = (2.0 * value - up[i] - down[i]) / (H * H);
        for j in 0..i {
            // Abramowitz and Stegun (1964), 25.3.27.
            let both = moved(&[(i, H), (j, H)]) + moved(&[(i, -H), (j, -H)]);
            let alone = up[i] + down[i] + up[j] + down[j] - 2.0 * value;
            information[i][j] = -(both - alone) / (2.0 * H * H);
            information[j][i] = information[i][j];
        }
    }
    (slope, information)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn climbs_a_curved_ridge() {
        // Rosenbrock's valley, turned round.
        let f = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            -(a * a + 100.0 * b * b)
        };
        let maximum = maximise(&[-1.2, 1.0], f).unwrap();
        assert!((maximum.at[0] - 1.0).abs() < 1e-4 && (maximum.at[1] - 1.0).abs() < 1e-4);
    }

    #[test]
    fn says_when_there_is_no_maximum() {
        assert!(maximise(&[0.0], |x| x[0]).is_none());
        assert!(maximise(&[0.0], |_| f64::NAN).is_none());
    }
}

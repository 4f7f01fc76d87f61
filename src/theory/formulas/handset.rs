//! Handsets that are away for an exponential time, looked for on a schedule.
//!
//! With tries at t₁ < t₂ < … after the first one and the handset back after R, the copy is
//! delivered at the first try after R: E = Σ P(tᵢ₋₁ < R ≤ tᵢ)·tᵢ, from the definition of the
//! schedule (GSM 03.40, store and forward).

/// Expected time from the first try to delivery, seconds, when the handset is back after an
/// exponential time of mean `back`; `waits` are those between tries, and the last one repeats for
/// ever: from its end on the sum is geometric.
#[must_use]
pub fn expected_delivery(back: f64, waits: &[f64]) -> f64 {
    let away = |t: f64| libm::exp(-t / back);
    let (mut expected, mut last) = (0.0, 0.0);
    for wait in waits {
        let next = last + wait;
        expected += (away(last) - away(next)) * next;
        last = next;
    }
    let repeats = waits.last().copied().unwrap_or(f64::INFINITY);
    // Beyond `last`, whole waits: last + wait/(1 − e^(−wait/back)) on average.
    expected + away(last) * (last + repeats / (1.0 - away(repeats)))
}

/// Share of handsets that are not back at the last try before `validity` seconds have passed.
#[must_use]
pub fn expired(back: f64, waits: &[f64], validity: f64) -> f64 {
    let repeats = waits.last().copied().unwrap_or(f64::INFINITY);
    let mut last = 0.0;
    for wait in waits.iter().copied().chain(std::iter::repeat(repeats)) {
        // No try is made at or after the end of validity.
        if last + wait >= validity {
            break;
        }
        last += wait;
    }
    libm::exp(-last / back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_term_by_term() {
        let (back, waits) = (100.0, [10.0, 50.0, 30.0]);
        let (mut sum, mut last) = (0.0, 0.0_f64);
        for i in 0..2000 {
            let next = last + waits[i.min(2)];
            sum += (libm::exp(-last / back) - libm::exp(-next / back)) * next;
            last = next;
        }
        assert!((expected_delivery(back, &waits) - sum).abs() < 1e-9);
    }

    #[test]
    fn the_last_try_counts() {
        // Tries at 10, 60, 90, 120 …: before 120 the last is at 90.
        let share = expired(100.0, &[10.0, 50.0, 30.0], 120.0);
        assert!((share - libm::exp(-0.9)).abs() < 1e-12);
    }
}

//! Poisson arrivals, service of any distribution.
//!
//! Pollaczek (1930) and Khinchine (1932); Gross, Shortle, Thompson and Harris (2008),
//! *Fundamentals of Queueing Theory*, 4th ed., sections 5.1.1 (mean wait) and 5.1.8 (M/G/1/K).

/// Mean wait in M/G/1, seconds: `λE[S²] / (2(1 − λE[S]))`.
#[must_use]
pub fn pollaczek_khinchine(arrivals: f64, service: Moments) -> f64 {
    arrivals * service.second / (2.0 * (1.0 - arrivals * service.mean))
}

/// A service time's `E[S]` in seconds and `E[S²]` in seconds².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    mean: f64,
    second: f64,
}

/// Always `mean`.
#[must_use]
pub fn constant(mean: f64) -> Moments {
    Moments { mean, second: mean * mean }
}

/// Log-normal with coefficient of variation `cv`.
#[must_use]
pub fn lognormal(mean: f64, cv: f64) -> Moments {
    Moments { mean, second: mean * mean * (1.0 + cv * cv) }
}

/// Gamma with `shape`: variance mean²/shape.
#[must_use]
pub fn gamma(mean: f64, shape: f64) -> Moments {
    Moments { mean, second: mean * mean * (1.0 + 1.0 / shape) }
}

/// A mixture of exponentials: (weight, mean) of each; weights add up to 1.
#[must_use]
pub fn hyperexponential(parts: &[(f64, f64)]) -> Moments {
    let mean = parts.iter().map(|(weight, mean)| weight * mean).sum();
    let second = parts.iter().map(|(weight, mean)| 2.0 * weight * mean * mean).sum();
    Moments { mean, second }
}

/// Share lost in M/D/1/K (K ≥ 1 in the system, the one in service too) at load ρ, any load.
///
/// The chain embedded at departures has states 0 … K − 1 and steps of Poisson(ρ) − 1; with π₀ its
/// share of empty ones the loss is 1 − 1/(π₀ + ρ). A token bucket that drops, with burst B, is
/// this with K = B: what its level lacks of B is the work in the queue.
#[must_use]
pub fn m_d_1_k_loss(load: f64, room: u32) -> f64 {
    // arrived[j] = P(j arrivals in a service)
    let arrived: Vec<f64> = (0..=room)
        .scan(libm::exp(-load), |next, j| {
            let now = *next;
            *next *= load / f64::from(j + 1);
            Some(now)
        })
        .collect();
    // π relative to π₀: π(j + 1)a₀ = π(j) − π₀a(j) − Σ π(i)a(j − i + 1) over 1 ≤ i ≤ j.
    let mut weights = vec![1.0];
    for j in 0..room.saturating_sub(1) as usize {
        let from_others: f64 = (1..=j).map(|i| weights[i] * arrived[j - i + 1]).sum();
        weights.push((weights[j] - arrived[j] - from_others) / arrived[0]);
    }
    let empty = 1.0 / weights.iter().sum::<f64>();
    1.0 - 1.0 / (empty + load)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 1e-9, "{value}, expected {expected}");
    }

    #[test]
    fn mean_waits() {
        near(pollaczek_khinchine(0.7, constant(1.0)), 0.7 / 0.6);
        // Exponential is gamma with shape 1 and a mixture of one.
        near(pollaczek_khinchine(0.7, gamma(1.0, 1.0)), 0.7 / 0.3);
        near(pollaczek_khinchine(0.7, hyperexponential(&[(1.0, 1.0)])), 0.7 / 0.3);
        near(pollaczek_khinchine(0.5, lognormal(1.0, 2.0)), 2.5);
    }

    #[test]
    fn losses() {
        // K = 1 is Erlang's B(1, ρ).
        near(m_d_1_k_loss(0.7, 1), 0.7 / 1.7);
        // K = 2: π₀ = e^(−ρ), so 1 − 1/(e^(−ρ) + ρ).
        near(m_d_1_k_loss(0.7, 2), 1.0 - 1.0 / (libm::exp(-0.7) + 0.7));
        // Far above saturation what is served is one a service time.
        near(m_d_1_k_loss(8.0, 6), 1.0 - 1.0 / 8.0);
        assert!(m_d_1_k_loss(0.5, 12) < 1e-5);
    }
}

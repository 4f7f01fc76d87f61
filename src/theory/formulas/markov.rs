//! Poisson arrivals, exponential service.
//!
//! Erlang (1917), "Solution of some problems in the theory of probabilities of significance in
//! automatic telephone exchanges"; Gross, Shortle, Thompson and Harris (2008), *Fundamentals of
//! Queueing Theory*, 4th ed., sections 2.2–2.6; Falin and Templeton (1997), *Retrial Queues*.

/// Share blocked in M/M/c/c with offered load `load` = λ/μ: Erlang's B, by its recursion
/// B(n) = aB(n − 1)/(n + aB(n − 1)).
#[must_use]
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Probability of waiting in M/M/c with offered load below c: Erlang's C.
#[must_use]
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let (blocked, c) = (erlang_b(servers, load), f64::from(servers));
    c * blocked / (c - load * (1.0 - blocked))
}

/// Mean wait in M/M/c, seconds: C/(cμ − λ).
#[must_use]
pub fn m_m_c_mean_wait(arrivals: f64, service: f64, servers: u32) -> f64 {
    erlang_c(servers, arrivals / service) / (f64::from(servers) * service - arrivals)
}

/// The wait that a share `p` of customers of M/M/c do not exceed, seconds:
/// P(W > t) = C·exp(−(cμ − λ)t).
#[must_use]
pub fn m_m_c_wait_quantile(arrivals: f64, service: f64, servers: u32, p: f64) -> f64 {
    let waits = erlang_c(servers, arrivals / service);
    (libm::log(waits / (1.0 - p)) / (f64::from(servers) * service - arrivals)).max(0.0)
}

/// P(T > t) of the time T in M/M/c, wait and service, for cμ − λ ≠ μ:
/// (1 − C)e^(−μt) + C(θe^(−μt) − μe^(−θt))/(θ − μ), θ = cμ − λ. For c = 1 it is e^(−(μ − λ)t).
#[must_use]
pub fn m_m_c_sojourn_tail(arrivals: f64, service: f64, servers: u32, t: f64) -> f64 {
    let waits = erlang_c(servers, arrivals / service);
    let drain = f64::from(servers) * service - arrivals;
    let (served, drained) = (libm::exp(-service * t), libm::exp(-drain * t));
    (1.0 - waits) * served + waits * (drain * served - service * drained) / (drain - service)
}

/// The time in M/M/c that a share `p` do not exceed, seconds; by bisection of the tail.
#[must_use]
pub fn m_m_c_sojourn_quantile(arrivals: f64, service: f64, servers: u32, p: f64) -> f64 {
    let above = |t: f64| m_m_c_sojourn_tail(arrivals, service, servers, t) > 1.0 - p;
    let (mut low, mut high) = (0.0, 1.0 / service);
    while above(high) {
        high *= 2.0;
    }
    // 80 halvings leave nothing that a double could tell apart.
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if above(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Share lost in M/M/c/K (K in the system, those in service too), at any load: the weight of
/// state K among aⁿ/n! up to c and a factor a/c from there on.
#[must_use]
pub fn m_m_c_k_loss(servers: u32, room: u32, load: f64) -> f64 {
    let (mut weight, mut sum) = (1.0, 1.0);
    for n in 1..=room {
        weight *= load / f64::from(n.min(servers));
        sum += weight;
    }
    weight / sum
}

/// Mean time in orbit of the M/M/1/1 retrial queue, seconds: ρ/(1 − ρ)·(1/μ + 1/θ), each blocked
/// customer calling again after exponential waits of rate `retries` = θ.
#[must_use]
pub fn m_m_1_1_orbit(arrivals: f64, service: f64, retries: f64) -> f64 {
    let load = arrivals / service;
    load / (1.0 - load) * (1.0 / service + 1.0 / retries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1e-3), "{value} {expected}");
    }

    #[test]
    fn one_server_is_m_m_1() {
        near(erlang_c(1, 0.7), 0.7);
        near(m_m_c_mean_wait(0.7, 1.0, 1), 0.7 / 0.3);
        near(m_m_c_wait_quantile(0.7, 1.0, 1, 0.99), libm::log(70.0) / 0.3);
        near(m_m_c_sojourn_tail(0.7, 1.0, 1, 5.0), libm::exp(-1.5));
        near(m_m_c_sojourn_quantile(0.7, 1.0, 1, 0.99), libm::log(100.0) / 0.3);
        assert!(m_m_c_wait_quantile(0.1, 1.0, 3, 0.5).abs() < 1e-300, "most do not wait");
    }

    #[test]
    fn erlangs_formulas_by_hand() {
        // a = 2, c = 3: B = (8/6)/(1 + 2 + 2 + 8/6) = 4/19, C = 3B/(3 − 2(1 − B)) = 4/9.
        near(erlang_b(3, 2.0), 4.0 / 19.0);
        near(erlang_c(3, 2.0), 4.0 / 9.0);
        near(m_m_c_k_loss(3, 3, 2.0), 4.0 / 19.0);
        near(m_m_c_k_loss(1, 9, 0.8), 0.2 * libm::pow(0.8, 9.0) / (1.0 - libm::pow(0.8, 10.0)));
        near(m_m_c_k_loss(1, 9, 1.0), 0.1);
        near(m_m_1_1_orbit(0.5, 1.0, 0.5), 3.0);
    }

    #[test]
    fn the_sojourn_is_wait_plus_service() {
        // ∫ P(T > t) dt = W + 1/μ, by the trapezoid rule.
        let step = 1e-3;
        let tail = |i: u32| m_m_c_sojourn_tail(2.1, 1.0, 3, f64::from(i) * step);
        let sum: f64 = (1..60_000).map(tail).sum::<f64>() + 0.5;
        assert!((sum * step - (m_m_c_mean_wait(2.1, 1.0, 3) + 1.0)).abs() < 1e-6);
    }
}

//! What is drawn, for neighbouring messages as a run draws it, against the distribution function:
//! as a whole, by the test of Kolmogorov and Smirnov, and in both tails, by counting.
//!
//! Keys and seed are fixed. For perfect samplers, any one of the tests had a chance of 10⁻⁶ of
//! failing, all of them together one of about 1 in 7000 (28 variates × 5 tests).

use smschain::random::{Chance, Key, Purpose, Site, Variate, open01};
use smschain::special::beta_p;

use super::cases::{Case, case, cases, decay};

/// A test fails if chance alone would be so far off this seldom.
const BOUND: f64 = 1e-6;
/// Samples of a variate.
const SAMPLES: u64 = 1 << 19;
/// Of those, for the distribution as a whole.
const SORTED: u64 = 1 << 15;

/// All kinds that the language has, those with jumps and bounds too.
fn everything() -> Vec<Case> {
    let part = |variate: Result<Variate, _>| variate.unwrap();
    let mut all = cases();
    all.extend([
        case("hyperexponential", Variate::hyperexponential(&[1.0, 3.0], &[10.0, 1.0]), |x| {
            let (slow, fast) = (decay(x / 10.0), decay(x));
            (0.25 * slow.0 + 0.75 * fast.0, 0.25 * slow.1 + 0.75 * fast.1)
        }),
        case(
            "mixture",
            Variate::mixture(vec![
                (2.0, part(Variate::uniform(0.0, 2.0))),
                (1.0, part(part(Variate::exponential(1.0)).bounded(1.0, None, None))),
            ]),
            |x| {
                let low = 0.5 * x.clamp(0.0, 2.0);
                let tail = decay((x - 1.0).max(0.0));
                ((2.0 * low + tail.0) / 3.0, (2.0 * (1.0 - low) + tail.1) / 3.0)
            },
        ),
        case("empirical", Variate::empirical(vec![5.0, 1.0, 3.0, 3.0]), |x| {
            let p = [1.0, 3.0, 3.0, 5.0].iter().filter(|&&value| value <= x).count() as f64 / 4.0;
            (p, 1.0 - p)
        }),
        case(
            "shifted and cut",
            part(Variate::exponential(1.0)).bounded(2.0, Some(2.25), Some(4.5)),
            |x| match x {
                x if x < 2.25 => (0.0, 1.0),
                x if x >= 4.5 => (1.0, 0.0),
                x => decay(x - 2.0),
            },
        ),
        case("constant", Variate::constant(7.0), |x| if x < 7.0 { (0.0, 1.0) } else { (1.0, 0.0) }),
    ]);
    all
}

/// What so many messages draw for one purpose.
fn samples(variate: &Variate, count: u64) -> Vec<f64> {
    let (chance, stream) = (Chance::new(2024), Key::named("traffic.otp"));
    let owner = Key::named("provider.alpha").owner();
    let draw = |n| {
        chance
            .block(Site { thing: stream.child(n), owner, purpose: Purpose(18), ordinal: 0 })
            .first()
    };
    (0..count).map(|n| variate.quantile(open01(draw(n)))).collect()
}

/// The distance of samples from a distribution function, times the root of their number. At a jump
/// both sides of it count.
fn distance(mut sorted: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let mut furthest = 0.0_f64;
    let mut below = 0;
    while below < sorted.len() {
        let x = sorted[below];
        let upto = below + sorted[below..].partition_point(|&other| other <= x);
        furthest = furthest
            .max((upto as f64 / n - cdf(x)).abs())
            .max((below as f64 / n - cdf(x.next_down())).abs());
        below = upto;
    }
    furthest * n.sqrt()
}

/// The limit of Kolmogorov's statistic: more than λ in 2 exp(−2λ²) of cases, but for a factor of
/// 1 − exp(−6λ²); with jumps in fewer.
fn kolmogorov_limit() -> f64 {
    libm::sqrt(0.5 * libm::log(2.0 / BOUND))
}

/// The chance that a count of `n` trials of probability `p` is as far off as `count`, in its
/// direction, twice.
fn binomial(count: u64, n: u64, p: f64) -> f64 {
    let (count, n) = (count as f64, n as f64);
    let at_most = |k: f64| if k >= n { 1.0 } else { beta_p(n - k, k + 1.0, 1.0 - p) };
    let at_least = |k: f64| if k <= 0.0 { 1.0 } else { beta_p(k, n - k + 1.0, p) };
    2.0 * at_most(count).min(at_least(count))
}

/// The least x for which `holds`, by bisection; of numbers above 0, that of their logarithms.
fn least(variate: &Variate, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (variate.quantile(1e-9), variate.quantile(1.0 - 1e-9));
    while !holds(high) {
        high += 1.0 + high - low;
    }
    while holds(low) {
        low -= 1.0;
    }
    for _ in 0..200 {
        let middle = if low > 0.0 { low.sqrt() * high.sqrt() } else { 0.5 * (low + high) };
        if holds(middle) { high = middle } else { low = middle }
    }
    high
}

/// How often is `x` exceeded, or not reached, if it should be with this probability?
fn judge(name: &str, p: f64, samples: &[f64], beyond: impl Fn(f64) -> bool) {
    let count = samples.iter().filter(|&&x| beyond(x)).count() as u64;
    let chance = match p {
        p if p <= 0.0 => f64::from(u8::from(count == 0)),
        p if p >= 1.0 => f64::from(u8::from(count == SAMPLES)),
        p => binomial(count, SAMPLES, p),
    };
    assert!(chance > BOUND, "{name}: {count} of {SAMPLES} where {p:e} is expected: {chance:e}");
}

#[test]
fn samples_have_the_distribution_function() {
    for Case { name, variate, tails } in everything() {
        let distance = distance(samples(&variate, SORTED), |x| tails(x).0);
        assert!(distance < kolmogorov_limit(), "{name}: {distance}");
    }
}

#[test]
fn samples_have_the_tails() {
    for Case { name, variate, tails } in everything() {
        let samples = samples(&variate, SAMPLES);
        for p in [1e-3, 1e-4] {
            let upper = least(&variate, |x| tails(x).1 <= p);
            judge(&format!("{name}, above"), tails(upper).1, &samples, |x| x > upper);
            let lower = least(&variate, |x| tails(x).0 >= p);
            judge(&format!("{name}, below"), tails(lower).0, &samples, |x| x <= lower);
        }
    }
}

#[test]
fn another_distribution_is_found_out() {
    // Two per cent too slow; then a tail that is cut where one in two thousand lies.
    let slow = samples(&Variate::exponential(1.02).unwrap(), SAMPLES);
    assert!(distance(slow, |x| decay(x).0) > kolmogorov_limit());
    let cut = Variate::exponential(1.0).unwrap().bounded(0.0, None, Some(7.6)).unwrap();
    let cut = samples(&cut, SAMPLES);
    let beyond = cut.iter().filter(|&&x| x > 9.2).count() as u64;
    assert!(binomial(beyond, SAMPLES, decay(9.2).1) < BOUND);
    let seen = distance(cut, |x| decay(x).0);
    assert!(seen < kolmogorov_limit(), "a whole does not show a tail: {seen}");
}

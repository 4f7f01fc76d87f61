//! Variates against the samples of another library: the test of Kolmogorov and Smirnov.

use rand_distr::Distribution;
use smschain::random::Variate;

/// Steele, Lea and Flood (2014): a small generator, the same everywhere.
struct SplitMix64(u64);

impl rand::TryRng for SplitMix64 {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(z ^ (z >> 31))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in dst.chunks_mut(8) {
            let bytes = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

const SAMPLES: usize = 40_000;

/// 1 in 1000 sets of samples is further off than this over √n (Smirnov 1948).
const BOUND: f64 = 1.949;

/// The u at which the variate reaches `x`.
fn cdf(variate: &Variate, x: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let u = 0.5 * (low + high);
        if variate.quantile(u) <= x { low = u } else { high = u }
    }
    low
}

fn agree(name: &str, variate: &Variate, oracle: impl Distribution<f64>) {
    let mut rng = SplitMix64(2024);
    let mut samples: Vec<f64> = (0..SAMPLES).map(|_| oracle.sample(&mut rng)).collect();
    samples.sort_by(f64::total_cmp);
    let n = SAMPLES as f64;
    let distance = samples.iter().enumerate().fold(0.0_f64, |distance, (i, &x)| {
        let p = cdf(variate, x);
        distance.max(p - i as f64 / n).max((i + 1) as f64 / n - p)
    });
    assert!(distance * n.sqrt() < BOUND, "{name}: {}", distance * n.sqrt());
}

#[test]
fn exponential() {
    agree("exponential", &Variate::exponential(2.5).unwrap(), rand_distr::Exp::new(0.4).unwrap());
}

#[test]
fn log_normal() {
    let sigma = libm::log(5.0) / 1.644_853_626_951_472_7;
    let oracle = rand_distr::LogNormal::new(libm::log(90.0), sigma).unwrap();
    agree("log-normal", &Variate::lognormal_median_p95(90.0, 450.0).unwrap(), oracle);
    let oracle = rand_distr::LogNormal::from_mean_cv(4.0, 1.3).unwrap();
    agree("log-normal", &Variate::lognormal_mean_cv(4.0, 1.3).unwrap(), oracle);
}

#[test]
fn gamma() {
    for (mean, shape) in [(1.0, 0.2), (5.0, 0.8), (3.0, 1.0), (2.0, 3.5), (10.0, 60.0)] {
        let oracle = rand_distr::Gamma::new(shape, mean / shape).unwrap();
        agree(&format!("gamma {shape}"), &Variate::gamma(mean, shape).unwrap(), oracle);
    }
}

#[test]
fn weibull() {
    let oracle = rand_distr::Weibull::new(3.0, 0.7).unwrap();
    agree("weibull", &Variate::weibull(3.0, 0.7).unwrap(), oracle);
}

#[test]
fn pareto() {
    let oracle = rand_distr::Pareto::new(1.5, 2.2).unwrap();
    agree("pareto", &Variate::pareto(1.5, 2.2).unwrap(), oracle);
}

#[test]
fn triangular() {
    let oracle = rand_distr::Triangular::new(1.0, 6.0, 2.0).unwrap();
    agree("triangular", &Variate::triangular(1.0, 2.0, 6.0).unwrap(), oracle);
}

#[test]
fn normal() {
    let oracle = rand_distr::Normal::new(-1.0, 3.0).unwrap();
    agree("normal", &Variate::normal(-1.0, 3.0).unwrap(), oracle);
}

#[test]
fn beta() {
    for (a, b) in [(2.0, 12.0), (0.4, 0.6), (0.5, 3.0), (30.0, 20.0)] {
        let oracle = rand_distr::Beta::new(a, b).unwrap();
        agree(&format!("beta {a} {b}"), &Variate::beta(a, b).unwrap(), oracle);
    }
}

#[test]
fn uniform() {
    let oracle = rand_distr::Uniform::new(-2.0, 7.0).unwrap();
    agree("uniform", &Variate::uniform(-2.0, 7.0).unwrap(), oracle);
}

#[test]
fn hyperexponential() {
    // Composed by hand from the other library's exponentials.
    struct Composed;
    impl Distribution<f64> for Composed {
        fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
            let pick: f64 = rand_distr::StandardUniform.sample(rng);
            let rate = if pick < 0.3 { 0.1 } else { 2.0 };
            rand_distr::Exp::new(rate).unwrap().sample(rng)
        }
    }
    // Not monotone in u, so the other way about: both as samples, against the exact function.
    let exact = |x: f64| -0.3 * libm::expm1(-0.1 * x) - 0.7 * libm::expm1(-2.0 * x);
    let variate = Variate::hyperexponential(&[0.3, 0.7], &[10.0, 0.5]).unwrap();
    for (name, mut samples) in [
        ("composed", Composed.sample_iter(SplitMix64(7)).take(SAMPLES).collect::<Vec<f64>>()),
        ("variate", variate.sample_iter(SplitMix64(8)).take(SAMPLES).collect()),
    ] {
        samples.sort_by(f64::total_cmp);
        let n = SAMPLES as f64;
        let distance = samples.iter().enumerate().fold(0.0_f64, |distance, (i, &x)| {
            distance.max(exact(x) - i as f64 / n).max((i + 1) as f64 / n - exact(x))
        });
        assert!(distance * n.sqrt() < BOUND, "{name}: {}", distance * n.sqrt());
    }
}

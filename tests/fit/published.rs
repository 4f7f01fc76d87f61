//! Published maximum-likelihood estimates.

use smschain::fit::{Distribution, Family, Observation, Sample, fit};

fn data() -> Sample {
    let exact = [2.5, 2.9, 3.8, 9.1, 9.3, 12.0, 23.0].map(Observation::exact);
    exact.into_iter().chain([Observation::pending(25.0, 0.0)]).collect()
}

fn close(ours: f64, published: f64) {
    assert!((ours / published - 1.0).abs() < 1e-5, "{ours} against {published}");
}

#[test]
fn gamma() {
    let fit = fit(Family::Gamma, &data()).unwrap();
    let &Distribution::Gamma { mean, shape } = fit.distribution() else { panic!("{fit:?}") };
    close(shape, 1.447_626);
    close(mean / shape, 8.360_198);
}

#[test]
fn log_normal() {
    let fit = fit(Family::LogNormal, &data()).unwrap();
    let &Distribution::LogNormal { median, .. } = fit.distribution() else { panic!("{fit:?}") };
    close(fit.distribution().sigma(), 0.931_999);
    close(median, 8.429_157);
}

#[test]
fn weibull() {
    let fit = fit(Family::Weibull, &data()).unwrap();
    let &Distribution::Weibull { scale, shape } = fit.distribution() else { panic!("{fit:?}") };
    close(shape, 1.195_110);
    close(scale, 12.891_099);
}

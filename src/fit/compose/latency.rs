//! A random duration of the scenario, from the durations of a log.

use super::parameter::{Kind, Parameter, Uncertain, Unit};
use super::text::{digits, quoted, rows, span, told};
use crate::fit::gather::{Clocks, Durations};
use crate::fit::{Distribution, Fit, Observation, Sample, Unfit, best};

/// Values of a distribution that is written as its data.
const VALUES: usize = 200;

/// A random duration, as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Latency {
    /// Key after `latency.`; empty for a plain duration.
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) comment: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) uncertain: Option<Uncertain>,
    /// Its median, s.
    pub(crate) median: f64,
    /// Why it isn't known, or not all of it.
    pub(crate) doubt: Option<String>,
    /// Observed and fitted quantiles, s, for a chart; with the fit's band.
    pub(crate) quantiles: Vec<Quantile>,
    pub(crate) rows: u64,
}

/// A quantile as it was seen and as it was fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// The share below it.
    pub share: f64,
    /// As the log has it, s.
    pub seen: f64,
    /// As the fit has it, s.
    pub fitted: f64,
    /// The ends of the 95 % band of what a log of this size shows of it.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Fits what is at `path` to durations, and to those that hadn't ended: how long each had lasted, s.
pub(crate) fn latency(
    durations: &Durations,
    pending: &[f64],
    clocks: Clocks,
    path: &str,
) -> Latency {
    let resolution = clocks.from as f64 / 1e9;
    let pending = pending.iter().map(|&age| Observation::pending(age, resolution));
    let sample: Sample = durations.observations(clocks).chain(pending).collect();
    let count = sample.rows();
    match best(&sample) {
        Ok(choice) => {
            let fit = choice.fit();
            fitted(fit, durations, clocks, path, &sample)
        }
        Err(Unfit::AllZero { .. }) => Latency {
            value: "\"0s\"".to_owned(),
            comment: format!("{}, all zero", rows(count)),
            rows: count,
            ..Latency::default()
        },
        Err(Unfit::AllEqual { seconds }) => constant(path, seconds, (seconds, seconds), count, "constant"),
        Err(unfit @ Unfit::OneInterval { low, high }) => Latency {
            doubt: Some(unfit.to_string()),
            ..constant(path, (low + high) / 2.0, (low, high), count, "the middle of all the clock tells")
        },
        Err(unfit) => Latency {
            value: "\"0s\"".to_owned(),
            comment: rows(count),
            doubt: Some(unfit.to_string()),
            rows: count,
            ..Latency::default()
        },
    }
}

fn constant(path: &str, value: f64, (low, high): (f64, f64), rows: u64, method: &str) -> Latency {
    let method = method.to_owned();
    let path = path.to_owned();
    let parameter = Parameter { path, value, low, high, rows, method, unit: Unit::Seconds };
    Latency {
        value: parameter.toml(),
        comment: parameter.comment(),
        median: value,
        rows,
        parameters: vec![parameter],
        ..Latency::default()
    }
}

fn fitted(fit: &Fit, durations: &Durations, clocks: Clocks, path: &str, sample: &Sample) -> Latency {
    let family = fit.family();
    let count = sample.rows();
    let (key, value) = written(fit.distribution());
    let mut method = format!("{} by BIC", words(fit.distribution()));
    if sample.pending() > 0 {
        method.push_str(&format!(", {} of them not over yet", rows(sample.pending())));
    }
    let parameters: Vec<Parameter> = fit
        .parameters()
        .into_iter()
        .map(|(name, interval)| Parameter {
            path: format!("{path}.{key}.{name}"),
            value: interval.value,
            low: interval.low,
            high: interval.high,
            rows: count,
            method: method.clone(),
            unit: if name.contains("weight") || name == "shape" { Unit::Number } else { Unit::Seconds },
        })
        .collect();
    let told_of = parameters.iter().map(|own| {
        let name = own.path.rsplit('.').next().unwrap_or_default();
        format!("{name} {} to {}", own.written(own.low), own.written(own.high))
    });
    let told_of: Vec<String> = told_of.collect();
    let median = fit.quantile(0.5).value;
    let doubt = doubt(fit, clocks);
    let mut latency = Latency {
        comment: format!("{} (95 %), {}, {method}", told_of.join(", "), rows(count)),
        uncertain: Some(Uncertain {
            path: path.to_owned(),
            kind: Kind::Duration(family),
            at: fit.point().to_vec(),
            covariance: fit.covariance().to_vec(),
        }),
        quantiles: quantiles(fit, durations, clocks),
        median,
        parameters,
        doubt,
        rows: count,
        key: key.to_owned(),
        value,
    };
    let zero = fit.zero_share();
    if zero > 0.0 {
        let parts = format!(
            "[{{ weight = {}, of = \"0s\" }}, {{ weight = {}, of.{key} = {} }}]",
            digits(zero, 5),
            digits(1.0 - zero, 5),
            latency.value
        );
        latency.key = "mixture".to_owned();
        latency.value = format!("{{ parts = {parts} }}");
        latency.uncertain = None;
    } else if off(&latency.quantiles) {
        // No family has this form: the data themselves.
        return empirical(durations, clocks, path, &latency);
    }
    latency
}

/// What the clock leaves open about a fit.
fn doubt(fit: &Fit, clocks: Clocks) -> Option<String> {
    let step = clocks.from.min(clocks.to) as f64 / 1e9;
    let p95 = fit.quantile(0.95);
    let wide = p95.high > 1.5 * p95.low;
    (step > p95.value || step > 0.5 * p95.value && wide).then(|| {
        format!(
            "both ends are told no finer than {}: a p95 of {} can't be told from that",
            told(step),
            told(p95.value)
        )
    })
}

/// Whether a fit is no form of the data: off at the quantiles by more than chance and more than
/// matters.
fn off(quantiles: &[Quantile]) -> bool {
    quantiles.iter().any(|own| {
        let beyond = own.seen < own.low || own.seen > own.high;
        let ratio = own.fitted / own.seen.max(1e-9);
        beyond && own.share >= 0.05 && own.share <= 0.99 && !(0.9..=1.1).contains(&ratio)
    })
}

/// Quantiles seen and fitted; of clocks too coarse to see any, none.
fn quantiles(fit: &Fit, durations: &Durations, clocks: Clocks) -> Vec<Quantile> {
    let coarse = (clocks.from.max(clocks.to)) as f64 / 1e9;
    let n = durations.count() as f64;
    if n < 20.0 || coarse > 0.05 * fit.quantile(0.5).value || fit.rows() > durations.count() * 51 / 50 {
        return Vec::new();
    }
    let least = (5.0 / n).max(0.001);
    let shares = [
        0.001, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995,
        0.999,
    ];
    let within = shares.into_iter().filter(|share| *share >= least && *share <= 1.0 - least);
    within
        .filter_map(|share| {
            // What a sample of this size shows of a quantile: four standard errors of its share.
            let error = 4.0 * (share * (1.0 - share) / n).sqrt();
            let at = |share: f64| fit.quantile(share.clamp(1e-6, 1.0 - 1e-6)).value;
            let slack = 1.0 + 1.0 / 128.0;
            Some(Quantile {
                share,
                seen: durations.quantile(share)?,
                fitted: at(share),
                low: at(share - error) / slack,
                high: at(share + error) * slack,
            })
        })
        .collect()
}

/// The durations themselves, by their quantiles.
fn empirical(durations: &Durations, clocks: Clocks, path: &str, fit: &Latency) -> Latency {
    // A clock's half step is given back at both ends.
    let shift = (clocks.to as f64 - clocks.from as f64) / 2e9;
    let values = values(durations, shift);
    let count = durations.count();
    let quoted: Vec<String> = values.iter().map(|&value| quoted(&span(value))).collect();
    let method = format!("{} values of the log: no family fits", values.len());
    let median = durations.quantile(0.5).unwrap_or(0.0);
    let n = (count as f64).max(1.0);
    let error = 1.96 * 0.5 / n.sqrt();
    let end = |share: f64| durations.quantile(share.clamp(0.0, 1.0)).unwrap_or(median);
    let parameter = Parameter {
        path: format!("{path}.empirical.median"),
        value: median,
        low: end(0.5 - error),
        high: end(0.5 + error),
        rows: count,
        method: method.clone(),
        unit: Unit::Seconds,
    };
    Latency {
        key: "empirical".to_owned(),
        value: format!("{{ values = [{}] }}", quoted.join(", ")),
        comment: format!("median {}", parameter.comment()),
        parameters: vec![parameter],
        uncertain: None,
        median,
        doubt: fit.doubt.clone(),
        quantiles: fit.quantiles.clone(),
        rows: count,
    }
}

/// Values that stand for many durations, s.
pub(crate) fn values(durations: &Durations, shift: f64) -> Vec<f64> {
    let many = (durations.count() as usize).clamp(1, VALUES);
    let shares = (0..many).map(|number| (number as f64 + 0.5) / many as f64);
    shares.filter_map(|share| Some((durations.quantile(share)? + shift).max(0.0))).collect()
}

/// A distribution's key and its value in a scenario.
pub(crate) fn written(distribution: &Distribution) -> (&'static str, String) {
    let time = |seconds: f64| quoted(&span(seconds));
    let list = |values: [String; 2]| format!("[{}, {}]", values[0], values[1]);
    let key = distribution.family().key();
    let value = match *distribution {
        Distribution::Exponential { mean } => format!("{{ mean = {} }}", time(mean)),
        Distribution::LogNormal { median, p95 } => {
            format!("{{ median = {}, p95 = {} }}", time(median), time(p95))
        }
        Distribution::Gamma { mean, shape } => {
            format!("{{ mean = {}, shape = {} }}", time(mean), digits(shape, 5))
        }
        Distribution::Weibull { scale, shape } => {
            format!("{{ scale = {}, shape = {} }}", time(scale), digits(shape, 5))
        }
        Distribution::Hyperexponential { weights, means } => format!(
            "{{ weights = {}, means = {} }}",
            list(weights.map(|weight| digits(weight, 5))),
            list(means.map(time))
        ),
        Distribution::LogNormals { weights, medians, p95s } => {
            let part = |i: usize| {
                format!(
                    "{{ weight = {}, of.lognormal = {{ median = {}, p95 = {} }} }}",
                    digits(weights[i], 5),
                    time(medians[i]),
                    time(p95s[i])
                )
            };
            format!("{{ parts = [{}, {}] }}", part(0), part(1))
        }
    };
    (key, value)
}

/// A distribution's name in words.
fn words(distribution: &Distribution) -> &'static str {
    match distribution {
        Distribution::Exponential { .. } => "exponential",
        Distribution::LogNormal { .. } => "log-normal",
        Distribution::Gamma { .. } => "gamma",
        Distribution::Weibull { .. } => "Weibull",
        Distribution::Hyperexponential { .. } => "hyperexponential",
        Distribution::LogNormals { .. } => "two log-normals",
    }
}

//! A random duration of the scenario, from the durations of a log.

use super::parameter::{Kind, Known, Parameter, Uncertain, Unit};
use super::text::{Text, counted, digits, grouped, quoted, rows, span};
use crate::fit::gather::{Clocks, Durations};
use crate::fit::model::logit;
use crate::fit::ridge::drawable;
use crate::fit::{
    Choice, Chosen, Distribution, Fit, Hidden, Interval, Observation, Pair, Quantity, Sample,
    Setting, Shift, Unfit, best_with, hidden, quantile_pairs,
};

/// Quantiles that are compared.
const PAIRS: usize = 25;

/// A random duration, as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Latency {
    /// Path of it in the scenario.
    pub(crate) path: String,
    /// Key after `latency.`; empty for a plain duration.
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) comment: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) uncertain: Option<Uncertain>,
    /// Its median, s.
    pub(crate) median: f64,
    /// The reason why it isn't known, or not all of it.
    pub(crate) doubt: Option<String>,
    /// The share of what is under way that never ends, where that was found with it.
    pub(crate) never: Option<Interval>,
    /// The reason why the shift that was asked for can't be.
    pub(crate) no_shift: Option<String>,
    /// Observed and fitted quantiles, s, for a chart; with the fit's band.
    pub(crate) quantiles: Vec<Pair>,
    pub(crate) rows: u64,
}

impl Latency {
    /// Takes its times to be shorter by up to so many seconds, or that share of them.
    pub(crate) fn may_be_shorter(&mut self, by: f64, share: f64) {
        let times = self.parameters.iter_mut().filter(|own| own.unit == Unit::Seconds);
        times.for_each(|own| own.low -= by.min(share * own.low));
        self.comment = comment(&self.parameters, self.rows);
    }

    /// Its value as an assumption has it: not all values of a log.
    pub(crate) fn told(&self) -> String {
        match self.key.as_str() {
            "empirical" => {
                let values = self.value.matches('"').count() as u64 / 2;
                format!("{} of the log", counted(values, "value"))
            }
            _ => self.value.trim_matches('"').to_owned(),
        }
    }

    /// Draws the share that never ends as the value at `path`, whose logit has a standard deviation of `error`.
    pub(crate) fn loses(&mut self, path: &str, value: f64, error: f64) {
        let Some(Uncertain { at, covariance, also, .. }) = &mut self.uncertain else { return };
        let (Some(place), Some(own)) = (at.len().checked_sub(1), also.last_mut()) else { return };
        path.clone_into(&mut own.0);
        at[place] = logit(value);
        let times = error / covariance[place][place].max(1e-12).sqrt();
        for (i, row) in covariance.iter_mut().enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry *=
                    if i == place { times } else { 1.0 } * if j == place { times } else { 1.0 };
            }
        }
    }
}

/// Fits what is at `path` to durations, and to those that hadn't ended: how long each had lasted, s.
pub(crate) fn latency(
    durations: &Durations,
    pending: &[f64],
    clocks: Clocks,
    path: &str,
    setting: Setting,
) -> Latency {
    let resolution = clocks.from as f64 / 1e9;
    let pending = pending.iter().map(|&age| Observation::pending(age, resolution));
    of_sample(&durations.observations(clocks).chain(pending).collect(), path, setting)
}

/// The same of a sample.
pub(crate) fn of_sample(sample: &Sample, path: &str, setting: Setting) -> Latency {
    let latency = match best_with(sample, setting) {
        Ok(choice) => as_asked(fitted(&choice, path, sample), &choice, setting.shift),
        Err(unfit @ (Unfit::Shorter { .. } | Unfit::BeyondMean { .. })) => {
            let without = Setting { shift: Shift::Zero, ..setting };
            Latency { no_shift: Some(unfit.to_string()), ..of_sample(sample, path, without) }
        }
        Err(unfit) => match (unfit, setting.shift) {
            (Unfit::NoMaximum { .. }, Shift::Known(seconds)) => Latency {
                doubt: Some(unfit.to_string()),
                ..constant(path, seconds, (seconds, seconds), sample.rows(), "the shift alone")
            },
            (_, shift) => {
                let mut latency = unfitted(unfit, path, sample);
                if shift != Shift::Zero {
                    latency.comment.push_str(", any shift in it");
                }
                latency
            }
        },
    };
    Latency { path: path.to_owned(), ..latency }
}

/// The least that a family adds to a shift on average, of the shift: what is less is none.
const NOTHING: f64 = 1e-4;

/// A fit with the shift that was asked for, or with the reason why it hasn't that.
fn as_asked(latency: Latency, choice: &Choice, shift: Shift) -> Latency {
    let Shift::Known(seconds) = shift else { return latency };
    if latency.key == "empirical" {
        let why = "no family fits from there on, and the log's own values stand for it";
        return Latency { no_shift: Some(why.to_owned()), ..latency };
    }
    let rest = choice.fit().mean().value - seconds;
    if rest > NOTHING * seconds {
        return latency;
    }
    let own = constant(&latency.path, seconds, (seconds, seconds), latency.rows, "the shift alone");
    Latency { quantiles: latency.quantiles, ..own }
}

/// Stand-in of a sample without a fit.
fn unfitted(unfit: Unfit, path: &str, sample: &Sample) -> Latency {
    let count = sample.rows();
    match unfit {
        Unfit::AllZero { .. } => Latency {
            value: "\"0s\"".to_owned(),
            comment: format!("{}, all zero", rows(count)),
            doubt: Some(unfit.to_string()),
            rows: count,
            ..Latency::default()
        },
        Unfit::AllEqual { seconds } => {
            constant(path, seconds, (seconds, seconds), count, "constant")
        }
        Unfit::OneInterval { low, high } => {
            let ended = sample.observations().iter().find(|own| !own.is_pending());
            let [low, value, high] =
                ended.map_or([low, low.midpoint(high), high], Observation::alone);
            // As the clock has it, all are zero.
            let (unfit, method) = match value {
                0.0 => (Unfit::AllZero { rows: count }, "all zero"),
                _ => (unfit, "the middle of all the clock tells"),
            };
            Latency {
                doubt: Some(unfit.to_string()),
                ..constant(path, value, (low, high), count, method)
            }
        }
        _ => Latency {
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

fn fitted(choice: &Choice, path: &str, sample: &Sample) -> Latency {
    let fit = choice.fit();
    let count = sample.rows();
    let pairs = quantile_pairs(fit, choice.curve(), PAIRS);
    let doubt = doubt(fit, sample);
    if let Chosen::Empirical(values) = choice.chosen() {
        let never = Some(fit.never()).filter(|own| own.value > 0.0);
        return Latency {
            doubt,
            never,
            quantiles: pairs,
            ..empirical(&values, path, sample, choice)
        };
    }
    let mut method = "by BIC".to_owned();
    if sample.pending() > 0 {
        method.push_str(&format!(", {} not over yet", grouped(sample.pending())));
    }
    let nearest = nearest(fit, path, count, &method);
    let never = Some(fit.never()).filter(|own| own.value > 0.0);
    let mut latency = Latency { doubt, never, quantiles: pairs, ..nearest };
    let zero = fit.zero_share();
    if zero > 0.0 {
        let parts = format!(
            "[{{ weight = {}, of = \"0s\" }}, {{ weight = {}, of.{} = {} }}]",
            digits(zero, 5),
            digits(1.0 - zero, 5),
            latency.key,
            latency.value
        );
        latency.key = "mixture".to_owned();
        latency.value = format!("{{ parts = {parts} }}");
        latency.uncertain = None;
    }
    latency
}

/// A fit, whether it is good enough or not.
pub(crate) fn nearest(fit: &Fit, path: &str, count: u64, method: &str) -> Latency {
    let (key, value) = written(fit.distribution(), fit.shift().value);
    // Parts that can't be told apart say nothing each; the whole is known.
    let apart = fit.parts_told_apart();
    let (method, mut known) = if apart {
        (format!("{} {method}", words(fit.distribution())), fit.parameters())
    } else {
        let known = vec![("median", fit.quantile(0.5)), ("p95", fit.quantile(0.95))];
        (format!("{} {method}, of which only the whole is known", words(fit.distribution())), known)
    };
    if fit.shift().value > 0.0 {
        known.push(("shift", fit.shift()));
    }
    let parameters: Vec<Parameter> = known
        .into_iter()
        .map(|(name, interval)| Parameter {
            path: format!("{path}.{key}.{name}"),
            value: interval.value,
            low: interval.low,
            high: interval.high,
            rows: count,
            method: method.clone(),
            unit: if name.contains("weight") || name == "shape" {
                Unit::Number
            } else {
                Unit::Seconds
            },
        })
        .collect();
    Latency {
        comment: comment(&parameters, count),
        uncertain: Some(drawn(fit, path, key)),
        median: fit.quantile(0.5).value,
        parameters,
        rows: count,
        key: key.to_owned(),
        value,
        ..Latency::default()
    }
}

/// Intervals of a family's parameters, for beside its key.
fn comment(parameters: &[Parameter], count: u64) -> String {
    let told_of = parameters.iter().map(|own| {
        let name = own.path.rsplit('.').next().unwrap_or_default();
        format!("{name} {}", own.interval().unwrap_or_else(|| own.written(own.value)))
    });
    let told_of: Vec<String> = told_of.collect();
    let within = parameters.iter().any(|own| matches!(own.known(), Known::Within(..)));
    let sure = if within { " (95 %)" } else { "" };
    let method = parameters.first().map_or("", |own| &own.method);
    format!("{}{sure}, {}, {method}", told_of.join(", "), rows(count))
}

/// A fit as it is drawn from. The path of the share that never ends is put in by [`Latency::loses`].
fn drawn(fit: &Fit, path: &str, key: &str) -> Uncertain {
    let (covariance, free) = (drawable(fit), fit.family().free());
    // A shift that isn't among the unknowns is known so well that it stays.
    let shift = fit.shift().value;
    let shifted = (shift > 0.0).then(|| (fit.unknowns().shift_at(), libm::log(shift)));
    let places: Vec<Option<usize>> = (0..free).map(Some).chain(shifted.map(|own| own.0)).collect();
    let places: Vec<Option<usize>> =
        places.into_iter().chain(fit.unknowns().never_at().map(Some)).collect();
    let entry =
        |i: &Option<usize>, j: &Option<usize>| i.zip(*j).map_or(0.0, |(i, j)| covariance[i][j]);
    let at = places.iter().map(|place| match place {
        Some(place) => fit.point()[*place],
        None => libm::log(shift),
    });
    let mut also = Vec::new();
    if shifted.is_some() {
        also.push((format!("{path}.{key}.shift"), Kind::Time));
    }
    if fit.unknowns().never_at().is_some() {
        also.push((String::new(), Kind::Share));
    }
    Uncertain {
        path: path.to_owned(),
        kind: Kind::Duration(fit.family()),
        at: at.collect(),
        covariance: places.iter().map(|i| places.iter().map(|j| entry(i, j)).collect()).collect(),
        also,
    }
}

/// Writes a random duration.
pub(crate) fn write(text: &mut Text, key: &str, latency: &Latency) {
    let key =
        if latency.key.is_empty() { key.to_owned() } else { format!("{key}.{}", latency.key) };
    let mut comment = latency.comment.clone();
    if latency.doubt.is_some() {
        comment.push_str("; an assumption");
    }
    text.key(&key, &latency.value, &comment);
}

/// A doubt about the middle or the tail, which clock or export leave open.
fn doubt(fit: &Fit, sample: &Sample) -> Option<String> {
    let hidden = hidden(fit, sample)
        .into_iter()
        .filter(|(quantity, why)| *quantity != Quantity::P99 && !matches!(why, Hidden::Few { .. }));
    let told: Vec<String> = hidden
        .map(|(quantity, why)| format!("no {} can be told: {why}", quantity.name()))
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// The durations themselves: no family has their form.
fn empirical(values: &[f64], path: &str, sample: &Sample, choice: &Choice) -> Latency {
    let count = sample.rows();
    let quoted: Vec<String> = values.iter().map(|&value| quoted(&span(value))).collect();
    let curve = choice.curve();
    let median = curve.quantile(0.5).unwrap_or(0.0);
    let error = 1.96 * curve.error_at(median);
    let end = |share: f64| curve.quantile(share.clamp(0.0, 1.0)).unwrap_or(median);
    let method = format!("{} of the log: no family fits", counted(values.len() as u64, "value"));
    let parameter = Parameter {
        path: format!("{path}.empirical.median"),
        value: median,
        low: end(0.5 - error),
        high: end(0.5 + error),
        rows: count,
        method,
        unit: Unit::Seconds,
    };
    Latency {
        key: "empirical".to_owned(),
        value: format!("{{ values = [{}] }}", quoted.join(", ")),
        comment: comment(std::slice::from_ref(&parameter), count),
        parameters: vec![parameter],
        median,
        rows: count,
        ..Latency::default()
    }
}

/// So many values that stand for durations, s.
pub(crate) fn values(durations: &Durations, many: usize) -> Vec<f64> {
    let shares = (0..many).map(|number| (number as f64 + 0.5) / many as f64);
    shares.filter_map(|share| durations.quantile(share)).collect()
}

/// A distribution's key and its value in a scenario.
pub(crate) fn written(distribution: &Distribution, shift: f64) -> (&'static str, String) {
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
    let value = match value.strip_suffix(" }").filter(|_| shift > 0.0) {
        Some(before) => format!("{before}, shift = {} }}", time(shift)),
        None => value,
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

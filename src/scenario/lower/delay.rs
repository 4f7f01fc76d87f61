//! Random durations and numbers.

use super::{DiagnosticKind, Lowering, Record};
use crate::random::{ParameterError, Variate};
use crate::scenario::Diagnostic;
use crate::scenario::checked::{Item, Value};
use crate::scenario::resolved::quote;
use crate::scenario::schema::Words;
use crate::scenario::schema::random::{Family, key};
use crate::scenario::units::duration;

/// Nanoseconds in a second.
const NANOS: f64 = 1e9;

impl Lowering<'_, '_> {
    /// The distribution that a random duration or number is drawn from.
    pub(crate) fn distribution(&mut self, item: &Item) -> Option<Variate> {
        let variate = self.variate(item);
        if variate.is_none() {
            // Nobody notices if an error says why.
            self.gaps.push((item.place, "a distribution"));
        }
        variate
    }

    fn variate(&mut self, item: &Item) -> Option<Variate> {
        let (kind, record) = match &item.value {
            Value::Chosen(kind, record) => (*kind, record),
            plain => return self.built(item, Variate::constant(scalar(plain)?)),
        };
        // What is missing because it is wrong has been reported as wrong.
        let wrong = |item: &Item| matches!(item.value, Value::Wrong);
        let any_wrong = |item: &Item| match &item.value {
            Value::List(items) => items.iter().any(wrong),
            _ => wrong(item),
        };
        if !record.doubtful.is_empty() || record.fields.iter().any(|(_, item)| any_wrong(item)) {
            return None;
        }
        let x = |key: &str| real(record, key);
        let variate = match Family::of_word(kind)? {
            Family::Exponential => Variate::exponential(x(key::mean)?),
            Family::Lognormal => match (x(key::median), x(key::p95), x(key::mean), x(key::cv)) {
                (Some(median), Some(p95), ..) => Variate::lognormal_median_p95(median, p95),
                (_, _, Some(mean), Some(cv)) => Variate::lognormal_mean_cv(mean, cv),
                _ => {
                    self.errors.push(half_a_lognormal(record));
                    return None;
                }
            },
            Family::Gamma => Variate::gamma(x(key::mean)?, x(key::shape)?),
            Family::Weibull => Variate::weibull(x(key::scale)?, x(key::shape)?),
            Family::Pareto => Variate::pareto(x(key::scale)?, x(key::shape)?),
            Family::Uniform => Variate::uniform(x(key::low)?, x(key::high)?),
            Family::Triangular => Variate::triangular(x(key::low)?, x(key::mode)?, x(key::high)?),
            Family::Normal => Variate::normal(x(key::mean)?, x(key::sd)?),
            Family::Beta => Variate::beta(x(key::alpha)?, x(key::beta)?),
            Family::Hyperexponential => {
                Variate::hyperexponential(&reals(record, key::weights), &reals(record, key::means))
            }
            Family::Mixture => Variate::mixture(self.parts(record)?),
            Family::Empirical => Variate::empirical(reals(record, key::values)),
        };
        let variate = self.built(item, variate)?;
        let (shift, min, max) = (x(key::shift), x(key::min), x(key::max));
        if shift.is_none() && min.is_none() && max.is_none() {
            return Some(variate);
        }
        self.built(item, variate.bounded(shift.unwrap_or(0.0), min, max))
    }

    fn parts(&mut self, record: &Record) -> Option<Vec<(f64, Variate)>> {
        let mut parts = Vec::new();
        for part in record.tables(key::parts) {
            let weight = part.maybe_number(key::weight)?;
            parts.push((weight, self.distribution(part.get(key::of)?)?));
        }
        Some(parts)
    }

    fn built(&mut self, item: &Item, built: Result<Variate, ParameterError>) -> Option<Variate> {
        built
            .map_err(|error| {
                let own = match &item.value {
                    Value::Chosen(_, record) => record.get(error.parameter()),
                    _ => None,
                };
                let unit = match own.map(|own| &own.value) {
                    Some(Value::Duration(_)) => ", in seconds",
                    _ => "",
                };
                let place = own.map_or(item.place, |own| own.place);
                let message = "these settings make no distribution";
                self.errors.push(
                    Diagnostic::new(DiagnosticKind::OutOfRange, place, message)
                        .label(format!("{error}{unit}")),
                );
            })
            .ok()
    }
}

/// A lognormal with one of its two parameters, or none; the help has what would make it whole.
fn half_a_lognormal(record: &Record) -> Diagnostic {
    let scaled = |key: &str, factor: f64| match &record.get(key)?.value {
        Value::Duration(nanos) => Some(quote(&duration::print((*nanos as f64 * factor) as u64))),
        Value::Number(number) => Some(format!("{}", number * factor)),
        _ => None,
    };
    // In the order of the two that are looked for first.
    let line = scaled(key::median, 3.0).map(|p95| format!("p95 = {p95}"));
    let line = line.or_else(|| scaled(key::p95, 0.25).map(|median| format!("median = {median}")));
    let line = line.or_else(|| record.get(key::mean).map(|_| "cv = 0.5".to_owned()));
    let error = Diagnostic::new(DiagnosticKind::Missing, record.place, "`lognormal` is not whole")
        .label("expected `median` and `p95`, or `mean` and `cv`");
    match line {
        Some(line) => error.help(format!("for example `{line}`")),
        None => error,
    }
}

/// A duration in seconds, or a number.
fn scalar(value: &Value) -> Option<f64> {
    match value {
        Value::Duration(nanos) => Some(*nanos as f64 / NANOS),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn real(record: &Record, key: &str) -> Option<f64> {
    scalar(&record.get(key)?.value)
}

fn reals(record: &Record, key: &str) -> Vec<f64> {
    match record.get(key).map(|item| &item.value) {
        Some(Value::Durations(all)) => all.iter().map(|nanos| *nanos as f64 / NANOS).collect(),
        Some(Value::Numbers(all)) => all.to_vec(),
        _ => record.list(key).iter().filter_map(|item| scalar(&item.value)).collect(),
    }
}

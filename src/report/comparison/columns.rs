//! The columns of the table a person decides from.

use crate::experiment::metrics::HEADLINE;
use crate::report::metric;
use crate::report::{Better, Unit, better, label, unit};

/// Of the messages the API accepted.
const DUPLICATES: &str = "duplicates/1000";

/// One figure of the table, made of a replication's metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its heading: the name, with what it is counted in.
    pub heading: String,
    /// What its values are measured in.
    pub unit: Unit,
    /// Which way is better; `None`: neither.
    pub better: Option<Better>,
    /// The path it shows, if it shows one.
    pub path: Option<String>,
    source: Source,
}

/// Indices of metrics.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Source {
    Value(usize),
    /// 1 − the value.
    Complement(usize),
    /// `each` × part ÷ whole.
    Share {
        part: usize,
        whole: usize,
        each: f64,
    },
    /// 1 − part ÷ whole.
    Lacking {
        part: usize,
        whole: usize,
    },
}

impl Column {
    /// Its value in a replication with these metrics.
    #[must_use]
    pub fn value(&self, metrics: &[Option<f64>]) -> Option<f64> {
        let at = |index: usize| metrics.get(index).copied().flatten();
        let ratio =
            |part, whole| Some(at(part)? / at(whole)?).filter(|ratio: &f64| ratio.is_finite());
        match self.source {
            Source::Value(index) => at(index),
            Source::Complement(index) => at(index).map(|value| 1.0 - value),
            Source::Share { part, whole, each } => ratio(part, whole).map(|share| each * share),
            Source::Lacking { part, whole } => ratio(part, whole).map(|share| 1.0 - share),
        }
    }
}

/// The columns for a chain with the metrics at `paths`: what was delivered on time, late and
/// never, what was refused at once, duplicates, work, money, time, and each incident's recovery.
/// The figure that is decided on goes first if it is none of them.
#[must_use]
pub fn columns(paths: &[String], decided: Option<&str>) -> Vec<Column> {
    let find = |path: &str| paths.iter().position(|other| other == path);
    let share = |part: &str, whole: &str, each| {
        Some(Source::Share { part: find(part)?, whole: find(whole)?, each })
    };
    let value = |path: &str| find(path).map(Source::Value);
    let complement = |path: &str| find(path).map(Source::Complement);
    let lacking =
        |part: &str, whole: &str| Some(Source::Lacking { part: find(part)?, whole: find(whole)? });
    let accepted = "layers.api_success";
    let column = |heading: &str, unit, better, path: Option<&str>, source: Option<Source>| {
        source.map(|source| Column {
            name: heading.trim_end_matches(" %").to_owned(),
            heading: heading.to_owned(),
            unit,
            better,
            path: path.map(str::to_owned),
            source,
        })
    };
    let one = |path: &str, heading: &str| {
        let percent = if unit(path) == Unit::Share { " %" } else { "" };
        column(&format!("{heading}{percent}"), unit(path), better(path), Some(path), value(path))
    };
    let named = |path: &str| one(path, &label(path));
    use Unit::{Number, Share};
    let (lower, higher) = (Some(Better::Lower), Some(Better::Higher));
    let mut columns: Vec<Column> = [
        column("on time %", Share, higher, Some(HEADLINE), complement(HEADLINE)),
        column("late %", Share, None, None, share("truth.delivered_late", accepted, 1.0)),
        named("divergence.api_vs_outcome"),
        column("refused %", Share, lower, None, lacking("requests.accepted", "requests.total")),
        column(DUPLICATES, Number, lower, None, share("duplicates.copies", accepted, 1e3)),
        named("attempts.mean"),
        named("cost.per_on_time"),
        named("latency.delivery.p95_s"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let recoveries: Vec<&String> = paths
        .iter()
        .filter(|path| path.starts_with("incidents.") && path.ends_with(".recovery_s"))
        .collect();
    for path in &recoveries {
        let heading = match recoveries.len() {
            1 => metric::at(path).map_or_else(|| label(path), |metric| metric.heading().to_owned()),
            _ => label(path),
        };
        columns.extend(one(path, &heading));
    }
    if let Some(path) = decided
        && !columns.iter().any(|column| column.path.as_deref() == Some(path))
    {
        columns.splice(0..0, one(path, path));
    }
    columns
}

/// The same where no message has a deadline: what is on time is all that is delivered, and nothing
/// is late.
#[must_use]
pub fn without_deadline(columns: Vec<Column>) -> Vec<Column> {
    let dated = columns.into_iter().filter(|column| column.name != "late");
    let renamed = dated.map(|column| {
        let [name, heading] =
            [&column.name, &column.heading].map(|text| text.replace("on time", "delivered"));
        Column { name, heading, ..column }
    });
    renamed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::{metric_paths, metrics};

    #[test]
    fn they_are_made_of_the_report_s_figures() {
        let spec = sample::spec();
        let paths = metric_paths(&spec);
        let values = metrics(&spec, sample::run().results);
        let columns = columns(&paths, None);
        let shown = |heading: &str| {
            let column = columns.iter().find(|column| column.heading == heading).unwrap();
            column.value(&values).unwrap()
        };
        assert!((shown("on time %") - 17_819.0 / 20_000.0).abs() < 1e-12);
        assert!((shown("late %") - 0.05).abs() < 1e-12);
        let without = without_deadline(columns.clone());
        assert_eq!(without.len(), columns.len() - 1);
        assert!(without.iter().any(|column| column.heading == "delivered %"));
        let words = |column: &Column| format!("{} {}", column.name, column.heading);
        assert!(
            !without
                .iter()
                .map(words)
                .any(|words| words.contains("time") || words.contains("late %"))
        );
        assert!((shown("refused %") - 100.0 / 20_100.0).abs() < 1e-12);
        assert!((shown(DUPLICATES) - 0.6).abs() < 1e-12);
        assert!((shown("cost per on time") - 158.0 / 17_819.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_decided_on_is_shown() {
        let mut paths = metric_paths(&sample::spec());
        paths.push("incidents.storm.recovery_s".to_owned());
        let of = |path| columns(&paths, Some(path)).into_iter().map(|column| column.heading);
        assert_eq!(of("within.5s").next().unwrap(), "within.5s %");
        assert_eq!(of(HEADLINE).next().unwrap(), "on time %");
        assert_eq!(of(HEADLINE).next_back().unwrap(), "recovered after");
        assert_eq!(of("within.5s").count(), of(HEADLINE).count() + 1);
    }
}

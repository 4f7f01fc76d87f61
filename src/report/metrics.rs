//! The figures of a report that replications and design points are compared by.

use super::{Facts, Value, leaves, report};
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::Run;

/// The paths of every numeric figure of a chain's report, in its order: all but histograms, and
/// but what says how the report was made (`seed`, `replications`, `estimates`).
#[must_use]
pub fn metric_paths(spec: &Spec) -> Vec<String> {
    let mut paths = Vec::new();
    walk(spec, Results::nothing(spec), |path, _| paths.push(path.to_owned()));
    paths
}

/// Their values in one replication, in the same order; `None` where undefined.
#[must_use]
pub fn metrics(spec: &Spec, results: Results) -> Vec<Option<f64>> {
    let mut values = Vec::new();
    walk(spec, results, |_, value| values.push(value));
    values
}

/// The figure of a report at one of those paths; `None` where undefined.
#[must_use]
pub fn metric(report: &Value, path: &str) -> Option<f64> {
    let mut found = None;
    figures(report, |other, value| {
        if other == path {
            found = value;
        }
    });
    found
}

/// Calls `metric` with every path and its value, in the order of [`metric_paths`].
pub(super) fn walk(spec: &Spec, results: Results, mut metric: impl FnMut(&str, Option<f64>)) {
    tree(spec, results, |path, value| metric(path, value.as_f64()));
}

/// The same, each value as the report has it.
pub(super) fn tree(spec: &Spec, results: Results, figure: impl FnMut(&str, &Value)) {
    let (seeds, estimates, certainty, parameters) = Default::default();
    let run = Run { results, seeds, estimates, certainty, parameters };
    values(&report(&Facts::new(spec, "", spec.seed, &run)), figure);
}

fn figures(report: &Value, mut metric: impl FnMut(&str, Option<f64>)) {
    values(report, |path, value| metric(path, value.as_f64()));
}

fn values(report: &Value, mut figure: impl FnMut(&str, &Value)) {
    leaves(report, &mut |path, value| {
        let how = path == "seed" || path == "replications" || path.starts_with("estimates.");
        if how || path.starts_with("attempts.histogram.") {
            return;
        }
        if value.is_null() || value.is_number() {
            figure(path, value);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Effects, Incident, Outage, Target};
    use crate::chain::{NoObserver, simulate};
    use crate::experiment::sample;
    use crate::kernel::{SECOND, Unwatched};

    #[test]
    fn incidents_have_theirs() {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (20 * SECOND, 0);
        spec.incidents.push(Incident {
            name: "cut".into(),
            summary: String::new(),
            at: 5 * SECOND,
            span: 5 * SECOND,
            ramp: 0,
            repeat: None,
            target: Target::Provider(0),
            effects: Effects { outage: Some(Outage::Silent), ..Effects::default() },
        });
        let paths = metric_paths(&spec);
        let values = metrics(&spec, simulate(&spec, 7, &mut NoObserver, &mut Unwatched).unwrap());
        assert_eq!(paths.len(), values.len());
        let at = |path: &str| paths.iter().position(|other| other == path).unwrap();
        assert_eq!(values[at("incidents.cut.to_s")], Some(10.0));
        assert!(values[at("incidents.cut.on_time_during")] < Some(1.0));
    }

    #[test]
    fn every_number_has_its_path() {
        let (spec, results) = (sample::spec(), sample::run().results);
        let paths = metric_paths(&spec);
        let values = metrics(&spec, results);
        assert_eq!(paths.len(), values.len());
        let value = |path: &str| values[paths.iter().position(|other| other == path).unwrap()];
        assert_eq!(value("layers.api_success"), Some(20_000.0));
        assert_eq!(value("divergence.api_vs_outcome"), Some(1_181.0 / 20_000.0));
        assert_eq!(value("latency.carrier_wait.p95_s"), None);
        assert_eq!(value("traffic.otp.truth.filtered_silent"), Some(600.0));
        for no in ["seed", "seeds", "replications", "digest", "schema", "engine.version"] {
            assert!(!paths.iter().any(|path| path == no), "{no}");
        }
        assert!(!paths.iter().any(|path| path.contains("histogram")));
    }
}

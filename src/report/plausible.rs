//! True if kept figures can be those of a run, as far as that is known without making it.

use std::collections::BTreeMap;

use super::metrics::tree;
use crate::chain::Results;
use crate::chain::spec::Arrivals;
use crate::chain::spec::Spec;
use crate::kernel::in_seconds;

/// A count beyond this is none.
const MOST: f64 = (1_u64 << 53) as f64;
/// The error that rounding may make in a share.
const ROUNDING: f64 = 1e-9;

/// Counts of which each is a part of the one before it. Calls that are repeated may make more
/// successes of the API than were requested.
const FUNNEL: [&str; 4] = [
    "layers.api_success",
    "layers.execution_success",
    "layers.outcome_success",
    "layers.outcome_on_time",
];

/// Shares of the API's successes that lack the layer.
const LACKING: [(&str, &str); 3] = [
    ("divergence.api_vs_execution", "layers.execution_success"),
    ("divergence.api_vs_outcome", "layers.outcome_success"),
    ("divergence.api_vs_on_time", "layers.outcome_on_time"),
];

/// The figures of a delay, in the order of their size.
const RISING: [&str; 6] = ["p50_s", "p90_s", "p95_s", "p99_s", "p999_s", "max_s"];

/// True if these can be the figures at these paths of a run of the scenario; without paths, all
/// figures of its report. There is one for each path; each is finite, a count whole, a share within
/// 0 and 1; and those that have to do with one another fit.
#[must_use]
pub fn plausible(spec: &Spec, paths: Option<&[String]>, figures: &[Option<f64>]) -> bool {
    Kinds::of(spec).allow(spec, paths, figures)
}

/// The kinds of figures that a scenario's report has, by their paths: true of counts. To find them takes
/// longer than to look at figures.
#[derive(Debug)]
pub struct Kinds(Vec<(String, bool)>);

impl Kinds {
    /// Those of a scenario.
    #[must_use]
    pub fn of(spec: &Spec) -> Kinds {
        let mut kinds = Vec::new();
        tree(spec, Results::nothing(spec), |path, value| {
            kinds.push((path.to_owned(), value.is_u64()));
        });
        Kinds(kinds)
    }

    /// `true` if figures are [`plausible`]; the scenario is theirs.
    #[must_use]
    pub fn allow(&self, spec: &Spec, paths: Option<&[String]>, figures: &[Option<f64>]) -> bool {
        allowed(&self.0, spec, paths, figures)
    }
}

fn allowed(
    kinds: &[(String, bool)],
    spec: &Spec,
    paths: Option<&[String]>,
    figures: &[Option<f64>],
) -> bool {
    let all: Vec<String>;
    let paths = match paths {
        Some(paths) => paths,
        None => {
            all = kinds.iter().map(|(path, _)| path.clone()).collect();
            &all
        }
    };
    if paths.len() != figures.len() {
        return false;
    }
    let counts: BTreeMap<&str, bool> =
        kinds.iter().map(|(path, is_count)| (path.as_str(), *is_count)).collect();
    let known = |(path, figure): (&String, &Option<f64>)| match (counts.get(path.as_str()), figure)
    {
        (None | Some(false), None) => true,
        (None, Some(_)) => false,
        (Some(true), None) => false,
        (Some(true), Some(count)) => *count >= 0.0 && *count < MOST && count.trunc() == *count,
        (Some(false), Some(figure)) => {
            figure.is_finite() && (!is_share(path) || (0.0..=1.0).contains(figure))
        }
    };
    let figure_at: BTreeMap<&str, Option<f64>> =
        paths.iter().map(String::as_str).zip(figures.iter().copied()).collect();
    let at = |path: &str| figure_at.get(path).copied().flatten();
    paths.iter().zip(figures).all(known) && fits(&at) && asked_for(spec, &at)
}

/// The figures that the others follow from.
fn fits(at: &dyn Fn(&str) -> Option<f64>) -> bool {
    let falls = FUNNEL.windows(2).all(|pair| match (at(pair[0]), at(pair[1])) {
        (Some(whole), Some(part)) => part <= whole,
        _ => true,
    });
    let shares = LACKING.iter().all(|(share, layer)| {
        match (at(share), at("layers.api_success"), at(layer)) {
            (Some(share), Some(whole), Some(part)) if whole > 0.0 => {
                (share - (whole - part) / whole).abs() <= ROUNDING
            }
            _ => true,
        }
    });
    let rises =
        ["api", "queue_wait", "submit", "hand_off", "delivery", "receipt"].iter().all(|stage| {
            let own: Vec<f64> =
                RISING.iter().filter_map(|name| at(&format!("latency.{stage}.{name}"))).collect();
            own.windows(2).all(|pair| 0.0 <= pair[0] && pair[0] <= pair[1] * (1.0 + 1e-3))
        });
    falls && shares && rises
}

/// Requests are as many as the streams can make.
fn asked_for(spec: &Spec, at: &dyn Fn(&str) -> Option<f64>) -> bool {
    let ranges = spec.traffic.iter().map(|stream| requests(spec, &stream.arrivals));
    let (least, most) = ranges.fold((0.0, 0.0), |sum, range| (sum.0 + range.0, sum.1 + range.1));
    match (at("requests.total"), at("requests.resends")) {
        (Some(total), Some(resends)) if spec.incidents.is_empty() => {
            (least..=most).contains(&(total - resends))
        }
        _ => true,
    }
}

/// The fewest and most requests of a stream that are counted: of those by chance within ten standard
/// deviations.
fn requests(spec: &Spec, arrivals: &Arrivals) -> (f64, f64) {
    let scale = spec.scale;
    let mean = |rate: f64| rate * scale * in_seconds(spec.duration - spec.warmup);
    let about = |count: f64, slack: f64| ((count - slack).max(0.0), count + slack);
    match arrivals {
        Arrivals::Trace { rows } => {
            let counted = |time: u64| (spec.warmup..spec.duration).contains(&time);
            let rows = rows.iter().filter(|row| counted(row.time)).count() as f64;
            (rows * scale.floor(), rows * scale.ceil())
        }
        Arrivals::Constant { rate } => about(mean(*rate), 2.0),
        Arrivals::Poisson { rate } => {
            let mean = mean(*rate);
            about(mean, 10.0 * mean.sqrt() + 20.0)
        }
        Arrivals::Campaign { count, at, over } => {
            let count = (*count as f64 * scale).round();
            let end = at.saturating_add(*over);
            let counted = end.min(spec.duration).saturating_sub((*at).max(spec.warmup));
            if *over == 0 {
                let counted = (spec.warmup..spec.duration).contains(at);
                return about(if counted { count } else { 0.0 }, 0.0);
            }
            about(count * counted as f64 / *over as f64, 2.0)
        }
        Arrivals::Profile { .. } | Arrivals::OnOff { .. } => (0.0, f64::INFINITY),
    }
}

fn is_share(path: &str) -> bool {
    ["divergence.", "within.", "of_requested."]
        .iter()
        .any(|start| path.starts_with(start) || path.contains(&format!(".{start}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::{metric_paths, metrics};

    #[test]
    fn every_shipped_scenario_s_runs_are_believed() {
        use crate::chain::{NoObserver, simulate};
        use crate::kernel::Unwatched;
        use crate::scenario::{Overrides, Source, load};
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut seen = 0;
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.display().to_string();
            let source = Source { name: name.clone(), text, base: folder.clone() };
            for scale in [0.02, 0.3, 1.0] {
                let overrides = Overrides { scale: Some(scale), ..Overrides::default() };
                let spec = load(&source, &overrides).unwrap().spec;
                let is_small = spec.traffic.iter().all(|stream| {
                    matches!(stream.arrivals, crate::chain::spec::Arrivals::Trace { .. })
                });
                if scale < 0.1 || is_small {
                    let results = simulate(&spec, 7, &mut NoObserver, &mut Unwatched).unwrap();
                    assert!(plausible(&spec, None, &metrics(&spec, results)), "{name} × {scale}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 5, "{seen}");
    }

    #[test]
    fn a_run_is_believed_and_what_can_be_none_is_not() {
        let (mut spec, results) = (sample::spec(), sample::run().results);
        // Its requests were counted by hand.
        spec.traffic[0].arrivals =
            Arrivals::OnOff { high: 1.0, low: 1.0, mean_high: 1, mean_low: 1 };
        let (paths, figures) = (metric_paths(&spec), metrics(&spec, results));
        assert!(plausible(&spec, None, &figures));
        assert!(!plausible(&spec, None, &figures[1..]));
        let at = |path: &str| paths.iter().position(|other| other == path).unwrap();
        for (path, figure) in [
            ("latency.delivery.mean_s", Some(f64::NAN)),
            ("latency.delivery.max_s", Some(f64::INFINITY)),
            ("latency.delivery.p50_s", Some(1e9)),
            ("layers.api_success", Some(0.5)),
            ("layers.api_success", Some(-1.0)),
            ("layers.api_success", None),
            ("layers.outcome_on_time", Some(1e9)),
            ("divergence.api_vs_on_time", Some(0.123)),
            ("within.5s", Some(1.1)),
        ] {
            let mut forged = figures.clone();
            forged[at(path)] = figure;
            assert!(!plausible(&spec, None, &forged), "{path}: {figure:?}");
        }
        let asked = [paths[at("layers.api_success")].clone()];
        assert!(plausible(&spec, Some(&asked), &[Some(7.0)]));
        assert!(!plausible(&spec, Some(&asked), &[Some(f64::INFINITY)]));
        assert!(!plausible(&spec, Some(&asked), &[]));
        assert!(plausible(&spec, Some(&["no.such.path".to_owned()]), &[None]));
    }

    #[test]
    fn requests_are_as_many_as_the_streams_can_make() {
        let mut spec = sample::spec();
        let at =
            |total: f64| move |path: &str| Some(if path == "requests.total" { total } else { 0.0 });
        let believed = |spec: &Spec, total: f64| asked_for(spec, &at(total));
        // 10/s for 3,000 s: 30,000 ± 173.
        for (total, is) in
            [(30_000.0, true), (28_500.0, true), (44.0, false), (0.0, false), (60_000.0, false)]
        {
            assert_eq!(believed(&spec, total), is, "{total}");
        }
        spec.traffic[0].arrivals = Arrivals::Constant { rate: 10.0 };
        assert!(believed(&spec, 30_000.0) && !believed(&spec, 29_990.0));
        spec.traffic[0].arrivals = Arrivals::Campaign { count: 500, at: spec.warmup, over: 1_000 };
        assert!(believed(&spec, 500.0) && !believed(&spec, 490.0));
        spec.scale = 2.0;
        assert!(believed(&spec, 1000.0) && !believed(&spec, 500.0));
    }
}

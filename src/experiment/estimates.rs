//! Means with their 95 % confidence intervals.

use super::certainty::Certainty;
use super::metrics;
use crate::chain::spec::Spec;
use crate::chain::{Group, Results};
use crate::stats::{Parameters, Running, is_skewed, lag_one, t_interval};

/// Spans whose figures are more alike than this from one to the next say too little, each by itself:
/// 1.6 standard errors of the autocorrelation of 20 independent ones.
const LAG_ONE_MOST: f64 = 0.36;
/// Probability with which an interval misses.
const ERROR: f64 = 0.05;

/// The sort of observations of an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// One a replication.
    Replications,
    /// One a span of request time.
    BatchMeans,
}

impl Method {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Method::Replications => "replications",
            Method::BatchMeans => "batch_means",
        }
    }
}

/// One figure's estimate. Mean and half-width are `None` when the figure isn't defined in every
/// replication (or span): to leave some out would make the rest look better or worse than all. The
/// half-width alone is `None` where an interval would promise more than it keeps: see [`Certainty`]
/// and [`is_skewed`]; of a quantile also where it lies near a step in the distribution; with a single
/// run where its spans are correlated, or too short for a quantile.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The figure's path in the report.
    pub path: String,
    /// Mean of the observations.
    pub mean: Option<f64>,
    /// Half the width of the 95 % interval.
    pub half_width: Option<f64>,
    /// Half the width of the one that chance alone would make, where parameters are drawn.
    pub by_chance: Option<f64>,
    /// Observations.
    pub n: usize,
    /// Their sort.
    pub method: Method,
}

/// The estimates from one observation of every figure a replication, or, with a single one, from
/// the spans of request time of `results`.
#[must_use]
pub fn estimate(
    spec: &Spec,
    results: &Results,
    replications: &[Vec<Option<f64>>],
    parameters: Parameters,
    certainty: &Certainty,
) -> Vec<Estimated> {
    let paths = metrics::figures(spec, &Group::default()).into_iter().map(|(path, _)| path);
    let batches: Vec<Vec<Option<f64>>>;
    let (method, observations) = if replications.len() > 1 {
        (Method::Replications, replications)
    } else {
        batches = results.batches.iter().map(|batch| values(spec, batch)).collect();
        (Method::BatchMeans, batches.as_slice())
    };
    let footings = metrics::footings(spec, &results.batches, &results.total());
    let single = method == Method::BatchMeans;
    let running = |values: &[f64]| {
        let mut running = Running::new(parameters);
        values.iter().for_each(|&value| running.push(value));
        running
    };
    let width = |values: &[f64]| match parameters {
        Parameters::Same => t_interval(values)?.half_width,
        Parameters::EverySecondDrawn => running(values).half_width(ERROR),
    };
    paths
        .enumerate()
        .map(|(index, path)| {
            let defined: Option<Vec<f64>> =
                observations.iter().map(|values| values.get(index).copied().flatten()).collect();
            let estimate = defined.as_deref().and_then(t_interval);
            let exact = single && certainty.is_exact();
            let footing = footings.get(index).copied();
            let footing = footing.filter(|footing| footing.smooth && (footing.observed || !single));
            let sound = |values: &[f64]| {
                let apart = !single || lag_one(values).is_none_or(|lag| lag <= LAG_ONE_MOST);
                certainty.bears_intervals() && footing.is_some() && apart && !is_skewed(values)
            };
            // Equal values are taken as they are.
            let wider = |half_width: f64| {
                let resolution = footing.map_or(0.0, |footing| footing.resolution);
                if half_width > 0.0 { half_width + resolution } else { half_width }
            };
            let half_width = match defined.as_deref() {
                Some(_) if exact => Some(0.0),
                Some(values) if sound(values) => width(values).map(wider),
                _ => None,
            };
            let by_chance = defined.as_deref().filter(|_| half_width.is_some());
            let by_chance =
                by_chance.and_then(|values| running(values).half_width_by_chance(ERROR));
            let mean = estimate.map(|estimate| estimate.mean);
            Estimated { path, mean, half_width, by_chance, n: observations.len(), method }
        })
        .collect()
}

/// Every figure's value, in the order of [`metrics::figures`].
pub(super) fn values(spec: &Spec, group: &Group) -> Vec<Option<f64>> {
    metrics::figures(spec, group).into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Layers;
    use crate::experiment::sample;

    fn batch(on_time: u64) -> Group {
        let layers = Layers { accepted: 100, delivered: 90, on_time, ..Layers::default() };
        Group { layers, within: vec![on_time; 2], ..Group::default() }
    }

    fn named<'a>(estimates: &'a [Estimated], path: &str) -> &'a Estimated {
        estimates.iter().find(|estimate| estimate.path == path).unwrap()
    }

    #[test]
    fn one_replication_is_judged_by_its_spans() {
        let spec = sample::spec();
        let results =
            Results { batches: vec![batch(80), batch(90), batch(70)], ..Results::default() };
        let estimates = estimate(&spec, &results, &[], Parameters::Same, &Certainty::default());
        let headline = named(&estimates, "divergence.api_vs_on_time");
        assert!((headline.mean.unwrap() - 0.2).abs() < 1e-12);
        // t(0.975, 2) = 4.302653, s = 0.1, n = 3
        assert!((headline.half_width.unwrap() - 4.302_652_73 * 0.1 / 3_f64.sqrt()).abs() < 1e-8);
        assert_eq!((headline.n, headline.method), (3, Method::BatchMeans));
    }

    #[test]
    fn undefined_in_one_span_is_unknown() {
        let spec = sample::spec();
        let results = Results { batches: vec![batch(80), Group::default()], ..Results::default() };
        let estimates = estimate(&spec, &results, &[], Parameters::Same, &Certainty::default());
        let headline = named(&estimates, "divergence.api_vs_on_time");
        assert_eq!((headline.mean, headline.half_width, headline.n), (None, None, 2));
    }

    #[test]
    fn replications_go_before_spans() {
        let spec = sample::spec();
        let each: Vec<_> = [80, 90].map(|on_time| values(&spec, &batch(on_time))).into();
        let results = Results { batches: vec![batch(10); 20], ..Results::default() };
        let estimates = estimate(&spec, &results, &each, Parameters::Same, &Certainty::default());
        let headline = named(&estimates, "divergence.api_vs_on_time");
        assert!((headline.mean.unwrap() - 0.15).abs() < 1e-12);
        assert_eq!((headline.n, headline.method), (2, Method::Replications));
    }
}

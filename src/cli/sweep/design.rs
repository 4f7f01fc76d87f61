//! Design points, loaded and ready to run.

use std::ops::Range;

use crate::chain::spec::Spec;
use crate::cli::ending::Ending;
use crate::cli::input::Input;
use crate::experiment::metrics::HEADLINE;
use crate::experiment::{Comparison, Difference, Known};
use crate::report::metric_paths;
use crate::report::sweep::{Axis, ERROR, Level, Parameter, Point, Sensitivity};
use crate::scenario::{Overrides, Scenario, Size, Source, Varying};

/// More warnings than this are counted.
const WARNINGS: usize = 5;

/// Design points and what is to be said about them.
#[derive(Debug, Default)]
pub(super) struct Design {
    pub(super) axes: Vec<Axis>,
    pub(super) points: Vec<Point>,
    pub(super) specs: Vec<Spec>,
    /// Of the scenario at each.
    pub(super) fingerprints: Vec<String>,
    /// The size of a run of each.
    pub(super) sizes: Vec<Size>,
    /// The settings of each point's values.
    pub(super) set: Vec<Vec<Varying>>,
    /// The paths of the metrics of all points.
    pub(super) paths: Vec<String>,
    /// For a point that has not all of them: where each of its own goes.
    places: Vec<Option<Vec<usize>>>,
    /// Remarks on what a user may not expect of these points.
    pub(super) notes: Vec<String>,
    /// Reservations about the figures.
    pub(super) doubts: Vec<String>,
    /// The settings of a sensitivity, with the points at its smaller and its larger value.
    pub(super) parameters: Vec<Moved>,
    /// Points, in words, at which something is suspicious that isn't in the scenario.
    warnings: Vec<(String, Scenario)>,
}

/// A setting that is moved.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) path: String,
    /// Its values: base, smaller, larger.
    pub(super) values: [String; 3],
    /// The points of the smaller and the larger; 0 is the scenario itself.
    pub(super) points: [usize; 2],
}

/// A point in words.
pub(super) fn told(point: &Point) -> String {
    let at = |(path, level): &(String, Level)| format!("{path} {}", level.text);
    point.at.iter().map(at).collect::<Vec<_>>().join(", ")
}

impl Design {
    /// Adds a point; `own`: the scenario as it is.
    pub(super) fn push(
        &mut self,
        own: &Scenario,
        point: Point,
        set: Vec<Varying>,
        mut scenario: Scenario,
    ) {
        let paths = metric_paths(&scenario.spec);
        if self.points.is_empty() {
            self.paths.clone_from(&paths);
        }
        let places = (paths != self.paths).then(|| self.merge(paths));
        self.places.push(places);
        let told = told(&point);
        self.points.push(point);
        self.set.push(set);
        self.specs.push(scenario.spec.clone());
        self.fingerprints.push(scenario.fingerprint.clone());
        self.sizes.push(scenario.size.clone());
        scenario.warnings.retain(|warning| !own.warnings.contains(warning));
        if !scenario.warnings.is_empty() {
            self.warnings.push((told, scenario));
        }
    }

    /// The place of each of a point's paths among all; new ones are added at the end.
    fn merge(&mut self, paths: Vec<String>) -> Vec<usize> {
        let place = |path: String| match self.paths.iter().position(|known| *known == path) {
            Some(place) => place,
            None => {
                self.paths.push(path);
                self.paths.len() - 1
            }
        };
        paths.into_iter().map(place).collect()
    }

    /// A point's metrics in the order of all paths.
    pub(super) fn placed(&self, point: usize, metrics: Vec<Option<f64>>) -> Vec<Option<f64>> {
        let Some(Some(places)) = self.places.get(point) else {
            let mut metrics = metrics;
            metrics.resize(self.paths.len(), None);
            return metrics;
        };
        let mut all = vec![None; self.paths.len()];
        for (&place, metric) in places.iter().zip(metrics) {
            all[place] = metric;
        }
        all
    }

    /// The chains of each point's replications, if their parameters are drawn.
    pub(super) fn inputs(
        &self,
        input: Option<&Input>,
        (source, overrides): (&Source, &Overrides),
        seed: u64,
        replications: Range<u64>,
    ) -> Result<Vec<Vec<Spec>>, Ending> {
        let Some(input) = input else { return Ok(Vec::new()) };
        let of = |set: &Vec<Varying>| {
            let vary = overrides.vary.iter().chain(set).cloned().collect();
            let overrides = Overrides { vary, ..overrides.clone() };
            input.specs(source, &overrides, seed, replications.clone())
        };
        self.set.iter().map(of).collect()
    }

    /// Suspicions, each once, with the first point that it is about.
    pub(super) fn warnings(&self, colour: bool) -> String {
        let mut texts: Vec<(&str, String)> = Vec::new();
        for (point, scenario) in &self.warnings {
            let text = scenario.render_warnings(colour);
            if !texts.iter().any(|(_, known)| *known == text) {
                texts.push((point, text));
            }
        }
        let more = texts.len().saturating_sub(WARNINGS);
        let shown = texts.iter().take(WARNINGS);
        let mut texts: Vec<String> =
            shown.map(|(point, text)| format!("at {point}:\n{text}")).collect();
        if more > 0 {
            texts.push(format!("… and warnings about {more} more points"));
        }
        texts.join("\n\n")
    }

    /// The headline's change with each setting that was moved.
    pub(super) fn sensitivity(&self, change: f64, compared: &Comparison) -> Sensitivity {
        let headline = self.paths.iter().position(|path| path == HEADLINE);
        let base = headline.and_then(|index| compared.cells.first()?.tallies().get(index));
        let n = base.map_or(0, |tally| {
            let Known { n, .. } = tally.known(ERROR);
            n
        });
        let nothing = Difference {
            mean: (n == compared.replications()).then_some(0.0),
            half_width: (n == compared.replications() && n > 1).then_some(0.0),
            n,
            variance_reduction: None,
        };
        let at = |point: usize| {
            let pair = compared.pairs.iter().find(|pair| pair.point == point);
            pair.and_then(|pair| pair.differences(ERROR).nth(headline?)).unwrap_or(nothing)
        };
        let mut parameters: Vec<Parameter> = self
            .parameters
            .iter()
            .map(|moved| {
                let [base, low, high] = moved.values.clone();
                let [at_low, at_high] = moved.points.map(at);
                Parameter { path: moved.path.clone(), base, low, high, at_low, at_high }
            })
            .collect();
        parameters
            .sort_by(|a, b| b.effect().total_cmp(&a.effect()).then_with(|| a.path.cmp(&b.path)));
        Sensitivity { change, parameters }
    }
}

//! Objectives of a run, and whether it kept them.

use super::capacity::objective;
use super::refusing::{Refusing, refusing};
use super::{Facts, Map, Value, metric, metric_paths};
use crate::chain::spec::Spec;
use crate::experiment::Certainty;
use crate::experiment::capacity::{
    Asked, Effort, Gauge, Judging, Margin, Nature, Objective as Parts, ObjectiveVerdict,
    without_exception,
};
use crate::expression::Expression;
use crate::report::number::percent;
use crate::special::student_t_quantile;

/// A verdict is given where the 95 % interval lies on one side of the limit: each end of it is wrong
/// in at most 2.5 %.
const ERROR: f64 = 0.025;
/// Replications beyond which a limit is too near to be told from.
const MOST: f64 = 10_000.0;

/// The figures that objectives are held against.
#[derive(Debug)]
pub struct Gate {
    paths: Vec<String>,
    /// One a replication, at those paths.
    each: Vec<Vec<Option<f64>>>,
}

impl Gate {
    /// The replications of a run of `spec`: the metrics of each, in their order.
    #[must_use]
    pub fn new(spec: &Spec, each: Vec<Vec<Option<f64>>>) -> Gate {
        Gate { paths: metric_paths(spec), each }
    }

    /// Judges each of `expressions`: all verdicts together are wrong in at most 2.5 % on either side
    /// (Bonferroni). `report` is the run's whole report.
    #[must_use]
    pub fn judge(
        &self,
        expressions: &[Expression],
        facts: &Facts<'_>,
        report: &Value,
    ) -> Vec<Objective> {
        let number = expressions.len().max(1) as u64;
        let judge = |expression| self.one(expression, number, facts, report);
        expressions.iter().map(judge).collect()
    }

    fn one(
        &self,
        expression: &Expression,
        objectives: u64,
        facts: &Facts<'_>,
        report: &Value,
    ) -> Objective {
        let certainty = &facts.run.certainty;
        let parts = objective(std::slice::from_ref(expression), &self.paths);
        let holds = expression.evaluate(|path| metric(report, path));
        let runs = self.each.len() as u64;
        let margins = if certainty.is_exact() || !certainty.bears_intervals() {
            parts.asked().iter().map(|asked| self.alone(asked, facts, None)).collect()
        } else if runs > 1 {
            let effort = Effort { first: runs, most: runs, error: ERROR, points: objectives };
            let mut judging = Judging::new(&parts, effort, facts.run.parameters);
            self.each.iter().for_each(|metrics| judging.push(metrics));
            judging.look();
            judging.into_parts().1
        } else {
            let error = ERROR / (parts.uncertain() * objectives) as f64;
            parts.asked().iter().map(|asked| self.alone(asked, facts, Some(error))).collect()
        };
        let verdict = verdict(&parts, &margins, holds, certainty);
        let mut figures: Vec<(String, Option<f64>)> = Vec::new();
        for (path, _) in expression.paths() {
            if !figures.iter().any(|(known, _)| known == path) {
                figures.push((path.clone(), metric(report, path)));
            }
        }
        let needed = match verdict {
            ObjectiveVerdict::Undecided => needed(certainty, parts.asked(), &margins, runs),
            ObjectiveVerdict::Met | ObjectiveVerdict::Missed | ObjectiveVerdict::AtLimit => None,
        };
        let refusing = refusing(expression, |path| metric(report, path))
            .map(|found| by_refusing(&found, |path| metric(report, path)));
        let exact = certainty.is_exact();
        let text = expression.to_string();
        let asked = parts.asked().to_vec();
        Objective { text, verdict, holds, figures, asked, margins, runs, exact, needed, refusing }
    }

    /// The part of a comparison that there is without other replications: the interval that spans of the one
    /// run's time give its figure, with this error at either end, if they give one.
    fn alone(&self, asked: &Asked, facts: &Facts<'_>, error: Option<f64>) -> Margin {
        let Gauge::Metric(index, nature) = asked.gauge else {
            let holds = match asked.gauge {
                Gauge::Known(holds) => Some(holds),
                Gauge::Metric(..) | Gauge::Computed(..) => None,
            };
            return Margin { mean: None, half_width: None, holds, near: false };
        };
        let values = || self.each.iter().map(|metrics| metrics.get(index).copied().flatten());
        let sum: Option<f64> = values().sum();
        let mean = sum.map(|sum| sum / self.each.len().max(1) as f64);
        let estimate = self.paths.get(index).and_then(|path| facts.estimate(path));
        let half_width = estimate.zip(error).and_then(|(estimate, error)| {
            let freedom = estimate.n.checked_sub(1).filter(|&freedom| freedom > 0)? as f64;
            let wider =
                student_t_quantile(1.0 - error, freedom) / student_t_quantile(0.975, freedom);
            Some(estimate.half_width? * wider)
        });
        let things = |of: Option<usize>| {
            let each = || self.each.iter().map(|metrics| metrics.get(of?).copied().flatten());
            each().sum::<Option<f64>>().unwrap_or(1.0)
        };
        let interval = mean.zip(half_width).map(|(mean, half)| match (nature, error) {
            (Nature::Share(of), Some(error)) if half <= 0.0 => {
                let room = without_exception(things(of), error);
                let at = |end: f64| if mean == end { 0.0 } else { room };
                (mean - at(0.0), mean + at(1.0))
            }
            _ => (mean - half, mean + half),
        });
        Margin::of(asked, mean, interval)
    }
}

/// By the intervals where there are any; without, a run that misses the objective is a no, and one
/// that keeps it tells nothing of others. What isn't defined is not met.
fn verdict(
    parts: &Parts,
    margins: &[Margin],
    holds: Option<bool>,
    certainty: &Certainty,
) -> ObjectiveVerdict {
    let Some(holds) = holds else {
        return ObjectiveVerdict::Missed;
    };
    if certainty.is_exact() {
        return if holds { ObjectiveVerdict::Met } else { ObjectiveVerdict::Missed };
    }
    let bare = |margin: &Margin| margin.holds.is_none() && margin.half_width.is_none();
    match parts.verdict(margins) {
        ObjectiveVerdict::Undecided if !holds && margins.iter().any(bare) => {
            ObjectiveVerdict::Missed
        }
        verdict => verdict,
    }
}

/// Replications that are likely to tell: as many as bear an interval, or as make it narrow enough if
/// its width goes by 1/√n.
fn needed(certainty: &Certainty, asked: &[Asked], margins: &[Margin], runs: u64) -> Option<u64> {
    if let Some(needed) = certainty.needed() {
        return Some(needed);
    }
    let open = asked.iter().zip(margins).filter(|(_, margin)| margin.holds.is_none());
    let each = open.map(|(asked, margin)| {
        let Some((mean, half)) = margin.mean.zip(margin.half_width) else {
            // A single run's figure without an interval of its own.
            return Some(20.0).filter(|_| runs == 1);
        };
        let times = half / (mean - asked.limit).abs();
        let enough = 1.2 * runs as f64 * times * times;
        (enough <= MOST).then(|| enough.max(2.0 * runs as f64).max(20.0))
    });
    let most = each.reduce(|most, next| Some(most?.max(next?)))??;
    // Two digits are enough for a guess.
    let unit = libm::pow(10.0, libm::floor(libm::log10(most)) - 1.0);
    Some((libm::ceil(most / unit) * unit) as u64)
}

/// An objective, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    text: String,
    verdict: ObjectiveVerdict,
    /// True if the figures as they are keep it.
    holds: Option<bool>,
    /// The figures it names, each once.
    figures: Vec<(String, Option<f64>)>,
    asked: Vec<Asked>,
    margins: Vec<Margin>,
    runs: u64,
    exact: bool,
    needed: Option<u64>,
    /// The way it is met, if by refusing.
    refusing: Option<String>,
}

impl Objective {
    /// Met, missed or undecided.
    #[must_use]
    pub fn verdict(&self) -> ObjectiveVerdict {
        self.verdict
    }

    /// The verdict in a sentence, with the figures it rests on, unrounded.
    #[must_use]
    pub fn sentence(&self) -> String {
        let runs = match self.runs {
            1 => "in this run".to_owned(),
            runs => format!("in these {runs} runs"),
        };
        let bare =
            self.margins.iter().any(|margin| margin.holds.is_none() && margin.half_width.is_none());
        let verdict = match self.verdict {
            ObjectiveVerdict::Met => "objective met".to_owned(),
            ObjectiveVerdict::Missed if self.holds.is_none() => {
                "objective unknown, and so not met".to_owned()
            }
            ObjectiveVerdict::Missed if bare && !self.exact => format!("objective not met {runs}"),
            ObjectiveVerdict::Missed => "objective not met".to_owned(),
            ObjectiveVerdict::Undecided if bare => {
                format!("objective met {runs}, can't tell in general")
            }
            ObjectiveVerdict::Undecided | ObjectiveVerdict::AtLimit => {
                "can't tell whether the objective is met".to_owned()
            }
        };
        let figures: Vec<String> = self.figures.iter().map(|figure| self.figure(figure)).collect();
        let mut sentence = format!("{verdict}: {}", self.text);
        if !figures.is_empty() {
            sentence.push_str(&format!(" ({})", figures.join(", ")));
        }
        sentence.push_str(self.refusing.as_deref().unwrap_or_default());
        if self.verdict == ObjectiveVerdict::Undecided {
            sentence.push_str(&match self.needed {
                Some(needed) => format!("; `-n {needed}` may tell"),
                None => "; it is too near the limit to tell".to_owned(),
            });
        }
        sentence
    }

    fn figure(&self, (path, value): &(String, Option<f64>)) -> String {
        let Some(value) = value else {
            return format!("{path} = null");
        };
        let own = self.asked.iter().zip(&self.margins).find(|(asked, _)| asked.path == *path);
        let half = own.and_then(|(_, margin)| margin.half_width).filter(|&half| half > 1e-9);
        match half {
            Some(half) => {
                let short: f64 = format!("{half:.1e}").parse().unwrap_or(half);
                format!("{path} = {} ± {short}", self.short(path, *value))
            }
            None => format!("{path} = {}", self.short(path, *value)),
        }
    }

    /// A figure with five digits, or as many as show on which side of its limit it is.
    fn short(&self, path: &str, value: f64) -> f64 {
        let limit = self.asked.iter().find(|asked| asked.path == path).map(|asked| asked.limit);
        let mut shorter = (4..17).filter_map(|digits| format!("{value:.digits$e}").parse().ok());
        let side = |value: f64| limit.map(|limit| value.partial_cmp(&limit));
        let found = shorter.find(|short| side(*short) == side(value));
        if value.fract() == 0.0 { value } else { found.unwrap_or(value) }
    }

    fn json(&self) -> Value {
        let by_chance = |asked: &Asked| !matches!(asked.gauge, Gauge::Known(_));
        let asked = self.asked.iter().zip(&self.margins).filter(|(asked, _)| by_chance(asked));
        let margins = asked.map(|(asked, margin)| {
            Map::new()
                .with("expression", asked.text.as_str())
                .with("path", asked.path.as_str())
                .with("mean", margin.mean)
                .with("half_width", margin.half_width)
                .with("limit", asked.limit)
                .with("met", margin.holds)
                .into()
        });
        Map::new()
            .with("slo", self.text.as_str())
            .with("verdict", self.verdict.name())
            .with("met_here", self.holds)
            .with("replications_needed", self.needed)
            .with("margins", Value::Array(margins.collect()))
            .with("by_refusing", self.refusing.is_some())
            .into()
    }
}

/// The report with what was asked of it at its end; as it is if nothing was.
#[must_use]
pub fn with_objectives(mut report: Value, objectives: &[Objective]) -> Value {
    if let Value::Object(entries) = &mut report
        && !objectives.is_empty()
    {
        entries.insert("objectives".to_owned(), objectives.iter().map(Objective::json).collect());
    }
    report
}

/// `within.30s = 0.975, requests.total = 12`
fn written(figures: &[(String, Option<f64>)]) -> String {
    let figures = figures.iter().map(|(path, value)| match value {
        Some(value) => format!("{path} = {value}"),
        None => format!("{path} = null"),
    });
    figures.collect::<Vec<_>>().join(", ")
}

/// The share that was refused, and the objective that is not met of all that was asked for.
fn by_refusing(found: &Refusing, value: impl Fn(&str) -> Option<f64>) -> String {
    let mut text = format!(", but by refusing {} of what was asked for", percent(found.refused));
    if let Some(twin) = &found.twin {
        let paths = twin.paths().iter().map(|(path, _)| (path.clone(), value(path)));
        let figures: Vec<(String, Option<f64>)> = paths.collect();
        text.push_str(&format!(": {twin} is not met ({})", written(&figures)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Arrivals, Bucket};
    use crate::chain::{NoObserver, Results, simulate};
    use crate::experiment::{Replications, Run, Silent, Workers, replicate, sample};
    use crate::kernel::{SECOND, Unwatched};
    use crate::report::{metrics, report};

    /// Thirty seconds of which the filter takes a share.
    fn spec(share: f64) -> Spec {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (30 * SECOND, 0);
        spec.carriers[0].filters[0].probability = share;
        spec
    }

    fn judged(spec: &Spec, seed: u64, count: u64, texts: &[&str]) -> Vec<Objective> {
        let plan = Replications::of(spec, seed, count);
        let run: Run = replicate(&Workers::new(1), &[plan], &Silent).unwrap().remove(0);
        let each = run.seeds.iter().map(|&seed| {
            let results: Results = simulate(spec, seed, &mut NoObserver, &mut Unwatched).unwrap();
            metrics(spec, results)
        });
        let gate = Gate::new(spec, each.collect());
        let facts = Facts::new(spec, "f00d", seed, &run);
        let expressions: Vec<Expression> =
            texts.iter().map(|text| Expression::parse(text).unwrap()).collect();
        gate.judge(&expressions, &facts, &report(&facts))
    }

    fn verdict_of(spec: &Spec, count: u64, text: &str) -> ObjectiveVerdict {
        judged(spec, 7, count, &[text])[0].verdict()
    }

    #[test]
    fn an_interval_on_one_side_decides_and_one_across_does_not() {
        let spec = spec(0.2);
        // About 300 messages a run: ± 2 points with 5 runs or more.
        for (text, verdict) in [
            ("divergence.api_vs_outcome < 30%", ObjectiveVerdict::Met),
            ("divergence.api_vs_outcome < 10%", ObjectiveVerdict::Missed),
            ("divergence.api_vs_outcome < 20%", ObjectiveVerdict::Undecided),
            ("divergence.api_vs_outcome < 20% and requests.total < 10", ObjectiveVerdict::Missed),
            ("divergence.api_vs_outcome < 20% or requests.total > 10", ObjectiveVerdict::Met),
            ("layers.outcome_success < layers.api_success", ObjectiveVerdict::Met),
            ("layers.outcome_success > layers.api_success", ObjectiveVerdict::Missed),
            ("requests.total > 200", ObjectiveVerdict::Met),
            ("1 < 2", ObjectiveVerdict::Met),
        ] {
            assert_eq!(verdict_of(&spec, 10, text), verdict, "{text}");
        }
    }

    #[test]
    fn one_run_that_bears_no_interval_is_no_proof_but_may_be_a_no() {
        let mut spec = spec(0.2);
        spec.traffic[0].arrivals = Arrivals::Campaign { count: 300, at: 0, over: 30 * SECOND };
        let objectives =
            judged(&spec, 7, 1, &["divergence.api_vs_outcome < 30%", "within.5s > 90%"]);
        assert_eq!(objectives[0].verdict(), ObjectiveVerdict::Undecided);
        let said = objectives[0].sentence();
        assert!(said.starts_with("objective met in this run, can't tell in general: "), "{said}");
        assert!(said.ends_with("; `-n 20` may tell"), "{said}");
        assert_eq!(objectives[1].verdict(), ObjectiveVerdict::Missed);
        assert!(objectives[1].sentence().starts_with("objective not met in this run: within.5s"));
        assert_eq!(verdict_of(&spec, 20, "divergence.api_vs_outcome < 30%"), ObjectiveVerdict::Met);
    }

    #[test]
    fn one_steady_run_has_an_interval_of_its_own() {
        let mut spec = spec(0.2);
        spec.duration = 3600 * SECOND;
        // On one seed in seven or so its spans look too much like one another.
        let of = |text| judged(&spec, 8, 1, &[text]).remove(0);
        let met = of("divergence.api_vs_outcome < 30%");
        assert_eq!(met.verdict(), ObjectiveVerdict::Met);
        assert!(met.sentence().contains("(divergence.api_vs_outcome = 0."), "{}", met.sentence());
        assert!(met.sentence().contains(" ± 0.00"), "{}", met.sentence());
        assert_eq!(of("divergence.api_vs_outcome < 20%").verdict(), ObjectiveVerdict::Undecided);
        // A count has none.
        assert_eq!(of("requests.total > 10").verdict(), ObjectiveVerdict::Undecided);
    }

    #[test]
    fn one_steady_run_without_exception_is_not_certain() {
        // One in 300 messages is lost: about 300 messages, and none of them on this seed.
        let spec = spec(1.0 / 300.0);
        let clean = |seed| {
            judged(&spec, seed, 1, &["divergence.api_vs_outcome <= 0%"])[0].holds == Some(true)
        };
        let seed = (1..100).find(|&seed| clean(seed)).unwrap();
        let of = |text| judged(&spec, seed, 1, &[text]).remove(0);
        for text in ["divergence.api_vs_outcome < 0.1%", "within.5s > 99.9%"] {
            let objective = of(text);
            assert_eq!(
                objective.verdict(),
                ObjectiveVerdict::Undecided,
                "{}",
                objective.sentence()
            );
        }
        // 1 − 0.025^(1/300) is 1.2 %.
        for text in ["divergence.api_vs_outcome < 2%", "within.5s > 98%"] {
            let objective = of(text);
            assert_eq!(objective.verdict(), ObjectiveVerdict::Met, "{}", objective.sentence());
        }
    }

    #[test]
    fn without_chance_one_run_is_enough() {
        let mut spec = spec(1.0);
        spec.traffic[0].arrivals = Arrivals::Constant { rate: 10.0 };
        spec.routes.truncate(1);
        let of = |text| judged(&spec, 7, 1, &[text]).remove(0);
        let met = of("requests.total == 300");
        assert_eq!(met.sentence(), "objective met: requests.total == 300 (requests.total = 300)");
        let missed = of("requests.total > 300 and within.5s == 0%");
        assert!(missed.sentence().starts_with("objective not met: requests.total > 300"));
        let unknown = of("latency.delivery.p95_s < 30");
        assert_eq!(unknown.verdict(), ObjectiveVerdict::Missed);
        let said = "objective unknown, and so not met: latency.delivery.p95_s < 30 \
                    (latency.delivery.p95_s = null)";
        assert_eq!(unknown.sentence(), said);
    }

    #[test]
    fn programs_are_told_too() {
        let objectives = judged(&spec(0.2), 7, 10, &["divergence.api_vs_outcome < 20%"]);
        let report = with_objectives(Map::new().with("schema", "x").into(), &objectives);
        let Some(Value::Array(list)) = report.get("objectives") else { panic!("{report:?}") };
        assert_eq!(list[0].get("verdict"), Some(&Value::String("undecided".into())));
        let Some(Value::Array(margins)) = list[0].get("margins") else { panic!("{list:?}") };
        assert_eq!(margins[0].get("limit"), Some(&Value::from(0.2)));
        assert!(matches!(margins[0].get("half_width"), Some(Value::Number(_))));
        assert_eq!(with_objectives(Map::new().into(), &[]), Value::from(Map::new()));
    }

    #[test]
    fn one_that_is_met_by_refusing_is_said_to_be() {
        let mut spec = spec(0.0);
        spec.api.rate_limit = Some(Bucket { rate: 2.5, burst: 1 });
        let judged = judged(&spec, 7, 10, &["within.5s >= 97%", "of_requested.within.5s >= 97%"]);
        assert_eq!(judged[0].verdict(), ObjectiveVerdict::Met);
        assert_ne!(judged[1].verdict(), ObjectiveVerdict::Met);
        let said = judged[0].sentence();
        // A token a 0.4 s and 10 messages/s: one passes in 0.4 s + 0.1 s, 2 of 10.
        assert!(said.contains(", but by refusing 80"), "{said}");
        let twin = "of what was asked for: of_requested.within.5s >= 97% is not met";
        assert!(said.contains(twin), "{said}");
        assert!(!judged[1].sentence().contains("refusing"));
    }
}

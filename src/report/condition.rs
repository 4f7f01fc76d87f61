//! A condition, held against one run.

use super::metrics::walk;
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::hunt::Judged;
use crate::expression::Expression;

/// An expression and the paths it rests on, each once, in the order of its text.
#[derive(Debug, Clone)]
pub struct Condition {
    expression: Expression,
    paths: Vec<String>,
}

impl Condition {
    /// Of an expression whose paths are figures of the report.
    #[must_use]
    pub fn new(expression: Expression) -> Condition {
        let mut paths: Vec<String> = Vec::new();
        for (path, _) in expression.paths() {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        Condition { expression, paths }
    }

    /// The paths it rests on.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The expression, as text.
    #[must_use]
    pub fn text(&self) -> String {
        self.expression.to_string()
    }

    /// Holds it against a run of `spec`; a figure that the report doesn't have is unknown.
    #[must_use]
    pub fn judge(&self, spec: &Spec, results: Results) -> Judged {
        self.of(self.figures(spec, results))
    }

    /// The figures at its paths, in a run of `spec`.
    #[must_use]
    pub fn figures(&self, spec: &Spec, results: Results) -> Vec<Option<f64>> {
        let mut figures = vec![None; self.paths.len()];
        walk(spec, results, |path, value| {
            if let Some(index) = self.paths.iter().position(|own| own == path) {
                figures[index] = value;
            }
        });
        figures
    }

    /// Holds it against those figures.
    #[must_use]
    pub fn of(&self, figures: Vec<Option<f64>>) -> Judged {
        let value = |path: &str| {
            let index = self.paths.iter().position(|own| own == path)?;
            figures.get(index).copied().flatten()
        };
        let holds = self.expression.evaluate(value) == Some(true);
        let excess = self.expression.excess(value).unwrap_or(0.0);
        Judged { holds, excess, figures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;

    #[test]
    fn a_run_is_judged_by_its_report() {
        let (spec, run) = (sample::spec(), sample::run());
        let judge = |text: &str| {
            let condition = Condition::new(Expression::parse(text).unwrap());
            condition.judge(&spec, run.results.clone())
        };
        let judged = judge("layers.api_success > 10000 and layers.api_success < 1e6");
        assert!(judged.holds);
        assert_eq!(judged.figures, [Some(20_000.0)]);
        assert!((judged.excess - 0.98).abs() < 1e-12);
        // What isn't known doesn't hold, whatever is said of it.
        assert!(!judge("latency.carrier_wait.p95_s > 1").holds);
        assert!(!judge("not latency.carrier_wait.p95_s > 1").holds);
        assert_eq!(judge("no.such.path > 1").figures, [None]);
    }
}

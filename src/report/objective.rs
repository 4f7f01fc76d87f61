//! What was asked of a run, and whether it kept it.

use super::{Value, metric};
use crate::expression::Expression;

/// An objective, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    text: String,
    holds: Option<bool>,
    /// The figures it names, each once.
    figures: Vec<(String, Option<f64>)>,
}

impl Objective {
    /// Holds `expression` against the figures of a finished report.
    #[must_use]
    pub fn judge(expression: &Expression, report: &Value) -> Objective {
        let mut figures: Vec<(String, Option<f64>)> = Vec::new();
        for (path, _) in expression.paths() {
            if !figures.iter().any(|(known, _)| known == path) {
                figures.push((path.clone(), metric(report, path)));
            }
        }
        let holds = expression.evaluate(|path| {
            figures.iter().find(|(known, _)| known == path).and_then(|(_, value)| *value)
        });
        Objective { text: expression.to_string(), holds, figures }
    }

    /// Whether it is met: what isn't known is not.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.holds == Some(true)
    }

    /// The verdict in a sentence, with the figures it rests on, unrounded.
    #[must_use]
    pub fn sentence(&self) -> String {
        let verdict = match self.holds {
            Some(true) => "objective met",
            Some(false) => "objective not met",
            None => "objective unknown, and so not met",
        };
        let figures: Vec<String> = self
            .figures
            .iter()
            .map(|(path, value)| match value {
                Some(value) => format!("{path} = {value}"),
                None => format!("{path} = null"),
            })
            .collect();
        if figures.is_empty() {
            return format!("{verdict}: {}", self.text);
        }
        format!("{verdict}: {} ({})", self.text, figures.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Map;

    #[test]
    fn verdicts_rest_on_figures() {
        let report: Value = Map::new()
            .with("within", Map::new().with("30s", 0.975))
            .with("latency", Map::new().with("p95_s", None::<f64>))
            .into();
        let judge = |text| Objective::judge(&Expression::parse(text).unwrap(), &report);
        let met = judge("within.30s>=97% and within.30s<1");
        assert!(met.is_met());
        let said = "objective met: within.30s >= 97% and within.30s < 1 (within.30s = 0.975)";
        assert_eq!(met.sentence(), said);
        let missed = judge("within.30s > 98%");
        assert!(!missed.is_met() && missed.sentence().starts_with("objective not met: "));
        let unknown = judge("latency.p95_s < 30");
        assert!(!unknown.is_met());
        let said = "objective unknown, and so not met: latency.p95_s < 30 (latency.p95_s = null)";
        assert_eq!(unknown.sentence(), said);
        assert_eq!(judge("1 < 2").sentence(), "objective met: 1 < 2");
    }
}

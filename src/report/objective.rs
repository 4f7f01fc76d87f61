//! What was asked of a run, and whether it kept it.

use super::refusing::{Refusing, refusing};
use super::table::number::percent;
use super::{Value, metric};
use crate::expression::Expression;

/// An objective, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    text: String,
    holds: Option<bool>,
    /// The figures it names, each once.
    figures: Vec<(String, Option<f64>)>,
    /// How it is met, if by refusing.
    refusing: Option<String>,
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
        let refusing = refusing(expression, |path| metric(report, path))
            .map(|found| by_refusing(&found, |path| metric(report, path)));
        Objective { text: expression.to_string(), holds, figures, refusing }
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
        let mut sentence = format!("{verdict}: {}", self.text);
        if !self.figures.is_empty() {
            sentence.push_str(&format!(" ({})", written(&self.figures)));
        }
        sentence.push_str(self.refusing.as_deref().unwrap_or_default());
        sentence
    }
}

/// `within.30s = 0.975, requests.total = 12`
fn written(figures: &[(String, Option<f64>)]) -> String {
    let figures = figures.iter().map(|(path, value)| match value {
        Some(value) => format!("{path} = {value}"),
        None => format!("{path} = null"),
    });
    figures.collect::<Vec<_>>().join(", ")
}

/// How much was refused, and what is not met of all that was asked for.
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

    #[test]
    fn one_that_is_met_by_refusing_is_said_to_be() {
        let within = Map::new().with("30s", 1.0);
        let asked = Map::new().with("accepted", 0.25).with("within", Map::new().with("30s", 0.25));
        let report: Value = Map::new().with("within", within).with("of_requested", asked).into();
        let judged = Objective::judge(&Expression::parse("within.30s>=97%").unwrap(), &report);
        assert!(judged.is_met());
        assert_eq!(
            judged.sentence(),
            "objective met: within.30s >= 97% (within.30s = 1), but by refusing 75.0 % of what was \
             asked for: of_requested.within.30s >= 97% is not met (of_requested.within.30s = 0.25)"
        );
    }
}

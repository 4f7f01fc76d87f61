//! `validate.json`.

use super::{Map, Value};
use crate::theory::{CaseResult, FAMILY_WISE_ERROR, Validation};

/// Name and version of the format.
const SCHEMA: &str = "smschain.validate/1";

/// The comparison with theory, case by case. Times in seconds; a case without chance has no
/// half-width, and no p-value.
#[must_use]
pub fn validation(validation: &Validation) -> Value {
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("seed", validation.seed)
        .with("family_wise_error", FAMILY_WISE_ERROR)
        .with("random_cases", validation.random_cases as u64)
        .with("cases", Value::Array(validation.answers.iter().map(case).collect()))
        .into()
}

fn case(answer: &CaseResult) -> Value {
    Map::new()
        .with("name", answer.name.as_str())
        .with("figure", answer.figure.as_str())
        .with("exact", answer.exact)
        .with("estimate", answer.estimate)
        .with("half_width", answer.half_width)
        .with("standard_error", answer.standard_error)
        .with("n", answer.n as u64)
        .with("p_value", answer.p_value)
        .with("verdict", answer.verdict.name())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Agreement;

    #[test]
    fn a_case_says_how_sure_it_is() {
        let answer = CaseResult {
            name: "M/M/1: mean wait".into(),
            figure: "latency.queue_wait.mean_s".into(),
            model: "M/M/1".into(),
            what: "mean wait".into(),
            exact: 2.5,
            estimate: Some(2.25),
            half_width: 0.5,
            standard_error: 0.25,
            n: 32,
            t: Some(-1.0),
            p_value: Some(0.325),
            verdict: Agreement::Pass,
        };
        let json = validation(&Validation { seed: 7, random_cases: 1, answers: vec![answer] });
        assert_eq!(json.get("family_wise_error"), Some(&Value::from(0.01)));
        let Some(Value::Array(cases)) = json.get("cases") else {
            panic!("{json:?}");
        };
        assert_eq!(cases[0].get("verdict"), Some(&Value::String("pass".into())));
        assert_eq!(cases[0].get("half_width"), Some(&Value::from(0.5)));
    }
}

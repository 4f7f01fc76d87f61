//! The verdict on an estimate beside the exact value.

use super::setup::{Asked, Detects};
use crate::special::student_t_cdf;
use crate::stats::t_interval;

/// Probability that any case at all fails although the simulator is right.
pub const FAMILY_WISE_ERROR: f64 = 0.01;

/// An estimate and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseResult {
    /// The model and what was asked.
    pub name: String,
    /// The figure's formula, of paths of the report.
    pub figure: String,
    /// The model alone.
    pub model: String,
    /// The question alone.
    pub what: String,
    /// In theory.
    pub exact: f64,
    /// Mean of the replications; `None` if one of them had no such figure.
    pub estimate: Option<f64>,
    /// Half the width of its 95 % interval (Student's t); 0 for a case without chance.
    pub half_width: f64,
    /// Its standard error; 0 for a case without chance.
    pub standard_error: f64,
    /// Replications.
    pub n: usize,
    /// (estimate − exact)/standard error; `None` for a case without chance.
    pub t: Option<f64>,
    /// Probability of so large a |t| if theory and simulator agree; `None` without chance.
    pub p_value: Option<f64>,
    /// The conclusion.
    pub verdict: Agreement,
}

/// `true` if they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// They do.
    Pass,
    /// They don't.
    Fail,
}

impl Agreement {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Agreement::Pass => "pass",
            Agreement::Fail => "fail",
        }
    }

    fn of(pass: bool) -> Agreement {
        if pass { Agreement::Pass } else { Agreement::Fail }
    }
}

/// Judges the values that `asked` had in the replications, as one of `cases` cases with chance.
///
/// A case with chance fails if its two-sided p-value is below [`FAMILY_WISE_ERROR`]/`cases`
/// (Bonferroni): then the probability of any failure of a right simulator is at most that error,
/// however the cases depend on each other. One without chance fails unless it is exact but for
/// the last bits.
#[must_use]
pub fn judge(model: &str, asked: &Asked, values: &[Option<f64>], cases: usize) -> CaseResult {
    let defined: Option<Vec<f64>> = values.iter().copied().collect();
    let interval = defined.as_deref().and_then(t_interval);
    let mut answer = CaseResult {
        name: format!("{model}: {}", asked.what),
        figure: asked.figure.name(),
        model: model.to_owned(),
        what: asked.what.clone(),
        exact: asked.exact,
        estimate: interval.map(|interval| interval.mean),
        half_width: 0.0,
        standard_error: 0.0,
        n: values.len(),
        t: None,
        p_value: None,
        verdict: Agreement::Fail,
    };
    let (Some(values), Some(estimate)) = (defined, answer.estimate) else {
        return answer;
    };
    let error = standard_error(&values, estimate);
    if asked.detects == Detects::Any || error.is_none_or(|error| error <= 0.0) {
        let off = (estimate - asked.exact).abs();
        answer.verdict = Agreement::of(off <= 1e-12 * asked.exact.abs());
        return answer;
    }
    answer.half_width = interval.and_then(|interval| interval.half_width).unwrap_or(0.0);
    answer.standard_error = error.unwrap_or(0.0);
    let t = (estimate - asked.exact) / answer.standard_error;
    let p_value = 2.0 * student_t_cdf(-t.abs(), (values.len() - 1) as f64);
    answer.t = Some(t);
    answer.p_value = Some(p_value);
    answer.verdict = Agreement::of(p_value >= FAMILY_WISE_ERROR / cases.max(1) as f64);
    answer
}

/// Of the mean of `values`; `None` for fewer than two.
fn standard_error(values: &[f64], mean: f64) -> Option<f64> {
    let n = values.len();
    (n > 1).then(|| {
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        libm::sqrt(squares / (n - 1) as f64 / n as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Quantity;

    fn asked(exact: f64, detects: Detects) -> Asked {
        Asked { what: "x".into(), figure: Quantity::Attempts.into(), exact, detects }
    }

    #[test]
    fn far_away_fails() {
        let values = [1.0, 2.0, 3.0, 4.0].map(Some);
        let answer = judge("m", &asked(2.4, Detects::Fine), &values, 10);
        assert_eq!((answer.verdict, answer.n), (Agreement::Pass, 4));
        assert!((answer.standard_error - (5.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        // P(|T₃| > 1) = 0.391002
        let near = judge("m", &asked(2.5 + answer.standard_error, Detects::Fine), &values, 10);
        assert!((near.p_value.unwrap() - 0.391_002).abs() < 1e-6, "{near:?}");
        assert_eq!(judge("m", &asked(20.0, Detects::Fine), &values, 1).verdict, Agreement::Fail);
        // The same evidence, as one of very many cases.
        assert_eq!(judge("m", &asked(20.0, Detects::Fine), &values, 9999).verdict, Agreement::Pass);
    }

    #[test]
    fn without_chance_only_exact_is_right() {
        let judged = |exact: f64| judge("m", &asked(exact, Detects::Any), &[Some(0.3)], 5).verdict;
        assert_eq!(judged(0.1 + 0.2), Agreement::Pass);
        assert_eq!(judged(0.3 + 1e-9), Agreement::Fail);
        let constant = judge("m", &asked(0.3, Detects::Fine), &[Some(0.3); 4], 5);
        assert_eq!((constant.verdict, constant.t), (Agreement::Pass, None));
    }

    #[test]
    fn undefined_fails() {
        let answer = judge("m", &asked(1.0, Detects::Fine), &[Some(1.0), None], 5);
        assert_eq!((answer.estimate, answer.verdict), (None, Agreement::Fail));
    }
}

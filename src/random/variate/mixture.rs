use std::sync::Arc;

use super::error::not_negative;
use super::laws::Law;
use super::open01::SMALLEST;
use super::{ParameterError, Variate};

/// Mixture by composition from one uniform: (0, 1) is cut into a piece for each part, as long as
/// the part's share; the uniform picks the piece it falls in, and its place within that piece,
/// stretched to (0, 1), is the part's own uniform. So the value does not increase with the
/// uniform throughout, only within a part.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mixture {
    parts: Arc<[Part]>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// The ends of the part's piece.
    from: f64,
    to: f64,
    share: f64,
    variate: Variate,
}

impl Mixture {
    /// Weights are relative; parts of weight 0 are left out.
    pub(super) fn new(
        weighted: Vec<(f64, Variate)>,
        name: impl Fn(usize) -> String,
        list: &str,
    ) -> Result<Self, ParameterError> {
        let mut total = 0.0;
        for (i, &(weight, _)) in weighted.iter().enumerate() {
            total += not_negative(&name(i), weight)?;
        }
        if weighted.is_empty() {
            return Err(ParameterError::new(list, "empty", "at least one part"));
        }
        if !(total > 0.0 && total.is_finite()) {
            let expected = "weights with a finite sum above 0";
            return Err(ParameterError::new(list, format!("of total weight {total}"), expected));
        }
        let mut from = 0.0;
        let mut below = 0.0;
        let mut parts = Vec::new();
        for (weight, variate) in weighted.into_iter().filter(|part| part.0 > 0.0) {
            below += weight;
            let to = below / total;
            parts.push(Part { from, to, share: weight / total, variate });
            from = to;
        }
        Ok(Self { parts: parts.into() })
    }

    /// The only part, if there is but one.
    pub(super) fn single(&self) -> Option<&Variate> {
        (self.parts.len() == 1).then(|| &self.parts[0].variate)
    }
}

impl Law for Mixture {
    fn quantile(&self, u: f64) -> f64 {
        let last = self.parts.len() - 1;
        let i = self.parts[..last].iter().position(|part| u < part.to).unwrap_or(last);
        let part = &self.parts[i];
        // Rounding may put it on an end, which is open.
        let rest = ((u - part.from) / (part.to - part.from)).clamp(SMALLEST, 1.0 - SMALLEST);
        part.variate.quantile(rest)
    }

    fn mean(&self) -> f64 {
        self.parts.iter().map(|part| part.share * part.variate.mean().unwrap_or(f64::NAN)).sum()
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        let part = |part: &Part| {
            let away = part.variate.mean().unwrap_or(f64::NAN) - mean;
            part.share * (part.variate.variance().unwrap_or(f64::NAN) + away * away)
        };
        self.parts.iter().map(part).sum()
    }

    fn support(&self) -> (f64, f64) {
        self.parts.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), part| {
            let (l, h) = part.variate.support();
            (low.min(l), high.max(h))
        })
    }
}

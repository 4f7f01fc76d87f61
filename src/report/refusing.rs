//! Objectives that are met because the API refused much of what was asked for: what is refused is
//! neither late nor lost.

use super::metric::split;
use crate::expression::{Arithmetic, Expression, Operand};

/// Less is what any API refuses: numbers that are none, calls that failed.
const LEAST: f64 = 0.01;
/// More is most: said of objectives, too, that have no twin.
const MOST: f64 = 0.5;

/// An objective that is met by refusing.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusing {
    /// The share of what was asked for that was refused.
    pub refused: f64,
    /// The same asked of all that was asked for, which is not met; `None` if it has no such form.
    pub twin: Option<Expression>,
}

/// True if `objective`, which holds of the figures that `value` knows, does so by refusing: of what
/// was asked for it would not hold, or has no form that says so and most was refused.
#[must_use]
pub fn refusing(objective: &Expression, value: impl Fn(&str) -> Option<f64>) -> Option<Refusing> {
    let accepted = objective.paths().iter().filter_map(|(path, _)| {
        let (stream, _) = split(path);
        value(&format!("{stream}of_requested.accepted"))
    });
    let refused = 1.0 - accepted.fold(1.0, f64::min);
    if refused < LEAST || objective.evaluate(&value) != Some(true) {
        return None;
    }
    if let Some(twin) = twin(objective) {
        let fails = twin.evaluate(&value) != Some(true);
        return fails.then_some(Refusing { refused, twin: Some(twin) });
    }
    let of_survivors = |path: &str| {
        let (_, inside) = split(path);
        ["latency.", "divergence.", "attempts."].iter().any(|section| inside.starts_with(section))
    };
    let survivors = objective.paths().iter().any(|(path, _)| of_survivors(path));
    (survivors && refused > MOST).then_some(Refusing { refused, twin: None })
}

/// The same asked of all that was asked for; `None` if nothing in it can be asked so.
#[must_use]
pub(super) fn twin(objective: &Expression) -> Option<Expression> {
    let instead = |path: &str| {
        let (stream, inside) = split(path);
        let missing = |layer: &str| {
            let one = Operand::Value(1.0, "1".to_owned());
            let reached = Operand::Path(format!("{stream}of_requested.{layer}"));
            Operand::computed(one, Arithmetic::Minus, reached)
        };
        match inside {
            "divergence.api_vs_on_time" => Some(missing("on_time")),
            "divergence.api_vs_outcome" => Some(missing("delivered")),
            _ if inside.starts_with("within.") => {
                Some(Operand::Path(format!("{stream}of_requested.{inside}")))
            }
            _ => None,
        }
    };
    let any = objective.paths().iter().any(|(path, _)| instead(path).is_some());
    if any { objective.replaced(instead) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, accepted: f64) -> Option<(f64, Option<String>)> {
        let objective = Expression::parse(text).unwrap();
        let value = |path: &str| match path {
            "of_requested.accepted" | "traffic.otp.of_requested.accepted" => Some(accepted),
            "within.30s" | "traffic.otp.within.30s" => Some(1.0),
            "divergence.api_vs_on_time" => Some(0.0),
            "latency.delivery.p95_s" => Some(2.0),
            "of_requested.within.30s" | "traffic.otp.of_requested.within.30s" => Some(accepted),
            "of_requested.on_time" => Some(accepted),
            "throughput.delivered_per_s" => Some(100.0),
            _ => None,
        };
        let found = refusing(&objective, value)?;
        Some((found.refused, found.twin.map(|twin| twin.to_string())))
    }

    #[test]
    fn it_is_told_where_the_same_of_all_that_was_asked_for_fails() {
        let of = |text: &str| Some((0.25, Some(text.to_owned())));
        assert_eq!(told("within.30s >= 97%", 0.75), of("of_requested.within.30s >= 97%"));
        assert_eq!(
            told("traffic.otp.within.30s >= 97%", 0.75),
            of("traffic.otp.of_requested.within.30s >= 97%")
        );
        assert_eq!(
            told("divergence.api_vs_on_time < 15%", 0.75),
            of("1 - of_requested.on_time < 15%")
        );
        // Nothing is refused, or not so much that it would matter, or it isn't met anyway.
        assert_eq!(told("within.30s >= 97%", 1.0), None);
        assert_eq!(told("within.30s >= 99.8%", 0.995), None);
        assert_eq!(told("within.30s >= 50%", 0.75), None);
        assert_eq!(told("within.30s > 100%", 0.75), None);
    }

    #[test]
    fn without_such_a_form_it_is_told_where_most_is_refused() {
        assert_eq!(told("latency.delivery.p95_s < 30", 0.25), Some((0.75, None)));
        assert_eq!(told("latency.delivery.p95_s < 30", 0.75), None);
        assert_eq!(told("throughput.delivered_per_s > 50", 0.25), None);
        assert_eq!(told("of_requested.within.30s > 10%", 0.25), None);
    }
}

//! The nature of an objective's paths, as far as intervals need to know.

use crate::experiment::capacity::{Asked, Formula, Gauge, Nature, Objective};
use crate::expression::{Arithmetic, Expression, Operand, Operator};
use crate::report::metric::{Kind, at, split};

/// The objective that all of `expressions` hold, over metrics at `paths`; one whose path is none of
/// these is never known to hold.
#[must_use]
pub fn objective(expressions: &[Expression], paths: &[String]) -> Objective {
    let asked = expressions.iter().flat_map(Expression::comparisons).map(|comparison| {
        let (left, operator, right) = (comparison.left, comparison.operator, comparison.right);
        let difference = || Operand::computed(left.clone(), Arithmetic::Minus, right.clone());
        let (side, operator, limit) = match (left.constant(), right.constant()) {
            (Some(left), Some(right)) => {
                let gauge = Gauge::Known(holds(left, operator, right));
                let text = comparison.to_string();
                return Asked { text, path: String::new(), gauge, operator, limit: right };
            }
            (None, Some(limit)) => (left.clone(), operator, limit),
            (Some(limit), None) => (right.clone(), turned(operator), limit),
            (None, None) => (difference(), operator, 0.0),
        };
        let gauge = gauge(&side, paths);
        Asked { text: comparison.to_string(), path: side.to_string(), gauge, operator, limit }
    });
    let asked = asked.collect();
    Objective::new(expressions.to_vec(), asked)
}

fn gauge(side: &Operand, paths: &[String]) -> Gauge {
    match side {
        Operand::Path(path) => Gauge::Metric(index(path, paths), nature(path, paths)),
        _ => Gauge::Computed(formula(side, paths), computed_nature(side, paths)),
    }
}

fn index(path: &str, paths: &[String]) -> usize {
    paths.iter().position(|own| own == path).unwrap_or(paths.len())
}

fn formula(side: &Operand, paths: &[String]) -> Formula {
    match side {
        Operand::Path(path) => Formula::Metric(index(path, paths)),
        Operand::Value(number, _) => Formula::Value(*number),
        Operand::Computed(left, how, right) => {
            let part = |side| Box::new(formula(side, paths));
            Formula::Joined(part(left), *how, part(right))
        }
    }
}

/// A count of a count is a share of it.
fn computed_nature(side: &Operand, paths: &[String]) -> Nature {
    let counted = |side: &Operand| match side {
        Operand::Path(path) if nature(path, paths) == Nature::Count => Some(index(path, paths)),
        _ => None,
    };
    match side {
        Operand::Computed(part, Arithmetic::Over, whole) => {
            let both = counted(part).and(counted(whole));
            both.map_or(Nature::Other, |whole| Nature::Share(Some(whole)))
        }
        _ => Nature::Other,
    }
}

/// The operator with its sides exchanged.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::AtMost => Operator::AtLeast,
        Operator::Greater => Operator::Less,
        Operator::AtLeast => Operator::AtMost,
        Operator::Equal => Operator::Equal,
        Operator::Unequal => Operator::Unequal,
    }
}

fn holds(left: f64, operator: Operator, right: f64) -> bool {
    match operator {
        Operator::Less => left < right,
        Operator::AtMost => left <= right,
        Operator::Greater => left > right,
        Operator::AtLeast => left >= right,
        Operator::Equal => left == right,
        Operator::Unequal => left != right,
    }
}

/// The nature of a figure, by its path.
fn nature(path: &str, paths: &[String]) -> Nature {
    let (stream, _) = split(path);
    match at(path).map(|metric| metric.kind) {
        Some(Kind::Part(whole)) => {
            Nature::Share(paths.iter().position(|own| *own == format!("{stream}{whole}")))
        }
        Some(Kind::Count) => Nature::Count,
        _ => Nature::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::metric_paths;

    fn asked(text: &str) -> Asked {
        let paths = metric_paths(&sample::spec());
        objective(&[Expression::parse(text).unwrap()], &paths).asked()[0].clone()
    }

    #[test]
    fn limits_are_on_the_right() {
        let asked = asked("97% <= within.5s");
        assert_eq!((asked.operator, asked.limit), (Operator::AtLeast, 0.97));
        assert_eq!((asked.path.as_str(), asked.text.as_str()), ("within.5s", "97% <= within.5s"));
    }

    #[test]
    fn two_figures_are_subtracted_and_two_numbers_known() {
        let both = asked("latency.api.mean_s < latency.delivery.mean_s");
        assert_eq!(both.path, "latency.api.mean_s - latency.delivery.mean_s");
        let Gauge::Computed(formula, Nature::Other) = both.gauge else {
            panic!("{:?}", both.gauge);
        };
        assert!(matches!(formula, Formula::Joined(_, Arithmetic::Minus, _)) && both.limit == 0.0);
        let share = asked("layers.outcome_on_time / layers.requested >= 97%");
        assert_eq!(share.path, "layers.outcome_on_time / layers.requested");
        let paths = metric_paths(&sample::spec());
        let Gauge::Computed(formula, Nature::Share(Some(of))) = share.gauge else {
            panic!("{:?}", share.gauge);
        };
        assert_eq!(paths[of], "layers.requested");
        let mut metrics = vec![None; paths.len()];
        metrics[of] = Some(0.0);
        assert_eq!(formula.of(&metrics), None);
        metrics[paths.iter().position(|path| path == "layers.outcome_on_time").unwrap()] =
            Some(3.0);
        assert_eq!(formula.of(&metrics), None, "of nothing");
        metrics[of] = Some(4.0);
        assert_eq!(formula.of(&metrics), Some(0.75));
        assert_eq!(asked("1 < 2").gauge, Gauge::Known(true));
        assert_eq!(asked("1 == 2").gauge, Gauge::Known(false));
    }

    #[test]
    fn shares_know_what_they_are_shares_of() {
        let paths = metric_paths(&sample::spec());
        let of = |path: &str| match asked(&format!("{path} < 1")).gauge {
            Gauge::Metric(_, Nature::Share(of)) => of.map(|index| paths[index].clone()),
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!(of("within.5s").as_deref(), Some("layers.api_success"));
        let stream = of("traffic.otp.divergence.api_vs_on_time");
        assert_eq!(stream.as_deref(), Some("traffic.otp.layers.api_success"));
        assert_eq!(of("of_requested.within.5s").as_deref(), Some("layers.requested"));
        assert_eq!(of("divergence.client_error_vs_outcome"), None);
        for (path, nature) in [
            ("truth.lost_by_sender", Nature::Count),
            ("traffic.otp.truth.lost_by_sender", Nature::Count),
            ("carriers.northwind.filtered.spam", Nature::Count),
            ("providers.alpha.window_utilisation", Nature::Other),
            ("providers.alpha.mean_backlog", Nature::Other),
            ("queues.main.max_depth", Nature::Other),
            ("latency.delivery.p95_s", Nature::Other),
            ("throughput.on_time_per_s", Nature::Other),
        ] {
            let Gauge::Metric(index, found) = asked(&format!("{path} < 1")).gauge else {
                panic!("{path}");
            };
            assert_eq!((paths[index].as_str(), found), (path, nature));
        }
    }
}

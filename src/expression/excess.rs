//! The distance of a condition beyond its limits: what "worse" means when one is looked for.

use super::{Node, Operand, Operator};

impl Node {
    /// See [`Expression::excess`](super::Expression::excess).
    pub(super) fn excess(&self, value: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            // As far as the part that is nearest to its limit …
            Node::All(parts) => parts
                .iter()
                .map(|part| part.excess(value))
                .reduce(|least, part| Some(least?.min(part?)))
                .flatten(),
            // … or, where one is enough, farthest beyond it.
            Node::Any(parts) => parts.iter().filter_map(|part| part.excess(value)).reduce(f64::max),
            Node::Not(inner) => inner.excess(value).map(|excess| -excess),
            Node::Comparison(left, operator, right) => {
                let scale = scale(left, right);
                let (left, right) = (left.number(value)?, right.number(value)?);
                let beyond = match operator {
                    Operator::Less | Operator::AtMost => right - left,
                    Operator::Greater | Operator::AtLeast => left - right,
                    Operator::Equal => -(left - right).abs(),
                    Operator::Unequal => (left - right).abs(),
                };
                Some(beyond / scale)
            }
        }
    }
}

/// The unit of the distance: the limit, if there is one that isn't 0.
fn scale(left: &Operand, right: &Operand) -> f64 {
    match (left.constant(), right.constant()) {
        (None, Some(limit)) | (Some(limit), None) if limit != 0.0 => limit.abs(),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::expression::Expression;

    #[test]
    fn the_excess_is_in_limits_and_joined_as_truth_is() {
        let of = |text: &str| {
            Expression::parse(text).unwrap().excess(|path| match path {
                "share" => Some(0.75),
                "tail" => Some(60.0),
                "zero" => Some(0.0),
                _ => None,
            })
        };
        for (text, excess) in [
            ("share < 100%", Some(0.25)),
            ("50% < share", Some(0.5)),
            ("share > 100%", Some(-0.25)),
            ("not share > 100%", Some(0.25)),
            ("tail > 0", Some(60.0)),
            ("tail > share", Some(59.25)),
            ("tail / 2 > 10 + 10", Some(0.5)),
            ("tail / zero > 1", None),
            ("tail == 60", Some(0.0)),
            ("tail != 40", Some(0.5)),
            ("share < 100% and tail > 30", Some(0.25)),
            ("share < 100% or tail > 30", Some(1.0)),
            ("tail > 30 or unknown > 1", Some(1.0)),
            ("tail > 30 and unknown > 1", None),
            ("unknown > 1 and tail > 30", None),
            ("zero >= 0", Some(0.0)),
        ] {
            let found = of(text);
            let close = match (found, excess) {
                (Some(found), Some(excess)) => (found - excess).abs() < 1e-12,
                (found, excess) => found == excess,
            };
            assert!(close, "{text}: {found:?}");
        }
    }
}

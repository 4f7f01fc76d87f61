//! Three-valued logic: true, false, unknown.

use super::{Node, Operator};

impl Node {
    pub(super) fn evaluate(&self, value: &dyn Fn(&str) -> Option<f64>) -> Option<bool> {
        match self {
            Node::All(parts) => joined(parts, value, false),
            Node::Any(parts) => joined(parts, value, true),
            Node::Not(inner) => inner.evaluate(value).map(|holds| !holds),
            Node::Comparison(left, operator, right) => {
                let (left, right) = (left.number(value)?, right.number(value)?);
                Some(match operator {
                    Operator::Less => left < right,
                    Operator::AtMost => left <= right,
                    Operator::Greater => left > right,
                    Operator::AtLeast => left >= right,
                    Operator::Equal => left == right,
                    Operator::Unequal => left != right,
                })
            }
        }
    }
}

/// `decisive` if one part is; the opposite if all are that; else unknown.
fn joined(parts: &[Node], value: &dyn Fn(&str) -> Option<f64>, decisive: bool) -> Option<bool> {
    let mut whole = Some(!decisive);
    for part in parts {
        match part.evaluate(value) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => whole = None,
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use crate::expression::Expression;

    /// `t` is 1, `f` is 0, `u` is undefined; each is compared with 1.
    fn judge(text: &str) -> Option<bool> {
        let text = text.replace('t', "yes == 1").replace('f', "no == 1").replace('u', "unk == 1");
        Expression::parse(&text).unwrap().evaluate(|path| match path {
            "yes" => Some(1.0),
            "no" => Some(0.0),
            _ => None,
        })
    }

    #[test]
    fn the_tables_are_kleenes() {
        let (yes, no, unknown) = (Some(true), Some(false), None);
        for (left, right, both, either) in [
            ("t", "t", yes, yes),
            ("t", "f", no, yes),
            ("t", "u", unknown, yes),
            ("f", "f", no, no),
            ("f", "u", no, unknown),
            ("u", "u", unknown, unknown),
        ] {
            for (a, b) in [(left, right), (right, left)] {
                assert_eq!(judge(&format!("{a} AND {b}")), both, "{a} and {b}");
                assert_eq!(judge(&format!("{a} OR {b}")), either, "{a} or {b}");
            }
        }
        assert_eq!(
            ["NO(t)", "NO(f)", "NO(u)"].map(|text| judge(&text.replace("NO", "NOT "))),
            [no, yes, unknown]
        );
    }

    #[test]
    fn comparisons_are_those_of_numbers() {
        let holds = |text: &str| Expression::parse(text).unwrap().evaluate(|_| Some(0.97));
        for text in [
            "x >= 97%",
            "x <= 97%",
            "x == 97%",
            "x == 0.97",
            "97 % == x",
            "x != 97.1%",
            "x < 1s",
            "2m == 120",
            "2m > 119.9",
            "1h30m == 5400s",
            "-1 < 0",
            "250ms == 0.25",
            "1e3 == 1000",
            "150% == 1.5",
            "x == y",
            ".5 < x",
            "+1 > x",
        ] {
            assert_eq!(holds(text), Some(true), "{text}");
            assert_eq!(holds(&format!("not {text}")), Some(false), "{text}");
        }
    }

    #[test]
    fn sides_are_computed() {
        let of = |text: &str| {
            Expression::parse(text).unwrap().evaluate(|path| match path {
                "layers.outcome_on_time" => Some(97.0),
                "requests.total" => Some(100.0),
                "zero" => Some(0.0),
                "a-b" => Some(7.0),
                _ => None,
            })
        };
        for text in [
            "layers.outcome_on_time / requests.total >= 97%",
            "layers.outcome_on_time/requests.total<98%",
            "1 + 2 * 3 == 7",
            "(1 + 2) * 3 == 9",
            "10 - 4 - 3 == 3",
            "12 / 2 / 3 == 2",
            "12 / (2 / 3) == 18",
            "2 * -3 == -6",
            "a-b == 7",
            "a-b - 2 == 5",
            "97% * requests.total <= layers.outcome_on_time",
            "2m + 30s == 150",
            "(1 < 2) and (1 + 1) < (3)",
            "not (1 + 1 > 2) and ((1 + 1) * 2 == 4 or zero == 1)",
        ] {
            assert_eq!(of(text), Some(true), "{text}");
        }
        for text in [
            "requests.total / zero > 1",
            "zero / zero == 0",
            "1 / 0 > 1",
            "1e300 * 1e300 > 1",
            "unknown + 1 > 0",
        ] {
            assert_eq!((of(text), of(&format!("not {text}"))), (None, None), "{text}");
        }
    }

    #[test]
    fn what_is_not_finite_is_unknown() {
        let of = |number| Expression::parse("x != 1").unwrap().evaluate(|_| Some(number));
        assert_eq!((of(f64::NAN), of(f64::INFINITY), of(2.0)), (None, None, Some(true)));
    }
}

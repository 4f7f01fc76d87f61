//! An expression taken apart: its comparisons, judged one by one by somebody else, and put
//! together again.

use std::fmt::{Display, Formatter, Result};

use super::{Expression, Node, Operand, Operator};

/// One comparison of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison<'expression> {
    /// Before the sign.
    pub left: &'expression Operand,
    /// The sign.
    pub operator: Operator,
    /// After the sign.
    pub right: &'expression Operand,
}

impl Expression {
    /// Its comparisons, in the order of the text.
    #[must_use]
    pub fn comparisons(&self) -> Vec<Comparison<'_>> {
        let mut found = Vec::new();
        self.root.collect(&mut found);
        found
    }

    /// `true` if it holds when its comparisons, in the order of [`Expression::comparisons`], do or
    /// don't, or nobody knows (`None`, as for one that is not in the list): the same three-valued
    /// logic as [`Expression::evaluate`].
    #[must_use]
    pub fn decide(&self, verdicts: &[Option<bool>]) -> Option<bool> {
        self.root.decide(&mut verdicts.iter().copied())
    }
}

impl Node {
    fn collect<'own>(&'own self, found: &mut Vec<Comparison<'own>>) {
        match self {
            Node::All(parts) | Node::Any(parts) => {
                parts.iter().for_each(|part| part.collect(found));
            }
            Node::Not(inner) => inner.collect(found),
            Node::Comparison(left, operator, right) => {
                found.push(Comparison { left, operator: *operator, right });
            }
        }
    }

    /// Takes a verdict for each of its comparisons, needed or not, so that the next one's is next.
    fn decide(&self, verdicts: &mut dyn Iterator<Item = Option<bool>>) -> Option<bool> {
        match self {
            Node::All(parts) => joined(parts, verdicts, false),
            Node::Any(parts) => joined(parts, verdicts, true),
            Node::Not(inner) => inner.decide(verdicts).map(|holds| !holds),
            Node::Comparison(..) => verdicts.next().flatten(),
        }
    }
}

/// `decisive` if one part is; the opposite if all are that; else unknown.
fn joined(
    parts: &[Node],
    verdicts: &mut dyn Iterator<Item = Option<bool>>,
    decisive: bool,
) -> Option<bool> {
    let mut whole = Some(!decisive);
    for part in parts {
        let own = part.decide(verdicts);
        whole = if own == Some(decisive) || whole == Some(decisive) {
            Some(decisive)
        } else {
            whole.and(own)
        };
    }
    whole
}

impl Display for Comparison<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        write!(out, "{} {} {}", self.left, self.operator.sign(), self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_taken_in_the_order_of_the_text() {
        let text = "a >= 97% and not (b<2m or c != d)";
        let expression = Expression::parse(text).unwrap();
        let found = expression.comparisons();
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["a >= 97%", "b < 2m", "c != d"]);
        assert_eq!(found[0].left, &Operand::Path("a".into()));
        assert_eq!((found[0].left.constant(), found[0].right.constant()), (None, Some(0.97)));
        assert_eq!((found[1].operator, found[1].right.constant()), (Operator::Less, Some(120.0)));
        assert_eq!(found[2].right, &Operand::Path("d".into()));
        let sides: Vec<[&str; 2]> =
            expression.sides().iter().map(|sides| sides.clone().map(|side| &text[side])).collect();
        assert_eq!(sides, [["a", "97%"], ["b", "2m"], ["c", "d"]]);
    }

    #[test]
    fn decided_as_it_is_evaluated() {
        let values = [Some(true), Some(false), None];
        for text in [
            "x == 1 and y == 1 or z == 1",
            "x == 1 or y == 1 and z == 1",
            "not (x == 1 and y == 1) and not z == 1",
            "(x == 1 or not y == 1) and (z == 1 or z == 1)",
        ] {
            let expression = Expression::parse(text).unwrap();
            for case in 0..27 {
                let of = |index: u32| values[case / 3_usize.pow(index) % 3];
                let at = |path: &str| match path {
                    "x" => of(0),
                    "y" => of(1),
                    _ => of(2),
                };
                let number = |path: &str| at(path).map(|holds| f64::from(u8::from(holds)));
                let paths = expression.paths().iter();
                let verdicts: Vec<Option<bool>> = paths.map(|(path, _)| at(path)).collect();
                assert_eq!(expression.decide(&verdicts), expression.evaluate(number), "{text}");
            }
        }
    }
}

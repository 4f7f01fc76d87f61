//! Conditions on the figures of a report: `within.30s >= 97% and latency.delivery.p95_s < 30`.
//!
//! ```text
//! or         = and { "or" and }
//! and        = not { "and" not }
//! not        = "not" not | "(" or ")" | comparison
//! comparison = sum ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum
//! sum        = product { ( "+" | "-" ) product }
//! product    = operand { ( "*" | "/" ) operand }
//! operand    = path | number | percentage | duration | "(" sum ")"
//! ```
//! A percentage is a share (`97%` is 0.97), a duration is in seconds (`2m` is 120). `+` and `-`
//! stand apart from what is before and behind them: names may have them. What is divided by zero is
//! undefined. What a path stands for is the caller's business.

mod arithmetic;
mod comparisons;
mod error;
mod evaluate;
mod excess;
mod parse;
mod print;

use std::ops::Range;

pub use arithmetic::{Arithmetic, Operand};
pub use comparisons::Comparison;
pub use error::ExpressionError;

/// A condition on figures that go by their paths. Two are equal if they say the same in the same
/// order, whatever their spaces and idle parentheses.
#[derive(Debug, Clone)]
pub struct Expression {
    root: Node,
    paths: Vec<(String, Range<usize>)>,
    /// The bytes of each comparison's sides, in the order of the text.
    sides: Vec<[Range<usize>; 2]>,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.root == other.root
    }
}

impl Expression {
    /// The longest text there may be, in bytes.
    pub const LONGEST: usize = 4096;
    /// The depth to which parentheses and `not` may be nested, and the most operations that a side may have.
    pub const DEEPEST: usize = 64;

    /// Reads an expression.
    ///
    /// # Errors
    /// The first mistake, with its place in `text`, what was expected there, and if possible the
    /// way out.
    ///
    /// ```
    /// use smschain::expression::Expression;
    ///
    /// let slo = Expression::parse("within.30s >= 97% and latency.delivery.p95_s < 30s")?;
    /// let figures = |path: &str| if path == "within.30s" { Some(0.98) } else { None };
    /// assert_eq!(slo.evaluate(figures), None, "one of them is not known");
    /// # Ok::<(), smschain::expression::ExpressionError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Expression, ExpressionError> {
        parse::parse(text)
    }

    /// The paths it names, in the order of the text, each with its bytes there.
    #[must_use]
    pub fn paths(&self) -> &[(String, Range<usize>)] {
        &self.paths
    }

    /// The bytes of each comparison's sides, in the order of [`Expression::comparisons`].
    #[must_use]
    pub fn sides(&self) -> &[[Range<usize>; 2]] {
        &self.sides
    }

    /// The same with other operands in place of paths, where `instead` has one; `None` if that
    /// becomes too long.
    #[must_use]
    pub fn replaced(&self, instead: impl Fn(&str) -> Option<Operand>) -> Option<Expression> {
        Expression::parse(&self.root.replaced(&instead).to_string()).ok()
    }

    /// `true` if it holds, by the three-valued logic of Kleene (*Introduction to Metamathematics*,
    /// 1952, § 64); `None` if that isn't known. `value` gives the figure at a path, `None` where
    /// it is undefined; what isn't finite is undefined too.
    #[must_use]
    pub fn evaluate(&self, value: impl Fn(&str) -> Option<f64>) -> Option<bool> {
        self.root.evaluate(&value)
    }

    /// The distance beyond its limits: of a comparison the distance of its sides in the
    /// direction of the sign, in units of the limit if one side is a value other than 0 (`x > 30`
    /// with x at 45: 0.5), else as it is; of `and` the least of its parts, of `or` the greatest
    /// that is known, of `not` the opposite. Not below 0 where it holds, not above 0 where it
    /// doesn't; `None` where it isn't known.
    #[must_use]
    pub fn excess(&self, value: impl Fn(&str) -> Option<f64>) -> Option<f64> {
        self.root.excess(&value).filter(|excess| excess.is_finite())
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// Two or more, joined by `and`.
    All(Vec<Node>),
    /// Two or more, joined by `or`.
    Any(Vec<Node>),
    Not(Box<Node>),
    Comparison(Operand, Operator, Operand),
}

impl Node {
    fn replaced(&self, instead: &dyn Fn(&str) -> Option<Operand>) -> Node {
        let all = |parts: &[Node]| parts.iter().map(|part| part.replaced(instead)).collect();
        match self {
            Node::All(parts) => Node::All(all(parts)),
            Node::Any(parts) => Node::Any(all(parts)),
            Node::Not(inner) => Node::Not(Box::new(inner.replaced(instead))),
            Node::Comparison(left, operator, right) => {
                Node::Comparison(left.replaced(instead), *operator, right.replaced(instead))
            }
        }
    }
}

/// The sign of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Operator {
    /// Those of two characters first.
    const ALL: [Operator; 6] = [
        Operator::AtMost,
        Operator::AtLeast,
        Operator::Equal,
        Operator::Unequal,
        Operator::Less,
        Operator::Greater,
    ];

    /// As it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Equal => "==",
            Operator::Unequal => "!=",
        }
    }
}

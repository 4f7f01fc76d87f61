//! The sides of a comparison: figures, numbers, and what is computed of them.

/// A side of a comparison, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// The figure at a path.
    Path(String),
    /// A finite number, and as it was written.
    Value(f64, String),
    /// Two of them, joined.
    Computed(Box<Operand>, Arithmetic, Box<Operand>),
}

/// The operation that joins two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Arithmetic {
    /// As it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Arithmetic::Plus => "+",
            Arithmetic::Minus => "-",
            Arithmetic::Times => "*",
            Arithmetic::Over => "/",
        }
    }

    /// The result; `None` if it isn't finite, as of what is divided by zero.
    #[must_use]
    pub fn of(self, left: f64, right: f64) -> Option<f64> {
        let result = match self {
            Arithmetic::Plus => left + right,
            Arithmetic::Minus => left - right,
            Arithmetic::Times => left * right,
            Arithmetic::Over => left / right,
        };
        Some(result).filter(|result| result.is_finite())
    }

    /// `true` if it binds closer than a sum does.
    pub(super) const fn is_product(self) -> bool {
        matches!(self, Arithmetic::Times | Arithmetic::Over)
    }
}

impl Operand {
    /// Two of them, joined.
    #[must_use]
    pub fn computed(left: Operand, how: Arithmetic, right: Operand) -> Operand {
        Operand::Computed(Box::new(left), how, Box::new(right))
    }

    /// Its number, if `value` knows the figures; what isn't finite is undefined.
    pub fn number(&self, value: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Operand::Path(path) => value(path).filter(|number| number.is_finite()),
            Operand::Value(number, _) => Some(*number),
            Operand::Computed(left, how, right) => {
                how.of(left.number(value)?, right.number(value)?)
            }
        }
    }

    pub(super) fn replaced(&self, instead: &dyn Fn(&str) -> Option<Operand>) -> Operand {
        match self {
            Operand::Path(path) => instead(path).unwrap_or_else(|| self.clone()),
            Operand::Value(..) => self.clone(),
            Operand::Computed(left, how, right) => {
                Operand::computed(left.replaced(instead), *how, right.replaced(instead))
            }
        }
    }

    /// Its number, if it takes no figure to know it.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        self.number(&|_| None)
    }
}

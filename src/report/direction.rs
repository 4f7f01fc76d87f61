//! The direction in which a figure is better, and its unit.

/// The better values of a figure, all else being equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The larger ones.
    Higher,
    /// The smaller ones.
    Lower,
}

impl Better {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Better::Higher => "higher",
            Better::Lower => "lower",
        }
    }
}

/// The unit of a figure, as far as it matters for reading one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share of something.
    Share,
    /// A difference of shares, in percentage points.
    Points,
    /// Seconds.
    Seconds,
    /// Things per second.
    PerSecond,
    /// Whole units of the account.
    Money,
    /// Anything else.
    Number,
}

impl Unit {
    /// The unit of differences of such figures.
    pub(super) fn of_differences(self) -> Unit {
        if self == Unit::Share { Unit::Points } else { self }
    }
}

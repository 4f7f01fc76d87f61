//! Numbers of a scenario: what sort of number a key holds, and its value as a plain number.
//!
//! The reader reads and bounds them, by the schema's own table of fields, so that a value
//! of a range means what the same text after `--set PATH=` means.

mod listed;
mod range;
mod varied;

pub use listed::Setting;
pub use range::Range;
pub use varied::{Level, Levels, Varied, scales, varied};

use super::checked;
use super::schema::Kind;
use super::units::{duration, rate};

/// Sort of number that a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A number of at most three decimals.
    Thousandths,
    /// A duration, in seconds.
    Duration,
    /// A rate, per second.
    Rate,
    /// A share, in [0, 1].
    Share,
    /// An amount of money.
    Money,
}

/// Nanoseconds of a second, nano-units of a unit.
const NANO: f64 = 1e9;

impl Quantity {
    /// The unit of its plain numbers: `s`, `/s`, `share`, or nothing.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Duration => "s",
            Self::Rate => "/s",
            Self::Share => "share",
            Self::Integer | Self::Number | Self::Thousandths | Self::Money => "",
        }
    }

    /// The nearest number that a scenario can hold: whole numbers are whole, durations whole
    /// nanoseconds.
    #[must_use]
    pub fn round(self, number: f64) -> f64 {
        let to = |unit: f64| (number * unit).round() / unit;
        // Without the sign of -0.0.
        0.0 + match self {
            Self::Integer => number.round(),
            Self::Thousandths => to(1e3),
            Self::Duration | Self::Money => to(NANO),
            Self::Number | Self::Rate | Self::Share => number,
        }
    }

    /// The number as `--set PATH=VALUE` takes it, to be read back as [`Self::round`] of it.
    /// `number`: finite; what no key can hold (below 0, say) is written too, for the reader to
    /// refuse.
    #[must_use]
    pub fn write(self, number: f64) -> String {
        let number = self.round(number);
        match self {
            Self::Duration if (0.0..=1.8e10).contains(&number) => {
                duration::print((number * NANO).round() as u64)
            }
            Self::Duration => format!("{number}s"),
            Self::Rate => rate::readable(number),
            _ => number.to_string(),
        }
    }

    /// Sort of number that a checked value of a kind is, and the number.
    pub(super) fn of(kind: &Kind, value: &checked::Value) -> Option<(Self, f64)> {
        use checked::Value;
        match (kind, value) {
            (Kind::Choice(choice), value) => Self::of(&choice.plain?, value),
            (_, Value::Duration(nanos)) => Some((Self::Duration, *nanos as f64 / NANO)),
            (_, Value::Rate(rate)) => Some((Self::Rate, *rate)),
            // An id is not a quantity.
            (Kind::WordsOrInteger(..), _) => None,
            (Kind::Share, Value::Number(share)) => Some((Self::Share, *share)),
            (_, Value::Number(number)) => Some((Self::Number, *number)),
            (_, Value::Integer(number)) => Some((Self::Integer, *number as f64)),
            (_, Value::Thousandths(amount)) => Some((Self::Thousandths, *amount as f64 / 1e3)),
            (_, Value::Money(amount)) => Some((Self::Money, *amount as f64 / NANO)),
            _ => None,
        }
    }
}

/// `true` if values of this kind may be numbers.
fn numeric(kind: &Kind) -> bool {
    match kind {
        Kind::Duration(_)
        | Kind::Moment
        | Kind::Rate(_)
        | Kind::Share
        | Kind::Integer(..)
        | Kind::Count(..)
        | Kind::Number(..)
        | Kind::Positive(_)
        | Kind::Thousandths(_)
        | Kind::DurationOrCount(_)
        | Kind::Money
        | Kind::WordsOrDuration(_) => true,
        Kind::Choice(choice) => choice.plain.as_ref().is_some_and(numeric),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{reader, unquoted};

    fn back(kind: &'static Kind, text: &str) -> Option<(Quantity, f64)> {
        let value = reader::value(&unquoted::value(kind, text), kind, "key").ok()?;
        Quantity::of(kind, &value)
    }

    #[test]
    fn what_is_written_reads_back_as_the_same() {
        static INTEGER: Kind = Kind::Integer(0, 1_000_000);
        static NUMBER: Kind = Kind::Number(-1e12, 1e12);
        static TOKENS: Kind = Kind::Thousandths(1_000_000_000);
        static SPAN: Kind = Kind::Duration(0);
        static RATE: Kind = Kind::Rate(false);
        let kinds: [(&'static Kind, Quantity); 7] = [
            (&INTEGER, Quantity::Integer),
            (&NUMBER, Quantity::Number),
            (&TOKENS, Quantity::Thousandths),
            (&SPAN, Quantity::Duration),
            (&RATE, Quantity::Rate),
            (&Kind::Share, Quantity::Share),
            (&Kind::Money, Quantity::Money),
        ];
        for (kind, quantity) in kinds {
            for number in [0.0, 1.0, 0.1, 1.0 / 3.0, 0.000_012_3, 7.46, 5400.0, 123_456.789] {
                if quantity == Quantity::Share && number > 1.0 {
                    continue;
                }
                let text = quantity.write(number);
                assert_eq!(back(kind, &text), Some((quantity, quantity.round(number))), "{text}");
            }
        }
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(Quantity::Integer.write(4.6), "5");
        assert_eq!(Quantity::Duration.write(5400.0), "1h30m");
        assert_eq!(Quantity::Duration.write(0.25), "250ms");
        assert_eq!(Quantity::Rate.write(50.0), "50/s");
        assert_eq!(Quantity::Rate.write(10.0 / 3600.0), "10/h");
        assert_eq!(Quantity::Rate.write(200_000.0 / 86_400.0), "200000/day");
        assert_eq!(Quantity::Share.write(0.03), "0.03");
        assert_eq!(Quantity::Money.write(0.0079), "0.0079");
        // Not for people, but refused by the reader with its own words.
        assert_eq!(Quantity::Duration.write(-1.0), "-1s");
    }
}

//! Kinds of values that a key may hold.

use super::{Choice, Table, Word};
use crate::kernel::Nanos;

/// Kind of value that a key may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A duration of at least this many nanoseconds and at most ten years.
    Duration(Nanos),
    /// A duration that keeps the way it was written.
    Label,
    /// A rate per second, at most 10⁹/s; with `true`, above 0.
    Rate(bool),
    /// A share in [0, 1].
    Share,
    /// A whole number from … to.
    Integer(u64, u64),
    /// A whole number from … to, or the word `unlimited`.
    Count(u64, u64),
    /// A number from … to.
    Number(f64, f64),
    /// A number above 0, at most this.
    Positive(f64),
    /// An amount of at most this many thousandths.
    Thousandths(u64),
    /// A duration above 0, or a whole number from 1 to.
    DurationOrCount(u64),
    /// An amount of money, 0 to 10⁹ units.
    Money,
    /// A text of 1 to 200 characters.
    Text,
    /// Any text of at most 1000 characters.
    Prose,
    /// A name: `[A-Za-z0-9_-]{1,64}`.
    Name,
    /// A file, relative to the scenario's folder.
    File,
    /// A time of day.
    Clock,
    /// A time of the run: a duration from its start, or a time of day.
    Moment,
    /// `true` or `false`.
    Flag,
    /// One of several words.
    Words(&'static [Word]),
    /// One of several words, or `true` or `false`.
    WordsOrFlag(&'static [Word]),
    /// One of several words, or a duration.
    WordsOrDuration(&'static [Word]),
    /// One of several words, or a whole number from … to.
    WordsOrInteger(&'static [Word], u64, u64),
    /// The name of one of these.
    Reference(Owner),
    /// The name of a retry policy; set alone, it takes the place of the whole table it is in.
    Policy,
    /// A time and a rate.
    Point,
    /// A time of day and a factor.
    DayPoint,
    /// Exactly one of several kinds.
    Choice(&'static Choice),
    /// A table.
    Table(&'static Table),
    /// An array of tables, each with a `name` (routes: an `id`).
    Tables(&'static Table),
    /// Tables, each under a name of its own.
    Named(&'static Table),
    /// A list with at least so many items.
    List(&'static Kind, usize),
    /// A list with at least so many items; one alone may stand without its brackets.
    OneOrMore(&'static Kind, usize),
    /// Names of these, each with a weight above 0.
    Weights(Owner),
    /// Anything; never looked at, because the key makes no sense where it is.
    Anything,
}

impl Kind {
    /// `true` if an unquoted word after `--set PATH=` is a string for this kind, even if it is all digits.
    pub(crate) fn takes_text(&self) -> bool {
        match self {
            Self::Duration(_)
            | Self::Label
            | Self::Rate(_)
            | Self::Text
            | Self::Prose
            | Self::Name
            | Self::File
            | Self::Clock
            | Self::Moment
            | Self::Words(_)
            | Self::WordsOrDuration(_)
            | Self::Reference(_)
            | Self::Policy => true,
            Self::OneOrMore(item, _) => item.takes_text(),
            Self::Choice(choice) => choice.plain.is_some_and(|plain| plain.takes_text()),
            _ => false,
        }
    }
}

/// Owner of a name that others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// `[[provider]]`
    Provider,
    /// `[[carrier]]`
    Carrier,
    /// `[[queue]]`
    Queue,
    /// `[[traffic]]`
    Traffic,
}

impl Owner {
    /// Its key at the root, and its noun.
    pub fn key(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Carrier => "carrier",
            Self::Queue => "queue",
            Self::Traffic => "traffic",
        }
    }
}

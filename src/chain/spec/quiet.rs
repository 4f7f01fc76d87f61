//! Quiet hours: times of the week at which nothing is sent on.

use super::{set, words};
use crate::kernel::Nanos;

const DAY: Nanos = 86_400 * 1_000_000_000;

/// Hours in which a stream, a queue or a carrier sends nothing on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Their beginning, since midnight; below a day.
    pub from: Nanos,
    /// Their end, since midnight; at most a day. Not after `from`: on the next day.
    pub to: Nanos,
    /// Days on which they begin.
    pub days: Days,
    /// Fate of what comes in them.
    pub on_quiet: OnQuiet,
}

impl Quiet {
    /// Their length.
    #[must_use]
    pub fn length(&self) -> Nanos {
        if self.to > self.from { self.to - self.from } else { self.to + DAY - self.from }
    }
}

words! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday
        Monday = "mon",
        /// Tuesday
        Tuesday = "tue",
        /// Wednesday
        Wednesday = "wed",
        /// Thursday
        Thursday = "thu",
        /// Friday
        Friday = "fri",
        /// Saturday
        Saturday = "sat",
        /// Sunday
        Sunday = "sun",
    }
}

set! {
    /// Days of the week.
    pub struct Days {
        /// Monday
        mon,
        /// Tuesday
        tue,
        /// Wednesday
        wed,
        /// Thursday
        thu,
        /// Friday
        fri,
        /// Saturday
        sat,
        /// Sunday
        sun,
    }
}

impl Days {
    /// Every day.
    pub const EVERY: Days =
        Days { mon: true, tue: true, wed: true, thu: true, fri: true, sat: true, sun: true };

    /// The days that are in it, from Monday on.
    #[must_use]
    pub fn each(&self) -> [bool; 7] {
        let &Days { mon, tue, wed, thu, fri, sat, sun } = self;
        [mon, tue, wed, thu, fri, sat, sun]
    }
}

words! {
    /// Fate of what comes in quiet hours.
    pub enum OnQuiet {
        /// it is held until they end
        Hold = "hold",
        /// it is refused
        Refuse = "refuse",
    }
}

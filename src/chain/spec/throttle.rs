//! Limits on what passes a station in a time: token buckets and fixed windows.

use super::{Bucket, CarrierThrottle, ProviderThrottle, Scope, words};
use crate::kernel::{Nanos, in_seconds};

/// The most limits that one station may have.
pub const THROTTLES_MAX: usize = 8;

/// A limit's way of counting.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowance {
    /// A token bucket.
    Bucket(Bucket),
    /// So much in each window of the clock.
    Window(FixedWindow),
}

/// A limit that counts anew in every second, minute, hour or day of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedWindow {
    /// Tokens of a window, at least 1.
    pub limit: u64,
    /// Length of a window.
    pub per: Per,
}

words! {
    /// Length of a fixed window; it begins with a second, minute, hour or day of the clock.
    pub enum Per {
        /// each second
        Second = "1s",
        /// each minute
        Minute = "1min",
        /// each hour
        Hour = "1h",
        /// each day, from midnight
        Day = "1day",
    }
}

impl Per {
    /// Its length.
    #[must_use]
    pub fn span(self) -> Nanos {
        const SECOND: Nanos = 1_000_000_000;
        match self {
            Per::Second => SECOND,
            Per::Minute => 60 * SECOND,
            Per::Hour => 3_600 * SECOND,
            Per::Day => 86_400 * SECOND,
        }
    }
}

impl Allowance {
    /// Tokens per second, in the long run.
    #[must_use]
    pub fn rate(&self) -> f64 {
        match self {
            Allowance::Bucket(bucket) => bucket.rate,
            Allowance::Window(window) => window.limit as f64 / in_seconds(window.per.span()),
        }
    }

    /// Tokens that are there after a rest.
    #[must_use]
    pub fn at_once(&self) -> u64 {
        match self {
            Allowance::Bucket(bucket) => bucket.burst,
            Allowance::Window(window) => window.limit,
        }
    }

    /// The bucket, if it is a token bucket.
    #[must_use]
    pub fn bucket(&self) -> Option<&Bucket> {
        match self {
            Allowance::Bucket(bucket) => Some(bucket),
            Allowance::Window(_) => None,
        }
    }
}

/// A throttle of a list.
pub trait Throttle {
    /// Its way of counting.
    fn allowance(&self) -> &Allowance;
    /// Owner of its counts.
    fn scope(&self) -> Scope;
}

impl Throttle for ProviderThrottle {
    fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    fn scope(&self) -> Scope {
        self.scope
    }
}

impl Throttle for CarrierThrottle {
    fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    fn scope(&self) -> Scope {
        self.scope
    }
}

/// Names that the throttles of a list go by: their scopes, of fixed windows with their lengths
/// (`brand_1day`), of several alike with a number from the second on (`sender_2`).
#[must_use]
pub fn throttle_names<T: Throttle>(throttles: &[T]) -> Vec<String> {
    numbered(throttles.iter().map(|throttle| {
        let scope = throttle.scope().word();
        match throttle.allowance() {
            Allowance::Bucket(_) => scope.to_owned(),
            Allowance::Window(window) => format!("{scope}_{}", window.per.word()),
        }
    }))
}

/// Names, of which a second one of the same gets its number.
pub(super) fn numbered(plain: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in plain {
        let numbers = std::iter::once(name.clone()).chain((2..).map(|nth| format!("{name}_{nth}")));
        let free = numbers.into_iter().find(|own| !names.contains(own));
        names.push(free.unwrap_or(name));
    }
    names
}

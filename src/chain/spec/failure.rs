//! Failures of an attempt, declared once: as results, as shares of a provider, and as a set that a
//! policy retries on.

use super::set;

macro_rules! failures {
    ($(
        $(#[doc = $meaning:literal])+
        $failure:ident $word:ident $label:literal $smpp:expr;
    )+) => {
        /// A failure of an attempt, in the order in which shares of failures are judged.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Failure {
            $( $(#[doc = $meaning])+ $failure, )+
        }

        impl Failure {
            /// Every failure, in the order in which shares are judged.
            pub const ALL: [Failure; [$( $label ),+].len()] = [$( Failure::$failure ),+];
            /// The number of them.
            pub const COUNT: usize = Self::ALL.len();

            /// The word for it in scenarios and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                [$( stringify!($word) ),+][self as usize]
            }

            /// The words for it in a sentence.
            #[must_use]
            pub const fn label(self) -> &'static str {
                [$( $label ),+][self as usize]
            }
        }

        /// The result of an attempt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum AttemptResult {
            /// ESME_ROK
            Accepted,
            $( $(#[doc = $meaning])+ $failure, )+
        }

        impl AttemptResult {
            /// Every result, in the order of reports.
            pub const ALL: [AttemptResult; Failure::COUNT + 1] =
                [AttemptResult::Accepted, $( AttemptResult::$failure ),+];
            /// The number of them.
            pub const COUNT: usize = Self::ALL.len();

            /// The failure that it is, if it is one.
            #[must_use]
            pub const fn failure(self) -> Option<Failure> {
                match self {
                    AttemptResult::Accepted => None,
                    $( AttemptResult::$failure => Some(Failure::$failure), )+
                }
            }

            /// The word for it in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                ["accepted", $( stringify!($word) ),+][self as usize]
            }

            /// The `command_status` of the answer in SMPP 3.4, if there is an answer.
            #[must_use]
            pub const fn smpp(self) -> Option<&'static str> {
                [Some("ESME_ROK"), $( $smpp ),+][self as usize]
            }
        }

        /// Failure shares of an attempt, judged in this order; their sum is at most 1.
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct Failures {
            $( $(#[doc = $meaning])+ pub $word: f64, )+
        }

        impl Failures {
            /// The shares, in the order of [`Failure::ALL`].
            #[must_use]
            #[inline]
            pub fn shares(&self) -> [f64; Failure::COUNT] {
                [$( self.$word ),+]
            }
        }

        impl From<[f64; Failure::COUNT]> for Failures {
            fn from(shares: [f64; Failure::COUNT]) -> Failures {
                Failures { $( $word: shares[Failure::$failure as usize], )+ }
            }
        }

        set! {
            /// A set of attempt results.
            pub struct AttemptResults {
                $( $(#[doc = $meaning])+ $word, )+
            }
        }

        impl AttemptResults {
            /// True if it has that failure.
            #[must_use]
            pub fn has(self, failure: Failure) -> bool {
                match failure { $( Failure::$failure => self.$word, )+ }
            }
        }
    };
}

failures! {
    /// ESME_RTHROTTLED 0x58
    Throttled throttled "throttled" Some("ESME_RTHROTTLED");
    /// ESME_RMSGQFUL 0x14
    QueueFull queue_full "queue full" Some("ESME_RMSGQFUL");
    /// ESME_RSYSERR 0x08
    Transient transient "transient" Some("ESME_RSYSERR");
    /// ESME_RINVDSTADR 0x0B
    Permanent permanent "permanent" Some("ESME_RINVDSTADR");
    /// no answer in time
    Timeout timeout "timeout" None;
}

impl Failure {
    /// The failure of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Failure> {
        Failure::ALL.into_iter().find(|failure| failure.name() == name)
    }
}

impl From<Failure> for AttemptResult {
    #[inline]
    fn from(failure: Failure) -> AttemptResult {
        AttemptResult::ALL[failure as usize + 1]
    }
}

impl Failures {
    /// The share of attempts that fail at all.
    #[must_use]
    #[inline]
    pub fn sum(&self) -> f64 {
        self.shares().into_iter().sum()
    }

    /// Shares of two sources together: 1 − (1 − p)(1 − q).
    #[must_use]
    pub fn combined(&self, other: &Failures) -> Failures {
        let (own, other) = (self.shares(), other.shares());
        std::array::from_fn(|failure| 1.0 - (1.0 - own[failure]) * (1.0 - other[failure])).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptResult, Failure, Failures};

    #[test]
    fn a_failure_keeps_its_place_and_name_as_a_result_and_as_a_share() {
        for (place, failure) in Failure::ALL.into_iter().enumerate() {
            assert_eq!(failure as usize, place);
            assert_eq!(AttemptResult::from(failure).failure(), Some(failure));
            assert_eq!(AttemptResult::from(failure).name(), failure.name());
            assert_eq!(Failure::of_name(failure.name()), Some(failure));
            let one: [f64; Failure::COUNT] = std::array::from_fn(|at| f64::from(at == place));
            assert_eq!(Failures::from(one).shares(), one);
        }
    }
}

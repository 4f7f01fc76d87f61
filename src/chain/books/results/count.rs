//! Counts of several runs together: sums, field by field.

use crate::stats::Latency;

/// A count that another run's is added to.
pub(crate) trait Count {
    /// Counts the other's as well.
    fn merge(&mut self, other: &Self);
}

macro_rules! sums {
    ($($number:ty)*) => {$(
        impl Count for $number {
            fn merge(&mut self, other: &Self) {
                *self += other;
            }
        }
    )*};
}

sums! { u64 u128 i128 }

impl Count for Latency {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl<T: Count, const N: usize> Count for [T; N] {
    fn merge(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

impl<T: Count + Clone + Default> Count for Vec<T> {
    fn merge(&mut self, other: &Self) {
        if self.len() < other.len() {
            self.resize(other.len(), T::default());
        }
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

/// Declares counts, each of whose fields is added to the other's.
macro_rules! counts {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$about:meta])* pub $field:ident: $type:ty, )* }
    ) => {
        $(#[$meta])*
        pub struct $name { $( $(#[$about])* pub $field: $type, )* }

        impl $crate::chain::books::results::count::Count for $name {
            fn merge(&mut self, other: &Self) {
                $( $crate::chain::books::results::count::Count::merge(
                    &mut self.$field,
                    &other.$field,
                ); )*
            }
        }
    };
}

pub(crate) use counts;

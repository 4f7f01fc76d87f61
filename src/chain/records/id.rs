//! Typed handles: which record, request, attempt or row of its kind something is.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// A handle of a `T`: 4 bytes, and no more where there may be none.
pub(crate) struct Id<T> {
    /// From 1, so that 0 says that there is none.
    place: NonZeroU32,
    of: PhantomData<fn() -> T>,
}

const _: () = assert!(size_of::<Option<Id<u64>>>() == 4);

impl<T> Id<T> {
    /// The `number`-th of its kind, from 0.
    #[inline]
    pub(crate) fn nth(number: u32) -> Id<T> {
        Id { place: NonZeroU32::MIN.saturating_add(number), of: PhantomData }
    }

    /// The handle kept in an event as [`Id::place`].
    #[inline]
    pub(crate) fn at(place: u32) -> Id<T> {
        debug_assert!(place > 0, "a place that no handle has");
        Id { place: NonZeroU32::new(place).unwrap_or(NonZeroU32::MIN), of: PhantomData }
    }

    /// The number of its kind, from 0.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.place.get() - 1
    }

    /// The same from 1.
    #[inline]
    pub(crate) fn place(self) -> u32 {
        self.place.get()
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Id<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number())
    }
}

impl<T> From<Id<T>> for u32 {
    #[inline]
    fn from(id: Id<T>) -> u32 {
        id.place()
    }
}

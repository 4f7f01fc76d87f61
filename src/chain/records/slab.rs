//! Records with stable places and a list of free ones: no allocation in steady state.

use super::id::Id;
use prefetch_index::prefetch_index;
use std::ops::{Index, IndexMut};

/// Records in reusable places. A freed place keeps its last value until it is taken again.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    /// By the place of a handle: the first one, which no handle has, is never used, so that looking a record up
    /// takes no subtraction.
    places: Vec<T>,
    free: Vec<Id<T>>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { places: Vec::new(), free: Vec::new() }
    }
}

impl<T: Clone> Slab<T> {
    /// Puts a record into a free place.
    #[inline(always)]
    pub(crate) fn insert(&mut self, record: T) -> Id<T> {
        self.insert_with(|| record)
    }

    /// Puts a record into a free place, made where it stays: one that is copied there is read in other pieces
    /// than it was written in, which waits.
    #[inline(always)]
    pub(crate) fn insert_with(&mut self, record: impl FnOnce() -> T) -> Id<T> {
        if let Some(id) = self.free.pop() {
            let place = &mut self[id];
            *place = record();
            return id;
        }
        self.grow(record())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, record: T) -> Id<T> {
        if self.places.is_empty() {
            self.places.push(record.clone());
        }
        let id = self.next();
        assert!(self.places.len() < u32::MAX as usize, "more than 4 billion records in flight");
        self.places.push(record);
        id
    }
}

impl<T> Slab<T> {
    /// Records in use.
    pub(crate) fn len(&self) -> usize {
        self.places.len().saturating_sub(1) - self.free.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The handle of the next record that is inserted.
    pub(crate) fn next(&self) -> Id<T> {
        let fresh = || Id::nth(self.places.len().saturating_sub(1) as u32);
        self.free.last().copied().unwrap_or_else(fresh)
    }

    /// The last value of the place that the next record takes, if it was used before.
    #[inline]
    pub(crate) fn next_free(&self) -> Option<&T> {
        self.free.last().map(|&id| &self[id])
    }

    #[inline]
    pub(crate) fn release(&mut self, id: Id<T>) {
        self.free.push(id);
    }

    /// Records in use, by place.
    pub(crate) fn live(&self) -> Vec<Id<T>> {
        let mut used = vec![true; self.places.len().saturating_sub(1)];
        for &id in &self.free {
            used[id.number() as usize] = false;
        }
        let ids = (0..used.len() as u32).map(Id::nth);
        ids.filter(|id| used[id.number() as usize]).collect()
    }
}

impl<T> Index<Id<T>> for Slab<T> {
    type Output = T;

    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        &self.places[id.place() as usize]
    }
}

impl<T> IndexMut<Id<T>> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.places[id.place() as usize]
    }
}

/// Begins to bring the line of the cache in which this begins, and doesn't wait for it.
#[inline(always)]
pub(crate) fn fetch<T>(thing: &T) {
    prefetch_index(std::slice::from_ref(thing), 0);
}

//! Records with stable slots and a list of free ones: no allocation in steady state.

use prefetch_index::prefetch_index;
use std::ops::{Index, IndexMut};

/// No slot.
pub(crate) const NONE: u32 = u32::MAX;

/// Records in reusable slots. A freed slot keeps its last value until it is taken again.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    slots: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab::new()
    }
}

impl<T> Slab<T> {
    pub(crate) fn new() -> Self {
        Slab { slots: Vec::new(), free: Vec::new() }
    }

    /// Records in use.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a record into a free slot.
    #[inline(always)]
    pub(crate) fn insert(&mut self, record: T) -> u32 {
        self.insert_with(|| record)
    }

    /// Puts a record into a free slot, made where it stays: one that is copied there is read in other pieces
    /// than it was written in, which waits.
    #[inline(always)]
    pub(crate) fn insert_with(&mut self, record: impl FnOnce() -> T) -> u32 {
        if let Some(slot) = self.free.pop() {
            let place = &mut self.slots[slot as usize];
            *place = record();
            return slot;
        }
        self.grow(record())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, record: T) -> u32 {
        let slot = self.slots.len() as u32;
        assert!(slot < NONE, "more than 4 billion records in flight");
        self.slots.push(record);
        slot
    }

    /// The slot that [`Slab::insert`] would take now.
    pub(crate) fn next_slot(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.slots.len() as u32)
    }

    /// The last value of the slot that [`Slab::insert`] would take now, if it was used before.
    #[inline]
    pub(crate) fn next_free(&self) -> Option<&T> {
        self.free.last().map(|&slot| &self.slots[slot as usize])
    }

    #[inline]
    pub(crate) fn release(&mut self, slot: u32) {
        self.free.push(slot);
    }

    /// Slots in use, ascending.
    pub(crate) fn live(&self) -> Vec<u32> {
        let mut used = vec![true; self.slots.len()];
        for &slot in &self.free {
            used[slot as usize] = false;
        }
        (0..self.slots.len() as u32).filter(|&slot| used[slot as usize]).collect()
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.slots[slot as usize]
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.slots[slot as usize]
    }
}

/// Begins to bring the line of the cache in which this begins, and doesn't wait for it.
#[inline(always)]
pub(crate) fn fetch<T>(thing: &T) {
    prefetch_index(std::slice::from_ref(thing), 0);
}

//! State by number, of which most is never touched: a sender's bucket, a sender's line.

use std::ops::{Index, IndexMut};

/// Items of a page.
const PAGE: usize = 256;

/// So many items that all begin alike. A page of them takes memory when one of it changes; until then
/// one item stands for all, so that millions of senders of whom a few send cost what those few take.
#[derive(Debug)]
pub(crate) struct Paged<T> {
    /// Empty until it is touched.
    pages: Vec<Box<[T]>>,
    fresh: T,
    len: usize,
}

impl<T: Clone> Paged<T> {
    pub(crate) fn new(fresh: T, len: usize) -> Paged<T> {
        let mut pages = Vec::new();
        pages.resize_with(len.div_ceil(PAGE), Box::default);
        Paged { pages, fresh, len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        (index < self.len).then(|| &self[index])
    }

    /// The items of pages that were touched, and one for all others, if there are others.
    pub(crate) fn distinct(&self) -> impl Iterator<Item = &T> {
        let untouched = self.pages.iter().any(|page| page.is_empty());
        let touched = self.pages.iter().flat_map(|page| page.iter());
        touched.chain(untouched.then_some(&self.fresh))
    }
}

impl<T> Index<usize> for Paged<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, index: usize) -> &T {
        debug_assert!(index < self.len, "no item {index} of {}", self.len);
        self.pages[index / PAGE].get(index % PAGE).unwrap_or(&self.fresh)
    }
}

impl<T: Clone> IndexMut<usize> for Paged<T> {
    #[inline(always)]
    fn index_mut(&mut self, index: usize) -> &mut T {
        let number = index / PAGE;
        if self.pages[number].is_empty() {
            self.touch(number);
        }
        &mut self.pages[number][index % PAGE]
    }
}

impl<T: Clone> Paged<T> {
    /// A page takes its memory.
    #[cold]
    #[inline(never)]
    fn touch(&mut self, number: usize) {
        let size = PAGE.min(self.len - number * PAGE);
        self.pages[number] = vec![self.fresh.clone(); size].into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_touched_pages_take_memory() {
        let mut items = Paged::new(7_u64, 10_000_000);
        assert_eq!((items[9_999_999], items.len()), (7, 10_000_000));
        items[9_999_999] = 1;
        items[3] += 1;
        assert_eq!((items[9_999_999], items[3], items[4]), (1, 8, 7));
        assert_eq!(items.pages.iter().filter(|page| !page.is_empty()).count(), 2);
        assert_eq!(items.distinct().copied().min(), Some(1));
        assert_eq!(items.distinct().count(), 256 + 10_000_000 % 256 + 1);
        assert_eq!((items.get(10_000_000), items.get(5)), (None, Some(&7)));
    }

    #[test]
    fn a_single_item_is_all_there_is() {
        let mut one = Paged::new(1, 1);
        assert_eq!(one.distinct().collect::<Vec<_>>(), [&1]);
        one[0] = 2;
        assert_eq!(one.distinct().collect::<Vec<_>>(), [&2]);
    }
}

//! Many lists in one memory. They grow and are emptied all the time: as vectors each would be moved
//! again and again while it grows, and in the end hold as much as the largest ever did.

use std::ops::Range;

/// Items a piece holds.
const PIECE: usize = 32;
/// No piece.
const NONE: u32 = u32::MAX;

/// `N` lists of pieces of a few items each, from a common store. Memory is that of the most items there
/// have been at one time, and a piece for each list.
#[derive(Debug, Clone)]
pub(crate) struct Lists<T, const N: usize> {
    /// The pieces, one after the other.
    store: Vec<T>,
    /// The piece after each one, in its list or among those that are free.
    next: Vec<u32>,
    /// The first of those that are free.
    free: u32,
    lists: Box<[List; N]>,
}

/// One list, or what is left of one that is being emptied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List {
    first: u32,
    last: u32,
    len: u32,
}

impl List {
    const EMPTY: List = List { first: NONE, last: NONE, len: 0 };

    pub(crate) fn len(self) -> usize {
        self.len as usize
    }
}

impl<T: Copy, const N: usize> Lists<T, N> {
    /// Empty ones.
    pub(crate) fn new() -> Lists<T, N> {
        Lists { store: Vec::new(), next: Vec::new(), free: NONE, lists: Box::new([List::EMPTY; N]) }
    }

    /// Adds an item at the end of a list.
    #[inline]
    pub(crate) fn push(&mut self, list: usize, item: T) {
        if !self.push_if_room(list, item) {
            self.push_into_new_piece(list, item);
        }
    }

    /// Adds an item at the end of a list whose last piece has room for it. False: it hasn't.
    #[inline(always)]
    pub(crate) fn push_if_room(&mut self, list: usize, item: T) -> bool {
        let list = &mut self.lists[list];
        let place = list.len as usize % PIECE;
        if place == 0 {
            return false;
        }
        self.store[list.last as usize * PIECE + place] = item;
        list.len += 1;
        true
    }

    /// Adds an item, and a piece for it, at the end of a list whose pieces are full.
    #[inline(never)]
    pub(crate) fn push_into_new_piece(&mut self, list: usize, item: T) {
        let piece = self.free;
        let piece = if piece == NONE {
            self.store.resize(self.store.len() + PIECE, item);
            self.next.push(NONE);
            self.next.len() as u32 - 1
        } else {
            self.free = self.next[piece as usize];
            piece
        };
        self.next[piece as usize] = NONE;
        let list = &mut self.lists[list];
        if list.len == 0 {
            list.first = piece;
        } else {
            self.next[list.last as usize] = piece;
        }
        list.last = piece;
        list.len += 1;
        self.store[piece as usize * PIECE] = item;
    }

    /// Empties a list; its pieces are still to be given back.
    #[inline]
    pub(crate) fn detach(&mut self, list: usize) -> List {
        std::mem::replace(&mut self.lists[list], List::EMPTY)
    }

    /// The place of the items of a detached list's first piece; to be given back with
    /// [`Lists::drop_first`].
    #[inline]
    pub(crate) fn first_places(&self, list: List) -> Range<usize> {
        let from = list.first as usize * PIECE;
        from..from + list.len().min(PIECE)
    }

    /// Forgets the first piece of a detached list that isn't empty.
    #[inline]
    pub(crate) fn drop_first(&mut self, list: &mut List) {
        let piece = list.first as usize;
        list.len = list.len.saturating_sub(PIECE as u32);
        list.first = self.next[piece];
        self.next[piece] = self.free;
        self.free = piece as u32;
    }

    /// The item at a place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> T {
        self.store[place]
    }

    /// The number of places.
    #[inline]
    pub(crate) fn places(&self) -> usize {
        self.store.len()
    }

    /// The number of items in a list.
    pub(crate) fn len(&self, list: usize) -> usize {
        self.lists[list].len()
    }

    /// All items of all lists.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.lists.iter().flat_map(|list| {
            let pieces = std::iter::successors((list.len > 0).then_some(list.first), |&piece| {
                Some(self.next[piece as usize]).filter(|&next| next != NONE)
            });
            pieces.flat_map(|piece| &self.store[piece as usize * PIECE..][..PIECE]).take(list.len())
        })
    }

    /// Items there is room for.
    #[cfg(test)]
    pub(crate) fn room(&self) -> usize {
        self.store.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_of<const N: usize>(lists: &mut Lists<u32, N>, list: usize) -> Vec<u32> {
        let mut items = Vec::new();
        let mut rest = lists.detach(list);
        while rest.len() > 0 {
            items.extend(&lists.store[lists.first_places(rest)]);
            lists.drop_first(&mut rest);
        }
        items
    }

    #[test]
    fn items_come_in_the_order_in_which_they_were_pushed() {
        let mut lists = Lists::<u32, 3>::new();
        for item in 0..100 {
            lists.push((item % 3) as usize, item);
        }
        assert_eq!(lists.iter().count(), 100);
        assert_eq!(lists.len(1), 33);
        let own = |list: u32| (0..100).filter(|item| item % 3 == list).collect::<Vec<u32>>();
        assert_eq!(all_of(&mut lists, 1), own(1));
        assert!(all_of(&mut lists, 1).is_empty());
        lists.push(1, 7);
        assert_eq!(lists.iter().filter(|&&item| item % 3 == 1).copied().collect::<Vec<_>>(), [7]);
        assert_eq!([all_of(&mut lists, 0), all_of(&mut lists, 2)], [own(0), own(2)]);
    }

    #[test]
    fn pieces_are_used_again() {
        let mut lists = Lists::<u32, 2>::new();
        for round in 0..1000 {
            let list = round % 2;
            for item in 0..50 {
                lists.push(list, item);
            }
            assert_eq!(all_of(&mut lists, list), (0..50).collect::<Vec<u32>>());
        }
        assert!(lists.room() <= 2 * 50, "{}", lists.room());
    }

    #[test]
    fn a_list_can_be_spread_over_the_others_while_it_is_emptied() {
        let mut lists = Lists::<u32, 4>::new();
        (0..1000).for_each(|item| lists.push(0, item));
        let mut rest = lists.detach(0);
        while rest.len() > 0 {
            for place in lists.first_places(rest) {
                let item = lists.at(place);
                lists.push(1 + (item % 3) as usize, item);
            }
            lists.drop_first(&mut rest);
        }
        let mut all: Vec<u32> = (0..4).flat_map(|list| all_of(&mut lists, list)).collect();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
        assert!(lists.room() <= 2048, "{}", lists.room());
    }
}

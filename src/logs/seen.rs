//! Ids that came before, as many as fit.

/// Slots that the ids of a log may take, 4 bytes each: three quarters of them are filled before old ids
/// are forgotten.
pub(super) const SLOTS: usize = 1 << 22;

/// Tables that the slots are in: the second one begins when the first is full, so that nothing is ever
/// moved, and a log of a million rows has all its ids in few pages of memory.
const TABLES: usize = 2;

/// Hashes that wait to be put into the tables: their places are fetched meanwhile, or each would be waited
/// for.
const WAITING: usize = 64;

/// A set of hashes, of which each slot keeps the upper half: the lower one says where it belongs. Two ids
/// are taken for one if they agree in both: among three million about once in a hundred logs.
pub(super) struct Seen {
    filter: Filter,
    waiting: Vec<u64>,
    /// The last one is being filled.
    tables: Vec<Table>,
    /// Slots of a table: a power of two.
    size: usize,
    /// Ids that took the place of others.
    forgotten: u64,
}

impl Seen {
    pub(super) fn new(most: usize) -> Self {
        Seen {
            filter: Filter::new(most / 16),
            waiting: Vec::new(),
            tables: Vec::new(),
            size: most / TABLES,
            forgotten: 0,
        }
    }

    /// Fetches the memory of a hash's place: it will be asked for soon.
    pub(super) fn expect(&self, hash: u64) {
        prefetch_index::prefetch_index(&self.filter.words, self.filter.place(hash));
    }

    /// Takes a hash; false if it was there.
    pub(super) fn insert(&mut self, hash: u64) -> bool {
        if self.filter.insert(hash) && self.is_kept(hash) {
            return false;
        }
        self.waiting.push(hash);
        if let Some(last) = self.tables.last() {
            prefetch_index::prefetch_index(&last.slots, last.home(hash));
        }
        if self.waiting.len() >= WAITING {
            self.settle();
        }
        true
    }

    pub(super) fn contains(&self, hash: u64) -> bool {
        self.filter.contains(hash) && self.is_kept(hash)
    }

    /// Ids that took the place of others.
    pub(super) fn forgotten(&mut self) -> u64 {
        self.settle();
        self.forgotten
    }

    fn is_kept(&self, hash: u64) -> bool {
        self.waiting.contains(&hash) || self.tables.iter().any(|table| table.contains(hash))
    }

    /// Puts those that wait into the tables.
    fn settle(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().for_each(|hash| self.put(*hash));
        self.waiting = waiting;
        self.waiting.clear();
    }

    fn put(&mut self, hash: u64) {
        let is_full = |table: &Table| table.count * 4 >= table.slots.len() * 3;
        if self.tables.len() < TABLES && self.tables.last().is_none_or(is_full) {
            self.tables.push(Table::new(self.size));
        }
        let Some(last) = self.tables.last_mut() else { return };
        if !is_full(last) {
            last.put(hash);
            return;
        }
        // Full: it takes the place of the one that is where it belongs. Without one it is not kept, or in
        // the end no place would be free and no search come to an end.
        self.forgotten += 1;
        let home = last.home(hash);
        if let Some(slot) = last.slots.get_mut(home).filter(|slot| **slot != 0) {
            *slot = mark(hash);
        }
    }
}

/// A filter in little memory: a hash that it doesn't have is new, as nearly all are.
struct Filter {
    words: Vec<u64>,
}

impl Filter {
    fn new(words: usize) -> Filter {
        Filter { words: vec![0; words] }
    }

    fn place(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.words.len() - 1)
    }

    /// Four bits of a word.
    fn bits(hash: u64) -> u64 {
        [0, 6, 12, 18].into_iter().fold(0, |bits, shift| bits | 1 << (hash >> shift & 63))
    }

    /// Takes a hash; true if it may have been there.
    fn insert(&mut self, hash: u64) -> bool {
        let (place, bits) = (self.place(hash), Filter::bits(hash));
        let word = &mut self.words[place];
        let had = *word & bits == bits;
        *word |= bits;
        had
    }

    fn contains(&self, hash: u64) -> bool {
        let bits = Filter::bits(hash);
        self.words[self.place(hash)] & bits == bits
    }
}

/// Slots, 0 where one is free; a hash is at its home or in the first free slot behind.
struct Table {
    slots: Vec<u32>,
    count: usize,
}

impl Table {
    fn new(size: usize) -> Table {
        Table { slots: vec![0; size], count: 0 }
    }

    fn home(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    /// The place of a hash, or the free one where it would be.
    fn find(&self, hash: u64) -> Result<usize, usize> {
        let (mark, mask) = (mark(hash), self.slots.len() - 1);
        let mut at = self.home(hash);
        loop {
            match self.slots[at] {
                0 => return Err(at),
                own if own == mark => return Ok(at),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn contains(&self, hash: u64) -> bool {
        self.find(hash).is_ok()
    }

    fn put(&mut self, hash: u64) {
        if let Err(free) = self.find(hash) {
            self.slots[free] = mark(hash);
            self.count += 1;
        }
    }
}

/// The part of a hash that a slot keeps: no 0, as free ones have.
fn mark(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

/// A hash of an id, the same in every process: which ids are equal must not depend on chance.
pub(super) fn hash(id: &[u8]) -> u64 {
    // Eight bytes at a time, each mixed by a multiplication of 128 bits.
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    };
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ id.len() as u64;
    let (whole, rest) = id.as_chunks::<8>();
    for bytes in whole {
        state = fold(state ^ u64::from_le_bytes(*bytes), 0xd6e8_feb8_6659_fd93);
    }
    if !rest.is_empty() {
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        state = fold(state ^ u64::from_le_bytes(bytes), 0xd6e8_feb8_6659_fd93);
    }
    fold(state ^ 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut seen = Seen::new(SLOTS);
        for number in 0..100_000_u64 {
            assert!(seen.insert(hash(&number.to_le_bytes())), "{number}");
        }
        for number in 0..100_000_u64 {
            assert!(!seen.insert(hash(&number.to_le_bytes())), "{number}");
        }
        let count: usize = seen.tables.iter().map(|table| table.count).sum();
        assert_eq!((count + seen.waiting.len(), seen.forgotten()), (100_000, 0));
    }

    #[test]
    fn what_does_not_fit_takes_the_place_of_others() {
        let mut seen = Seen::new(1 << 10);
        for number in 0..10_000_u64 {
            assert!(seen.insert(hash(&number.to_le_bytes())), "{number}");
        }
        assert_eq!(seen.forgotten(), 9_232);
        let sizes: Vec<_> =
            seen.tables.iter().map(|table| (table.slots.len(), table.count)).collect();
        assert_eq!(sizes, [(512, 384), (512, 384)]);
        let known = |number: &u64| seen.contains(hash(&number.to_le_bytes()));
        let late = (9_900..10_000).filter(known).count();
        assert!((40..100).contains(&late), "{late} of the last hundred are known");
    }
}

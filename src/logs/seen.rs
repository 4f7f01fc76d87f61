//! Ids that came before, as many as fit.

/// Slots that the ids of a log may take, 8 bytes each: three quarters of them are filled before old ids
/// are forgotten.
pub(super) const SLOTS: usize = 1 << 22;

/// A set of hashes.
pub(super) struct Seen {
    slots: Vec<u64>,
    count: usize,
    /// Slots at most: a power of two.
    most: usize,
    /// Ids that took the place of others.
    pub(super) forgotten: u64,
}

impl Seen {
    pub(super) fn new(most: usize) -> Self {
        Seen { slots: vec![0; most.min(1 << 12)], count: 0, most, forgotten: 0 }
    }

    /// Fetches the memory of a hash's place: it will be asked for soon.
    pub(super) fn expect(&self, hash: u64) {
        prefetch_index::prefetch_index(&self.slots, hash as usize & (self.slots.len() - 1));
    }

    /// Takes a hash; false if it was there.
    pub(super) fn insert(&mut self, hash: u64) -> bool {
        let hash = hash.max(1);
        if self.count * 4 >= self.slots.len() * 3 {
            if self.slots.len() >= self.most {
                // Full: it takes the place of the one that is where it belongs. Without one it is
                // not kept, or in the end no place would be free and no search come to an end.
                let home = hash as usize & (self.slots.len() - 1);
                let there = self.contains(hash);
                if !there {
                    self.forgotten += 1;
                    if let Some(slot) = self.slots.get_mut(home).filter(|slot| **slot != 0) {
                        *slot = hash;
                    }
                }
                return !there;
            }
            self.grow();
        }
        let new = put(&mut self.slots, hash);
        self.count += usize::from(new);
        new
    }

    pub(super) fn contains(&self, hash: u64) -> bool {
        let hash = hash.max(1);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                0 => return false,
                own if own == hash => return true,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mut slots = vec![0; self.slots.len() * 2];
        for hash in self.slots.iter().filter(|hash| **hash != 0) {
            put(&mut slots, *hash);
        }
        self.slots = slots;
    }
}

fn put(slots: &mut [u64], hash: u64) -> bool {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    loop {
        match slots[at] {
            0 => {
                slots[at] = hash;
                return true;
            }
            own if own == hash => return false,
            _ => at = (at + 1) & mask,
        }
    }
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
        assert_eq!((seen.count, seen.forgotten), (100_000, 0));
    }

    #[test]
    fn what_does_not_fit_takes_the_place_of_others() {
        let mut seen = Seen::new(1 << 10);
        for number in 0..10_000_u64 {
            assert!(seen.insert(hash(&number.to_le_bytes())), "{number}");
        }
        assert_eq!((seen.slots.len(), seen.count, seen.forgotten), (1 << 10, 768, 9_232));
        let known = |number: &u64| seen.contains(hash(&number.to_le_bytes()));
        let late = (9_900..10_000).filter(known).count();
        assert!((40..100).contains(&late), "{late} of the last hundred are known");
    }
}

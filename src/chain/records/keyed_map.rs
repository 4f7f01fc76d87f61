//! Counts by key, never iterated: a map whose order can't leak into a result.

use crate::random::mix;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hasher};

/// Counts by key; keys with none take no memory.
#[derive(Debug, Default)]
pub(crate) struct KeyedMap<K> {
    counts: HashMap<K, u64, Mixed>,
}

impl KeyedMap<u64> {
    pub(crate) fn get(&self, key: u64) -> u64 {
        self.counts.get(&key).copied().unwrap_or(0)
    }

    pub(crate) fn increment(&mut self, key: u64) {
        *self.counts.entry(key).or_insert(0) += 1;
    }

    pub(crate) fn decrement(&mut self, key: u64) {
        if let Entry::Occupied(mut entry) = self.counts.entry(key) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }
}

/// Hashes a word by mixing it: the same in every run, and fast.
#[derive(Debug, Clone, Copy, Default)]
struct Mixed;

impl BuildHasher for Mixed {
    type Hasher = MixedWord;

    fn build_hasher(&self) -> MixedWord {
        MixedWord(0)
    }
}

#[derive(Debug)]
struct MixedWord(u64);

impl Hasher for MixedWord {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }
}

//! Keys: who a draw belongs to.

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014, Stafford's variant 13): a bijection of
/// 64-bit words whose every output bit depends on every input bit.
#[must_use]
#[inline]
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// 2⁶⁴ divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The key of one thing that chance happens to: a message, a stream, a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of a named owner: FNV-1a of its dotted name (`carrier.k.filter.spam`), mixed. It
    /// doesn't depend on the owner's place in a file.
    #[must_use]
    pub const fn named(name: &str) -> Key {
        let bytes = name.as_bytes();
        let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
            at += 1;
        }
        Key(mix(hash))
    }

    /// The key of the `index`-th thing of this one; children of one key never share a key.
    #[must_use]
    #[inline]
    pub const fn child(self, index: u64) -> Key {
        Key(mix(self.0.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN))))
    }

    /// The key of this thing in another role, from which children can be taken.
    #[must_use]
    #[inline]
    pub const fn role(self, role: Key) -> Key {
        Key(mix(self.0 ^ role.0))
    }

    /// The owner's part of a draw's counter.
    #[must_use]
    pub const fn owner(self) -> Owner {
        Owner((self.0 >> 32) as u32)
    }
}

/// A named owner (a provider, a carrier, a filter) within a draw's counter: the upper half of its
/// key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(pub(super) u32);

impl Owner {
    /// For draws that have no owner beside the thing itself.
    pub const NONE: Owner = Owner(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_and_roles_differ() {
        let parent = Key::named("traffic.otp");
        let mut keys: Vec<Key> = (0..100_000).map(|index| parent.child(index)).collect();
        let role = Key::named("resend");
        keys.extend((0..1000).map(|index| parent.child(index).role(role)));
        keys.push(parent);
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}

//! Philox4x32-10: a counter-based generator.
//!
//! Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. A block of
//! four words is a function of a 128-bit counter and a 64-bit key, with no state between: exactly
//! what keyed draws need.

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// Weyl sequence of the key: the golden ratio and √3 − 1.
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// The key of every round, made once for all blocks of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundKeys([[u32; 2]; ROUNDS]);

impl RoundKeys {
    /// Those of `key`.
    #[must_use]
    pub const fn new(key: [u32; 2]) -> RoundKeys {
        let mut keys = [key; ROUNDS];
        let mut round = 1;
        while round < ROUNDS {
            let [k0, k1] = keys[round - 1];
            keys[round] = [k0.wrapping_add(KEY_STEPS[0]), k1.wrapping_add(KEY_STEPS[1])];
            round += 1;
        }
        RoundKeys(keys)
    }
}

/// Four words side by side, each in the lower half of its lane; what is in the upper halves doesn't count.
///
/// Every product of two words fills its lane, and so a vector unit with few instructions (SSE2, NEON)
/// makes as many blocks at once as it has lanes of 64 bits, when this is asked for in a loop.
pub(super) type Lanes = [u64; 4];

/// The lower half of a lane.
pub(super) const WORD: u64 = u32::MAX as u64;

/// The block of a counter under a key.
#[inline(always)]
pub(super) fn rounds([mut c0, mut c1, mut c2, mut c3]: Lanes, keys: &RoundKeys) -> Lanes {
    for [k0, k1] in keys.0 {
        let left = MULTIPLIERS[0] * (c0 & WORD);
        let right = MULTIPLIERS[1] * (c2 & WORD);
        c0 = right >> 32 ^ c1 ^ u64::from(k0);
        c1 = right;
        c2 = left >> 32 ^ c3 ^ u64::from(k1);
        c3 = left;
    }
    [c0, c1, c2, c3]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The block of `counter` under a key.
    fn philox4x32(counter: [u32; 4], keys: &RoundKeys) -> [u32; 4] {
        rounds(counter.map(u64::from), keys).map(|lane| lane as u32)
    }

    /// The known-answer vectors of Random123's `kat_vectors` for philox4x32, 10 rounds.
    #[test]
    fn gives_the_published_answers() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, block) in cases {
            assert_eq!(philox4x32(counter, &RoundKeys::new(key)), block);
        }
    }
}

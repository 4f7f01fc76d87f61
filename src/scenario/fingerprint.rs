//! The scenario's fingerprint: a stable 64-bit hash of what it says.

/// FNV-1a over bytes, 64 bits, with a final mix (that of MurmurHash3) so that a change of one
/// byte moves all digits. Written here because a fingerprint must stay the same for ever.
#[derive(Debug, Clone)]
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The hash, as 16 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        format!("{:016x}", mixed ^ (mixed >> 33))
    }
}

/// The fingerprint of a resolved scenario: its seed left out, the fingerprints of its data files in
/// place of their names.
pub(crate) fn of(resolved: &str) -> String {
    let mut hash = Hash::new();
    hash.write(resolved.as_bytes());
    hash.hex()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_never_changes() {
        assert_eq!(super::of(""), "efd01f60ba992926");
    }
}

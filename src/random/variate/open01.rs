//! From random bits to a uniform number.

/// A uniform number in the open interval (0, 1) from 64 random bits: the upper 52 of them, and a
/// half more, times 2⁻⁵².
///
/// So it runs from 2⁻⁵³ to 1 − 2⁻⁵³, and 1 − u is exact: never 0 or 1, no inverse distribution
/// function is infinite there.
pub fn open01(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * f64::from_bits(0x3CB0_0000_0000_0000)
}

/// The smallest number of [`open01`], 2⁻⁵³.
pub(super) const SMALLEST: f64 = f64::EPSILON / 2.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_open_and_symmetric() {
        assert_eq!(open01(0), SMALLEST);
        assert_eq!(open01(u64::MAX), 1.0 - SMALLEST);
        assert_eq!(open01(1 << 63) - 0.5, SMALLEST);
        assert_eq!(open01(0xFFF), open01(0));
    }
}

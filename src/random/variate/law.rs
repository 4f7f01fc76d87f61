//! The interface of a distribution.

/// A distribution before shift and bounds.
pub(super) trait Law {
    /// The value at `u` in (0, 1).
    fn quantile(&self, u: f64) -> f64;

    /// The exact mean; infinite or NaN where there is none.
    fn mean(&self) -> f64;

    /// The exact variance; infinite or NaN where there is none.
    fn variance(&self) -> f64;

    /// All values lie in here.
    fn support(&self) -> (f64, f64);
}

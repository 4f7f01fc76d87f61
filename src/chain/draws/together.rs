//! Draws made side by side.

/// So many at most. More share what they need, but push more of it out of the caches.
pub(crate) const TOGETHER: usize = 64;

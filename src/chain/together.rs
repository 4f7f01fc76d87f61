//! What is done for many messages at once.

/// So many at most. More share what they need, but push more of it out of the caches.
pub(super) const TOGETHER: usize = 64;

//! The wall clock.

use std::time::Instant;

/// Now. For how long something takes, which is told on stderr, never in a result.
#[allow(clippy::disallowed_methods, reason = "no result depends on it")]
pub(super) fn now() -> Instant {
    Instant::now()
}

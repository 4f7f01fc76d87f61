//! Circuit breakers.

use crate::kernel::Nanos;

/// A circuit breaker, one for each provider (for a client: one for the API).
///
/// Closed, it counts the results within its window; when at least `min_calls` are there and at
/// least `failure_share` of them failed, it opens. Open, nothing is tried for `open_for`; then,
/// half-open, `probes` tries may pass: if less than `failure_share` of them fail it closes, else
/// it opens again. A permanent refusal is no failure of the provider's.
#[derive(Debug, Clone, PartialEq)]
pub struct Breaker {
    /// Results it looks back on.
    pub window: Window,
    /// Share of failures that opens it, in (0, 1].
    pub failure_share: f64,
    /// It opens on no fewer results than this, at least 1.
    pub min_calls: u32,
    /// Time it stays open, above 0.
    pub open_for: Nanos,
    /// Tries that may pass when it is half-open, at least 1.
    pub probes: u32,
}

/// Results that a breaker looks back on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The results of so long, above 0.
    Time(Nanos),
    /// So many results, at least 1.
    Calls(u32),
}

//! Random variates by inverse transform (placeholder until the room is built).

/// A distribution, ready to sample by inverse transform: one uniform per variate.
#[derive(Debug, Clone, PartialEq)]
pub enum Variate {
    /// Always this.
    Constant(f64),
}

/// Parameters that make no distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ParameterError(pub String);

//! Chance: keyed streams and distributions. Knows nothing of SMS.

mod variate;

pub use variate::{ParameterError, Variate, open01};

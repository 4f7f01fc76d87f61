//! Chance: keyed streams and distributions. Knows nothing of SMS.
//!
//! A draw is a function of (seed, thing, owner, purpose, ordinal), so that two policies on one
//! seed meet the same people, the same first attempts and the same absent handsets.

mod draws;
mod key;
mod philox;
mod variate;

pub use draws::{Block, Chance, DrawSource, Purpose, SEED_LIMIT, Site, Stream};
pub use key::{Key, Owner, mix};
pub use philox::RoundKeys;
pub use variate::{ParameterError, Variate, open01};

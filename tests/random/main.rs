//! Chance: distributions against exact values and another library, streams against one another,
//! special functions against published values.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod oracle;
mod special;
mod streams;
mod variate;

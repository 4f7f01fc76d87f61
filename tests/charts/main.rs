//! Charts from result files of every shape: sound files, everything on the sheet, nothing on top of
//! another, every value under the pointer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod each;
mod results;
mod svg;
mod told;

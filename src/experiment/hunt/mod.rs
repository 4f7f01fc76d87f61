//! Looking for the run in which something goes wrong, and making it small.

mod attempt;
mod search;
mod shrink;

pub use attempt::{Attempt, Judge, Ran};
pub use search::{Hit, Judged, Search, search};
pub use shrink::{Shrunk, Size, shrink};

//! Looking for the run in which something goes wrong, and making it small.

mod search;
mod shrink;

pub use search::{Hit, Judged, Search, search};
pub use shrink::{Shrunk, Size, shrink};

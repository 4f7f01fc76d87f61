//! Delivery logs as people have them, read row by row into one form.

mod row;

pub use row::{Failure, Row, Status, Time};

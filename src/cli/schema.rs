//! `smschain schema`.

use super::ending::{Ending, Exit};
use super::terminal;
use crate::report::json_schema;

/// Prints the JSON Schema of scenarios.
pub(super) fn print() -> Result<Exit, Ending> {
    terminal::result_file(&json_schema().to_json())?;
    Ok(Exit::Ok)
}

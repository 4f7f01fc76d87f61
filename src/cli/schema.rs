//! `smschain schema`.

use super::ending::{Ending, Exit};
use super::terminal;
use crate::report::{json_schema, to_json};

/// Prints the JSON Schema of scenarios.
pub(super) fn print() -> Result<Exit, Ending> {
    terminal::result_file(&to_json(&json_schema()))?;
    Ok(Exit::Ok)
}

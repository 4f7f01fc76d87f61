//! The page to share: one self-contained HTML file.

use super::Findings;
use super::charts::Drawing;

/// The page of a result folder. `again`: the command that repeats it.
#[must_use]
pub fn page(_findings: &Findings, _drawings: &[Drawing], _again: &str) -> String {
    String::new()
}

//! Commands of the interface that this version doesn't have: whatever is asked of them is read, so
//! that a mistyped command is told from one that is to come.

use std::ffi::OsString;

use clap::Args;

/// The arguments of a command to come.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain diff a.toml b.toml")]
pub(crate) struct Rest {
    /// What it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

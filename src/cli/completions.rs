//! `smschain completions`.

use clap::CommandFactory as _;

use super::arguments::{Arguments, Completions as Options};
use super::ending::{Ending, Exit};
use super::terminal;

/// Prints a shell's completions.
pub(super) fn print(options: &Options) -> Result<Exit, Ending> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "smschain", &mut script);
    terminal::result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

//! `smschain policies`.

use super::arguments::{Format, Policies as Options};
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use crate::report::table::{Look, policies_table};
use crate::report::{policies, policies_csv};

/// Lists the built-in retry policies.
pub(super) fn list(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::of(options.color);
    let text = match options.format {
        Format::Table => {
            let look = Look { width: terminal.width(), colour: terminal.colour_on_stdout() };
            policies_table(look)
        }
        Format::Json => policies().to_json(),
        Format::Csv => policies_csv(),
    };
    terminal::result(&text)?;
    Ok(Exit::Ok)
}

//! `smschain explain`.

use super::arguments::Explain as Options;
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use crate::report::meaning;
use crate::report::table::{Look, explained_table, figure_table, named_table};
use crate::scenario::schema::ROOT;
use crate::scenario::{Astray, explain};

/// Says what a key means.
pub(super) fn print(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::of(options.color);
    let look = Look { width: terminal.width(), colour: terminal.colour_on_stdout() };
    let Some(path) = &options.path else {
        let tables = ROOT.fields.iter().map(|field| (field.key, field.about));
        terminal::result(&named_table(tables, look))?;
        terminal.remark("\n  next: smschain explain provider, smschain explain provider.window");
        return Ok(Exit::Ok);
    };
    match explain(path) {
        Ok(explained) => terminal::result(&explained_table(&explained, look))?,
        Err(astray) => match meaning(path) {
            Some(meaning) => terminal::result(&figure_table(path, meaning, look))?,
            None => return Err(lost(&astray)),
        },
    }
    Ok(Exit::Ok)
}

/// The path leads nowhere: what may be meant.
fn lost(astray: &Astray) -> Ending {
    let mut text = astray.message.clone();
    match astray.meant.as_slice() {
        [] => text.push_str(&format!(": expected one of {}", astray.expected.join(", "))),
        meant => {
            text.push_str(if meant.len() == 1 { "; did you mean:" } else { "; which one?" });
            for (path, about) in meant {
                text.push_str(&format!("\n  smschain explain {path}\n      {about}"));
            }
        }
    }
    Ending::new(Exit::Input, text)
}

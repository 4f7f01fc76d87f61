//! `smschain explain`.

use super::arguments::Explain as Options;
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use crate::report::table::{explained_table, figure_table, judged_table, named_table, term_table};
use crate::report::{judged_figure, judged_section, meaning, section_meanings, term, terms};
use crate::scenario::schema::ROOT;
use crate::scenario::{Astray, Explained, explain, nearest};

/// Says what a key means.
pub(super) fn print(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::of(options.color);
    let look = terminal.look();
    let Some(path) = &options.path else {
        let tables = ROOT.fields.iter().map(|field| (field.key, field.about));
        terminal::result(&named_table(tables, look))?;
        terminal.remark("\n  next: smschain explain provider, smschain explain provider.window");
        return Ok(Exit::Ok);
    };
    let found = explain(path);
    if let Some(term) = term(path).filter(|_| !is_key(path, &found)) {
        terminal::result(&term_table(path.trim(), term, look))?;
        return Ok(Exit::Ok);
    }
    match found {
        Ok(explained) => terminal::result(&explained_table(&explained, look))?,
        Err(astray) => match meaning(path) {
            Some(meaning) => terminal::result(&figure_table(path, meaning, look))?,
            None => match judged_figure(path) {
                Some(figure) => terminal::result(&judged_table(path, figure, look))?,
                None if section_meanings(path).next().is_some() => {
                    terminal::result(&named_table(section_meanings(path), look))?;
                }
                None if judged_section(path).next().is_some() => {
                    terminal::result(&named_table(judged_section(path), look))?;
                }
                None => return Err(lost(path, &astray)),
            },
        },
    }
    Ok(Exit::Ok)
}

/// `true` if a word is a key, or one of several; something like it isn't.
fn is_key(word: &str, found: &Result<Explained, Astray>) -> bool {
    let ends = |path: &str| path.rsplit('.').next() == Some(word);
    match found {
        Ok(explained) => ends(&explained.path),
        Err(astray) => astray.meant.iter().any(|(path, _)| ends(path)),
    }
}

/// The path leads nowhere: what may be meant.
fn lost(path: &str, astray: &Astray) -> Ending {
    let mut text = astray.message.clone();
    let word = nearest(path, terms()).filter(|_| astray.meant.is_empty());
    match astray.meant.as_slice() {
        [] if word.is_some() => {
            let word = word.unwrap_or_default();
            text.push_str(&format!("; did you mean the word `{word}`?\n  smschain explain {word}"));
        }
        [] => text.push_str(&format!(": expected one of {}", astray.expected.join(", "))),
        meant => {
            text.push_str(if meant.len() == 1 { "; did you mean:" } else { "; which one?" });
            for (path, about) in meant {
                text.push_str(&format!("\n  smschain explain {path}\n      {about}"));
            }
        }
    }
    Ending::usage(text)
}

//! `smschain man`.

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::arguments::{Arguments, Man as Options};
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::terminal;

/// Prints the manual page, or writes one a command.
pub(super) fn man(options: &Options) -> Result<Exit, Ending> {
    let mut command = Arguments::command();
    // Gives each command its name behind that of the program.
    command.build();
    let Some(out) = &options.out else {
        terminal::result_file(&page(&command)?)?;
        return Ok(Exit::Ok);
    };
    let mut pages = vec![("smschain.1".to_owned(), page(&command)?)];
    let there = |command: &&Command| command.get_name() != "help" && !command.is_hide_set();
    for command in command.get_subcommands().filter(there) {
        pages.push((format!("smschain-{}.1", command.get_name()), page(command)?));
    }
    let count = pages.len();
    let files: Vec<(&str, String)> =
        pages.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let names = pages.iter().map(|(name, _)| name.clone());
    ResultFolder::claim(out, &[], names, options.force)?.write(&files, &[])?;
    terminal::note(&format!("wrote {count} pages to {}\n", out.display()));
    Ok(Exit::Ok)
}

fn page(command: &Command) -> Result<String, Ending> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Ending::new(Exit::Io, format!("can't write the page: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

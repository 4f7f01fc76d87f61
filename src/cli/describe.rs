//! `smschain schema`, `completions` and `man`: what the program says of itself to others.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory as _};

use super::arguments::{Arguments, Completions, Man as ManPage};
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::init::TEMPLATES;
use super::terminal;
use crate::report::{json_schema, to_json};
use crate::scenario::policies::{BUILT_IN, ON_RECEIPT, SLOW};

/// Prints the JSON Schema of scenarios.
pub(super) fn schema() -> Result<Exit, Ending> {
    terminal::result_file(&to_json(&json_schema()))?;
    Ok(Exit::Ok)
}

/// Prints a shell's completions.
pub(super) fn completions(options: &Completions) -> Result<Exit, Ending> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut there(), "smschain", &mut script);
    terminal::result_file(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

/// The commands that this version has, with the names that their arguments may have: the arguments
/// themselves take others, too, like the policies of a scenario.
fn there() -> Command {
    let all = Arguments::command();
    let shown = all.get_subcommands().filter(|command| !command.is_hide_set());
    let there = Command::new("smschain")
        .version(env!("CARGO_PKG_VERSION"))
        .about(all.get_about().cloned().unwrap_or_default())
        .subcommands(shown.cloned());
    let policy = |name: &'static str, about: &'static str| PossibleValue::new(name).help(about);
    let built_in = || BUILT_IN.iter().map(move |built_in| policy(built_in.name, built_in.about));
    let compared = [policy("all", "All of them"), policy("scenario", "The scenario's own [retry]")];
    let templates =
        TEMPLATES.iter().map(|template| PossibleValue::new(template.name).help(template.summary()));
    let rules = ON_RECEIPT.iter().chain(SLOW).filter(|rule| rule.name != "none");
    let rules = rules.map(|rule| policy(rule.name, rule.about));
    let (one, several) =
        (built_in().chain(rules).collect(), compared.into_iter().chain(built_in()).collect());
    let against = built_in().chain([policy("scenario", "The scenario's own [retry]")]).collect();
    let known: [(&str, &str, Vec<PossibleValue>); 4] = [
        ("init", "template", templates.collect()),
        ("policies", "name", one),
        ("compare", "policies", several),
        ("compare", "baseline", against),
    ];
    known.into_iter().fold(there, |there, (command, argument, values)| {
        there.mut_subcommand(command, |command| {
            let parser = PossibleValuesParser::new(values);
            command.mut_arg(argument, |argument| argument.value_parser(parser))
        })
    })
}

/// Prints the manual page, or writes one a command.
pub(super) fn man(options: &ManPage) -> Result<Exit, Ending> {
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
        for inner in command.get_subcommands().filter(there) {
            let name = format!("smschain-{}-{}.1", command.get_name(), inner.get_name());
            pages.push((name, page(inner)?));
        }
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
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Ending::new(Exit::Io, format!("can't write the page: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

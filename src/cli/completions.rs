//! `smschain completions`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory as _};

use super::arguments::{Arguments, Completions as Options};
use super::ending::{Ending, Exit};
use super::init::TEMPLATES;
use super::terminal;
use crate::scenario::policies::BUILT_IN;

/// Prints a shell's completions.
pub(super) fn print(options: &Options) -> Result<Exit, Ending> {
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
    let (one, several) = (built_in().collect(), compared.into_iter().chain(built_in()).collect());
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

//! The command line: a file a command. The only room that prints, reads a clock, or touches files
//! other than a scenario's data.

mod again;
mod arguments;
mod bundle;
mod caller;
mod capacity;
mod cells;
mod chart;
mod check;
mod compare;
mod describe;
mod determinism;
mod ending;
mod experiment;
mod explain;
mod fault;
mod finished;
mod fit;
mod folder;
mod guidance;
mod hunt;
mod indifference;
mod init;
mod input;
mod interrupt;
mod judged;
mod objectives;
mod pictures;
mod policies;
mod precision;
mod progress;
mod replay;
mod retries;
mod run;
mod simulate;
mod source;
mod stream;
mod sweep;
mod system;
mod terminal;
mod trace;
mod validate;
mod whole_file;

use std::ffi::OsString;
use std::process::ExitCode;

use arguments::{Arguments, Command};
pub use caller::{Answer, Far, Pulse, Question, Refusal, ask};
use clap::Parser as _;
use ending::{Ending, Exit};
#[doc(hidden)]
pub use folder::marker_again;
use terminal::Terminal;

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let ended = fault::guarded(&arguments, || dispatch(&arguments));
    ExitCode::from(ended.unwrap_or_else(|ending| {
        terminal::note(&format!("{}\n", ending.text));
        ending.exit.code()
    }))
}

fn dispatch(arguments: &[OsString]) -> u8 {
    if arguments.len() < 2 {
        terminal::note(guidance::GUIDANCE);
        return Exit::Input.code();
    }
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error, arguments),
    };
    interrupt::heed();
    let (terminal, ended) = carried_out(parsed.command, arguments);
    match ended {
        Ok(exit) => exit.code(),
        Err(ending) => {
            interrupt::leave_no_empty_folder();
            terminal.error(&ending);
            ending.exit.code()
        }
    }
}

/// The same for a program, which takes what is said.
fn answered(arguments: &[OsString]) -> Result<Exit, Ending> {
    let parsed = Arguments::try_parse_from(arguments).map_err(|error| {
        Ending::rendered(Exit::Input, error.render().to_string().trim_end().to_owned())
    })?;
    carried_out(parsed.command, arguments).1
}

/// Carries a command out; where it speaks, and how it ended.
fn carried_out(command: Command, arguments: &[OsString]) -> (Terminal, Result<Exit, Ending>) {
    let command = match command {
        Command::Plan(options) => {
            let terminal = cells::terminal_of_plan(&options);
            return (terminal, cells::plan(options, arguments));
        }
        Command::Merge(options) => {
            let terminal = Terminal::new(&options.output);
            return (terminal, cells::merge(options));
        }
        command => command,
    };
    match &command {
        Command::Run(options) => (Terminal::new(&options.output), run::run(options)),
        Command::Compare(options) => (Terminal::new(&options.output), compare::compare(options)),
        Command::Sweep(options) => (Terminal::new(&options.output), sweep::sweep(options)),
        Command::Hunt(options) => (Terminal::new(&options.output), hunt::hunt(options)),
        Command::Replay(options) => (Terminal::new(&options.output), replay::replay(options)),
        Command::Capacity(options) => (Terminal::new(&options.output), capacity::capacity(options)),
        Command::Check(options) => (Terminal::of(options.color), check::check(options)),
        Command::Trace(options) => (Terminal::new(&options.output), trace::trace(options)),
        Command::Validate(options) => (Terminal::new(&options.output), validate::validate(options)),
        Command::Chart(options) => (Terminal::of(options.color), chart::chart(options)),
        Command::Policies(options) => (Terminal::of(options.color), policies::list(options)),
        Command::Init(options) => {
            (Terminal::quiet(options.color, options.quiet), init::init(options))
        }
        Command::Fit(options) => (fit::terminal_of(options), fit::fit(options)),
        Command::Explain(options) => (Terminal::of(options.color), explain::print(options)),
        Command::Schema(_) => (Terminal::default(), describe::schema()),
        Command::Completions(options) => (Terminal::default(), describe::completions(options)),
        Command::Man(options) => (Terminal::default(), describe::man(options)),
        Command::Task(options) => (cells::terminal_of(options), cells::task(options)),
        Command::Plan(_)
        | Command::Merge(_)
        | Command::Optimise(_)
        | Command::Watch(_)
        | Command::Serve(_)
        | Command::Diff(_) => {
            let name = arguments.get(1).map(|name| name.to_string_lossy());
            (Terminal::default(), Err(Ending::not_yet(&name.unwrap_or_default())))
        }
    }
}

/// Help and version are results; anything else clap says is a usage error.
fn usage(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let odd = arguments.iter().any(|it| it.to_string_lossy().contains(crate::scenario::is_unseen));
    if odd && error.use_stderr() {
        // It quotes what it doesn't know.
        terminal::note(&error.render().to_string());
    } else {
        // A closed pipe is not an error, and there is nobody left to tell of another.
        drop(error.print());
    }
    if error.use_stderr() { Exit::Input.code() } else { Exit::Ok.code() }
}

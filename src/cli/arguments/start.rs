//! Commands that help to begin: a starter scenario, the language, the shell.

use std::path::PathBuf;

use clap::Args;

use super::common::Color;

/// Write a commented starter scenario; nothing that is there is overwritten.
///
/// Beside it goes the JSON Schema that its first line names to editors, unless there is one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain init
  smschain init evening-codes --template otp
  smschain init --list
  smschain init - --template otp | smschain run -")]
pub(crate) struct Init {
    /// Its name, or a file like dir/name.toml, or - for standard output [default: the template's]
    pub(crate) name: Option<String>,
    /// The story to start from [default: starter]
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) template: Option<String>,
    /// List the templates
    #[arg(long, conflicts_with_all = ["name", "template"])]
    pub(crate) list: bool,
    /// Say nothing but the result and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}

/// Print the JSON Schema of scenarios, for an editor's completion and hints.
///
/// An editor finds it by the scenario's first line, `#:schema FILE`, FILE being relative to the
/// scenario.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain schema > scenario.schema.json")]
pub(crate) struct Schema {}

/// Explain one key of a scenario: its meaning, unit, default and range, with an example; a figure
/// of a report; or a word of the field, like DLR, and what it is here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain explain provider.window
  smschain explain provider.alpha.window
  smschain explain traffic.arrivals
  smschain explain retry
  smschain explain ESME_RTHROTTLED
  smschain explain latency.delivery.p95_s")]
pub(crate) struct Explain {
    /// A key, with or without names; a table lists its keys; a figure of a report, or a word
    /// of the field, too [default: the whole language]
    pub(crate) path: Option<String>,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}

/// Print a shell's completions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain completions bash > ~/.local/share/bash-completion/completions/smschain
  smschain completions zsh > \"${fpath[1]}/_smschain\"
  smschain completions fish > ~/.config/fish/completions/smschain.fish
  smschain completions powershell >> $PROFILE")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write one a command.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain man | man -l -
  smschain man --out ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Write smschain.1 and a page for each command into this folder
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace files there that smschain didn't write, or that have been changed since
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

//! The arguments of `fit`.

use std::path::PathBuf;

use clap::Args;

use super::common::{Color, Seed, Threads};

/// Make a scenario from a delivery log, and judge it on the part of the log that it hasn't seen.
///
/// Writes the scenario with what each key rests on beside it, fit.json, fit.html and charts. No body
/// and no recipient's number is kept. docs/your-own-log.md takes you through it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain fit messages.csv
  smschain fit export.json --format twilio-api --zone Europe/Berlin --require
  smschain fit log.csv --map sent_at=submitted --map dlr_at=done --map state=status
  smschain fit log.csv --resolution submitted=1ms
  smschain fit log.csv --shift carrier.acme.latency=fitted
  smschain fit messages.csv --incident 2026-01-20T14:00..2026-01-20T14:40")]
pub(crate) struct Fit {
    /// The log's files in order, gzip or not, or - for standard input
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,
    /// The log's format, if it can't be told from it, like twilio-console; or what to print: table or json
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Vec<String>,
    /// What a column means: id, submitted, date, sent, done, received, status, error, provider,
    /// carrier, sender, recipient, segments, chars, route, price, attempts or attempt
    #[arg(long, value_name = "COLUMN=NAME")]
    pub(crate) map: Vec<String>,
    /// What a word for a state means: pending, delivered, undelivered, expired, rejected, failed,
    /// cancelled or unknown
    #[arg(long, value_name = "WORD=STATE")]
    pub(crate) state: Vec<String>,
    /// The time zone of times that don't say theirs, of one column (submitted, sent, done or received) or
    /// of all of them; that of requests is the profile's [default: UTC]
    #[arg(long, value_name = "[NAME=]ZONE")]
    pub(crate) zone: Vec<String>,
    /// The order of day and month in dates like 02/03/2026, of one column (submitted, sent, done or received) or
    /// of all of them: dmy or mdy [default: what days above 12 among the first rows show]
    #[arg(long, value_name = "[NAME=]ORDER")]
    pub(crate) dates: Vec<String>,
    /// What the clock of a column tells (submitted, sent, done or received), or of all of them: 1s, submitted=1ms
    /// [default: found from the times]
    #[arg(long, value_name = "[NAME=]DURATION")]
    pub(crate) resolution: Vec<String>,
    /// What is added to every one of a random duration's times (its location), like carrier.acme.latency=800ms, or
    /// of all of them: a duration, or fitted, if the log is to tell it [default: nothing]
    #[arg(long, value_name = "[PATH=]DURATION", allow_hyphen_values = true)]
    pub(crate) shift: Vec<String>,
    /// The share of the log's time, at its end, that the scenario is judged on
    #[arg(long, value_name = "SHARE", default_value = "20%")]
    pub(crate) hold_out: String,
    /// Write the demand of this span as a trace, and a scenario that replays it with what went wrong
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) incident: Option<String>,
    /// Exit 1 unless the scenario predicts what was kept out: if it doesn't, and if that isn't known
    #[arg(long)]
    pub(crate) require: bool,
    /// The scenario's name [default: the log's]
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) threads: Threads,
    #[allow(rustdoc::invalid_html_tags, reason = "the text of --help is no HTML")]
    /// Folder of results [default: output/<name>/fit/]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace files there that smschain didn't write, or that have been changed since
    #[arg(long, conflicts_with = "no_files")]
    pub(crate) force: bool,
    /// Write no folder of results
    #[arg(long)]
    pub(crate) no_files: bool,
    /// Say nothing but the result and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}

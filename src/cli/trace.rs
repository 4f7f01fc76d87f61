//! `smschain trace`.

use std::path::Path;

use super::again::Line;
use super::arguments::{Format, Trace as Options};
use super::caller;
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::progress::Progress;
use super::terminal::{self, Terminal};
use super::whole_file::WholeFile;
use super::{folder, source};
use crate::chain::spec::Spec;
use crate::experiment::tracing::{Find, Like, Story, find, observe, tell};
use crate::experiment::{Failure, Replications};
use crate::kernel::{Nanos, in_seconds};
use crate::report::perfetto::{Perfetto, Stretch};
use crate::report::table::{StoryLook, story_table};
use crate::report::to_json;
use crate::report::trace::{Traced, trace as trace_json, trace_csv};
use crate::scenario::{Scenario, moment};

/// The files of `trace` under `--out`.
const FILES: [&str; 1] = [JSON];
const JSON: &str = "trace.json";

/// Tells one message's story, and writes the run for a trace viewer if asked.
pub(super) fn trace(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    stretch_has_a_use(options)?;
    let asked = options.message.as_deref().map(message_id).transpose()?;
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    let colour = terminal.colour_on_stderr();
    let scenario = source::scenario(&options.scenario, &overrides, colour)?;
    terminal.remark(&scenario.render_warnings(colour));
    let spec = &scenario.spec;
    let viewed = options.perfetto.as_deref();
    source::apart("--perfetto", viewed, &options.scenario, &scenario)?;
    let stretch = stretch(options, spec.start)?;
    let looked_for = match (asked, options.request) {
        (Some(find), _) => Some(find),
        (None, Some(request)) => Some(Find::Request(request)),
        (None, None) if options.like.is_empty() => None,
        (None, None) => {
            let like = Like::read(&options.like, spec);
            let like = like.map_err(Ending::usage)?;
            Some(Find::Like(like.within(stretch.from, stretch.to)))
        }
    };
    let plan = Replications::of(spec, spec.seed, 1);
    let default = folder::of_experiment(&spec.name, "trace", &options.changes, options.load.scale);
    let out = match looked_for {
        Some(_) => ResultFolder::asked(&options.output, default, &FILES, [])?,
        None => None,
    };
    let runs = 2 * u64::from(looked_for.is_some()) + u64::from(options.perfetto.is_some());
    let progress = Progress::new(terminal.shows_progress(), spec.duration, runs);
    let told = looked_for.map(|looked_for| story(options, plan, &looked_for, &progress));
    let viewed = match (&told, &options.perfetto) {
        (Some(Err(_)), _) | (_, None) => None,
        (_, Some(path)) => Some(perfetto(options, path, stretch, &scenario, plan, &progress)),
    };
    progress.clear();
    let story = told.transpose()?;
    if let Some(viewed) = viewed {
        let said = viewed?;
        if story.is_none() && options.output.format == Format::Table {
            terminal::result(&said)?;
        } else {
            terminal.remark(said.trim_end());
        }
    }
    match story {
        Some(story) => show(options, &scenario, &story, out.as_ref(), terminal),
        None => Ok(Exit::Ok),
    }
}

/// `BX-<order>-<16 hexadecimal digits>`.
fn message_id(text: &str) -> Result<Find, Ending> {
    let parts = || {
        let (order, digits) = text.trim().strip_prefix("BX-")?.split_once('-')?;
        let decimal = !order.is_empty() && order.bytes().all(|byte| byte.is_ascii_digit());
        let hexadecimal = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !decimal || !hexadecimal {
            return None;
        }
        let (order_id, message_id) = (order.parse().ok()?, u64::from_str_radix(digits, 16).ok()?);
        Some(Find::Message { order_id, message_id })
    };
    parts().ok_or_else(|| {
        Ending::usage(format!(
            "`--message {text}` is no message's id: expected BX-<order>-<16 hexadecimal digits>, \
                 as in the first column of `run --messages`"
        ))
    })
}

/// `--from` and `--to` narrow `--like` and `--perfetto`; one message or request is what it is.
fn stretch_has_a_use(options: &Options) -> Result<(), Ending> {
    let given = [("--from", &options.from), ("--to", &options.to)];
    let Some((flag, _)) = given.into_iter().find(|(_, time)| time.is_some()) else {
        return Ok(());
    };
    if options.perfetto.is_some() || !options.like.is_empty() {
        return Ok(());
    }
    let text = format!(
        "`{flag}` goes with `--like`, whose message is then requested in that time, or with \
         `--perfetto`: one message or request is found wherever it is"
    );
    Err(Ending::usage(text))
}

/// The part of the run that is asked for; its clock is at `start` when it begins.
fn stretch(options: &Options, start: Nanos) -> Result<Stretch, Ending> {
    let time = |flag: &str, text: &Option<String>| -> Result<Option<Nanos>, Ending> {
        let Some(text) = text else {
            return Ok(None);
        };
        let read = moment(text, start).map(Some);
        read.map_err(|wrong| {
            let help = wrong.help.map(|help| format!("; {help}")).unwrap_or_default();
            let text = format!("`{flag} {text}`: {}: {}{help}", wrong.message, wrong.label);
            Ending::usage(text)
        })
    };
    let from = time("--from", &options.from)?.unwrap_or(0);
    let to = time("--to", &options.to)?.unwrap_or(Nanos::MAX);
    if from >= to {
        return Err(Ending::usage(
            "`--from` is not before `--to`: expected two times from the run's start, like --from \
             10m --to 12m; a time of day is the first at or after `scenario.start`",
        ));
    }
    Ok(Stretch { from, to })
}

/// Finds the message and tells its story.
fn story(
    options: &Options,
    plan: Replications<'_>,
    looked_for: &Find,
    progress: &Progress,
) -> Result<Story, Ending> {
    let failed = |failure: Failure| fault(options, &failure);
    let (found, results) = find(plan, looked_for, progress).map_err(failed)?;
    let Some(found) = found else {
        let counted: u64 = results.truth().iter().sum();
        return Err(Ending::rendered(Exit::No, nothing(options, plan, results.simulated, counted)));
    };
    tell(plan, found, progress).map_err(failed)
}

/// That no message was found, and where to look.
fn nothing(options: &Options, plan: Replications<'_>, simulated: u64, counted: u64) -> String {
    let seed = plan.seed;
    if let Some(id) = &options.message {
        return format!(
            "no message {id} among the {simulated} of seed {seed}: ids belong to one scenario and \
             seed; `run --messages FILE.csv` lists them"
        );
    }
    if let Some(number) = options.request {
        return format!("there is no request {number} in the run of seed {seed}: it has fewer");
    }
    let wanted = options.like.join(" and ");
    let when = match (&options.from, &options.to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" requested from {from} on"),
        (None, Some(to)) => format!(" requested before {to}"),
        (Some(from), Some(to)) => format!(" requested from {from} to {to}"),
    };
    format!(
        "no message with {wanted}{when} among the {counted} that count in the run of seed {seed}; \
         try another --seed, or ask for less"
    )
}

/// Writes the run for a trace viewer; what there is to say about it.
fn perfetto(
    options: &Options,
    path: &Path,
    stretch: Stretch,
    scenario: &Scenario,
    plan: Replications<'_>,
    progress: &Progress,
) -> Result<String, Ending> {
    let failed = |error| Ending::io("write", path, &error);
    let file = WholeFile::create(path).map_err(failed)?;
    let mut viewer = Perfetto::new(plan.spec, stretch, file);
    let results =
        observe(plan, &mut viewer, progress).map_err(|failure| fault(options, &failure))?;
    let (file, events) = viewer
        .finish(&scenario.fingerprint, plan.seed, results.ended_at, results.digest)
        .map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(format!(
        "{}: {events} trace events of {} messages, {}; digest {:032x}\nOpen it in ui.perfetto.dev or \
         chrome://tracing.\n",
        path.display(),
        results.simulated,
        spanned(stretch, plan.spec, results.ended_at),
        results.digest
    ))
}

fn spanned(stretch: Stretch, spec: &Spec, ended_at: Nanos) -> String {
    if stretch == Stretch::WHOLE {
        return format!("the whole run of {}", spec.name);
    }
    let to = stretch.to.min(ended_at);
    format!("{} s to {} s of {}", in_seconds(stretch.from), in_seconds(to), spec.name)
}

fn show(
    options: &Options,
    scenario: &Scenario,
    story: &Story,
    out: Option<&ResultFolder>,
    terminal: Terminal,
) -> Result<Exit, Ending> {
    let spec = &scenario.spec;
    let traced = Traced { spec, fingerprint: &scenario.fingerprint, seed: spec.seed, story };
    let json = to_json(&trace_json(&traced));
    if let Some(out) = out {
        out.write(&[(JSON, json.clone())], &FILES)?;
        terminal.remark(&format!("written: {}", out.path().join(JSON).display()));
    }
    caller::told(|look| {
        let look = StoryLook { width: None, colour: look.colour };
        story_table(&traced, look, &line(options, spec, story))
    });
    match options.output.format {
        Format::Json => terminal::result_file(&json)?,
        Format::Csv => terminal::result_file(&trace_csv(&traced))?,
        Format::Table => {
            let look = StoryLook {
                width: terminal.width_of_terminal(),
                colour: terminal.colour_on_stdout(),
            };
            terminal::result(&story_table(&traced, look, &line(options, spec, story)))?;
        }
    }
    Ok(Exit::Ok)
}

/// The command that tells the same story.
fn line(options: &Options, spec: &Spec, story: &Story) -> String {
    let line = Line::new("trace", &options.scenario);
    let line = match story.end() {
        Some(end) => line.option("--message", &end.bx_message_id()),
        None => line.option("--request", &story.request.to_string()),
    };
    line.option("--seed", &spec.seed.to_string()).changes(&options.load, &options.changes).text()
}

/// Conservation broke: what, and the line that shows it again.
fn fault(options: &Options, failure: &Failure) -> Ending {
    let line = Line::run(&options.scenario, failure.seed);
    Ending::fault(failure, &line.changes(&options.load, &options.changes).text())
}

//! `smschain plan`.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::batches::Costs;
use super::document::{MOST_CELLS, Plan, Wanted, Written};
use super::{Asked, redirected};
use crate::cli::again::quote;
use crate::cli::arguments::{Color, Format, Output, Plan as Options, Planned};
use crate::cli::ending::{Ending, Exit};
use crate::cli::source::Readings;
use crate::cli::terminal::{self, Terminal};
use crate::cli::whole_file::WholeFile;

/// The file of those who don't choose.
const NAME: &str = "plan.json";

/// Lays out the cells of a command, which is `arguments`.
pub(in crate::cli) fn plan(options: Options, arguments: &[OsString]) -> Result<Exit, Ending> {
    let words: Option<Vec<String>> =
        arguments.iter().skip(1).map(|word| word.to_str().map(str::to_owned)).collect();
    let words = words.ok_or_else(|| {
        Ending::usage("a plan goes to other machines: expected a command line of UTF-8 text")
    })?;
    let (output, asked) = of(&options.command);
    if output.no_files {
        return Err(Ending::usage("`--no-files`: a plan is a file, and `--out` names it"));
    }
    let (format, forced) = (output.format, output.force);
    let path = output.out.clone().unwrap_or_else(|| PathBuf::from(NAME));
    in_the_way(&path, forced)?;
    let told = Readings::default().portable(&scenario(&options.command));
    let quiet = quietly(output.color, output.quiet);
    let threads = threads(&options.command);
    let command = redirected(options.command, quiet, threads);
    let readings = Readings::kept();
    let kept = Asked::read(&command, &readings)?;
    let work = kept.work()?;
    if work.cells() > MOST_CELLS {
        return Err(Ending::usage(format!(
            "{} cells are too many for a plan: at most {MOST_CELLS}",
            work.cells()
        )));
    }
    // What can't be drawn from is told now.
    drop((work.inputs)(0..1)?);
    let costs = Costs::new(work.sizes.iter().map(|size| size.seconds), work.cells());
    let ends = costs.ends(asked);
    let (texts, data) = readings.into_parts();
    let wanted = Wanted { words, told, texts, data };
    let Written { plan, json } = Plan::write(&path, wanted, &work, ends);
    let cant = |error: std::io::Error| Ending::io("write", &path, &error);
    let mut file = WholeFile::create(&path).map_err(cant)?;
    file.write_all(json.as_bytes()).and_then(|()| file.finish()).map_err(cant)?;
    let seconds = |task: u64| {
        let range = plan.range(task).unwrap_or_default();
        costs.of(range.end) - costs.of(range.start)
    };
    match format {
        Format::Json => terminal::result_file(&json)?,
        Format::Csv => {
            let mut rows = String::from("task,from,to,seconds\n");
            for task in 0..plan.tasks() {
                let range = plan.range(task).unwrap_or_default();
                let (from, to) = (range.start, range.end);
                rows.push_str(&format!("{task},{from},{to},{:.3}\n", seconds(task)));
            }
            terminal::result_file(&rows)?;
        }
        Format::Table => {
            let longest = (0..plan.tasks()).map(seconds).fold(0.0, f64::max);
            terminal::result(&said(&plan, work.cells(), longest))?;
        }
    }
    Ok(Exit::Ok)
}

/// The terminal, as the options have it.
pub(in crate::cli) fn terminal_of_plan(options: &Options) -> Terminal {
    Terminal::new(of(&options.command).0)
}

/// The next steps of a person with a plan.
fn said(plan: &Plan, cells: u64, longest: f64) -> String {
    let file = quote(&plan.path.display().to_string());
    let (tasks, last) = (plan.tasks(), plan.tasks() - 1);
    let numbers = if last == 0 { "0".to_owned() } else { format!("0 to {last}") };
    let some = |count: u64, what: &str| {
        if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
    };
    let long = match longest {
        ..10.0 => "some seconds each".to_owned(),
        ..120.0 => format!("at most about {longest:.0} s each"),
        ..7200.0 => format!("at most about {:.0} min each", longest / 60.0),
        _ => format!("at most about {:.1} h each", longest / 3600.0),
    };
    format!(
        "{file}: {} in {}, {long} on one core\n\n  \
         smschain task N --plan {file} --out cells      for N {numbers}, anywhere, in any order\n  \
         smschain merge {file} cells                    when all are done\n",
        some(cells, "cell"),
        some(tasks, "task"),
    )
}

/// Refuses to replace what is no plan, or one that was changed.
fn in_the_way(path: &Path, forced: bool) -> Result<(), Ending> {
    let is_file = fs::metadata(path).is_ok_and(|there| there.is_file());
    if !is_file || forced || Plan::is_one(path) {
        return Ok(());
    }
    let name = quote(&path.display().to_string());
    Err(Ending::new(
        Exit::Io,
        format!(
            "{name} is there, and is no plan as smschain wrote it\nName another file with `--out \
             FILE`, or replace it with `--force`."
        ),
    ))
}

fn of(command: &Planned) -> (&Output, Option<u64>) {
    match command {
        Planned::Sweep(own) => (&own.asked.output, own.tasks),
        Planned::Compare(own) => (&own.asked.output, own.tasks),
        Planned::Capacity(own) => (&own.asked.output, own.tasks),
        Planned::Hunt(own) => (&own.asked.output, own.tasks),
    }
}

fn scenario(command: &Planned) -> PathBuf {
    match command {
        Planned::Sweep(own) => own.asked.scenario.clone(),
        Planned::Compare(own) => own.asked.scenario.clone(),
        Planned::Capacity(own) => own.asked.scenario.clone(),
        Planned::Hunt(own) => own.asked.scenario.clone(),
    }
}

fn threads(command: &Planned) -> crate::cli::arguments::Threads {
    match command {
        Planned::Sweep(own) => own.asked.threads,
        Planned::Compare(own) => own.asked.threads,
        Planned::Capacity(own) => own.asked.threads,
        Planned::Hunt(own) => own.asked.threads,
    }
}

/// No files and no results.
pub(super) fn quietly(color: Color, quiet: bool) -> Output {
    Output {
        out: None,
        force: false,
        format: Format::Table,
        no_files: true,
        quiet,
        no_progress: true,
        color,
    }
}

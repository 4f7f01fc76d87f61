//! `smschain task`.

use std::io::{self, Write as _};
use std::ops::{ControlFlow, Range};
use std::path::Path;

use super::document::Plan;
use super::file::{self, Wrong};
use super::plan::quietly;
use super::{Asked, Work};
use crate::chain::Results;
use crate::cli::again::quote;
use crate::cli::arguments::Task as Options;
use crate::cli::ending::{Ending, Exit};
use crate::cli::experiment::Effort;
use crate::cli::finished::Keeping;
use crate::cli::interrupt;
use crate::cli::progress::{self, Progress};
use crate::cli::terminal::Terminal;
use crate::cli::whole_file::WholeFile;
use crate::experiment::Workers;
use crate::report::Finished;

/// Runs a task's cells and writes its file, whole or not at all; there already it stays.
pub(in crate::cli) fn task(options: &Options) -> Result<Exit, Ending> {
    let terminal = terminal_of(options);
    let mut plan = Plan::read(&options.plan)?;
    let task = options.task;
    let Some(range) = plan.range(task) else {
        return Err(Ending::usage(format!(
            "there is no task {task}: the tasks of {} are 0 to {}",
            options.plan.display(),
            plan.tasks() - 1
        )));
    };
    let command = plan.command(quietly(options.color, true), options.threads)?;
    let readings = plan.readings();
    let asked = Asked::read(&command, &readings)?;
    let work = asked.work()?;
    plan.agrees(&work)?;
    let path = file::path(&options.out, task);
    let shown = path.display();
    if path.symlink_metadata().is_ok() {
        match file::read(&path, &plan, &work, (task, range.clone())) {
            Ok(_) => {
                terminal.remark(&format!("task {task} is done: {shown}"));
                return Ok(Exit::Ok);
            }
            Err(wrong) => replaced(&wrong, &path, options, terminal)?,
        }
    }
    let cant = |error: io::Error| Ending::io("write", &path, &error);
    interrupt::make(&options.out)
        .map_err(|error| Ending::io("make the folder", &options.out, &error))?;
    let out = WholeFile::create(&path).map_err(cant)?;
    let run = Run { plan: &plan, work: &work, task, range, options, terminal };
    run.into(out, &path)?;
    Ok(Exit::Ok)
}

/// The terminal, as the options have it.
pub(in crate::cli) fn terminal_of(options: &Options) -> Terminal {
    Terminal::with(options.color, options.quiet, options.no_progress)
}

/// Says that a damaged file of the task is made again; refuses to replace anything else.
fn replaced(
    wrong: &Wrong,
    path: &Path,
    options: &Options,
    terminal: Terminal,
) -> Result<(), Ending> {
    let told = wrong.told(path);
    match wrong {
        Wrong::Damaged(_) => terminal.remark(&format!("{told}: it is made again")),
        Wrong::Foreign(_) if options.force => {}
        Wrong::Foreign(_) => {
            return Err(Ending::new(
                Exit::Io,
                format!(
                    "{told}, and stands where the file of task {} would\nName another folder with \
                     `--out DIR`, or replace it with `--force`.",
                    options.task
                ),
            ));
        }
        Wrong::Unreadable(_) => return Err(Ending::new(Exit::Io, told)),
    }
    Ok(())
}

struct Run<'run> {
    plan: &'run Plan,
    work: &'run Work<'run>,
    task: u64,
    range: Range<u64>,
    options: &'run Options,
    terminal: Terminal,
}

impl Run<'_> {
    fn into(self, mut out: WholeFile, path: &Path) -> Result<(), Ending> {
        let Run { work, range, .. } = &self;
        let began = progress::now();
        let heading = file::heading(self.plan, self.task);
        let cant = |error: io::Error| Ending::io("write", path, &error);
        out.write_all(format!("{}\n", heading.line()).as_bytes()).map_err(cant)?;
        let replications = work.replications(range);
        let inputs = (work.inputs)(replications.clone())?;
        let count = range.end - range.start;
        let workers =
            Workers::new(self.options.threads.count().min(usize::try_from(count).unwrap_or(1)));
        let total = work.simulated(range.clone());
        let progress = Progress::over(self.terminal.shows_progress(), total, count);
        let effort = Effort::default();
        let figures = |point: usize, results: Results| {
            effort.count(&results);
            work.figures(point, results)
        };
        let believed = |_, _: &[Option<f64>]| true;
        let made = |_, figures: Vec<Option<f64>>| figures;
        let digest =
            Keeping { store: None, fingerprints: &work.fingerprints, figures, believed, made };
        let all: Vec<usize> = (0..work.specs.len()).collect();
        let mut failed = None;
        let write = |cell: u64, figures: Vec<Option<f64>>| {
            let (point, seed) = work.place(cell);
            let fingerprint = work.fingerprints.get(point).cloned().unwrap_or_default();
            let line = Finished { fingerprint, seed, figures }.to_line(&heading);
            failed = out.write_all(format!("{line}\n").as_bytes()).err();
            if failed.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let cells = work.runs(&inputs, replications.start);
        let ran = cells.run(&workers, &all, range.clone(), &progress, &digest, write);
        progress.clear();
        if let Err(broken) = ran {
            let plan = quote(&self.options.plan.display().to_string());
            let dir = quote(&self.options.out.display().to_string());
            let again = format!("smschain task {} --plan {plan} --out {dir}", self.task);
            return Err(Ending::fault(&broken, &again));
        }
        failed.map_or(Ok(()), Err).map_err(cant)?;
        out.finish().map_err(cant)?;
        let took = effort.account(began.elapsed(), 0);
        self.terminal.remark(&format!("task {}: {took}; {}", self.task, path.display()));
        Ok(())
    }
}

//! `smschain merge`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::document::Plan;
use super::file::{self, ENDING, Wrong};
use super::merged::{Done, Merged};
use super::plan::quietly;
use super::{Asked, Work};
use crate::cli::again::quote;
use crate::cli::arguments::Merge as Options;
use crate::cli::ending::{Ending, Exit};
use crate::cli::finished;
use crate::cli::terminal::{self, Terminal};
use crate::scenario::spelt_out_in_line;

/// So many of what is wrong are told.
const TOLD: usize = 12;

/// Puts the cells of a plan together: gives what its command gives.
pub(in crate::cli) fn merge(mut options: Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    let mut plan = Plan::read(&options.plan)?;
    let readings = plan.readings();
    // The remarks of the command itself belong to what it gives.
    let quiet = quietly(options.output.color, true);
    let own = std::mem::replace(&mut options.output, quiet);
    let output = if options.missing { quietly(own.color, true) } else { own };
    let command = plan.command(output, options.threads)?;
    let asked = Asked::read(&command, &readings)?;
    let work = asked.work()?;
    plan.agrees(&work)?;
    let found = Found::look(&options.folders, &plan, &work)?;
    if options.missing {
        return missing(&found, terminal);
    }
    let merged = found.merged(&plan, &work, &options)?;
    drop(work);
    // A hunt says by itself what it took to make its find smaller.
    let is_search = matches!(asked, Asked::Capacity(_));
    let ended = asked.answer(&merged)?;
    let made = merged.made();
    if is_search && made > 0 {
        terminal.remark(&format!("{made} runs that are no cells of the plan were made here"));
    }
    Ok(ended)
}

/// The tasks' files in folders.
struct Found {
    /// Of each task that is done.
    done: BTreeMap<u64, Done>,
    /// Tasks that are to be run, be it again.
    wanted: Vec<u64>,
    /// Tasks of which there is no file.
    missing: Vec<u64>,
    /// The faults of files that the tasks can make again.
    damaged: Vec<String>,
    /// Files that have to go.
    foreign: Vec<String>,
}

impl Found {
    fn look(folders: &[PathBuf], plan: &Plan, work: &Work<'_>) -> Result<Found, Ending> {
        let mut done: BTreeMap<u64, Done> = BTreeMap::new();
        let mut damaged: BTreeMap<u64, (PathBuf, String)> = BTreeMap::new();
        let mut foreign = Vec::new();
        for path in files(folders)? {
            let task = match file::task_of(&path, plan) {
                Ok(task) => task,
                Err(Wrong::Unreadable(error)) => return Err(Ending::io("read", &path, &error)),
                Err(wrong) => {
                    foreign.push(wrong.told(&path));
                    continue;
                }
            };
            let other = done.get(&task).map(|done| &done.path);
            if let Some(other) = other.or(damaged.get(&task).map(|(path, _)| path)) {
                let (one, two) = (shown(other), shown(&path));
                foreign.push(format!("{one} and {two} are both of task {task}: keep one of them"));
                continue;
            }
            let range = plan.range(task).unwrap_or_default();
            match file::read(&path, plan, work, (task, range)) {
                Ok(lines) => {
                    let heading = file::heading(plan, task);
                    done.insert(task, Done { path, heading, lines });
                }
                Err(Wrong::Unreadable(error)) => return Err(Ending::io("read", &path, &error)),
                Err(wrong) => {
                    let told = wrong.told(&path);
                    damaged.insert(task, (path, told));
                }
            }
        }
        let all = 0..plan.tasks();
        let wanted: Vec<u64> = all.filter(|task| !done.contains_key(task)).collect();
        let missing = wanted.iter().copied().filter(|task| !damaged.contains_key(task)).collect();
        let damaged = damaged.into_values().map(|(_, told)| told).collect();
        Ok(Found { done, wanted, missing, damaged, foreign })
    }

    /// All cells; or what is wrong, and the way out.
    fn merged(self, plan: &Plan, work: &Work<'_>, options: &Options) -> Result<Merged, Ending> {
        let Found { done, wanted, missing, damaged, foreign } = self;
        if wanted.is_empty() && foreign.is_empty() {
            return Ok(Merged::new(work, done.into_values().collect()));
        }
        let mut text = format!("not all of the plan's {} tasks can be merged:", plan.tasks());
        let lines: Vec<String> = foreign.iter().chain(&damaged).cloned().collect();
        for line in lines.iter().take(TOLD) {
            text.push_str(&format!("\n  {line}"));
        }
        if lines.len() > TOLD {
            text.push_str(&format!("\n  … and {} more files", lines.len() - TOLD));
        }
        for task in missing.iter().take(TOLD) {
            let range = plan.range(*task).unwrap_or_default();
            let (first, last) = (range.start, range.end.saturating_sub(1));
            let cells = if first == last {
                format!("cell {first}, {}", work.told(first))
            } else {
                format!("cells {first} to {last}, {} to {}", work.told(first), work.told(last))
            };
            text.push_str(&format!("\n  task {task} is missing ({cells})"));
        }
        if missing.len() > TOLD {
            text.push_str(&format!("\n  … and {} more tasks", missing.len() - TOLD));
        }
        if !foreign.is_empty() {
            text.push_str(
                "\nMove the files away that are not this plan's, or that are twice there.",
            );
        }
        if let Some(first) = wanted.first() {
            let file = quote(&options.plan.display().to_string());
            let folder = options.folders.first().map(|own| own.display().to_string());
            let folder = quote(&folder.unwrap_or_default());
            let (number, which) = match wanted.len() {
                1 => (first.to_string(), String::new()),
                _ => ("N".to_owned(), format!(", N being {}", list(&wanted))),
            };
            text.push_str(&format!(
                "\nRun what is to be run: `smschain task {number} --plan {file} --out {folder}`{which}."
            ));
        }
        Err(Ending::new(Exit::Input, text))
    }
}

/// Prints the tasks that are to be run, as schedulers take them.
fn missing(found: &Found, terminal: Terminal) -> Result<Exit, Ending> {
    for told in found.foreign.iter().chain(&found.damaged) {
        terminal.remark(told);
    }
    if found.wanted.is_empty() {
        return Ok(Exit::Ok);
    }
    terminal::result(&format!("{}\n", list(&found.wanted)))?;
    Ok(Exit::No)
}

/// Numbers in order: `3,7,12-20`.
fn list(tasks: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for &task in tasks {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == task => *last = task,
            _ => parts.push((task, task)),
        }
    }
    let part = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(",")
}

/// The files that may be tasks', in order of their names.
fn files(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Ending> {
    let mut files = Vec::new();
    for folder in folders {
        let cant = |error: std::io::Error| Ending::io("read the folder", folder, &error);
        let mut own = Vec::new();
        for entry in fs::read_dir(folder).map_err(cant)? {
            let entry = entry.map_err(cant)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Hidden ones are still being written.
            if name.ends_with(ENDING) && !name.starts_with('.') && name != finished::NAME {
                own.push(entry.path());
            }
        }
        own.sort();
        files.append(&mut own);
    }
    Ok(files)
}

fn shown(path: &Path) -> String {
    spelt_out_in_line(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn tasks_are_listed_as_an_array() {
        assert_eq!(list(&[]), "");
        assert_eq!(list(&[3]), "3");
        assert_eq!(list(&[3, 7, 12]), "3,7,12");
        assert_eq!(list(&[0, 1, 2, 4, 5, 9]), "0-2,4,5,9");
    }
}

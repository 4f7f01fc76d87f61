//! The file of a task: its cells' figures, a line each, in the form of finished runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Work;
use super::document::{Plan, another_program};
use crate::report::{Finished, Heading, Kept};
use crate::scenario::{open_regular, spelt_out_in_line};

/// The ending of its name.
pub(super) const ENDING: &str = ".runs";
/// Bytes of a heading, at most.
const HEADING: u64 = 1 << 16;

/// The path of a task's file in a folder.
pub(super) fn path(folder: &Path, task: u64) -> PathBuf {
    folder.join(format!("task-{task}{ENDING}"))
}

/// The heading of a task's file: every line's check depends on it.
pub(super) fn heading(plan: &Plan, task: u64) -> Heading {
    Heading::of([format!("plan={}", plan.id).as_str(), format!("task={task}").as_str()])
}

/// The reason why a file is not the one of a task.
pub(super) enum Wrong {
    /// It can't be read.
    Unreadable(io::Error),
    /// It is of something else, as it says here: whatever it is stays where it is.
    Foreign(String),
    /// It is of this task, and not what was written: the task can make it again.
    Damaged(String),
}

impl Wrong {
    /// The fault, of a file by this name.
    pub(super) fn told(&self, path: &Path) -> String {
        let name = spelt_out_in_line(&path.display().to_string());
        match self {
            Wrong::Unreadable(error) => format!("{name} can't be read: {error}"),
            Wrong::Foreign(what) | Wrong::Damaged(what) => format!("{name} {what}"),
        }
    }
}

/// The lines of a task's cells, where each begins and how long it is.
pub(super) type Lines = Vec<(u64, usize)>;

/// The task of the plan that a file says it is of.
pub(super) fn task_of(path: &Path, plan: &Plan) -> Result<u64, Wrong> {
    let mut start = Vec::new();
    open_regular(path, true)
        .and_then(|file| BufReader::new(file.take(HEADING)).read_until(b'\n', &mut start))
        .map_err(Wrong::Unreadable)?;
    let start = String::from_utf8_lossy(&start);
    let line = start.trim_end_matches('\n');
    let foreign = |what: &str| Err(Wrong::Foreign(what.to_owned()));
    if !Heading::is_one(line) {
        return foreign("is no file of a task, or its beginning is gone");
    }
    let Some((version, build, words)) = Heading::told(line) else {
        return foreign("is of a version of smschain whose form this one doesn't know");
    };
    let [of_plan, of_task] = words[..] else {
        return foreign("holds finished runs, but not those of a task");
    };
    let (Some(id), Some(task)) = (of_plan.strip_prefix("plan="), of_task.strip_prefix("task="))
    else {
        return foreign("holds finished runs, but not those of a task");
    };
    if let Some(whose) = another_program(version, build) {
        return Err(Wrong::Foreign(format!("was made by {whose}")));
    }
    if id != plan.id {
        return foreign("is of another plan");
    }
    match task.parse().ok().filter(|&task| plan.range(task).is_some()) {
        // With its line's end the heading is whole.
        Some(task) if start.ends_with('\n') => Ok(task),
        Some(_) => Err(Wrong::Damaged("ends within its first line".to_owned())),
        None => foreign("says that it is of a task that the plan doesn't have"),
    }
}

/// Reads the file of a task and looks whether each of its cells is there, and believed.
pub(super) fn read(
    path: &Path,
    plan: &Plan,
    work: &Work<'_>,
    (task, range): (u64, Range<u64>),
) -> Result<Lines, Wrong> {
    let of = task_of(path, plan)?;
    if of != task {
        return Err(Wrong::Foreign(format!("is of task {of}")));
    }
    let heading = heading(plan, task);
    let mut file = open_regular(path, true).map_err(Wrong::Unreadable)?;
    let kept = Kept::read(BufReader::new(&mut file), &heading).map_err(Wrong::Unreadable)?;
    let mut missing = range.clone().filter_map(|cell| {
        let (point, seed) = work.place(cell);
        let key = (work.fingerprints.get(point)?.clone(), seed);
        (!kept.known.contains_key(&key)).then_some(cell)
    });
    let first = missing.next();
    let others = missing.count();
    let cells = range.end - range.start;
    if let Some(first) = first {
        let lacks = match others {
            0 => format!("lacks cell {first} ({})", work.told(first)),
            others => format!("lacks cell {first} ({}) and {others} more", work.told(first)),
        };
        // Of a file that was cut, the last line may be torn.
        let torn = u64::from(kept.torn);
        let what = if kept.damaged > torn || !kept.foreign.is_empty() {
            format!("was changed after it was written, and {lacks} of {cells}")
        } else {
            format!("was cut short, and {lacks} of {cells}")
        };
        return Err(Wrong::Damaged(what));
    }
    let changed = || Wrong::Damaged("was changed after it was written".to_owned());
    if kept.damaged > 0 || kept.torn || !kept.foreign.is_empty() {
        return Err(changed());
    }
    let (mut lines, mut kinds) = (Vec::new(), BTreeMap::new());
    for cell in range {
        let (point, seed) = work.place(cell);
        let key = (work.fingerprints.get(point).cloned().unwrap_or_default(), seed);
        let &place = kept.known.get(&key).ok_or_else(changed)?;
        let figures = at(&mut file, place, &heading).ok_or_else(changed)?;
        if !work.believed(point, &figures, &mut kinds) {
            let told = work.told(cell);
            let what = format!("has figures that cell {cell} ({told}) can't have");
            return Err(Wrong::Damaged(what));
        }
        lines.push(place);
    }
    // One line of cells that are the same run.
    let distinct = lines.iter().collect::<std::collections::BTreeSet<_>>().len();
    if distinct != kept.known.len() {
        return Err(Wrong::Damaged("holds runs that are not its own, too".to_owned()));
    }
    Ok(lines)
}

/// The figures of a line.
pub(super) fn at(
    file: &mut File,
    place: (u64, usize),
    heading: &Heading,
) -> Option<Vec<Option<f64>>> {
    Finished::at(file, place, heading).map(|run| run.figures)
}

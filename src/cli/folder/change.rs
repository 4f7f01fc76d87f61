//! New results taking the places of old ones, so that a folder is of one run, whenever the process
//! is killed.
//!
//! A folder that holds nothing else is exchanged for the new one in one step. In any other, and
//! where the system can't, the old files are set aside first and then the new ones put: between the
//! two the folder holds part of one run, and the plan in the staging folder lets the next command
//! finish what was begun.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::marker::{self, Marker};
use super::staging::Staging;
use crate::cli::system::{Dir, exchange, identity, same_owner, with_mode_of};
use crate::report::to_json;
use crate::scenario::open_regular;

const PLAN: &str = "plan.json";
/// Bytes of a plan, at most.
const LARGEST: u64 = 16 << 20;

/// The files that a change takes away and those that it puts, by names below the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) retire: Vec<String>,
    /// The marker among them.
    pub(super) new: Vec<String>,
    pub(super) exchanges: bool,
}

/// Changes the folder: all of it, or nothing.
pub(super) fn change(folder: &Path, staging: &mut Staging, plan: &Plan) -> io::Result<()> {
    let mut plan = plan.clone();
    plan.exchanges &= staging.beside && holds_only(folder, &plan.retire);
    let new = staging.new_files();
    plan.exchanges &= with_mode_of(&new, folder).is_ok() && same_owner(&new, folder);
    if plan.exchanges {
        plan.write(folder, staging)?;
        if exchange(&new, folder).is_ok() {
            discard(&new, folder, &plan.retire, staging);
            return Ok(());
        }
        plan.exchanges = false;
    }
    plan.write(folder, staging)?;
    let put = in_place(folder, staging, &plan);
    if put.is_err() {
        roll_back(folder, staging, &plan);
    }
    put
}

/// Finishes what a process that was killed had begun, and removes what is left of it. A staging folder
/// that isn't this user's own, or was copied here with its plan, is left alone.
pub(super) fn recover(folder: &Path, mut staging: Staging) -> io::Result<()> {
    if !staging.is_whole() {
        return Ok(());
    }
    match Plan::read(folder, &staging) {
        _ if !staging.root().join(PLAN).exists() => staging.done_with(),
        None => {}
        Some(plan) if plan.exchanges => {
            // Old or new: both are told by their markers, and by the plan.
            let other = staging.new_files();
            let marker = Marker::read(&other).unwrap_or_default();
            let mut names = plan.retire;
            names.extend(marker.names().map(str::to_owned));
            names.push(marker::NAME.to_owned());
            staging.done_with();
            discard(&other, folder, &names, &mut staging);
        }
        Some(plan) => {
            in_place(folder, &staging, &plan)?;
            staging.done_with();
        }
    }
    Ok(())
}

impl Plan {
    pub(super) fn write(&self, folder: &Path, staging: &Staging) -> io::Result<()> {
        let root = staging.root();
        let plan = json!({
            "exchanges": self.exchanges, "retire": self.retire, "new": self.new,
            "folders": bound(folder, staging),
        });
        let growing = root.join("plan.part");
        fs::write(&growing, to_json(&plan))?;
        fs::rename(growing, root.join(PLAN))
    }

    /// The plan of a staging folder, if it is for these very folders.
    fn read(folder: &Path, staging: &Staging) -> Option<Plan> {
        let mut text = String::new();
        let file = open_regular(&staging.root().join(PLAN), false).ok()?;
        file.take(LARGEST).read_to_string(&mut text).ok()?;
        let plan: Value = serde_json::from_str(&text).ok()?;
        if bound(folder, staging)? != plan["folders"] {
            return None;
        }
        let names = |key: &str| {
            let name = |name: &Value| {
                name.as_str().filter(|name| marker::is_below(name)).map(str::to_owned)
            };
            plan[key].as_array()?.iter().map(name).collect::<Option<Vec<String>>>()
        };
        let exchanges = plan["exchanges"] == true;
        Some(Plan { retire: names("retire")?, new: names("new")?, exchanges })
    }
}

/// The marks that tell the folders of a plan from any others: a plan that came with copies of them, or that
/// somebody else wrote, is for none. The folder and the new one change places in an exchange.
fn bound(folder: &Path, staging: &Staging) -> Option<Value> {
    let mut exchanged = [identity(folder)?, identity(&staging.new_files())?];
    exchanged.sort_unstable();
    let rest = [identity(staging.root())?, identity(&staging.old_files())?];
    Some(json!([exchanged, rest]))
}

/// `true` if there is nothing in the folder but these files.
fn holds_only(folder: &Path, files: &[String]) -> bool {
    let known: BTreeSet<PathBuf> = files.iter().map(|name| folder.join(name)).collect();
    let mut folders = vec![folder.to_owned()];
    while let Some(own) = folders.pop() {
        let Ok(entries) = fs::read_dir(&own) else {
            return false;
        };
        for entry in entries {
            let Ok(entry) = entry else {
                return false;
            };
            let path = entry.path();
            if known.contains(&path) {
                continue;
            }
            let is_of_ours = known.iter().any(|file| file.starts_with(&path));
            if !is_of_ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                return false;
            }
            folders.push(path);
        }
    }
    true
}

/// Removes these files from a folder that was exchanged. What came into it at the last moment
/// goes to where it was put: `home`.
fn discard(folder: &Path, home: &Path, files: &[String], staging: &mut Staging) {
    for name in files {
        drop(fs::remove_file(folder.join(name)));
    }
    let mut rest = Vec::new();
    files_below(folder, Path::new(""), &mut rest);
    for name in rest {
        let (from, to) = (folder.join(&name), name.to_string_lossy().into_owned());
        if Dir::open(home).and_then(|home| put(&home, &to, &from)).is_err() {
            staging.keep();
        }
    }
}

/// Everything below a folder that is no folder.
fn files_below(folder: &Path, below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder.join(below)).into_iter().flatten().flatten() {
        let name = below.join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            files_below(folder, &name, found);
        } else {
            found.push(name);
        }
    }
}

/// Sets the old files aside, then puts the new ones; begun again, it goes on.
fn in_place(folder: &Path, staging: &Staging, plan: &Plan) -> io::Result<()> {
    let (new, old) = (staging.new_files(), staging.old_files());
    let home = Dir::open(folder)?;
    for name in &plan.retire {
        let aside = old.join(name);
        if aside.symlink_metadata().is_ok() || folder.join(name).symlink_metadata().is_err() {
            continue;
        }
        take(&home, name, &aside)?;
    }
    for name in &plan.new {
        let from = new.join(name);
        if from.symlink_metadata().is_ok() {
            put(&home, name, &from).map_err(|error| told(error, folder, name))?;
        }
    }
    // Folders that are empty now.
    for name in &plan.retire {
        if let Some(parent) =
            Path::new(name).parent().filter(|parent| !parent.as_os_str().is_empty())
        {
            drop(fs::remove_dir(folder.join(parent)));
        }
    }
    Ok(())
}

/// Undoes what was done in place, as far as it goes.
fn roll_back(folder: &Path, staging: &mut Staging, plan: &Plan) {
    let Ok(home) = Dir::open(folder) else {
        return;
    };
    let (new, old) = (staging.new_files(), staging.old_files());
    for name in plan.new.iter().rev() {
        let back = new.join(name);
        if back.symlink_metadata().is_err() {
            drop(take(&home, name, &back));
        }
    }
    for name in &plan.retire {
        let aside = old.join(name);
        if aside.symlink_metadata().is_ok() && put(&home, name, &aside).is_err() {
            staging.keep();
        }
    }
    drop(fs::remove_file(staging.root().join(PLAN)));
}

/// The folder of a file and its own name; the folders on the way are no links.
fn at<'name>(home: &Dir, name: &'name str) -> io::Result<(Option<Dir>, &'name std::ffi::OsStr)> {
    let path = Path::new(name);
    let file = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut dir = None;
    for part in path.parent().unwrap_or(Path::new("")).components() {
        dir = Some(dir.as_ref().unwrap_or(home).sub(part.as_os_str())?);
    }
    Ok((dir, file))
}

fn put(home: &Dir, name: &str, from: &Path) -> io::Result<()> {
    let (dir, file) = at(home, name)?;
    dir.as_ref().unwrap_or(home).put(file, from)
}

fn take(home: &Dir, name: &str, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let (dir, file) = at(home, name)?;
    dir.as_ref().unwrap_or(home).take(file, to)
}

/// The error with the file it is about.
fn told(error: io::Error, folder: &Path, name: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", folder.join(name).display()))
}

//! A command's folder of results: what it is called, and whose files are in it.
//!
//! A marker lists what smschain wrote there; nothing else is ever replaced or removed.

mod change;
mod look;
mod marker;
mod staging;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::{Changes, Output};
use super::ending::{Ending, Exit};
use super::interrupt;
use super::system::{Lock, writable};
use super::whole_file::WholeFile;
use crate::scenario::Hash;
use change::{Plan, change, recover};
use look::Look;
use marker::Marker;
use staging::Staging;

/// The marker of this text, as it would be written; `None` if it is none. For fuzzing.
#[doc(hidden)]
#[must_use]
pub fn marker_again(text: &str) -> Option<String> {
    Marker::parse(text).map(|marker| marker.to_json())
}

/// The folder of a command's results unless `--out` says otherwise.
pub(super) fn default(scenario: &str, command: &str) -> PathBuf {
    let safe = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let name: String =
        scenario.chars().map(|character| if safe(character) { character } else { '-' }).collect();
    Path::new("output").join(name).join(command)
}

/// The same for an experiment: with what is changed in the scenario in its name, so that it lies
/// beside the baseline and not in its place. The same changes have the same folder.
pub(super) fn of_experiment(
    scenario: &str,
    command: &str,
    changes: &Changes,
    scale: Option<f64>,
) -> PathBuf {
    let unset = changes.unset.iter().map(|path| format!("-unset={}", path.trim()));
    let set = changes.set.iter().map(|change| format!("-{}", change.trim()));
    let scale = scale.map(|scale| format!("-scale={scale}"));
    let told: String = unset.chain(set).chain(scale).collect();
    default(scenario, &format!("{command}{}", safe(&told)))
}

/// The folder that the options name, or else `default`; `None`: no files are wanted.
pub(super) fn wanted(output: &Output, default: PathBuf) -> Option<PathBuf> {
    (!output.no_files).then(|| output.out.clone().unwrap_or(default))
}

/// The changes, as part of a folder's name; where that says less than it did, with a hash.
fn safe(told: &str) -> String {
    /// Bytes of it; a name has 255 on most systems.
    const LONGEST: usize = 120;
    /// Digits of the hash.
    const DIGITS: usize = 8;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.=,%+".contains(c);
    let mut name: String = told.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if name == told && name.len() <= LONGEST {
        return name;
    }
    name.truncate(LONGEST);
    let mut hash = Hash::new();
    hash.write(told.as_bytes());
    format!("{name}-{}", &hash.hex()[..DIGITS])
}

/// `true` if a file belongs to a list of names; one that ends in `/` stands for all that is below it.
fn is_among(name: &str, own: &[&str]) -> bool {
    own.iter().any(|own| if own.ends_with('/') { name.starts_with(own) } else { name == *own })
}

/// A folder that a command writes its results to, looked at before the simulation: better to fail
/// then than after it.
pub(super) struct ResultFolder {
    /// As it was named.
    shown: PathBuf,
    force: bool,
    /// Files that the command reads, by their names in it.
    kept: Vec<String>,
    /// A file of the command's own that goes with the results.
    consumed: Cell<Option<&'static str>>,
    /// Holds the command's claim until its results are written.
    staging: Cell<Option<Staging>>,
}

impl ResultFolder {
    /// Claims the folder that the options name, or else `default`; `None`: no files are wanted.
    pub(super) fn asked(
        output: &Output,
        default: PathBuf,
        own: &[&str],
        more: impl IntoIterator<Item = String>,
    ) -> Result<Option<ResultFolder>, Ending> {
        let claim = |out: PathBuf| ResultFolder::claim(&out, own, more, output.force);
        wanted(output, default).map(claim).transpose()
    }

    /// Makes the folder if it isn't there, finishes or removes what a killed process left, and
    /// refuses if files are in it by the names of the command's `own` or of `more` that aren't smschain's; with `force` those are
    /// replaced. Links below the folder are never followed.
    pub(super) fn claim(
        out: &Path,
        own: &[&str],
        more: impl IntoIterator<Item = String>,
        force: bool,
    ) -> Result<ResultFolder, Ending> {
        ResultFolder::claim_but(out, own, more, force, &|_| false)
    }

    /// The same for a command that `reads` files which may lie there: those are neither replaced, even
    /// with `force`, nor removed.
    pub(super) fn claim_but(
        out: &Path,
        own: &[&str],
        more: impl IntoIterator<Item = String>,
        force: bool,
        reads: &dyn Fn(&Path) -> bool,
    ) -> Result<ResultFolder, Ending> {
        let failed = |error: io::Error| Ending::io("make the folder", out, &error);
        interrupt::make(out).map_err(failed)?;
        let cant = |error: io::Error| Ending::io("write to", out, &error);
        let home = Home::locked(out).map_err(cant)?;
        home.recover()?;
        writable(&home.real).map_err(cant)?;
        let marker = home.marker();
        let more: Vec<String> = more.into_iter().collect();
        let below = own.iter().copied().chain(more.iter().map(String::as_str));
        let listed = marker.iter().flat_map(Marker::names);
        for name in below.chain(listed) {
            home.writable_below(out, name)?;
        }
        let known = marker.iter().flat_map(Marker::names).map(str::to_owned);
        let names = own.iter().map(|name| (*name).to_owned()).chain(more.iter().cloned());
        let kept: Vec<String> =
            names.chain(known).filter(|name| reads(&home.real.join(name))).collect();
        let look = Look::at(
            &home.real,
            &marker.clone().unwrap_or_default(),
            own.iter().copied().chain(more.iter().map(String::as_str)),
            &|_| false,
            (&kept, force),
        );
        look.map_err(cant)?.refusal(out, marker.is_some())?;
        let staging = Staging::begin(&home.real).map_err(cant)?;
        let (consumed, staging) = (Cell::new(None), Cell::new(Some(staging)));
        Ok(ResultFolder { shown: out.to_owned(), force, kept, consumed, staging })
    }

    /// The folder as it was named.
    pub(super) fn path(&self) -> &Path {
        &self.shown
    }

    /// `true` if files that aren't smschain's may be replaced.
    pub(super) fn forced(&self) -> bool {
        self.force
    }

    /// A file of the command's own that goes when the results are written.
    pub(super) fn consumes(&self, name: &'static str) {
        self.consumed.set(Some(name));
    }

    /// True if a file that grows was begun by smschain, which its first line and the marker tell.
    pub(super) fn has_begun(&self, name: &str, start: &str) -> bool {
        Marker::read(&self.shown).is_some_and(|marker| marker.has_begun(name, start))
    }

    /// Makes a file that will grow, with its first line, and lists it as smschain's own; one that is
    /// there already stays. Whether it is new.
    pub(super) fn begins(&self, name: &str, start: &str) -> io::Result<bool> {
        let home = Home::locked(&self.shown)?;
        let path = home.real.join(name);
        if path.symlink_metadata().is_ok() {
            return Ok(false);
        }
        let mut marker = home.marker().unwrap_or_default();
        marker.add(name, start);
        let own = home.real.join(marker::NAME);
        if own.symlink_metadata().is_ok_and(|there| !there.is_file()) {
            // What isn't its own was looked at when the folder was claimed.
            fs::remove_file(&own)?;
        }
        let mut list = WholeFile::create(&own)?;
        list.write_all(marker.to_json().as_bytes())?;
        list.finish()?;
        File::create_new(&path)?.write_all(format!("{start}\n").as_bytes())?;
        Ok(true)
    }

    /// Writes `files` (name, content); then those of `own` that smschain wrote earlier and that
    /// aren't among them are removed; of a folder, what smschain wrote into it. All of it or nothing
    /// happens.
    pub(super) fn write(&self, files: &[(&str, String)], own: &[&str]) -> Result<(), Ending> {
        self.write_and_clear(files, &|name| is_among(name, own))
    }

    /// The same with what pictures them, and what a footer tells of it.
    pub(super) fn publish(
        &self,
        files: Vec<(&str, String)>,
        pictures: Vec<(String, String)>,
        own: &[&str],
    ) -> Result<Vec<String>, Ending> {
        let pictures = pictures.iter().map(|(name, text)| (name.as_str(), text.clone()));
        let files: Vec<(&str, String)> = files.into_iter().chain(pictures).collect();
        self.write(&files, own)?;
        let path = self.path().join("").display().to_string();
        Ok(std::iter::once(path).chain(listed(&files)).collect())
    }

    /// The same, with the command's own files told by their names.
    pub(super) fn write_and_clear(
        &self,
        files: &[(&str, String)],
        is_own: &dyn Fn(&str) -> bool,
    ) -> Result<(), Ending> {
        let out = &self.shown;
        let cant = |error: io::Error| Ending::io("write to", out, &error);
        let mut staging = match self.staging.take() {
            Some(staging) => staging,
            None => {
                let home = Home::locked(out).map_err(cant)?;
                Staging::begin(&home.real).map_err(cant)?
            }
        };
        let new = staging.new_files();
        for (name, content) in files {
            let failed = |error| Ending::io("write", &out.join(name), &error);
            stage(&new, name, content).map_err(failed)?;
        }
        let home = Home::locked(out).map_err(cant)?;
        home.recover()?;
        let marker = home.marker();
        let (has_marker, mut marker) = (marker.is_some(), marker.unwrap_or_default());
        let names = || files.iter().map(|(name, _)| *name);
        let how = (&self.kept[..], self.force);
        let look = Look::at(&home.real, &marker, names(), is_own, how).map_err(cant)?;
        look.refusal(out, has_marker)?;
        let Look { mut retire, let_go, .. } = look;
        retire.iter().chain(&let_go).for_each(|name| marker.remove(name));
        files.iter().for_each(|(name, content)| marker.add(name, content));
        if let Some(name) = self.consumed.get() {
            marker.remove(name);
            retire.push(name.to_owned());
        }
        stage(&new, marker::NAME, &marker.to_json())
            .map_err(|error| Ending::io("write", &out.join(marker::NAME), &error))?;
        let new = names().chain([marker::NAME]).map(str::to_owned).collect();
        let plan = Plan { retire, new, exchanges: true };
        interrupt::all_or_none(|| change(&home.real, &mut staging, &plan)).map_err(cant)
    }
}

/// A folder whose contents nobody else changes meanwhile.
struct Home {
    real: PathBuf,
    _lock: Option<Lock>,
}

impl Home {
    /// Waits for another process that is just putting its results there.
    fn locked(out: &Path) -> io::Result<Home> {
        /// Times it is tried, and the pause between two.
        const TRIES: u32 = 1_000;
        const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);
        fs::create_dir_all(out)?;
        for _ in 0..TRIES {
            let real = fs::canonicalize(out)?;
            match Lock::take(&real) {
                // A folder that was exchanged meanwhile is another one.
                Ok(Some(lock)) if lock.is_on(&real) => {
                    return Ok(Home { real, _lock: Some(lock) });
                }
                Ok(Some(_)) => continue,
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            std::thread::sleep(PAUSE);
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "another process is writing to it"))
    }

    /// Finishes or removes what processes left that were killed.
    fn recover(&self) -> Result<(), Ending> {
        for left in Staging::left(&self.real) {
            let root = left.root().to_owned();
            recover(&self.real, left).map_err(|error| {
                let text = format!(
                    "a command that was killed left its results half-written, and they can't be \
                     finished: {error}\nMove that file, or remove {}, and try again.",
                    root.display()
                );
                Ending::new(Exit::Io, text)
            })?;
        }
        Ok(())
    }

    fn marker(&self) -> Option<Marker> {
        Marker::read(&self.real)
    }

    /// Checks that files may come into the folder that a name leads to, if that is there and no link.
    fn writable_below(&self, shown: &Path, name: &str) -> Result<(), Ending> {
        let Some((folder, _)) = name.rsplit_once('/') else {
            return Ok(());
        };
        let path = self.real.join(folder);
        if !path.symlink_metadata().is_ok_and(|there| there.is_dir()) {
            return Ok(());
        }
        writable(&path).map_err(|error| Ending::io("write to", &shown.join(folder), &error))
    }
}

/// Writes a file into a staging folder.
fn stage(folder: &Path, name: &str, content: &str) -> io::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create_new(path)?.write_all(content.as_bytes())
}

/// Refuses to write the file of an option (`flag`) by the name of a result, into the folder of results.
pub(super) fn outside(flag: &str, path: &Path, folder: &Path) -> Result<(), Ending> {
    let real = |path: &Path| {
        let real = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        real.unwrap_or_else(|_| path.to_owned())
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_result = name == marker::NAME
        || [".json", ".html", ".toml", ".svg"].iter().any(|end| name.ends_with(end))
        || ["summary.csv", "timeseries.csv", "latency.csv", "cells.csv"].contains(&&*name);
    if !is_result || real(parent.unwrap_or(Path::new("."))) != real(folder) {
        return Ok(());
    }
    let text = format!(
        "`{flag} {}` has the name of a result, in the folder of results: name another file",
        path.display()
    );
    Err(Ending::usage(text))
}

/// Finishes what a command that was killed left half-written in a folder of results.
pub(super) fn settle(folder: &Path) -> Result<(), Ending> {
    match fs::canonicalize(folder) {
        Ok(real) if !Staging::left(&real).is_empty() => {
            let cant = |error: io::Error| Ending::io("write to", folder, &error);
            Home::locked(folder).map_err(cant)?.recover()
        }
        _ => Ok(()),
    }
}

/// The names of files as they are listed for a person: charts as their folder.
fn listed(files: &[(&str, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in files {
        let name = if name.ends_with(".svg") {
            name.split_inclusive('/').next().unwrap_or(name)
        } else {
            name
        };
        if !names.iter().any(|listed| listed == name) {
            names.push(name.to_owned());
        }
    }
    names
}

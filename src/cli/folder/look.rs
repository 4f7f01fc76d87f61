//! Obstacles in the way of results, and the old files that they take the place of.

use std::io;
use std::path::{Path, PathBuf};

use super::marker::{self, Marker, There};
use crate::cli::ending::{Ending, Exit};

/// So many files in the way are named.
const NAMED: usize = 8;

/// The findings in a folder that results shall be written to.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Files that go, for they are replaced or stale.
    pub(super) retire: Vec<String>,
    /// Stale files that have been changed, and stay.
    pub(super) let_go: Vec<String>,
    /// Files in the way.
    obstacles: Vec<(String, &'static str)>,
    /// Some of it can't be replaced even if asked to.
    for_good: bool,
}

impl Look {
    /// Looks for what is by the names of new files, and of the folders they may go to (with a `/`), and for stale files by the marker.
    pub(super) fn at<'name>(
        folder: &Path,
        marker: &Marker,
        new: impl Iterator<Item = &'name str>,
        is_own: &dyn Fn(&str) -> bool,
        (kept, force): (&[String], bool),
    ) -> io::Result<Look> {
        let mut look = Look::default();
        let names: Vec<&str> = std::iter::once(marker::NAME).chain(new).collect();
        for name in &names {
            let is_folder = name.ends_with('/');
            match on_the_way(folder, name)? {
                None if is_folder => {}
                Some((at, there)) => look.blocked(&at, there, force),
                None => match marker.look(folder, name)? {
                    There::Nothing => {}
                    There::Ours => look.retire.push((*name).to_owned()),
                    there => {
                        let kept = kept.iter().any(|kept| kept == name);
                        look.for_good |= kept;
                        look.blocked(name, there, force && !kept);
                    }
                },
            }
        }
        // What the run reads stays, whoever wrote it.
        let is_stale = |name: &&str| {
            is_own(name) && !names.contains(name) && !kept.iter().any(|kept| kept == name)
        };
        for name in marker.names().filter(is_stale) {
            let is_whole =
                on_the_way(folder, name)?.is_none() && marker.look(folder, name)? == There::Ours;
            let list = if is_whole { &mut look.retire } else { &mut look.let_go };
            list.push(name.to_owned());
        }
        Ok(look)
    }

    fn blocked(&mut self, name: &str, there: There, force: bool) {
        if force && there != There::Folder {
            if !self.retire.iter().any(|other| other == name) {
                self.retire.push(name.to_owned());
            }
            return;
        }
        self.for_good |= there == There::Folder;
        let what = match there {
            There::Changed => "changed since smschain wrote it",
            There::Link => "a link",
            There::Folder => "a folder",
            There::Special => "no regular file",
            There::Foreign | There::Ours | There::Nothing => "not written by smschain",
        };
        if !self.obstacles.iter().any(|(other, _)| other == name) {
            self.obstacles.push((name.to_owned(), what));
        }
    }

    /// Refuses to write if anything is in the way; `shown`: the folder as it was named.
    pub(super) fn refusal(&self, shown: &Path, has_marker: bool) -> Result<(), Ending> {
        if self.obstacles.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<String> = self
            .obstacles
            .iter()
            .take(NAMED)
            .map(|(name, what)| format!("\n  {} ({what})", shown.join(name).display()))
            .collect();
        if self.obstacles.len() > NAMED {
            lines.push(format!("\n  … and {} more", self.obstacles.len() - NAMED));
        }
        let is_damaged = self.obstacles.iter().any(|(name, _)| name == marker::NAME);
        let why = if is_damaged {
            "\nThe list of what smschain wrote there, `.smschain.json`, is damaged or of another \
             program."
        } else if has_marker || !self.is_of_an_earlier_version(shown) {
            ""
        } else {
            "\nThey look like results of a version before 0.3.0, which kept no list of what it \
             wrote."
        };
        let way_out = if self.for_good {
            "Name another folder with `--out DIR`, or move them."
        } else {
            "Name another folder with `--out DIR`, or replace them with `--force`."
        };
        let text = format!(
            "results can't be written to {}, where this isn't smschain's to replace:{}{why}\n{way_out}",
            shown.display(),
            lines.concat()
        );
        Err(Ending::new(Exit::Io, text))
    }

    /// `true` if one of the files in the way is a result file.
    fn is_of_an_earlier_version(&self, shown: &Path) -> bool {
        use std::io::Read as _;
        self.obstacles.iter().filter(|(name, _)| name.ends_with(".json")).any(|(name, _)| {
            let mut start = Vec::new();
            let read = crate::scenario::open_regular(&shown.join(name), false)
                .and_then(|file| file.take(64).read_to_end(&mut start));
            read.is_ok() && String::from_utf8_lossy(&start).contains("\"schema\": \"smschain.")
        })
    }
}

/// The link or file on the way to a file that leads elsewhere, or can't be a folder.
fn on_the_way(folder: &Path, name: &str) -> io::Result<Option<(String, There)>> {
    let mut at = PathBuf::new();
    let Some(parent) = Path::new(name).parent() else {
        return Ok(None);
    };
    let own = name.strip_suffix('/').map_or(parent, Path::new);
    for part in own.components() {
        at.push(part);
        let there = match folder.join(&at).symlink_metadata() {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let what = if there.is_symlink() {
            There::Link
        } else if there.is_file() {
            There::Foreign
        } else if !there.is_dir() {
            There::Special
        } else {
            continue;
        };
        return Ok(Some((at.to_string_lossy().into_owned(), what)));
    }
    Ok(None)
}

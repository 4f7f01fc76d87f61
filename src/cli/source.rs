//! Reading a scenario.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::arguments::{Changes, Load, Seed};
use super::ending::{Ending, Exit};
use crate::scenario::{Overrides, Source, nearest, spelt_out_in_line};

/// Reads the scenario at `path`, `-` being standard input.
pub(super) fn read(path: &Path) -> Result<Source, Ending> {
    let stdin = path.as_os_str() == "-";
    let mut bytes = Vec::new();
    if stdin {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|read| bytes = read)
    }
    .map_err(|error| unreadable(path, &error))?;
    let name =
        if stdin { "<stdin>".to_owned() } else { spelt_out_in_line(&path.display().to_string()) };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Ending::new(Exit::Input, format!("{name} is not UTF-8 text: see its byte {at}"))
    })?;
    let base = if stdin { PathBuf::new() } else { path.parent().unwrap_or(path).to_owned() };
    Ok(Source { name, text, base })
}

/// Why a scenario can't be read, and the one that may be meant.
fn unreadable(path: &Path, error: &std::io::Error) -> Ending {
    let mut ending = Ending::io("read", path, error);
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let there = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        there.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".toml"));
    names.sort_unstable();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned());
    if path.is_dir() {
        ending.text = format!("{} is a folder: name a scenario's file", path.display());
        if let Some(first) = names.first() {
            ending.text.push_str(&format!(", like {}", path.join(first).display()));
        }
    } else if let Some(near) = wanted
        .filter(|_| error.kind() == std::io::ErrorKind::NotFound)
        .and_then(|wanted| nearest(&wanted, names.iter().map(String::as_str)))
    {
        let near = path.with_file_name(near);
        ending.text.push_str(&format!("; did you mean {}?", near.display()));
    }
    ending
}

/// What the command line changes in a scenario.
pub(super) fn overrides(changes: &Changes, seed: &Seed, load: &Load) -> Overrides {
    Overrides {
        set: changes.set.clone(),
        unset: changes.unset.clone(),
        seed: seed.seed,
        scale: load.scale,
        vary: Vec::new(),
        max_memory: changes.max_memory,
    }
}

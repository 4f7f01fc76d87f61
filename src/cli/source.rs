//! Reading a scenario.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::arguments::{Changes, Load, Seed};
use super::ending::{Ending, Exit};
use crate::scenario::{Overrides, Source};

/// Reads the scenario at `path`, `-` being standard input.
pub(super) fn read(path: &Path) -> Result<Source, Ending> {
    let stdin = path.as_os_str() == "-";
    let mut bytes = Vec::new();
    if stdin {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|read| bytes = read)
    }
    .map_err(|error| Ending::io("read", path, &error))?;
    let name = if stdin { "<stdin>".to_owned() } else { path.display().to_string() };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Ending::new(Exit::Input, format!("{name} is not UTF-8 text: see its byte {at}"))
    })?;
    let base = if stdin { PathBuf::new() } else { path.parent().unwrap_or(path).to_owned() };
    Ok(Source { name, text, base })
}

/// What the command line changes in a scenario.
pub(super) fn overrides(changes: &Changes, seed: &Seed, load: &Load) -> Overrides {
    Overrides {
        set: changes.set.clone(),
        unset: changes.unset.clone(),
        seed: seed.seed,
        scale: load.scale,
        vary: Vec::new(),
    }
}

//! Reading a scenario.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::arguments::{Changes, Load, Seed};
use super::caller;
use super::ending::Ending;
use crate::scenario::{
    Held, Overrides, Scenario, Shelf, Source, load, nearest, open_regular, spelt_out_in_line,
};

/// Bytes that are read of a scenario: beyond the largest that is one, enough to see that it isn't.
const MOST: u64 = (16 << 20) + 1;

/// Files that a command reads: where they are, or as a plan holds them.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// Texts by the names of their files; `None`: nobody asks for them afterwards.
    texts: Option<Mutex<Vec<(String, String)>>>,
    data: Option<Arc<Shelf>>,
    /// There are no others, and a scenario's path goes by this one where it is told to others.
    told: Option<PathBuf>,
}

impl Readings {
    /// They are kept as they are read.
    pub(super) fn kept() -> Readings {
        Readings { texts: Some(Mutex::default()), data: Some(Arc::default()), told: None }
    }

    /// These and no others.
    pub(super) fn held(
        texts: Vec<(String, String)>,
        data: BTreeMap<String, Held>,
        told: PathBuf,
    ) -> Readings {
        let data = Some(Arc::new(Shelf::of(data)));
        Readings { texts: Some(Mutex::new(texts)), data, told: Some(told) }
    }

    /// Those that were read, and the data files that scenarios named.
    pub(super) fn into_parts(self) -> (Vec<(String, String)>, BTreeMap<String, Held>) {
        let texts = self.texts.map(|texts| texts.into_inner());
        let texts = texts.map(|texts| texts.unwrap_or_else(PoisonError::into_inner));
        (texts.unwrap_or_default(), self.data.map(|data| data.held()).unwrap_or_default())
    }

    /// Reads the text at `path`, `-` being standard input.
    pub(super) fn read(&self, path: &Path) -> Result<Source, Ending> {
        let Some(texts) = &self.texts else { return read(path) };
        let name = path.display().to_string();
        let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = texts.iter().find(|(known, _)| *known == name) {
            return Ok(Source { name: shown(path), text: text.clone(), base: base(path) });
        }
        if self.told.is_some() {
            let name = spelt_out_in_line(&name);
            return Err(Ending::usage(format!("the plan has no file {name}: plan it again")));
        }
        let source = read(path)?;
        texts.push((name, source.text.clone()));
        Ok(source)
    }

    /// The command line's changes of a scenario.
    pub(super) fn overrides(&self, changes: &Changes, seed: &Seed, load: &Load) -> Overrides {
        Overrides { data: self.data.clone(), ..overrides(changes, seed, load) }
    }

    /// The path of a scenario as it may be told to those on other machines: relative to where the
    /// command was given, or else its file's name alone.
    pub(super) fn portable(&self, path: &Path) -> PathBuf {
        match &self.told {
            Some(told) => told.clone(),
            None => portable(path),
        }
    }
}

fn portable(path: &Path) -> PathBuf {
    if path.is_relative() {
        return path.to_owned();
    }
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.or_else(|| path.file_name().map(PathBuf::from)).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    let stdin = path.as_os_str() == "-";
    if stdin { "<stdin>".to_owned() } else { spelt_out_in_line(&path.display().to_string()) }
}

/// The folder that a scenario's paths are relative to.
fn base(path: &Path) -> PathBuf {
    let stdin = path.as_os_str() == "-";
    if stdin { PathBuf::new() } else { path.parent().unwrap_or(path).to_owned() }
}

/// Reads the scenario at `path`, `-` being standard input.
pub(super) fn read(path: &Path) -> Result<Source, Ending> {
    if let Some(handed_in) = caller::scenario(path) {
        return Ok(handed_in);
    }
    let stdin = path.as_os_str() == "-";
    let mut bytes = Vec::new();
    if stdin {
        std::io::stdin().lock().take(MOST).read_to_end(&mut bytes).map(drop)
    } else {
        take(path, &mut bytes)
    }
    .map_err(|error| unreadable(path, &error))?;
    let name = shown(path);
    if bytes.len() as u64 >= MOST {
        return Err(Ending::usage(format!("{name} is larger than 16 MiB: expected a scenario")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Ending::usage(format!("{name} is not UTF-8 text: see its byte {at}"))
    })?;
    Ok(Source { name, text, base: base(path) })
}

/// Reads and checks the scenario at `path`, changed by the command line.
pub(super) fn scenario(
    path: &Path,
    overrides: &Overrides,
    colour: bool,
) -> Result<Scenario, Ending> {
    checked(&read(path)?, overrides, colour)
}

/// Checks a scenario that was read.
pub(super) fn checked(
    source: &Source,
    overrides: &Overrides,
    colour: bool,
) -> Result<Scenario, Ending> {
    load(source, overrides).map_err(|errors| Ending::mistakes(&errors, colour))
}

/// Reads a file that is named on the command line: a regular one, or a pipe (`<(generator)`) that
/// somebody writes to.
fn take(path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if std::fs::metadata(path)?.file_type().is_fifo() {
            return take_from_pipe(path, bytes);
        }
    }
    open_regular(path, true)?.take(MOST).read_to_end(bytes).map(drop)
}

/// Waits for the first byte as long as the pipe has a writer, else a moment.
#[cfg(unix)]
fn take_from_pipe(path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    /// Looks for a writer, and the pause between two.
    const LOOKS: u32 = 100;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let mut pipe = std::fs::File::options().read(true).custom_flags(flags).open(path)?;
    let mut first = [0];
    for _ in 0..LOOKS {
        match pipe.read(&mut first) {
            // A writer, with nothing to say yet.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(0) => {
                std::thread::sleep(PAUSE);
                continue;
            }
            Ok(_) => bytes.extend(first),
            Err(error) => return Err(error),
        }
        let flags = rustix::fs::fcntl_getfl(&pipe)?;
        rustix::fs::fcntl_setfl(&pipe, flags - OFlags::NONBLOCK)?;
        return pipe.take(MOST).read_to_end(bytes).map(drop);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "nobody writes to this pipe"))
}

/// The reason why a scenario can't be read, and the one that may be meant.
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

/// Refuses to write the file of an option (`flag`) over what the command reads.
pub(super) fn apart(
    flag: &str,
    path: Option<&Path>,
    source: &Path,
    scenario: &Scenario,
) -> Result<(), Ending> {
    let Some(path) = path else {
        return Ok(());
    };
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if !scenario.reads(path) && (real(path).is_none() || real(path) != real(source)) {
        return Ok(());
    }
    let text = format!(
        "`{flag} {}` is a file that the scenario is read from: name another one",
        path.display()
    );
    Err(Ending::usage(text))
}

/// The command line's changes of a scenario.
pub(super) fn overrides(changes: &Changes, seed: &Seed, load: &Load) -> Overrides {
    Overrides {
        set: changes.set.clone(),
        unset: changes.unset.clone(),
        seed: seed.seed,
        scale: load.scale,
        vary: Vec::new(),
        max_memory: changes.max_memory,
        data: None,
    }
}

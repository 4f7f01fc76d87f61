//! Reading a scenario.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::arguments::{Changes, Load, Seed};
use super::ending::Ending;
use crate::scenario::{
    Overrides, Scenario, Source, load, nearest, open_regular, spelt_out_in_line,
};

/// Bytes that are read of a scenario: beyond the largest that is one, enough to see that it isn't.
const MOST: u64 = (16 << 20) + 1;

/// Reads the scenario at `path`, `-` being standard input.
pub(super) fn read(path: &Path) -> Result<Source, Ending> {
    let stdin = path.as_os_str() == "-";
    let mut bytes = Vec::new();
    if stdin {
        std::io::stdin().lock().take(MOST).read_to_end(&mut bytes).map(drop)
    } else {
        take(path, &mut bytes)
    }
    .map_err(|error| unreadable(path, &error))?;
    let name =
        if stdin { "<stdin>".to_owned() } else { spelt_out_in_line(&path.display().to_string()) };
    if bytes.len() as u64 >= MOST {
        return Err(Ending::usage(format!("{name} is larger than 16 MiB: expected a scenario")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Ending::usage(format!("{name} is not UTF-8 text: see its byte {at}"))
    })?;
    let base = if stdin { PathBuf::new() } else { path.parent().unwrap_or(path).to_owned() };
    Ok(Source { name, text, base })
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
    }
}

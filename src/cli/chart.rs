//! `smschain chart`.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::arguments::Chart as Options;
use super::ending::{Ending, Exit};
use super::folder::{ResultFolder, settle};
use super::terminal::{self, Terminal};
use crate::report::charts::{Drawing, draw, overlay};
use crate::report::{Findings, Kind, Table};
use crate::scenario::open_regular;

/// The file that says what a folder holds.
const RESULTS: [&str; 6] =
    ["report.json", "sweep.json", "compare.json", "capacity.json", "replay.json", "fit.json"];
/// The tables that charts are drawn from.
const TABLES: [&str; 2] = ["timeseries.csv", "latency.csv"];

/// Bytes of a result file and of a table, at most: they are held in memory, many times over.
const LARGEST: u64 = 128 << 20;

/// Redraws the charts of a result folder, or draws several runs in one.
pub(super) fn chart(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::quiet(options.color, options.quiet);
    let found: Vec<Found> =
        options.results.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let (drawings, home) = match found.as_slice() {
        [one] => {
            let missing = TABLES.into_iter().filter(|name| one.findings.table(name).is_none());
            let missing: Vec<&str> = missing.collect();
            if one.findings.kind() == Some(Kind::Run) && !missing.is_empty() {
                let shown = one.folder.display();
                let missing = missing.join(" and ");
                terminal
                    .remark(&format!("no {missing} in {shown}: charts made from it are left out"));
            }
            (draw(&one.findings), Some(&one.folder))
        }
        several => (vec![overlaid(several)?], None),
    };
    if drawings.is_empty() {
        return Err(Ending::new(Exit::No, "there is nothing in these results to draw"));
    }
    let (target, below, own) = match (&options.out, home) {
        (Some(out), _) => (out, "", [].as_slice()),
        (None, Some(folder)) => (folder, "charts/", ["charts/"].as_slice()),
        (None, None) => {
            return Err(Ending::usage(
                "several folders give one chart: say where it goes with `--out DIR`",
            ));
        }
    };
    let names: Vec<String> =
        drawings.iter().map(|drawing| format!("{below}{}.svg", drawing.name)).collect();
    let files: Vec<(&str, String)> =
        names.iter().map(String::as_str).zip(drawings.into_iter().map(|one| one.svg)).collect();
    let claimed = ResultFolder::claim(target, own, names.iter().cloned(), options.force)?;
    claimed.write(&files, own)?;
    let lines = names.iter().map(|name| format!("{}\n", target.join(name).display()));
    terminal::result(&lines.collect::<String>())?;
    Ok(Exit::Ok)
}

/// A result folder that was read.
struct Found {
    folder: PathBuf,
    findings: Findings,
}

fn read(path: &Path) -> Result<Found, Ending> {
    settle(path)?;
    let file = result_file(path)?;
    // One that is named itself may be a link, those in a folder may not.
    let text = text(&file, file == path)?;
    let shown = file.display();
    let result = serde_json::from_str(&text)
        .map_err(|error| Ending::usage(format!("{shown} is no result file: {error}")))?;
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let mut tables = Vec::new();
    for name in TABLES {
        if let Some(table) = table(&folder.join(name))? {
            tables.push((name.to_owned(), table));
        }
    }
    let findings = Findings { result, tables };
    if findings.kind().is_none() {
        let schema = match findings.result["schema"].as_str() {
            Some(schema) => format!("has schema {schema}"),
            None => "has no schema".to_owned(),
        };
        return Err(Ending::usage(format!(
            "{shown} {schema}, and this version draws smschain.report/1, sweep/1, compare/1, \
                 capacity/1 and replay/1: use the version that wrote it, or repeat it with this one"
        )));
    }
    Ok(Found { folder, findings })
}

/// The text of a file of bounded size; nothing else is read. `follow`: also at the end of a link.
fn text(file: &Path, follow: bool) -> Result<String, Ending> {
    let mut text = String::new();
    let read = open_regular(file, follow)
        .and_then(|open| open.take(LARGEST + 1).read_to_string(&mut text));
    if read.map_err(|error| unreadable(file, &error))? as u64 > LARGEST {
        let (shown, most) = (file.display(), LARGEST >> 20);
        let text = format!("{shown} is larger than {most} MiB: expected what smschain wrote");
        return Err(Ending::new(Exit::Input, text));
    }
    Ok(text)
}

/// The reason why a file has no text: its content is the user's input, reading it is not.
fn unreadable(file: &Path, error: &io::Error) -> Ending {
    if error.kind() == ErrorKind::InvalidData {
        let text =
            format!("{} is not UTF-8 text: repeat the command that wrote it", file.display());
        return Ending::usage(text);
    }
    Ending::io("read", file, error)
}

/// The result file of a folder, or the one named itself.
fn result_file(path: &Path) -> Result<PathBuf, Ending> {
    let there = fs::metadata(path).map_err(|error| Ending::io("read", path, &error))?;
    if !there.is_dir() {
        return Ok(path.to_owned());
    }
    let files: Vec<PathBuf> =
        RESULTS.iter().map(|name| path.join(name)).filter(|file| is_there(file)).collect();
    let shown = path.display();
    match files.as_slice() {
        [file] => Ok(file.clone()),
        [] => Err(Ending::usage(format!(
            "{shown} holds no results: name a folder with report.json, sweep.json, \
                 compare.json, capacity.json, replay.json or fit.json"
        ))),
        [file, ..] => Err(Ending::usage(format!(
            "{shown} holds the results of several commands: name one file, like {}",
            file.display()
        ))),
    }
}

/// True if something that is no folder goes by this name; what a link leads to isn't looked at.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|there| !there.is_dir())
}

/// A table, if it is there.
fn table(file: &Path) -> Result<Option<Table>, Ending> {
    if file.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    let bad = |error| Ending::usage(format!("{}: {error}", file.display()));
    Table::parse(&text(file, false)?).map(Some).map_err(bad)
}

/// Several runs in one chart.
fn overlaid(found: &[Found]) -> Result<Drawing, Ending> {
    if let Some(other) = found.iter().find(|one| one.findings.kind() != Some(Kind::Run)) {
        let shown = other.folder.display();
        let text = format!("{shown} is no run: several folders in one chart have to be runs");
        return Err(Ending::usage(text));
    }
    if let Some(old) = found.iter().find(|one| one.findings.table("latency.csv").is_none()) {
        let shown = old.folder.display();
        let text = format!("{shown} has no latency.csv: repeat the run with this version");
        return Err(Ending::usage(text));
    }
    let runs: Vec<(String, &Findings)> =
        names(found).into_iter().zip(found.iter().map(|one| &one.findings)).collect();
    overlay(&runs).ok_or_else(|| {
        Ending::usage("nothing was delivered in these runs: there is no time to delivery to draw")
    })
}

/// Names that tell the runs apart: their scenarios, else their seeds, else their folders.
fn names(found: &[Found]) -> Vec<String> {
    let scenario = |one: &Found| {
        let name = one.findings.result["scenario"]["name"].as_str();
        name.unwrap_or_default().to_owned()
    };
    let seed = |one: &Found| match one.findings.result["seed"].as_u64() {
        Some(seed) => format!("{} · seed {seed}", scenario(one)),
        None => String::new(),
    };
    let apart = |names: &[String]| {
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len() == names.len() && !names.iter().any(String::is_empty)
    };
    let (scenarios, seeds): (Vec<_>, Vec<_>) =
        found.iter().map(|one| (scenario(one), seed(one))).unzip();
    [scenarios, seeds]
        .into_iter()
        .find(|names| apart(names))
        .unwrap_or_else(|| found.iter().map(|one| one.folder.display().to_string()).collect())
}

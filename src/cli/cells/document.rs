//! The plan: a file with all that its tasks need, wherever they run.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use serde_json::{Value, json};

use super::Work;
use crate::cli::arguments::{Arguments, Command, Output, Planned, Threads};
use crate::cli::ending::{Ending, Exit};
use crate::cli::source::Readings;
use crate::kernel::in_seconds;
use crate::report::{Heading, to_json};
use crate::scenario::{Hash, Held, open_regular, spelt_out_in_line};

const FAMILY: &str = "smschain.plan/";
const SCHEMA: &str = "smschain.plan/1";
/// Bytes of one, at most.
const LARGEST: u64 = 1 << 30;
/// The most cells and tasks of one.
pub(super) const MOST_CELLS: u64 = 10_000_000;
pub(super) const MOST_TASKS: u64 = 10_000;

/// A plan.
#[derive(Debug)]
pub(super) struct Plan {
    /// The path it was read from, or goes to.
    pub(super) path: PathBuf,
    /// Its number: a hash of all it says.
    pub(super) id: String,
    /// The command line behind `smschain`.
    words: Vec<String>,
    /// The scenario's path as others are told it.
    told: PathBuf,
    texts: Vec<(String, String)>,
    data: BTreeMap<String, Held>,
    /// The fingerprints of its points.
    fingerprints: Vec<String>,
    cells: u64,
    /// The ends of its tasks.
    ends: Vec<u64>,
}

/// A plan's file, and itself.
pub(super) struct Written {
    pub(super) plan: Plan,
    pub(super) json: String,
}

/// A command line, and the files that it reads.
pub(super) struct Wanted {
    pub(super) words: Vec<String>,
    pub(super) told: PathBuf,
    pub(super) texts: Vec<(String, String)>,
    pub(super) data: BTreeMap<String, Held>,
}

impl Plan {
    /// The plan of some work, in tasks that end at these cells, and its file.
    pub(super) fn write(path: &Path, command: Wanted, work: &Work<'_>, ends: Vec<u64>) -> Written {
        let Wanted { words, told, texts, data } = command;
        let point =
            |(at, fingerprint): (&String, &String)| json!({"at": at, "fingerprint": fingerprint});
        let points: Vec<Value> = work.points.iter().zip(&work.fingerprints).map(point).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let task = |((number, from), to): ((usize, u64), &u64)| {
            let simulated_s = in_seconds(work.simulated(from..*to));
            json!({"task": number, "from": from, "to": *to, "simulated_s": simulated_s})
        };
        let tasks: Vec<Value> = starts.enumerate().zip(&ends).map(task).collect();
        let file = |(name, text): &(String, String)| json!({"name": name, "text": text});
        let held = |(path, held): (&String, &Held)| json!({"path": path, "told": held.told, "text": held.text});
        let mut value = json!({
            "schema": SCHEMA,
            "engine": {"version": env!("CARGO_PKG_VERSION"), "build": Heading::build()},
            "scenario": {
                "name": work.scenario.spec.name,
                "fingerprint": work.scenario.fingerprint,
                "told": told.display().to_string(),
            },
            "command": words,
            "seeds": {"first": work.seeds.of(0), "count": work.each},
            "cells": work.cells(),
            "points": points,
            "tasks": tasks,
            "files": texts.iter().map(file).collect::<Vec<_>>(),
            "data": data.iter().map(held).collect::<Vec<_>>(),
        });
        let id = check(&value);
        if let Value::Object(fields) = &mut value {
            fields.insert("check".to_owned(), id.clone().into());
        }
        let (fingerprints, cells) = (work.fingerprints.clone(), work.cells());
        let path = path.to_owned();
        let plan = Plan { path, id, words, told, texts, data, fingerprints, cells, ends };
        Written { plan, json: to_json(&value) }
    }

    /// True if a file is a plan as some smschain wrote it.
    pub(super) fn is_one(path: &Path) -> bool {
        let mut text = String::new();
        let read =
            open_regular(path, true).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        let value = read.ok().and_then(|_| serde_json::from_str::<Value>(&text).ok());
        value.is_some_and(|mut value| {
            let is_plan = value["schema"].as_str().is_some_and(|own| own.starts_with(FAMILY));
            is_plan && taken(&mut value).as_deref() == Some(&check(&value))
        })
    }

    /// Reads a plan of this very program.
    pub(super) fn read(path: &Path) -> Result<Plan, Ending> {
        let name = spelt_out_in_line(&path.display().to_string());
        let mut text = String::new();
        let read = open_regular(path, true)
            .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
        match read {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(no_plan(&name, "it is no UTF-8 text"));
            }
            Err(error) => return Err(Ending::io("read", path, &error)),
            Ok(_) if text.len() as u64 > LARGEST => {
                return Err(no_plan(&name, "it is larger than 1 GiB"));
            }
            Ok(_) => {}
        }
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else {
            let why = "it is no JSON, or was cut short";
            return Err(no_plan(&name, why));
        };
        drop(text);
        let schema = value["schema"].as_str().unwrap_or_default();
        if !schema.starts_with(FAMILY) {
            return Err(no_plan(&name, "it doesn't say that it is one"));
        }
        let of = |key: &str| value["engine"][key].as_str().unwrap_or_default();
        another_program(of("version"), of("build")).map_or(Ok(()), |whose| {
            Err(Ending::usage(format!(
                "{name} is a plan of {whose}: its tasks and `merge` run with that one, or plan it \
                 again with this one"
            )))
        })?;
        let told = taken(&mut value);
        let id = check(&value);
        let edited = || {
            Ending::usage(format!(
                "{name} was changed after it was written: plan it again, `smschain plan …`"
            ))
        };
        if value["schema"] != SCHEMA || told.as_deref() != Some(&id) {
            return Err(edited());
        }
        Plan::of(path, id, &value).ok_or_else(edited)
    }

    fn of(path: &Path, id: String, value: &Value) -> Option<Plan> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list =
            |value: &Value| -> Option<Vec<String>> { value.as_array()?.iter().map(text).collect() };
        let file = |file: &Value| Some((text(&file["name"])?, text(&file["text"])?));
        let held = |held: &Value| {
            let file = Held { text: text(&held["text"])?, told: text(&held["told"]) };
            Some((text(&held["path"])?, file))
        };
        let cells = value["cells"].as_u64().filter(|cells| (1..=MOST_CELLS).contains(cells))?;
        let mut ends = Vec::new();
        for (number, task) in (0_u64..).zip(value["tasks"].as_array()?) {
            let (from, to) = (task["from"].as_u64()?, task["to"].as_u64()?);
            let follows = from == ends.last().copied().unwrap_or(0) && to > from;
            (follows && task["task"].as_u64() == Some(number)).then(|| ends.push(to))?;
        }
        (ends.last() == Some(&cells) && ends.len() as u64 <= MOST_TASKS).then_some(())?;
        let fingerprint = |point: &Value| text(&point["fingerprint"]);
        Some(Plan {
            path: path.to_owned(),
            id,
            words: list(&value["command"])?,
            told: PathBuf::from(text(&value["scenario"]["told"])?),
            texts: value["files"].as_array()?.iter().map(file).collect::<Option<_>>()?,
            data: value["data"].as_array()?.iter().map(held).collect::<Option<_>>()?,
            fingerprints: value["points"]
                .as_array()?
                .iter()
                .map(fingerprint)
                .collect::<Option<_>>()?,
            cells,
            ends,
        })
    }

    /// The number of its tasks.
    pub(super) fn tasks(&self) -> u64 {
        self.ends.len() as u64
    }

    /// The cells of a task.
    pub(super) fn range(&self, task: u64) -> Option<Range<u64>> {
        let task = usize::try_from(task).ok()?;
        let end = *self.ends.get(task)?;
        let start = task.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        Some(start.unwrap_or(0)..end)
    }

    /// The command that was planned, with results that go elsewhere.
    pub(super) fn command(&self, output: Output, threads: Threads) -> Result<Planned, Ending> {
        let words = std::iter::once("smschain").chain(self.words.iter().map(String::as_str));
        match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
            Ok(Command::Plan(plan)) => Ok(super::redirected(plan.command, output, threads)),
            _ => Err(self.disagrees()),
        }
    }

    /// The files that the command reads.
    pub(super) fn readings(&mut self) -> Readings {
        let (texts, data) = (std::mem::take(&mut self.texts), std::mem::take(&mut self.data));
        Readings::held(texts, data, self.told.clone())
    }

    /// Refuses work that is not what was planned.
    pub(super) fn agrees(&self, work: &Work<'_>) -> Result<(), Ending> {
        let same = work.cells() == self.cells && work.fingerprints == self.fingerprints;
        if same { Ok(()) } else { Err(self.disagrees()) }
    }

    fn disagrees(&self) -> Ending {
        let name = spelt_out_in_line(&self.path.display().to_string());
        Ending::usage(format!(
            "{name} doesn't plan what its own command asks for: plan it again, `smschain plan …`"
        ))
    }
}

/// The check that a plan carries, which goes.
fn taken(value: &mut Value) -> Option<String> {
    let told = value.as_object_mut()?.remove("check")?;
    told.as_str().map(str::to_owned)
}

/// The program, in words, if it isn't this one.
pub(super) fn another_program(version: &str, build: &str) -> Option<String> {
    let own = env!("CARGO_PKG_VERSION");
    let plain = |word: &str| {
        let word: String = word.chars().take(24).collect();
        spelt_out_in_line(&word)
    };
    match (version == own, build == Heading::build()) {
        (true, true) => None,
        (true, false) => Some(format!(
            "another build of smschain {own} ({}, and this is {})",
            plain(build),
            Heading::build()
        )),
        (false, _) => Some(format!("smschain {}, and this is {own}", plain(version))),
    }
}

fn no_plan(name: &str, why: &str) -> Ending {
    Ending::new(
        Exit::Input,
        format!("{name} is no plan: {why}; expected the file that `smschain plan` writes"),
    )
}

fn check(value: &Value) -> String {
    let mut hash = Hash::new();
    hash.write(value.to_string().as_bytes());
    hash.hex()
}

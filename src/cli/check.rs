//! `smschain check`.

use std::path::Path;

use super::arguments::{Check as Options, Format};
use super::caller;
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::source;
use super::terminal::{self, Terminal};
use crate::report::{Map, Value, to_json};
use crate::scenario::{Scenario, load};

/// Name and version of `check.json`.
const SCHEMA: &str = "smschain.check/1";
const JSON: &str = "check.json";
/// The name of a resolved scenario, for a program that asks.
const RESOLVED: &str = "scenario.resolved.toml";

/// Reads each scenario and says what is wrong with it.
pub(super) fn check(options: &Options) -> Result<Exit, Ending> {
    if options.format == Format::Csv {
        return Err(Ending::usage("`check` prints a table or json, not csv"));
    }
    let terminal = Terminal::of(options.color);
    let checked: Vec<Checked> =
        options.scenarios.iter().map(|path| look(path, options, terminal)).collect();
    let worst = checked.iter().map(|file| file.exit).max().unwrap_or(Exit::Ok);
    let files = checked.iter().map(Checked::value).collect();
    let report: Value = Map::new().with("schema", SCHEMA).with("files", Value::Array(files)).into();
    let json = to_json(&report);
    if caller::is_there() {
        let resolved = checked.iter().filter_map(|file| file.resolved.clone());
        caller::files(resolved.map(|text| (RESOLVED.to_owned(), text)));
    }
    if let Some(out) = &options.out {
        ResultFolder::claim(out, &[JSON], [], options.force)?
            .write(&[(JSON, json.clone())], &[])?;
    }
    let told: Vec<&str> = checked.iter().map(|file| file.told.as_str()).collect();
    for text in told.iter().filter(|text| !text.is_empty()) {
        terminal::note(&format!("{}\n\n", terminal::fitted(text)));
    }
    caller::told(|_| checked.iter().map(Checked::line).collect());
    if options.resolved {
        let resolved: Vec<&str> =
            checked.iter().filter_map(|file| file.resolved.as_deref()).collect();
        terminal::result_file(&resolved.join("\n"))?;
    } else if options.format == Format::Json {
        terminal::result_file(&json)?;
    } else {
        terminal::result(&checked.iter().map(Checked::line).collect::<String>())?;
    }
    Ok(worst)
}

/// One scenario, looked at.
struct Checked {
    name: String,
    exit: Exit,
    errors: Vec<Value>,
    warnings: Vec<Value>,
    /// The text about it for a person.
    told: String,
    /// The text that follows its name when nothing is wrong.
    found: String,
    resolved: Option<String>,
}

fn look(path: &Path, options: &Options, terminal: Terminal) -> Checked {
    let colour = terminal.colour_on_stderr();
    let mut checked = Checked {
        name: path.display().to_string(),
        exit: Exit::Ok,
        errors: Vec::new(),
        warnings: Vec::new(),
        told: String::new(),
        found: String::new(),
        resolved: None,
    };
    let source = match source::read(path) {
        Ok(source) => source,
        Err(ending) => {
            checked.exit = ending.exit;
            checked.errors.push(entry(&checked.name, None, &ending.text));
            checked.told = format!("error: {}", ending.text);
            return checked;
        }
    };
    checked.name.clone_from(&source.name);
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    match load(&source, &overrides) {
        Ok(scenario) => checked.accept(&scenario, options, colour),
        Err(errors) => {
            checked.exit = Exit::Input;
            let located = errors.located();
            let entries = located.iter();
            checked.errors = entries
                .map(|at| entry(&at.file, Some((at.line, at.column)), &at.message))
                .collect();
            checked.told = errors.render(colour);
        }
    }
    checked
}

impl Checked {
    fn accept(&mut self, scenario: &Scenario, options: &Options, colour: bool) {
        let name = self.name.as_str();
        let warnings = scenario.located_warnings().into_iter();
        self.warnings = warnings.map(|(message, at)| entry(name, at, message)).collect();
        if !options.quiet {
            self.told = scenario.render_warnings(colour);
        }
        self.found = format!("{}, fingerprint {}", scenario.spec.name, scenario.fingerprint);
        if options.strict && !self.warnings.is_empty() {
            self.exit = Exit::Input;
        }
        if options.resolved || caller::is_there() {
            self.resolved = Some(scenario.resolved_toml());
        }
    }

    fn value(&self) -> Value {
        Map::new()
            .with("name", self.name.as_str())
            .with("ok", self.exit == Exit::Ok)
            .with("errors", Value::Array(self.errors.clone()))
            .with("warnings", Value::Array(self.warnings.clone()))
            .into()
    }

    fn line(&self) -> String {
        let count = |number: usize, what: &str| match number {
            1 => format!("1 {what}"),
            number => format!("{number} {what}s"),
        };
        if self.exit != Exit::Ok {
            let wrong = match self.errors.len() {
                0 => count(self.warnings.len(), "warning"),
                errors => count(errors, "error"),
            };
            return format!("{}: {wrong}\n", self.name);
        }
        let mut line = format!("{}: ok ({})", self.name, self.found);
        if !self.warnings.is_empty() {
            line.push_str(&format!(", {}", count(self.warnings.len(), "warning")));
        }
        line.push('\n');
        line
    }
}

fn entry(file: &str, at: Option<(usize, usize)>, message: &str) -> Value {
    let (line, column) = (at.map(|at| at.0 as u64), at.map(|at| at.1 as u64));
    Map::new()
        .with("file", file)
        .with("line", line)
        .with("column", column)
        .with("message", message)
        .into()
}

//! The line that repeats what was done.

use std::ffi::OsString;
use std::path::Path;

use super::arguments::{Changes, Load};

/// The arguments as a shell takes them, the program by its name.
pub(super) fn quoted(arguments: &[OsString]) -> String {
    let mut line = String::from("smschain");
    for argument in arguments.iter().skip(1) {
        line.push(' ');
        line.push_str(&quote(&argument.to_string_lossy()));
    }
    line
}

/// A command that gives the same numbers, word by word.
pub(super) struct Line(Vec<String>);

impl Line {
    pub(super) fn new(command: &str, scenario: &Path) -> Line {
        let scenario = quote(&scenario.display().to_string());
        Line(vec!["smschain".to_owned(), command.to_owned(), scenario])
    }

    /// One run of a scenario.
    pub(super) fn run(scenario: &Path, seed: u64) -> Line {
        Line::new("run", scenario).option("--seed", &seed.to_string())
    }

    /// An option with its value.
    pub(super) fn option(mut self, flag: &str, value: &str) -> Line {
        self.0.extend([flag.to_owned(), quote(value)]);
        self
    }

    /// An option without a value.
    pub(super) fn flag(mut self, flag: &str) -> Line {
        self.0.push(flag.to_owned());
        self
    }

    /// An option, if it has a value.
    pub(super) fn maybe(self, flag: &str, value: Option<impl ToString>) -> Line {
        match value {
            Some(value) => self.option(flag, &value.to_string()),
            None => self,
        }
    }

    /// The load, and what is changed in the scenario.
    pub(super) fn changes(mut self, load: &Load, changes: &Changes) -> Line {
        self = self.maybe("--scale", load.scale);
        for (flag, values) in [("--unset", &changes.unset), ("--set", &changes.set)] {
            for value in values {
                self = self.option(flag, value);
            }
        }
        self
    }

    pub(super) fn text(&self) -> String {
        self.0.join(" ")
    }
}

/// One argument as a shell takes it.
pub(super) fn quote(argument: &str) -> String {
    let safe =
        |character: char| character.is_ascii_alphanumeric() || "-_./=:,%@+".contains(character);
    if !argument.is_empty() && argument.chars().all(safe) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_given() {
        assert_eq!(quote("scenarios/a-1.toml"), "scenarios/a-1.toml");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), "'it'\\''s'");
        assert_eq!(quote(""), "''");
        let arguments = ["/x/smschain", "run", "a b.toml"].map(OsString::from);
        assert_eq!(quoted(&arguments), "smschain run 'a b.toml'");
    }
}

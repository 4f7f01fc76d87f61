//! Data files that go with a resolved scenario: in a folder of their own, by names that are safe
//! whoever wrote the scenario.

use std::fs;
use std::path::Path;

use super::checked::{Item, Record, Value};
use super::data::DataFile;
use super::{Scenario, resolved};

/// Their folder, beside the scenario.
const FOLDER: &str = "data/";
/// Bytes of a name.
const LONGEST: usize = 80;
/// Names that files can't have on some systems, whatever their ending.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl Scenario {
    /// The data files under the names by which [`Scenario::resolved_beside`] knows them, and their
    /// texts.
    #[must_use]
    pub fn data_beside(&self) -> Vec<(String, &str)> {
        let texts = self.data_files.iter().map(|file| self.data(file));
        names(&self.data_files).into_iter().zip(texts).collect()
    }

    /// Names and fingerprints of the same.
    #[must_use]
    pub fn fingerprints_beside(&self) -> Vec<(String, String)> {
        let fingerprints = self.data_files.iter().map(|file| file.fingerprint.clone());
        names(&self.data_files).into_iter().zip(fingerprints).collect()
    }

    /// The resolved scenario, to lie beside the folder of its data files: read there it is the same
    /// scenario.
    #[must_use]
    pub fn resolved_beside(&self) -> String {
        self.resolved_as(&self.root_beside(), &self.fingerprints_beside())
    }

    /// `true` if a path leads to one of its data files.
    #[must_use]
    pub fn reads(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let wanted = real(path);
        wanted.is_some()
            && self.data_files.iter().any(|file| real(&self.base.join(&file.path)) == wanted)
    }

    /// All its settings, with the data files under those names.
    pub(super) fn root_beside(&self) -> Record {
        let names = names(&self.data_files);
        let paths = self.data_files.iter().map(|file| file.path.as_str());
        renamed(&self.root, &paths.zip(names.iter().map(String::as_str)).collect::<Vec<_>>())
    }
}

/// The scenario's statement, whatever its data files are called: their fingerprints are in the place
/// of their names.
pub(super) fn nameless(root: &Record, files: &[DataFile]) -> String {
    let names: Vec<(&str, &str)> =
        files.iter().map(|file| (file.path.as_str(), file.fingerprint.as_str())).collect();
    resolved::print(&renamed(root, &names), false)
}

/// Safe names, all different, in the order of the files.
fn names(files: &[DataFile]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let name = safe(&file.path);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (name.as_str(), String::new()),
        };
        let numbered = (2_u32..).map(|number| format!("{stem}-{number}{ending}"));
        // Some systems don't tell capital letters from others.
        let free = |name: &String| {
            let name = format!("{FOLDER}{name}");
            !names.iter().any(|other| other.eq_ignore_ascii_case(&name))
        };
        let name = std::iter::once(name.clone()).chain(numbered).find(free);
        names.push(format!("{FOLDER}{}", name.unwrap_or_default()));
    }
    names
}

/// The last part of a path, made of letters, digits, `_`, `-` and `.`.
fn safe(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = last.chars().map(plain).collect();
    let name = name.trim_matches('.');
    let name = name.get(name.len().saturating_sub(LONGEST)..).unwrap_or(name);
    let name = name.trim_start_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_reserved = |word: &&str| {
        stem.strip_prefix(*word).is_some_and(|rest| {
            rest.len() == usize::from(word.starts_with("com") || *word == "lpt")
                && rest.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if stem.is_empty() || RESERVED.iter().any(is_reserved) {
        return format!("file_{name}");
    }
    name.to_owned()
}

/// The settings with the files of logs under other names.
fn renamed(record: &Record, names: &[(&str, &str)]) -> Record {
    let mut record = record.clone();
    if !names.is_empty() {
        rename(&mut record, names);
    }
    record
}

fn rename(record: &mut Record, names: &[(&str, &str)]) {
    for (_, item) in &mut record.fields {
        rename_in(item, names);
    }
}

fn rename_in(item: &mut Item, names: &[(&str, &str)]) {
    match &mut item.value {
        Value::Chosen("trace", record) => {
            for (_, item) in record.fields.iter_mut().filter(|(key, _)| *key == "file") {
                if let Value::Text(path) = &mut item.value
                    && let Some((_, name)) = names.iter().find(|(known, _)| *known == path.as_str())
                {
                    *path = (*name).to_owned();
                }
            }
        }
        Value::Chosen(_, record) | Value::Table(record) => rename(record, names),
        Value::List(items) => items.iter_mut().for_each(|item| rename_in(item, names)),
        Value::Named(tables) => {
            tables.iter_mut().for_each(|(_, _, record)| rename(record, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_different() {
        let files = ["a/log.csv", "b/LOG.csv", "../log.csv", "/etc/.profile", "x/..", "Makefile"];
        let file = |path: &&str| DataFile {
            path: (*path).to_owned(),
            fingerprint: String::new(),
            text: 0,
            told: None,
        };
        let files: Vec<DataFile> = files.iter().map(file).collect();
        let expected = ["log.csv", "LOG-2.csv", "log-3.csv", "profile", "file_", "Makefile"];
        assert_eq!(names(&files), expected.map(|name| format!("data/{name}")));
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        for (path, name) in [
            ("nul.csv", "file_nul.csv"),
            ("COM1", "file_COM1"),
            ("com.csv", "com.csv"),
            ("console.csv", "console.csv"),
            ("a b\u{1b}[31m.csv", "a_b__31m.csv"),
            ("-rf", "rf"),
            ("c:\\temp\\x.csv", "x.csv"),
            ("..", "file_"),
        ] {
            assert_eq!(safe(path), name, "{path}");
        }
        assert!(safe(&format!("{}.csv", "x".repeat(300))).ends_with("x.csv"));
        assert_eq!(safe(&"ü".repeat(300)).len(), LONGEST);
    }
}

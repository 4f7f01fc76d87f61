//! The marker of a folder of results: which files smschain wrote there, and what was in them.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Component, Path};

use serde_json::{Value, json};

use crate::report::to_json;
use crate::scenario::{Hash, open_regular};

/// The marker's file, in the folder.
pub(super) const NAME: &str = ".smschain.json";
const SCHEMA: &str = "smschain.folder/1";
/// Bytes of one, at most.
const LARGEST: u64 = 16 << 20;
const ABOUT: &str = "the files that smschain wrote here: it replaces and removes no others, and \
                     none of these once it has been changed";

/// The files that were written, by their names below the folder, with their fingerprints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marker(BTreeMap<String, String>);

/// The sorts of things that may go by a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    /// As smschain wrote it.
    Ours,
    /// Written by smschain, and changed since.
    Changed,
    /// A file that smschain didn't write.
    Foreign,
    Link,
    Folder,
    /// No regular file: a device, a pipe.
    Special,
}

impl Marker {
    /// The marker of a folder; `None` where there is none, or something else by its name.
    pub(super) fn read(folder: &Path) -> Option<Marker> {
        let mut text = String::new();
        let file = open_regular(&folder.join(NAME), false).ok()?;
        file.take(LARGEST).read_to_string(&mut text).ok()?;
        Marker::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Option<Marker> {
        let value: Value = serde_json::from_str(text).ok()?;
        if value["schema"] != SCHEMA {
            return None;
        }
        let file = |file: &Value| {
            let name = file["name"].as_str().filter(|name| is_below(name))?;
            Some((name.to_owned(), file["fingerprint"].as_str()?.to_owned()))
        };
        value["files"].as_array()?.iter().map(file).collect::<Option<_>>().map(Marker)
    }

    pub(super) fn to_json(&self) -> String {
        let file = |(name, fingerprint)| json!({"name": name, "fingerprint": fingerprint});
        let files: Vec<Value> = self.0.iter().map(file).collect();
        to_json(&json!({"schema": SCHEMA, "about": ABOUT, "files": files}))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn add(&mut self, name: &str, content: &str) {
        self.0.insert(name.to_owned(), fingerprint(content.as_bytes()));
    }

    /// True if a file that grows is listed, and begins as it says here.
    pub(super) fn has_begun(&self, name: &str, start: &str) -> bool {
        let listed = self.0.get(name);
        listed.is_some_and(|own| start.is_empty() || *own == fingerprint(start.as_bytes()))
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The sort of thing that goes by this name in the folder now; no link on the way is followed.
    pub(super) fn look(&self, folder: &Path, name: &str) -> io::Result<There> {
        let path = folder.join(name);
        let there = match path.symlink_metadata() {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(There::Nothing),
            Err(error) => return Err(error),
        };
        if there.is_symlink() {
            return Ok(There::Link);
        }
        if there.is_dir() {
            return Ok(There::Folder);
        }
        if !there.is_file() {
            return Ok(There::Special);
        }
        if name == NAME {
            let is_one = Marker::read(folder).is_some();
            return Ok(if is_one { There::Ours } else { There::Foreign });
        }
        let Some(written) = self.0.get(name) else {
            return Ok(There::Foreign);
        };
        Ok(if of_file(&path)? == *written { There::Ours } else { There::Changed })
    }
}

/// `true` if a name leads to a file below a folder, and nowhere else.
pub(super) fn is_below(name: &str) -> bool {
    let path = Path::new(name);
    !name.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

fn fingerprint(bytes: &[u8]) -> String {
    let mut hash = Hash::new();
    hash.write(bytes);
    hash.hex()
}

/// The fingerprint of a file that isn't a link.
fn of_file(path: &Path) -> io::Result<String> {
    let mut file = open_regular(path, false)?;
    let (mut hash, mut bytes) = (Hash::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hash.hex()),
            read => hash.write(bytes.get(..read).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written() {
        let mut marker = Marker::default();
        marker.add("report.json", "{}");
        marker.add("charts/a b.svg", "<svg/>");
        assert_eq!(Marker::parse(&marker.to_json()), Some(marker.clone()));
        assert_eq!(marker.names().collect::<Vec<_>>(), ["charts/a b.svg", "report.json"]);
    }

    #[test]
    fn one_that_leads_elsewhere_is_none() {
        let mut marker = Marker::default();
        marker.add("x", "");
        for name in ["../x", "/etc/passwd", "", "a/../../x"] {
            let text = marker.to_json().replace("\"x\"", &format!("\"{name}\""));
            assert_eq!(Marker::parse(&text), None, "{name}");
        }
        assert_eq!(Marker::parse("{}"), None);
        assert_eq!(Marker::parse("[project]"), None);
    }
}

//! The keys of a bundle, taken out of a tree so that a scenario is left.

use super::super::tree::{Entry, Node, Raw};
use super::super::{Diagnostic, DiagnosticKind};
use super::print::DIGITS;
use super::{Bundle, Marks};

/// Seeds are below this.
const SEEDS: i128 = 1 << 53;
/// The keys of a bundle, in its own order.
const KEYS: [&str; 10] = [
    "version",
    "seed",
    "digest",
    "fault",
    "when",
    "fingerprint",
    "removed",
    "kept",
    "data",
    "trail",
];

/// Takes the bundle's keys out of `root`; `None` if it is none: a scenario has no such keys.
pub(crate) fn take(root: &mut Node, errors: &mut Vec<Diagnostic>) -> Option<Bundle> {
    let is_one = ["digest", "fault"].iter().any(|key| root.get(key).is_some())
        || (root.get("version").is_some() && root.get("seed").is_some());
    if !is_one {
        return None;
    }
    let whole = root.place;
    let Raw::Table(entries) = &mut root.raw else {
        return None;
    };
    let taken: Vec<Entry> =
        entries.extract_if(.., |entry| KEYS.contains(&entry.key.as_str())).collect();
    let mut bundle = Bundle::default();
    for entry in &taken {
        if let Err((at, expected)) = bundle.accept(entry) {
            errors.push(wrong(&entry.key, at, expected));
        }
    }
    let there = |key: &str| taken.iter().any(|entry| entry.key == key);
    let first = taken.first().map_or(whole, |entry| entry.place);
    for key in ["version", "seed", "fingerprint"] {
        if !there(key) {
            errors.push(missing(key, first));
        }
    }
    if !there("digest") && !there("fault") {
        errors.push(missing("digest", first));
    }
    Some(bundle)
}

type Wrong<'node> = (&'node Node, &'static str);

impl Bundle {
    fn accept<'node>(&mut self, entry: &'node Entry) -> Result<(), Wrong<'node>> {
        let node = &entry.node;
        match entry.key.as_str() {
            "version" => self.version = text(node)?,
            "seed" => {
                self.seed = match node.raw {
                    Raw::Integer(Some(seed @ 0..SEEDS), _) => seed as u64,
                    _ => return Err((node, "expected a whole number from 0 to 2^53 - 1")),
                }
            }
            "digest" => self.digest = Some(hexadecimal(node, 32)?),
            "fault" => self.fault = Some(text(node)?),
            "when" => self.when = Some(text(node)?),
            "fingerprint" => self.fingerprint = hexadecimal(node, 16)?,
            "removed" => self.removed = list(node, text)?,
            "kept" => self.kept = list(node, text)?,
            "data" => self.data = list(node, data)?,
            _ => self.trail = Some(trail(node)?),
        }
        Ok(())
    }
}

fn text(node: &Node) -> Result<String, Wrong<'_>> {
    match &node.raw {
        Raw::Text(text) => Ok(text.clone()),
        _ => Err((node, "expected a string")),
    }
}

fn hexadecimal(node: &Node, digits: usize) -> Result<String, Wrong<'_>> {
    let text = text(node)?;
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let expected = if digits == 32 {
        "expected 32 hexadecimal digits"
    } else {
        "expected 16 hexadecimal digits"
    };
    if fits { Ok(text.to_ascii_lowercase()) } else { Err((node, expected)) }
}

fn list<'node, T>(
    node: &'node Node,
    item: impl Fn(&'node Node) -> Result<T, Wrong<'node>>,
) -> Result<Vec<T>, Wrong<'node>> {
    match &node.raw {
        Raw::Array(items) => items.iter().map(item).collect(),
        _ => Err((node, "expected a list")),
    }
}

fn data(node: &Node) -> Result<(String, String), Wrong<'_>> {
    match (node.get("file"), node.get("fingerprint")) {
        (Some(file), Some(fingerprint)) => Ok((text(file)?, hexadecimal(fingerprint, 16)?)),
        _ => Err((node, "expected { file = \"…\", fingerprint = \"…\" }")),
    }
}

fn trail(node: &Node) -> Result<Marks, Wrong<'_>> {
    let part = |key: &str| node.get(key).ok_or((node, "expected events, hash, every and marks"));
    let count = |key: &str| {
        let node = part(key)?;
        match node.raw {
            Raw::Integer(Some(count), _) if count >= 0 => {
                u64::try_from(count).map_err(|_| (node, "expected a count"))
            }
            _ => Err((node, "expected a count")),
        }
    };
    let hash = part("hash")?;
    let digits = hexadecimal(hash, 16)?;
    let marks = part("marks")?;
    let every = count("every")?;
    if !every.is_power_of_two() {
        return Err((part("every")?, "expected a power of two"));
    }
    let Raw::Text(text) = &marks.raw else {
        return Err((marks, "expected a string"));
    };
    let read: Option<Vec<u16>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).map(|digit| digit as u16))
        .collect();
    let whole = read.filter(|digits| digits.len() % DIGITS == 0);
    let kept = whole.ok_or((marks, "expected hashes of three hexadecimal digits each"))?;
    let mark = |digits: &[u16]| digits.iter().fold(0, |mark, digit| mark << 4 | digit);
    Ok(Marks {
        events: count("events")?,
        hash: u64::from_str_radix(&digits, 16).map_err(|_| (hash, "expected 16 digits"))?,
        every,
        marks: kept.chunks(DIGITS).map(mark).collect(),
    })
}

fn wrong(key: &str, at: &Node, expected: &str) -> Diagnostic {
    Diagnostic::new(
        DiagnosticKind::WrongType,
        at.place,
        format!("`{key}` of this bundle can't be read"),
    )
    .label(expected)
}

fn missing(key: &str, at: super::super::Place) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Missing, at, format!("the bundle has no `{key}`"))
        .label("this key makes the file an incident bundle")
        .help("take `version`, `seed` and `digest` out to make a scenario of it")
}

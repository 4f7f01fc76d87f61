//! Files of another form given as a scenario: one sentence, in place of what a TOML parser makes of
//! every line.

use super::{Diagnostic, DiagnosticKind, Place};

/// Lines that are looked at.
const LINES: usize = 200;
/// Bytes within which a result of smschain names its schema.
const HEAD: usize = 400;
const START: &str = "`smschain init` writes a scenario to start from";

/// Format of a text that isn't TOML, if that shows.
pub(crate) fn look(text: &str, source: usize) -> Option<Diagnostic> {
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let at = text.len() - body.len();
    let place = Place::new(source, at, at + body.chars().next().map_or(0, char::len_utf8));
    let told = |message: &str, label: &str| {
        Some(Diagnostic::new(DiagnosticKind::Syntax, place, message).label(label).help(START))
    };
    if let Some(schema) = own_schema(body) {
        let label = match schema.as_str() {
            "report" => "expected the scenario: scenario.resolved.toml in the same folder is one",
            _ => "expected the scenario that it was made from: `scenario.name` says which",
        };
        let message = format!("this is a result of smschain ({schema}.json), not a scenario");
        return Some(Diagnostic::new(DiagnosticKind::Syntax, place, message).label(label));
    }
    let list = || body.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
    if body.starts_with('{') || list() {
        return told("this is JSON, not a scenario", "expected TOML: `[scenario]`, then its keys");
    }
    if body.starts_with('<') {
        let label = "expected TOML; a page of smschain has scenario.resolved.toml beside it";
        return told("this is HTML or XML, not a scenario", label);
    }
    if is_table(body) {
        let label = "expected TOML; data is named in a scenario: `arrivals.trace = { file = … }`";
        return told("this is a table of data (CSV), not a scenario", label);
    }
    if is_yaml(body) {
        let label = "expected TOML: `key = value`, and tables under `[scenario]`, `[[traffic]]`, …";
        return told("this is YAML, not a scenario", label);
    }
    None
}

/// `report` of `"schema": "smschain.report/1"`.
fn own_schema(body: &str) -> Option<String> {
    let mut end = body.len().min(HEAD);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let head = body.get(..end).filter(|head| head.starts_with('{'))?;
    let (_, rest) = head.split_once("\"smschain.")?;
    let name = rest.split('/').next()?;
    let word = !name.is_empty() && name.len() <= 20 && name.bytes().all(|b| b.is_ascii_lowercase());
    word.then(|| name.to_owned())
}

/// The first lines that say something.
fn lines(body: &str) -> impl Iterator<Item = &str> {
    let said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    body.lines().filter(said).take(LINES)
}

/// A heading and rows of as many cells.
fn is_table(body: &str) -> bool {
    let strange = |line: &str| line.contains(['=', '[', '{']);
    let mut rows = body.lines().filter(|line| !line.trim().is_empty()).take(3);
    let Some(first) = rows.next().filter(|line| !strange(line)) else {
        return false;
    };
    [',', ';', '\t'].iter().any(|mark| {
        let cells = first.matches(*mark).count();
        let names = first.split(*mark).all(|cell| !cell.trim().is_empty() && !cell.contains(':'));
        cells > 0 && names && rows.clone().all(|row| row.matches(*mark).count() >= cells)
    })
}

/// More `key: value` than `key = value`, and no heading of a table.
fn is_yaml(body: &str) -> bool {
    let (mut yaml, mut toml) = (0_usize, 0_usize);
    for line in lines(body) {
        let line = line.trim();
        if line.starts_with('[') {
            return false;
        }
        let key = |end: char| {
            let plain = |c: char| c.is_alphanumeric() || "_-. \"'".contains(c);
            line.split_once(end).is_some_and(|(key, _)| !key.is_empty() && key.chars().all(plain))
        };
        yaml += usize::from(line == "---" || line.starts_with("- ") || key(':'));
        toml += usize::from(key('='));
    }
    yaml > toml
}

#[cfg(test)]
mod tests {
    use super::look;

    fn told(text: &str) -> String {
        look(text, 0).map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn other_forms_are_told_by_how_they_begin() {
        for (text, said) in [
            ("{\n  \"schema\": \"smschain.report/1\",\n", "a result of smschain (report.json)"),
            ("{\"schema\": \"smschain.sweep/1\"}", "a result of smschain (sweep.json)"),
            ("\u{feff}{\"scenario\": {}}", "this is JSON"),
            ("[ {\"a\": 1} ]", "this is JSON"),
            ("<!doctype html><html>", "this is HTML"),
            ("time_s,sender\n0,a\n1,b\n", "a table of data"),
            ("time_s;sender\n0;a\n", "a table of data"),
            ("# mine\n---\nscenario:\n  seed: 1\n", "this is YAML"),
            ("traffic:\n  - name: a\n    rate: 5\n", "this is YAML"),
        ] {
            assert!(told(text).contains(said), "{text}: {}", told(text));
        }
    }

    #[test]
    fn a_slip_in_a_scenario_stays_one() {
        for text in [
            "",
            "[scenario]\nname: x\n",
            "[scenario\nduration = \"1h\"\n",
            "[[traffic]]\nbody = { chars = 1, ucs2 = 2 \n",
            "seed = 1\nname: x\nduration = \"1h\"\n",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }
}

//! The columns of a log: by their names, also those of other people's logs.

use super::super::table::are_plain;
use crate::scenario::nearest::nearest;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// The columns a trace may have.
pub(super) const COLUMNS: [&str; 8] =
    ["time_s", "sender", "carrier", "chars", "ucs2", "spam_score", "deadline_s", "recipient"];
/// Names of the column of times elsewhere, the likeliest first.
const TIMES: [&str; 16] = [
    "requested_s",
    "requested_at",
    "requested",
    "submitted_at",
    "submitted",
    "created_at",
    "sent_at",
    "timestamp",
    "datetime",
    "date_time",
    "time_ms",
    "time",
    "epoch_ms",
    "epoch",
    "ts",
    "date",
];
/// So many left-out columns are named.
const NAMED: usize = 6;

/// The findings in a header.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The place of each of [`COLUMNS`].
    pub(super) at: [Option<usize>; 8],
    /// Segments, in place of characters.
    pub(super) segments: Option<usize>,
    /// The replication, in a list of the messages of several.
    pub(super) replication: Option<usize>,
    /// The name of the time's column, if it isn't `time_s`.
    pub(super) time: Option<String>,
    /// Number of columns.
    pub(super) count: usize,
    /// Remarks on the others.
    pub(super) left_out: Vec<String>,
}

/// Reads a header; `first` is its place, `named` that of the file's name in the scenario.
pub(super) fn columns(
    names: &[String],
    first: Place,
    named: Place,
) -> Result<Columns, Vec<Diagnostic>> {
    let mut found = Columns { count: names.len(), ..Columns::default() };
    let mut errors = Vec::new();
    let mut others = Vec::new();
    let position = |name: &str| names.iter().position(|own| own.eq_ignore_ascii_case(name));
    // The header's line is shown if it is one.
    let has_time = std::iter::once("time_s").chain(TIMES).any(|name| position(name).is_some());
    let is_header = has_time && are_plain(names);
    let first = if is_header { first } else { named };
    // `run --messages` has columns of its own, all of them known.
    let is_list_of_messages = position("bx_message_id").is_some();
    let mut taken = Vec::new();
    if position("time_s").is_none()
        && let Some(index) = TIMES.iter().find_map(|name| position(name))
    {
        found.at[0] = Some(index);
        // One of ours, however it is written.
        found.time = Some(format!("`{}`", names[index]));
        taken.push(index);
    }
    if position("chars").is_none() {
        found.segments = position("segments");
        taken.extend(found.segments);
    }
    if is_list_of_messages {
        found.replication = position("replication");
        taken.extend(found.replication);
    }
    let is_missing = |column: &&str| !names.iter().any(|name| name == column);
    let free: Vec<&'static str> = COLUMNS.iter().copied().filter(is_missing).collect();
    for (index, name) in names.iter().enumerate() {
        if taken.contains(&index) {
            continue;
        }
        let Some(known) = COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name))
        else {
            match slip(name, &free) {
                Some(near) if is_header && !is_list_of_messages => errors.push(
                    Diagnostic::new(
                        DiagnosticKind::Data,
                        first,
                        format!("unknown column `{}`", short(name)),
                    )
                    .label(format!("did you mean `{near}`?")),
                ),
                _ => others.push(name.as_str()),
            }
            continue;
        };
        if found.at[known].is_some() {
            errors.push(
                Diagnostic::new(
                    DiagnosticKind::Data,
                    first,
                    format!("two columns `{}`", short(name)),
                )
                .label("expected each column once"),
            );
        }
        found.at[known] = Some(index);
    }
    if found.at[0].is_none() {
        errors.clear();
        // Without a header the first line is somebody's data: it isn't shown.
        errors.push(
            Diagnostic::new(DiagnosticKind::Data, named, "the file has no column of times")
                .label(format!("expected a header with `time_s`, and some of {}", rest())),
        );
    }
    if is_list_of_messages {
        let text = "it is a list of messages (`run --messages`): their requests, senders, carriers \
                    and segments are taken, not their streams";
        found.left_out.push(text.to_owned());
    } else if !others.is_empty() {
        found.left_out.push(left_out(&others, is_header));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// The other columns of a trace.
fn rest() -> String {
    COLUMNS[1..].join(", ")
}

/// A column that is a letter away from one that is missing, of those.
fn slip(name: &str, missing: &[&'static str]) -> Option<&'static str> {
    // A word that holds another one is a name of its own: `sent` and `sender`.
    nearest(name, missing.iter().copied()).filter(|near| near.len().abs_diff(name.len()) <= 1)
}

/// The columns that are left out, the first few by name if all are names: a stranger's file is not
/// quoted.
fn left_out(names: &[&str], are_names: bool) -> String {
    let shown = names.iter().filter(|name| are_names && !name.is_empty()).take(NAMED);
    let mut told: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
    let more = names.len() - told.len();
    if more > 0 {
        let what = if told.is_empty() { "without a plain name" } else { "more" };
        told.push(format!("{more} {what}"));
    }
    let columns = if names.len() == 1 { "column" } else { "columns" };
    format!("{columns} left out: {}", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Columns, Vec<Diagnostic>> {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        columns(&names, Place::new(0, 0, 1), Place::new(1, 0, 1))
    }

    #[test]
    fn others_are_left_out_by_their_names() {
        let found = read("time_s,status,sender,+44 7700 900123").unwrap();
        assert_eq!((found.at[0], found.at[1], found.time), (Some(0), Some(2), None));
        assert_eq!(found.left_out, ["columns left out: 2 without a plain name"]);
        let named = read("time_s,status,sender,").unwrap();
        assert_eq!(named.left_out, ["columns left out: `status`, 1 more"]);
        assert_eq!(read("time_s,").unwrap().left_out, ["column left out: 1 without a plain name"]);
        let many = read("time_s,aa,bb,cc,dd,ee,ff,gg,hh").unwrap().left_out;
        assert_eq!(many, ["columns left out: `aa`, `bb`, `cc`, `dd`, `ee`, `ff`, 2 more"]);
        // A word of its own is no slip, a letter too few is.
        assert!(read("time_s,sent,sender_id,carrier_name").is_ok());
        let wrong = read("time_s,carier").unwrap_err();
        assert_eq!(wrong[0].label, "did you mean `carrier`?");
    }

    #[test]
    fn the_time_goes_by_several_names() {
        for name in ["timestamp", "Timestamp", "created_at", "time", "ts"] {
            let found = read(&format!("id,{name},sender")).unwrap();
            assert_eq!((found.at[0], found.time), (Some(1), Some(format!("`{name}`"))));
        }
        let both = read("timestamp,time_s").unwrap();
        assert_eq!((both.at[0], both.time), (Some(1), None));
        // Nothing is guessed at of a header without a time.
        let guessed = read("sendr,hunter").unwrap_err();
        assert!(!format!("{guessed:?}").contains("mean"), "{guessed:?}");
        let none = read("447700900123,hello").unwrap_err();
        assert!(none[0].message.contains("no column of times"), "{none:?}");
        assert!(!format!("{none:?}").contains("447700900123"));
        assert_eq!(none[0].place, Some(Place::new(1, 0, 1)));
    }
}

//! Fields of a CSV file (RFC 4180).

use std::borrow::Cow;

/// Appends `field`, quoted if it has to be. A spreadsheet takes a text that begins with `=`, `+`, `-` or
/// `@` for a formula, and may carry it out: an apostrophe before it, which spreadsheets don't show,
/// makes it a text. What is a number stays one. [`crate::scenario`] reads it back.
pub(super) fn push_field(line: &mut String, field: &str) {
    push_quoted(line, &guarded(field));
}

/// The field, with an apostrophe before what may be taken for a formula.
fn guarded(field: &str) -> Cow<'_, str> {
    if may_be_a_formula(field) && !is_number(field) {
        return Cow::Owned(format!("'{field}"));
    }
    Cow::Borrowed(field)
}

/// True if it begins as formulas do, whatever apostrophes stand before.
fn may_be_a_formula(field: &str) -> bool {
    field.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn is_number(field: &str) -> bool {
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    field.bytes().all(plain) && field.parse::<f64>().is_ok()
}

fn push_quoted(line: &mut String, field: &str) {
    if !field.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r')) {
        line.push_str(field);
        return;
    }
    line.push('"');
    for character in field.chars() {
        if character == '"' {
            line.push('"');
        }
        line.push(character);
    }
    line.push('"');
}

/// A whole file, where there is no hurry: rows of fields, the names of the columns first.
pub(super) fn csv_file<F: AsRef<str>>(
    rows: impl IntoIterator<Item = impl IntoIterator<Item = F>>,
) -> String {
    let mut file = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let fields = row.into_iter().map(|field| guarded(field.as_ref()).into_owned());
        // Writing into memory does not fail, and rows are as long as their head.
        drop(file.write_record(fields.collect::<Vec<_>>()));
    }
    String::from_utf8(file.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Appends a whole number; faster than formatting it.
pub(super) fn push_count(line: &mut String, count: u64) {
    if count < 10 {
        line.push(char::from(b'0' + count as u8));
    } else {
        line.push_str(itoa::Buffer::new().format(count));
    }
}

/// Appends a time in seconds, exactly: `12.5` for 12 500 000 000 ns.
pub(super) fn push_seconds(line: &mut String, nanos: u64) {
    const SECOND: u64 = 1_000_000_000;
    const PLACES: usize = 9;
    let mut buffer = itoa::Buffer::new();
    let (whole, fraction) = if nanos < SECOND {
        // With a one before them the nine digits keep their zeros.
        ("0", &buffer.format(SECOND + nanos)[1..])
    } else {
        let digits = buffer.format(nanos);
        digits.split_at(digits.len() - PLACES)
    };
    line.push_str(whole);
    let fraction = match fraction.ends_with('0') {
        false => fraction,
        true => fraction.trim_end_matches('0'),
    };
    if !fraction.is_empty() {
        line.push('.');
        line.push_str(fraction);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact() {
        let written = |nanos| {
            let mut line = String::new();
            push_seconds(&mut line, nanos);
            line
        };
        assert_eq!(written(0), "0");
        assert_eq!(written(12_500_000_000), "12.5");
        assert_eq!(written(1), "0.000000001");
        assert_eq!(written(3_600_000_000_010), "3600.00000001");
        assert_eq!(written(u64::MAX), "18446744073.709551615");
    }

    #[test]
    fn only_what_must_be_is_quoted() {
        let written = |field| {
            let mut line = String::new();
            push_field(&mut line, field);
            line
        };
        assert_eq!(written("plain 1"), "plain 1");
        assert_eq!(written("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn no_text_is_a_formula() {
        for (field, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@SUM(A1,2)", "\"'@SUM(A1,2)\""),
            ("-1-2", "'-1-2"),
            ("+A1", "'+A1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("'=1", "''=1"),
            ("-", "'-"),
            ("+inf", "'+inf"),
            // Numbers, and texts that begin otherwise.
            ("-12.5e-3", "-12.5e-3"),
            ("+447700900123", "+447700900123"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
        ] {
            let mut line = String::new();
            push_field(&mut line, field);
            assert_eq!(line, expected);
        }
    }
}

//! Data to draw from: the column of a CSV file takes the place of the file's name.

use super::{Files, table};
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::nearest::nearest;
use crate::scenario::sample;
use crate::scenario::schema::{Choice, Kind, Table};
use crate::scenario::units::duration;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// The largest number a column may hold.
const LARGEST: f64 = 1e12;

/// Replaces every `empirical = { file, … }` in the record by `{ values }`.
pub(crate) fn inline(
    record: &mut Record,
    table: &'static Table,
    files: &mut Files<'_>,
    errors: &mut Vec<Diagnostic>,
) {
    for (key, item) in &mut record.fields {
        if let Some(field) = table.field(key) {
            value(&mut item.value, &field.kind, files, errors);
        }
    }
}

fn value(
    value: &mut Value,
    kind: &'static Kind,
    files: &mut Files<'_>,
    errors: &mut Vec<Diagnostic>,
) {
    match (kind, value) {
        (Kind::Table(table), Value::Table(record)) => inline(record, table, files, errors),
        (Kind::Tables(table), Value::List(items)) => {
            for item in items {
                if let Value::Table(record) = &mut item.value {
                    inline(record, table, files, errors);
                }
            }
        }
        (Kind::Named(table), Value::Named(tables)) => {
            for (_, _, record) in tables {
                inline(record, table, files, errors);
            }
        }
        (Kind::List(kind, _), Value::List(items)) => {
            for item in items {
                self::value(&mut item.value, kind, files, errors);
            }
        }
        (Kind::Choice(choice), Value::Chosen(key, record)) => {
            if *key == "empirical" {
                load(record, choice, files, errors);
            } else if let Some(variant) = choice.variant(key) {
                inline(record, &variant.table, files, errors);
            }
        }
        _ => {}
    }
}

fn load(
    record: &mut Record,
    choice: &'static Choice,
    files: &mut Files<'_>,
    errors: &mut Vec<Diagnostic>,
) {
    let (Some(path), Some(column)) = (record.text("file"), record.text("column")) else {
        // Without both the data must be here; a misspelt or missing key is reported once.
        let told = ["file", "column", "values"].iter().any(|key| record.doubtful.contains(key));
        if record.get("values").is_none() && !told {
            let mut error =
                Diagnostic::new(DiagnosticKind::Missing, record.place, "`empirical` has no data")
                    .label("expected `file` and `column`, or `values`");
            let missing = match (record.text("file"), record.text("column")) {
                (None, None) => "values",
                (None, _) => "file",
                _ => "column",
            };
            let kind = choice.variant("empirical");
            error.help.extend(kind.and_then(|kind| sample::help(&kind.table, missing)));
            errors.push(error);
            record.doubtful.push("values");
        }
        return;
    };
    let place = record.at("file");
    let unit = match (&choice.plain, record.word("unit")) {
        (Some(Kind::Duration(_)), "") => duration::unit("s"),
        (Some(Kind::Duration(_)), unit) => duration::unit(unit),
        _ => None,
    };
    let before = errors.len();
    let asked = record.at("column");
    let key = (path.to_owned(), column.to_owned(), unit);
    let values = match (files.columns.get(&key), unit) {
        (Some(read), _) => read.clone(),
        (None, Some(unit)) => {
            let read = |cell: &str| time(cell, unit);
            let all = read_column(files, (path, place), (column, asked), TIME, read, errors);
            Value::Durations(all.into())
        }
        (None, None) => {
            let within = |number: &f64| (-LARGEST..=LARGEST).contains(number);
            let read = |cell: &str| cell.parse().ok().filter(within).map(|number| number + 0.0);
            let all = read_column(files, (path, place), (column, asked), "a number", read, errors);
            Value::Numbers(all.into())
        }
    };
    let is_empty = match &values {
        Value::Durations(all) => all.is_empty(),
        Value::Numbers(all) => all.is_empty(),
        _ => true,
    };
    if is_empty && errors.len() == before {
        errors.push(
            Diagnostic::new(DiagnosticKind::Data, place, format!("`{}` has no data", short(path)))
                .label("expected at least one row"),
        );
    }
    if errors.len() == before {
        files.columns.insert(key, values.clone());
    }
    record.fields.retain(|(key, _)| !["file", "column", "unit"].contains(key));
    if errors.len() > before {
        record.doubtful.push("values");
    } else {
        record.fields.push(("values", Item { place, value: values }));
    }
}

/// Expectation of a time.
const TIME: &str = "a time of 0 or more";

/// The values of a column, each read by `read`; its file and name with their places.
fn read_column<T>(
    files: &mut Files<'_>,
    (path, place): (&str, Place),
    (column, asked): (&str, Place),
    expected: &str,
    read: impl Fn(&str) -> Option<T>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<T> {
    let opened = files.open(path, place);
    let opened = opened.and_then(|source| files.hold_values(source, place).map(|()| source));
    let source = match opened {
        Ok(source) => source,
        Err(error) => {
            errors.push(error);
            return Vec::new();
        }
    };
    let file = table::Named { text: files.texts.text(source), source, at: place };
    let mut values = Vec::new();
    table::read(
        file,
        b',',
        errors,
        |names, first| {
            names.iter().position(|name| name == column).ok_or_else(|| {
                // The nearest name would be as good as a quotation.
                let is_shown = table::is_table(file.text, ',');
                let near = nearest(column, names.iter().map(String::as_str)).filter(|_| is_shown);
                let error = Diagnostic::new(
                    DiagnosticKind::Data,
                    asked,
                    format!("the file has no column `{}`", short(column)),
                );
                let error = match near {
                    Some(near) => error.label(format!("did you mean `{}`?", short(near))),
                    None => error.label("expected one of the file's columns"),
                };
                vec![if is_shown { error.also(first, "its columns") } else { error }]
            })
        },
        |index, line| {
            let Some(cell) = line.cell(Some(*index)) else {
                return Ok(());
            };
            match read(cell) {
                Some(value) => {
                    values.push(value);
                    Ok(())
                }
                None => Err(table::cell(line.place, column, cell, expected)),
            }
        },
    );
    values
}

/// A cell in some unit, in nanoseconds; exact unless it is written with an exponent.
pub(super) fn time(cell: &str, unit: u64) -> Option<u64> {
    let nanos = match duration::times(cell, unit) {
        Some(nanos) => u64::try_from(nanos).ok()?,
        None => {
            let value: f64 = cell.parse().ok()?;
            let nanos = (value * unit as f64).round();
            // Far below 2^63, so the cast is exact.
            if (0.0..=duration::LONGEST as f64).contains(&nanos) {
                nanos as u64
            } else {
                return None;
            }
        }
    };
    (nanos <= duration::LONGEST).then_some(nanos)
}

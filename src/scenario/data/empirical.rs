//! Data to draw from: the column of a CSV file takes the place of the file's name.

use super::{Files, table};
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::nearest::nearest;
use crate::scenario::sample;
use crate::scenario::schema::{Choice, Kind, Table};
use crate::scenario::units::duration;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, Place, Trouble};

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
                Diagnostic::new(Trouble::Missing, record.place, "`empirical` has no data")
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
    let values = match files.open(path, place) {
        Ok(source) => {
            let asked = record.at("column");
            let file = table::Named { text: files.texts.text(source), source, at: place };
            column_values(file, column, asked, unit, errors)
        }
        Err(error) => {
            errors.push(error);
            Vec::new()
        }
    };
    if values.is_empty() && errors.len() == before {
        errors.push(
            Diagnostic::new(Trouble::Data, place, format!("`{}` has no data", short(path)))
                .label("expected at least one row"),
        );
    }
    record.fields.retain(|(key, _)| !["file", "column", "unit"].contains(key));
    if errors.len() > before {
        record.doubtful.push("values");
    } else {
        record.fields.push(("values", Item { place, value: Value::List(values) }));
    }
}

fn column_values(
    file: table::Named<'_>,
    column: &str,
    asked: Place,
    unit: Option<u64>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let mut values = Vec::new();
    table::read(
        file,
        b',',
        errors,
        |names, first| {
            names.iter().position(|name| name == column).ok_or_else(|| {
                let plain = names.iter().map(String::as_str).filter(|name| table::is_plain(name));
                let near = nearest(column, plain);
                let error = Diagnostic::new(
                    Trouble::Data,
                    asked,
                    format!("the file has no column `{}`", short(column)),
                );
                let error = match near {
                    Some(near) => error.label(format!("did you mean `{}`?", short(near))),
                    None => error.label("expected one of the file's columns"),
                };
                let is_shown = table::is_table(file.text, ',');
                vec![if is_shown { error.also(first, "its columns") } else { error }]
            })
        },
        |index, line| {
            let Some(cell) = line.cell(Some(*index)) else {
                return Ok(());
            };
            let value = match unit {
                Some(unit) => time(cell, unit).map(Value::Duration),
                None => cell
                    .parse()
                    .ok()
                    .filter(|number: &f64| (-LARGEST..=LARGEST).contains(number))
                    .map(|number| Value::Number(number + 0.0)),
            };
            match value {
                Some(value) => {
                    values.push(Item { place: line.place, value });
                    Ok(())
                }
                None => {
                    let expected = if unit.is_some() { "a time of 0 or more" } else { "a number" };
                    Err(table::cell(line.place, column, cell, expected))
                }
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

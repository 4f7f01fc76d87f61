//! Values to show of a field: its default, and an example of it.

use super::resolved::quote;
use super::schema::{Field, Kind, Need, Owner, Table};
use super::tree::{Node, Raw};
use super::unquoted;

/// The field's default; `None` if nothing holds when it is left out, or it must be there.
pub(crate) fn default(field: &Field) -> Option<Node> {
    match field.need {
        Need::Default(text) => Some(unquoted::value(&field.kind, text)),
        _ => None,
    }
}

/// A value the field may have; `None` for arrays of tables and tables by name, which take several
/// lines.
pub(crate) fn example(field: &Field) -> Option<Node> {
    if matches!(field.kind, Kind::Tables(_) | Kind::Named(_) | Kind::Anything) {
        return None;
    }
    let text = match field.example {
        "" => of_kind(&field.kind, field.need)?,
        text => text.to_owned(),
    };
    Some(unquoted::value(&field.kind, &text))
}

/// The settings of a kind of a choice: `{ rate = "50/s" }`.
pub(crate) fn settings(example: &'static str, table: &'static Table) -> Option<Node> {
    let text = if example.is_empty() { required(table)? } else { example.to_owned() };
    Some(unquoted::value(&Kind::Anything, &text))
}

/// A line of TOML: `key = value`, a kind of a choice behind a dot.
pub(crate) fn line(key: &str, kind: &Kind, node: &Node) -> String {
    if let (Kind::Choice(_), Some([entry])) = (kind, node.entries()) {
        return format!("{key}.{} = {}", entry.key, literal(&Kind::Anything, &entry.node));
    }
    format!("{key} = {}", literal(kind, node))
}

/// A line for a key that is missing from a table, as an error's help says it.
pub(crate) fn help(table: &Table, key: &str) -> Option<String> {
    let field = table.field(key)?;
    Some(format!("for example `{}`", line(key, &field.kind, &example(field)?)))
}

/// A value as TOML, in one line.
pub(crate) fn literal(kind: &Kind, node: &Node) -> String {
    match &node.raw {
        Raw::Text(text) => quote(text),
        Raw::Integer(_, text) | Raw::Float(_, text) | Raw::Datetime(text) => text.clone(),
        Raw::Flag(flag) => flag.to_string(),
        Raw::Array(nodes) => {
            let item = match kind {
                Kind::List(item, _) | Kind::OneOrMore(item, _) => item,
                _ => &Kind::Anything,
            };
            let items: Vec<String> = nodes.iter().map(|node| literal(item, node)).collect();
            format!("[{}]", items.join(", "))
        }
        Raw::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Raw::Table(entries) => {
            let lines: Vec<String> = entries
                .iter()
                .map(|entry| match kind {
                    Kind::Table(table) => match table.field(&entry.key) {
                        Some(field) => line(&entry.key, &field.kind, &entry.node),
                        None => line(&entry.key, &Kind::Anything, &entry.node),
                    },
                    _ => line(&entry.key, &Kind::Anything, &entry.node),
                })
                .collect();
            format!("{{ {} }}", lines.join(", "))
        }
    }
}

/// An example of any field of that kind, where one is as good as another.
fn of_kind(kind: &Kind, need: Need) -> Option<String> {
    let default = match need {
        Need::Default(text) => text,
        _ => "",
    };
    let text = match kind {
        Kind::Duration(_) | Kind::Label | Kind::DurationOrCount(_) => "30s",
        Kind::Rate(_) => "50/s",
        Kind::Share => "3%",
        Kind::Clock => "09:00",
        Kind::Moment => "20m",
        Kind::Flag if default == "true" => "false",
        Kind::Flag | Kind::WordsOrFlag(_) => "true",
        Kind::Words(words) | Kind::WordsOrDuration(words) | Kind::WordsOrInteger(words, ..) => {
            words.iter().map(|word| word.word).find(|word| *word != default)?
        }
        Kind::Reference(owner) => name(*owner),
        Kind::Policy => "full-jitter",
        Kind::Point => "[\"09:00\", \"10/s\"]",
        Kind::DayPoint => "[\"18:00\", 2.5]",
        Kind::Choice(choice) => choice.example,
        Kind::Table(table) => return required(table),
        Kind::List(item, _) | Kind::OneOrMore(item, _) => {
            let item_text = of_kind(item, Need::Absent(""))?;
            return Some(format!("[{}]", literal(item, &unquoted::value(item, &item_text))));
        }
        Kind::Weights(Owner::Carrier) => "{ northwind = 0.6, acme = 0.4 }",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A table with the keys it must have, or its first.
fn required(table: &Table) -> Option<String> {
    let mut fields: Vec<&Field> = table.required().collect();
    if fields.is_empty() {
        fields.extend(table.fields.first());
    }
    let lines: Option<Vec<String>> =
        fields.iter().map(|field| Some(line(field.key, &field.kind, &example(field)?))).collect();
    match lines?.as_slice() {
        [] => Some("{}".to_owned()),
        lines => Some(format!("{{ {} }}", lines.join(", "))),
    }
}

/// A name of such a thing, as the scenarios have them.
pub(crate) fn name(owner: Owner) -> &'static str {
    match owner {
        Owner::Provider => "alpha",
        Owner::Carrier => "northwind",
        Owner::Queue => "main",
        Owner::Traffic => "otp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::reader;
    use crate::scenario::schema::{ROOT, everything};

    #[test]
    fn every_example_is_one() {
        let (tables, choices) = everything(&ROOT);
        for field in tables.iter().flat_map(|table| table.fields) {
            if field.senseless.is_some() || matches!(field.kind, Kind::Tables(_) | Kind::Named(_)) {
                continue;
            }
            let node = example(field).unwrap_or_else(|| panic!("{} has no example", field.key));
            let read = reader::value(&node, &field.kind, field.key);
            assert!(read.is_ok(), "{}: {read:?}", line(field.key, &field.kind, &node));
            let shown = literal(&field.kind, &node);
            assert_eq!(literal(&field.kind, &unquoted::value(&field.kind, &shown)), shown);
            if let Some(default) = default(field) {
                let (default, shown) =
                    (literal(&field.kind, &default), line("", &field.kind, &node));
                assert!(!shown.ends_with(&format!(" = {default}")), "{}: {shown}", field.key);
            }
        }
        for choice in choices {
            for variant in choice.variants {
                let settings = settings(variant.example, &variant.table).expect(variant.key);
                let kind: &'static Kind = Box::leak(Box::new(Kind::Table(&variant.table)));
                let read = reader::value(&settings, kind, variant.key);
                assert!(read.is_ok(), "{}: {read:?}", variant.key);
            }
        }
    }

    #[test]
    fn a_line_is_as_one_would_write_it() {
        let shown = |table: &str, key: &str| {
            let Some(Kind::Tables(table)) = ROOT.field(table).map(|field| &field.kind) else {
                return String::new();
            };
            let field = table.field(key).expect("a key");
            line(key, &field.kind, &example(field).expect("an example"))
        };
        assert_eq!(shown("provider", "window"), "window = 50");
        assert_eq!(shown("traffic", "arrivals"), "arrivals.poisson = { rate = \"50/s\" }");
        assert_eq!(
            shown("provider", "receipts"),
            "receipts = { delay.exponential = { mean = \"2s\" }, loss = \"1%\" }"
        );
    }
}

//! The meaning of a key of the language, as a person reads it.

use super::super::document::{Ink, Look, Screen};
use super::super::text::{width, wrapped};
use crate::report::{JudgedFigure, Term, Unit, better, label, unit};
use crate::scenario::sample;
use crate::scenario::schema::{Choice, Field, Kind, Need, Table, Variant, Word};
use crate::scenario::{Explained, Thing, docs, explain};

/// Columns between a name and what is said of it.
const GAP: usize = 2;
/// Names are given no more columns than this.
const NAMES: usize = 20;

/// The table of `explain`.
#[must_use]
pub fn explained_table(explained: &Explained, look: Look) -> String {
    let page = Screen::new(look);
    let mut out = format!("{}\n\n", page.paint.ink(Ink::Bold, &explained.path));
    match explained.thing {
        Thing::Key(field) => key(&mut out, explained, field, &page),
        Thing::Kind(choice, variant) => kind(&mut out, explained, choice, variant, &page),
        Thing::Weight(_) => {
            out.push_str(&wrapped(explained.thing.about(), page.width, 2));
            out.push('\n');
            let name = explained.path.rsplit('.').next().unwrap_or_default();
            let set = set(explained, "0.6");
            rows(
                &mut out,
                &[
                    ("value", "number above 0".into()),
                    ("example", format!("{name} = 0.6")),
                    ("set it", set),
                ],
                &page,
            );
        }
    }
    out
}

/// A figure of a report, and `meaning`.
#[must_use]
pub fn figure_table(path: &str, meaning: &str, look: Look) -> String {
    let page = Screen::new(look);
    let mut out = format!("{}\n\n", page.paint.ink(Ink::Bold, path));
    out.push_str(&wrapped(meaning, page.width, 2));
    out.push('\n');
    let unit = match unit(path) {
        Unit::Share => "a share: 0.05 is 5 %; in a condition either",
        Unit::Seconds => "seconds; in a condition also 30s or 5min",
        Unit::Money => "whole units of the account",
        Unit::Points | Unit::PerSecond | Unit::Number => "a number",
    };
    let better = match better(path) {
        Some(better) => better.name(),
        None => "neither, by itself",
    };
    let found = "report.json, summary.csv; cells.csv of a comparison, sweep or capacity search";
    rows(
        &mut out,
        &[
            ("called", label(path)),
            ("unit", unit.into()),
            ("better", better.into()),
            ("found in", found.into()),
        ],
        &page,
    );
    out
}

/// A figure by which a fit is judged.
#[must_use]
pub fn judged_table(path: &str, figure: &JudgedFigure, look: Look) -> String {
    let page = Screen::new(look);
    let mut out = format!("{}\n\n", page.paint.ink(Ink::Bold, path));
    out.push_str(&wrapped(figure.meaning, page.width, 2));
    out.push('\n');
    let unit = match figure.unit {
        Unit::Share => "a share: 0.05 is 5 %",
        Unit::Seconds => "seconds",
        _ => "a number",
    };
    let found = "held_out of fit.json, and fit.html; docs/fitting.md says how it is compared";
    rows(&mut out, &[("unit", unit.into()), ("found in", found.into())], &page);
    out
}

/// A word of the field, and the keys and figures that are about it.
#[must_use]
pub fn term_table(name: &str, term: &Term, look: Look) -> String {
    let page = Screen::new(look);
    let mut out = format!("{}\n\n", page.paint.ink(Ink::Bold, name));
    out.push_str(&wrapped(term.meaning, page.width, 2));
    if !term.keys.is_empty() {
        heading(&mut out, "keys", &page);
    }
    for key in term.keys {
        out.push_str(&format!("  {}\n", page.paint.ink(Ink::Blue, key)));
        let about = explain(key).map(|explained| explained.thing.about()).unwrap_or_default();
        out.push_str(&wrapped(about, page.width, 6));
    }
    if !term.figures.is_empty() {
        heading(&mut out, "figures", &page);
    }
    for path in term.figures {
        out.push_str(&format!("  {}\n", page.paint.ink(Ink::Blue, path)));
    }
    let more = term.keys.first().or(term.figures.first()).filter(|path| !path.contains('<'));
    if let Some(more) = more {
        let line = format!("more: smschain explain {more}");
        out.push_str(&format!("\n  {}\n", page.paint.ink(Ink::Faint, &line)));
    }
    out
}

/// Names and what each is, for a list to choose from.
#[must_use]
pub fn named_table<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>, look: Look) -> String {
    let mut out = String::new();
    names(&mut out, entries.map(|(name, about)| (name, about.to_owned())), &Screen::new(look));
    out
}

fn key(out: &mut String, explained: &Explained, field: &'static Field, page: &Screen) {
    out.push_str(&wrapped(field.about, page.width, 2));
    out.push('\n');
    if let Some(reason) = field.senseless {
        out.push_str(&wrapped(&format!("It makes no sense here: {reason}."), page.width, 2));
        return;
    }
    let mut lines = Vec::new();
    let head = head(explained, field);
    let headed = head.is_some();
    lines.extend(head.map(|head| ("written", head)));
    let value = match field.kind {
        Kind::Words(_) => "one of the words below".to_owned(),
        Kind::WordsOrFlag(_) => "`true` or `false`, or one of the words below".to_owned(),
        Kind::WordsOrDuration(_) => "a duration, or one of the words below".to_owned(),
        Kind::WordsOrInteger(..) => "a whole number, or one of the words below".to_owned(),
        Kind::OneOrMore(Kind::Words(_), _) => {
            "one of the words below, or a list of them".to_owned()
        }
        _ => docs::kind(&field.kind),
    };
    lines.push((
        "value",
        match docs::form(&field.kind) {
            Some(form) => format!("{value}: {form}"),
            None => value,
        },
    ));
    lines.push(("left out", left_out(field)));
    // A table under a heading of its own is set key by key.
    if let (Some(example), false) = (sample::example(field), headed) {
        lines.push(("example", sample::line(field.key, &field.kind, &example)));
        if explained.settable {
            let (end, value) = match (&field.kind, example.entries()) {
                (Kind::Choice(_), Some([entry])) => {
                    (format!(".{}", entry.key), sample::literal(&Kind::Anything, &entry.node))
                }
                _ => (String::new(), sample::literal(&field.kind, &example)),
            };
            lines.push(("set it", set(&at(explained, &end), &value)));
        }
    }
    if !field.excludes.is_empty() {
        let keys: Vec<String> = field.excludes.iter().map(|key| format!("`{key}`")).collect();
        lines.push(("not with", keys.join(", ")));
    }
    rows(out, &lines, page);
    inside(out, &field.kind, page);
}

fn kind(
    out: &mut String,
    explained: &Explained,
    choice: &'static Choice,
    variant: &'static Variant,
    page: &Screen,
) {
    out.push_str(&wrapped(variant.about, page.width, 2));
    out.push('\n');
    let others = choice.variants.iter().filter(|other| other.key != variant.key);
    let others: Vec<&str> = others.map(|other| other.key).collect();
    let mut lines = vec![("value", format!("{} of this kind", choice.noun))];
    if let Some(settings) = sample::settings(variant.example, &variant.table) {
        let value = sample::literal(&Kind::Anything, &settings);
        let mut keys = explained.path.rsplit('.');
        let (kind, key) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
        lines.push(("example", format!("{key}.{kind} = {value}")));
        if explained.settable {
            lines.push(("set it", set(explained, &value)));
        }
    }
    lines.push(("not with", format!("the other kinds: {}", others.join(", "))));
    rows(out, &lines, page);
    table(out, &variant.table, page);
}

/// The names inside a key: words, keys, kinds.
fn inside(out: &mut String, kind: &'static Kind, page: &Screen) {
    match kind {
        Kind::Words(words)
        | Kind::WordsOrFlag(words)
        | Kind::WordsOrDuration(words)
        | Kind::WordsOrInteger(words, ..) => {
            heading(out, "words", page);
            let told = |word: &Word| (word.word, word.about.to_owned());
            names(out, words.iter().map(told), page);
        }
        Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) => table(out, inner, page),
        Kind::List(item, _) | Kind::OneOrMore(item, _) => inside(out, item, page),
        Kind::Choice(choice) => {
            heading(out, "kinds", page);
            names(out, choice.variants.iter().map(|kind| (kind.key, kind.about.to_owned())), page);
        }
        _ => {}
    }
}

fn table(out: &mut String, table: &'static Table, page: &Screen) {
    let fields: Vec<&Field> =
        table.fields.iter().filter(|field| field.senseless.is_none()).collect();
    if fields.is_empty() {
        return;
    }
    heading(out, "keys", page);
    let told = fields.iter().map(|field| {
        let without = match field.need {
            Need::Absent("") => String::new(),
            Need::Required => " Required.".to_owned(),
            Need::Filled => String::new(),
            _ => format!(" Left out: {}.", left_out(field)),
        };
        (field.key, format!("{}{without}", field.about))
    });
    names(out, told, page);
}

fn heading(out: &mut String, text: &str, page: &Screen) {
    out.push_str(&format!("\n  {}\n", page.paint.ink(Ink::Faint, text)));
}

/// Names with what is said of each beside them.
fn names<'a>(out: &mut String, entries: impl Iterator<Item = (&'a str, String)>, page: &Screen) {
    let entries: Vec<(&str, String)> = entries.collect();
    let longest = entries.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(NAMES);
    let indent = 2 + longest + GAP;
    for (name, about) in entries {
        let pad = " ".repeat((indent - 2).saturating_sub(width(name)).max(GAP));
        let text = wrapped(&about, page.width, indent);
        out.push_str(&format!("  {}{pad}{}", page.paint.ink(Ink::Blue, name), text.trim_start()));
    }
}

/// Labels with what they stand for.
fn rows(out: &mut String, lines: &[(&str, String)], page: &Screen) {
    const INDENT: usize = 12;
    for (label, text) in lines {
        let pad = " ".repeat(INDENT - 2 - width(label));
        // A command is copied: it stays on its line.
        let text = if matches!(*label, "example" | "set it" | "written") {
            format!("{text}\n")
        } else {
            wrapped(text, page.width, INDENT)
        };
        let label = page.paint.ink(Ink::Faint, label);
        out.push_str(&format!("  {label}{pad}{}", text.trim_start()));
    }
}

/// The heading a table stands under in a file.
fn head(explained: &Explained, field: &Field) -> Option<String> {
    let parts: Vec<&str> = explained.path.split('.').collect();
    match (field.kind, parts.as_slice()) {
        (Kind::Table(_), [key]) => Some(format!("[{key}]")),
        (Kind::Tables(_), [key] | [key, _]) => Some(format!("[[{key}]]")),
        (Kind::Tables(_), ["carrier", ..]) => Some(format!("[[carrier.{}]]", field.key)),
        (Kind::Named(_), [key]) => Some(format!("[{key}.NAME]")),
        (Kind::Named(_), [key, name]) => Some(format!("[{key}.{name}]")),
        _ => None,
    }
}

fn left_out(field: &Field) -> String {
    match field.need {
        Need::Required => "it can't be: it is required".to_owned(),
        Need::Default(_) => {
            let default = sample::default(field);
            default.map(|node| sample::literal(&field.kind, &node)).unwrap_or_default()
        }
        Need::Absent("") => "nothing holds".to_owned(),
        Need::Absent(meaning) => meaning.to_owned(),
        Need::Filled => "its keys have their defaults".to_owned(),
    }
}

fn at(explained: &Explained, end: &str) -> Explained {
    Explained { path: format!("{}{end}", explained.path), ..explained.clone() }
}

/// The option that sets a value, as a shell takes it.
fn set(explained: &Explained, value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let value = match inner {
        Some(inner) if !inner.contains('"') => inner,
        _ => value,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/%+:".contains(c);
    if value.chars().all(plain) {
        format!("--set {}={value}", explained.path)
    } else {
        format!("--set '{}={value}'", explained.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::explain;

    fn shown(path: &str, width: usize) -> String {
        explained_table(&explain(path).expect(path), Look { width, colour: false })
    }

    #[test]
    fn a_value_has_meaning_unit_default_range_and_example() {
        assert_eq!(
            shown("provider.alpha.window", 80),
            "\
provider.alpha.window

  Submits outstanding at once, all its binds together.

  value     whole number, 1 to 1000000
  left out  no limit
  example   window = 50
  set it    --set provider.alpha.window=50
"
        );
        let rate = shown("api.rate_limit.rate", 80);
        assert!(rate.contains("\"3000/min\"") && rate.contains("it is required"), "{rate}");
        let words = shown("queue.overflow", 80);
        assert!(words.contains("\n  discard  accepted and gone\n"), "{words}");
        assert!(words.contains("left out  \"reject\""), "{words}");
    }

    #[test]
    fn tables_list_their_keys_and_choices_their_kinds() {
        let table = shown("[[provider]]", 80);
        assert!(table.contains("written   [[provider]]"), "{table}");
        assert!(table.contains("\n  window            Submits outstanding"), "{table}");
        let choice = shown("traffic.arrivals", 80);
        assert!(choice.contains("example   arrivals.poisson = { rate = \"50/s\" }"), "{choice}");
        assert!(
            choice.contains("set it    --set 'traffic.NAME.arrivals.poisson={ rate = \"50/s\" }'"),
            "{choice}"
        );
        assert!(choice.contains("\n  campaign  So many requests"), "{choice}");
        let one = shown("traffic.arrivals.campaign", 80);
        assert!(one.contains("\n  over   ") && one.contains("poisson, constant"), "{one}");
        assert!(shown("client.retry.hedge", 80).contains("makes no sense here"));
    }

    #[test]
    fn colour_and_width_are_obeyed() {
        let narrow = shown("retry", 80);
        assert!(narrow.lines().all(|line| width(line) <= 80), "{narrow}");
        let coloured =
            explained_table(&explain("retry").expect(""), Look { width: 80, colour: true });
        assert!(coloured.contains("\u{1b}[1mretry"), "{coloured}");
    }
}

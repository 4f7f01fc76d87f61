//! `--set PATH=VALUE` and `--unset PATH`, applied to the tree before it is checked, so that what
//! they bring is checked like everything else and errors point at the flag.

use super::schema::{Field, Kind, ROOT, Table};
use super::schema::{on_receipt, route};
use super::tree::{Entry, Node, Raw};
use super::units::short;
use super::{Diagnostic, DiagnosticKind, Overrides, Place, Texts, Varying, parse, unquoted};

/// A part of a path and where it stands.
struct Part<'a> {
    text: &'a str,
    place: Place,
}

/// Takes out and sets what the command line says.
pub(crate) fn apply(
    root: &mut Node,
    overrides: &Overrides,
    texts: &mut Texts,
    errors: &mut Vec<Diagnostic>,
) {
    overrides.unset.iter().for_each(|path| unset(root, path, texts, errors));
    overrides.set.iter().for_each(|flag| set(root, flag, texts, errors));
}

/// Applies `PATH=VALUE`.
pub(crate) fn set(root: &mut Node, flag: &str, texts: &mut Texts, errors: &mut Vec<Diagnostic>) {
    const LEAD: &str = "--set ";
    let source = texts.add("command line", format!("{LEAD}{flag}"));
    let Some((path, value)) = flag.split_once('=') else {
        let place = Place::new(source, LEAD.len(), LEAD.len() + flag.len());
        errors.push(
            Diagnostic::new(
                DiagnosticKind::Override,
                place,
                format!("`{}` sets nothing", short(flag)),
            )
            .label("expected PATH=VALUE, such as provider.alpha.window=5"),
        );
        return;
    };
    let start = LEAD.len() + path.len() + 1;
    let value = |kind: &Kind, errors: &mut Vec<Diagnostic>| {
        if value.trim().is_empty() && !matches!(kind, Kind::Prose) {
            let place = Place::new(source, start.saturating_sub(1), start);
            errors.push(
                Diagnostic::new(DiagnosticKind::Override, place, "there is no value")
                    .label("expected PATH=VALUE; --unset PATH takes a setting out"),
            );
            return None;
        }
        if unquoted::quoted(value) {
            return parse::value(value, source, start, errors);
        }
        let mut node = unquoted::value(kind, value);
        let trimmed = start + (value.len() - value.trim_start().len());
        point(&mut node, Place::new(source, trimmed, trimmed + value.trim().len()));
        Some(node)
    };
    assign(root, Written { path, source, start: LEAD.len() }, value, errors);
}

/// Applies one value of a flag that names several.
pub(crate) fn vary(
    root: &mut Node,
    varied: &Varying,
    texts: &mut Texts,
    errors: &mut Vec<Diagnostic>,
) {
    let source = texts.add("command line", varied.flag.as_str());
    let place = Place::new(source, varied.value_at.start, varied.value_at.end);
    let value = |kind: &Kind, errors: &mut Vec<Diagnostic>| {
        let mut node = read(kind, &varied.value, source, place.start, errors)?;
        point(&mut node, place);
        Some(node)
    };
    assign(root, Written { path: &varied.path, source, start: varied.path_at }, value, errors);
}

/// A value as after `--set PATH=`; its places are right only where it is quoted.
pub(crate) fn read(
    kind: &Kind,
    value: &str,
    source: usize,
    start: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<Node> {
    if unquoted::quoted(value) {
        return parse::value(value, source, start, errors);
    }
    Some(unquoted::value(kind, value))
}

/// A path on the command line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) path: &'a str,
    pub(crate) source: usize,
    /// Its first byte.
    pub(crate) start: usize,
}

impl Written<'_> {
    fn place(&self) -> Place {
        Place::new(self.source, self.start, self.start + self.path.len())
    }
}

/// The kind of value of a path; `root` may be changed on the way. `None`: the path leads through
/// something that isn't a table there.
pub(crate) fn kind(
    root: &mut Node,
    written: Written<'_>,
) -> Result<Option<&'static Kind>, Diagnostic> {
    let parts = parts(written.path, written.source, written.start);
    Ok(match walk(root, &parts, written.place(), true)? {
        Target::Field(_, field) => Some(&field.kind),
        Target::Kind(..) => Some(&ANYTHING),
        Target::Weight(..) => Some(&WEIGHT),
        Target::Entry(parent, index) => return Err(whole_entry(parent, index, written.place())),
        Target::Nothing => None,
    })
}

static ANYTHING: Kind = Kind::Anything;
static WEIGHT: Kind = Kind::Positive(1e9);

/// Puts a value where a path leads.
fn assign(
    root: &mut Node,
    written: Written<'_>,
    value: impl Fn(&Kind, &mut Vec<Diagnostic>) -> Option<Node>,
    errors: &mut Vec<Diagnostic>,
) {
    let parts = parts(written.path, written.source, written.start);
    let whole = written.place();
    match walk(root, &parts, whole, true) {
        Ok(Target::Field(parent, field)) => {
            if let Some(node) = value(&field.kind, errors)
                && let Raw::Table(entries) = &mut parent.raw
            {
                let rule = on_receipt::is_policy(&field.kind) || route::is_policy(&field.kind);
                if matches!(field.kind, Kind::Policy) || rule {
                    // A policy is a whole: what was said before it is no part of it.
                    entries.clear();
                }
                entries.retain(|entry| !field.excludes.contains(&entry.key.as_str()));
                put(entries, field.key, last(&parts, whole), node);
            }
        }
        Ok(Target::Kind(parent, key)) => {
            if let Some(node) = value(&ANYTHING, errors) {
                parent.raw = Raw::Table(Vec::new());
                if let Raw::Table(entries) = &mut parent.raw {
                    put(entries, key, last(&parts, whole), node);
                }
            }
        }
        Ok(Target::Weight(parent, name)) => {
            if let Some(node) = value(&WEIGHT, errors)
                && let Raw::Table(entries) = &mut parent.raw
            {
                put(entries, &name, last(&parts, whole), node);
            }
        }
        Ok(Target::Entry(parent, index)) => errors.push(whole_entry(parent, index, whole)),
        Ok(Target::Nothing) => {}
        Err(error) => errors.push(error),
    }
}

fn which_of(key: &str, number: &Part<'_>, length: usize) -> Diagnostic {
    let message = format!("`{key}` is a list: which of its entries?");
    let most = length.saturating_sub(1);
    Diagnostic::new(DiagnosticKind::Override, number.place, message)
        .label(format!("expected a number, 0 to {most}, before the key"))
}

fn whole_entry(parent: &Node, index: usize, whole: Place) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Override, whole, "the path ends at a whole entry").label(
        match parent.raw {
            Raw::Array(_) if index < usize::MAX => "expected one of its keys after a dot",
            _ => "expected a key after a dot",
        },
    )
}

/// Takes out what `path` names; what isn't there needn't be.
fn unset(root: &mut Node, path: &str, texts: &mut Texts, errors: &mut Vec<Diagnostic>) {
    const LEAD: &str = "--unset ";
    let source = texts.add("command line", format!("{LEAD}{path}"));
    let whole = Place::new(source, LEAD.len(), LEAD.len() + path.len());
    match walk(root, &parts(path, source, LEAD.len()), whole, false) {
        Ok(Target::Field(parent, field)) => remove(parent, field.key),
        Ok(Target::Kind(parent, key)) => remove(parent, key),
        Ok(Target::Weight(parent, name)) => remove(parent, &name),
        Ok(Target::Entry(parent, index)) => {
            if let Raw::Array(items) = &mut parent.raw
                && index < items.len()
            {
                items.remove(index);
            }
        }
        Ok(Target::Nothing) => {}
        Err(error) => errors.push(error),
    }
}

/// End of a path.
enum Target<'a> {
    /// A key of a table.
    Field(&'a mut Node, &'static Field),
    /// A kind of a choice.
    Kind(&'a mut Node, &'static str),
    /// A name with a weight; to be taken out: a named table, too.
    Weight(&'a mut Node, String),
    /// An entry of an array of tables.
    Entry(&'a mut Node, usize),
    /// Something that isn't there and isn't to be made.
    Nothing,
}

/// Follows the path; `make`: tables that aren't there are made, and other kinds give way.
fn walk<'a>(
    root: &'a mut Node,
    parts: &[Part<'_>],
    whole: Place,
    make: bool,
) -> Result<Target<'a>, Diagnostic> {
    let mut node = root;
    let mut table: &'static Table = &ROOT;
    let mut rest = parts.iter();
    loop {
        let Some(part) = rest.next() else {
            return Err(short_path(whole));
        };
        let field = field(table, part)?;
        if matches!(field.kind, Kind::Anything) {
            // It makes no sense: the reader says so, at this flag.
            return Ok(if make { Target::Field(node, field) } else { Target::Nothing });
        }
        if rest.len() == 0 {
            return match (&node.raw, make) {
                (Raw::Table(_), _) | (_, false) => Ok(Target::Field(node, field)),
                // A table stands in the file as something else: the reader reports it.
                (_, true) => Ok(Target::Nothing),
            };
        }
        let Some(inner) = enter(node, field, part.place, make) else {
            return Ok(Target::Nothing);
        };
        node = inner;
        match field.kind {
            Kind::Table(inner) => table = inner,
            Kind::OneOrMore(&Kind::Table(inner), _) => {
                // A table alone, or one of a list, by its number from 0.
                if let Raw::Array(items) = &mut node.raw {
                    let Some(number) = rest.next() else {
                        return Err(short_path(whole));
                    };
                    let length = items.len();
                    let index = number.text.parse::<usize>().ok().filter(|index| *index < length);
                    let Some(index) = index else {
                        return Err(which_of(field.key, number, length));
                    };
                    if rest.len() == 0 {
                        return Ok(Target::Entry(node, index));
                    }
                    let Raw::Array(items) = &mut node.raw else {
                        return Ok(Target::Nothing);
                    };
                    node = &mut items[index];
                }
                table = inner;
            }
            Kind::Tables(inner) => {
                let Some(name) = rest.next() else {
                    return Err(short_path(whole));
                };
                let index = entry(node, field.key, name, make)
                    .map_err(|error| nameless(error, node, inner, field.key, name, parts))?;
                if rest.len() == 0 {
                    return Ok(Target::Entry(node, index));
                }
                match &mut node.raw {
                    Raw::Array(items) => match items.get_mut(index) {
                        Some(item) => node = item,
                        None => return Ok(Target::Nothing),
                    },
                    _ => return Ok(Target::Nothing),
                }
                table = inner;
            }
            Kind::Named(inner) => {
                let Some(name) = rest.next() else {
                    return Err(short_path(whole));
                };
                if rest.len() == 0 {
                    if make {
                        return Err(short_path(whole));
                    }
                    return Ok(Target::Weight(node, name.text.to_owned()));
                }
                node = named(node, field.key, name)?;
                table = inner;
            }
            Kind::Weights(_) => {
                let Some(name) = rest.next() else {
                    return Err(short_path(whole));
                };
                if let Some(more) = rest.next() {
                    return Err(too_long(more, field.key));
                }
                return Ok(Target::Weight(node, name.text.to_owned()));
            }
            Kind::Choice(choice) => {
                let Some(kind) = rest.next() else {
                    return Err(short_path(whole));
                };
                let Some(variant) = choice.variant(kind.text) else {
                    let keys = choice.variants.iter().map(|variant| variant.key);
                    return Err(unknown(kind, keys));
                };
                if rest.len() == 0 {
                    return Ok(Target::Kind(node, variant.key));
                }
                if make {
                    let other = !matches!(&node.raw, Raw::Table(entries)
                        if entries.iter().all(|entry| entry.key == variant.key));
                    if other {
                        node.raw = Raw::Table(Vec::new());
                    }
                }
                let pseudo = Field::new(variant.key, Kind::Table(&variant.table), "");
                let Some(inner) = enter(node, &pseudo, kind.place, make) else {
                    return Ok(Target::Nothing);
                };
                node = inner;
                table = &variant.table;
            }
            _ => {
                return Err(match rest.next() {
                    Some(more) => too_long(more, field.key),
                    None => short_path(whole),
                });
            }
        }
    }
}

/// The value under the field's key, made if need be.
fn enter<'a>(node: &'a mut Node, field: &Field, place: Place, make: bool) -> Option<&'a mut Node> {
    let Raw::Table(entries) = &mut node.raw else {
        return None;
    };
    if !entries.iter().any(|entry| entry.key == field.key) {
        if !make {
            return None;
        }
        entries.retain(|entry| !field.excludes.contains(&entry.key.as_str()));
        let raw = match field.kind {
            Kind::Tables(_) => Raw::Array(Vec::new()),
            _ => Raw::Table(Vec::new()),
        };
        put(entries, field.key, place, Node { place, raw });
    }
    entries.iter_mut().find(|entry| entry.key == field.key).map(|entry| &mut entry.node)
}

/// The index of an entry by its name or id. The queue `main` is there without being written.
fn entry(node: &mut Node, key: &str, name: &Part<'_>, make: bool) -> Result<usize, Diagnostic> {
    // What isn't an array is reported by the reader.
    let Raw::Array(items) = &mut node.raw else {
        return Ok(usize::MAX);
    };
    let label = if key == "route" { "id" } else { "name" };
    let named = |item: &Node| item.get(label).and_then(Node::written).map(str::to_owned);
    if let Some(index) = items.iter().position(|item| named(item).as_deref() == Some(name.text)) {
        return Ok(index);
    }
    if key == "queue" && name.text == "main" && items.is_empty() && make {
        let mut item = Node::table(name.place);
        if let Raw::Table(entries) = &mut item.raw {
            let text = Node { place: name.place, raw: Raw::Text("main".to_owned()) };
            put(entries, "name", name.place, text);
        }
        items.push(item);
        return Ok(0);
    }
    let names: Vec<String> = items.iter().filter_map(named).collect();
    let message = format!("there is no {key} `{}`", short(name.text));
    let expected = format!("expected the {label} of a [[{key}]] of the scenario");
    let error = Diagnostic::new(DiagnosticKind::Override, name.place, message);
    Err(error.meant(name.text, names.iter().map(String::as_str), expected))
}

/// The path with the name of an entry where it has none: the scenario's only one, or its first.
fn nameless(
    error: Diagnostic,
    node: &Node,
    table: &Table,
    key: &str,
    name: &Part<'_>,
    parts: &[Part<'_>],
) -> Diagnostic {
    let label = if key == "route" { "id" } else { "name" };
    let Raw::Array(items) = &node.raw else {
        return error;
    };
    let names: Vec<&str> =
        items.iter().filter_map(|item| item.get(label).and_then(Node::written)).collect();
    let Some(first) = names.first().filter(|_| table.field(name.text).is_some()) else {
        return error;
    };
    let at = parts.iter().position(|part| part.place == name.place).unwrap_or_default();
    let mut meant: Vec<&str> = parts.iter().map(|part| part.text).collect();
    meant.insert(at, first);
    let path = meant.join(".");
    let error = Diagnostic::new(
        DiagnosticKind::Override,
        name.place,
        format!("`{}` is a key of every {key}: which one's?", short(name.text)),
    );
    match names.as_slice() {
        [_] => error.label(format!("did you mean {path}?")),
        _ => {
            let rest: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            error.label(format!("expected one of {}, such as {path}", listed(&rest)))
        }
    }
}

/// Names for an error, the first few of many.
fn listed(names: &[String]) -> String {
    const MOST: usize = 8;
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", "))
}

/// The table of that name.
fn named<'a>(node: &'a mut Node, key: &str, name: &Part<'_>) -> Result<&'a mut Node, Diagnostic> {
    let known: Vec<String> =
        node.entries().unwrap_or_default().iter().map(|entry| entry.key.clone()).collect();
    if let Raw::Table(entries) = &mut node.raw
        && let Some(entry) = entries.iter_mut().find(|entry| entry.key == name.text)
    {
        return Ok(&mut entry.node);
    }
    let message = format!("there is no {key} `{}` in the scenario", short(name.text));
    let error = Diagnostic::new(DiagnosticKind::Override, name.place, message);
    let expected = format!("expected the name of a [{key}.NAME] of the scenario");
    Err(error.meant(name.text, known.iter().map(String::as_str), expected))
}

fn field(table: &'static Table, part: &Part<'_>) -> Result<&'static Field, Diagnostic> {
    table.field(part.text).ok_or_else(|| unknown(part, table.fields.iter().map(|field| field.key)))
}

fn unknown(part: &Part<'_>, keys: impl Iterator<Item = &'static str> + Clone) -> Diagnostic {
    let listed: Vec<String> = keys.clone().map(|key| format!("`{key}`")).collect();
    let message = format!("unknown key `{}`", short(part.text));
    let expected = format!("expected one of {}", listed.join(", "));
    Diagnostic::new(DiagnosticKind::UnknownKey, part.place, message)
        .meant(part.text, keys, expected)
}

fn short_path(whole: Place) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Override, whole, "the path ends too early")
        .label("expected a key, such as provider.alpha.window")
}

fn too_long(part: &Part<'_>, key: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Override, part.place, format!("`{key}` has no keys"))
        .label(format!("expected the path to end with `{key}`"))
}

fn parts(path: &str, source: usize, lead: usize) -> Vec<Part<'_>> {
    let mut at = lead;
    path.split('.')
        .map(|text| {
            let start = at + (text.len() - text.trim_start().len());
            at += text.len() + 1;
            let text = text.trim();
            Part { text, place: Place::new(source, start, start + text.len()) }
        })
        .collect()
}

fn last(parts: &[Part<'_>], whole: Place) -> Place {
    parts.last().map_or(whole, |part| part.place)
}

fn put(entries: &mut Vec<Entry>, key: &str, place: Place, node: Node) {
    entries.retain(|entry| entry.key != key);
    entries.push(Entry { key: key.to_owned(), place, node });
}

fn remove(node: &mut Node, key: &str) {
    if let Raw::Table(entries) = &mut node.raw {
        entries.retain(|entry| entry.key != key);
    }
}

/// The path of a key of what is at a path.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Gives a value and all in it one place.
pub(crate) fn point(node: &mut Node, place: Place) {
    node.place = place;
    match &mut node.raw {
        Raw::Array(items) => items.iter_mut().for_each(|item| point(item, place)),
        Raw::Table(entries) => {
            for entry in entries {
                entry.place = place;
                point(&mut entry.node, place);
            }
        }
        _ => {}
    }
}

//! Parts that a scenario could do without.

use super::super::checked::{Item, Record, Value};
use super::super::path::join;
use super::super::schema::{Field, Kind, Need, ROOT, Table};
use super::Reduction;

/// Everything that may be left out: whole entries with what refers to them first, then keys. Some
/// may turn out to change nothing.
pub(super) fn parts(root: &Record) -> Vec<Reduction> {
    let mut found = entries(root);
    walk(root, &ROOT, "", &mut found);
    found
}

/// Streams, providers, carriers, queues and routes, where there are several.
fn entries(root: &Record) -> Vec<Reduction> {
    let mut found = Vec::new();
    for kind in ["traffic", "provider", "carrier", "queue", "route"] {
        let names: Vec<String> = root.tables(kind).filter_map(Record::label).collect();
        if names.len() < 2 {
            continue;
        }
        for name in names {
            let what = format!("{kind}.{name}");
            let mut reduction =
                Reduction { what: what.clone(), unset: vec![what.clone()], set: vec![] };
            for incident in root.tables("incident") {
                let target = incident.text("target").unwrap_or_default();
                if (target == what || target.starts_with(&format!("{what}.")))
                    && let Some(incident) = incident.label()
                {
                    reduction.unset.push(format!("incident.{incident}"));
                }
            }
            match kind {
                "provider" => without_provider(root, &name, &mut reduction),
                "carrier" => without_carrier(root, &name, &mut reduction),
                "traffic" => without_stream(root, &name, &mut reduction),
                _ => {}
            }
            found.push(reduction);
        }
    }
    found
}

/// Its routes go with it.
fn without_provider(root: &Record, name: &str, reduction: &mut Reduction) {
    let routes = root.tables("route").filter(|route| route.text("provider") == Some(name));
    reduction.unset.extend(routes.filter_map(Record::label).map(|id| format!("route.{id}")));
}

/// Nobody sends to it, no route serves it; a route that served nothing else goes.
fn without_carrier(root: &Record, name: &str, reduction: &mut Reduction) {
    for stream in root.tables("traffic") {
        if let Some(stream) = stream.label() {
            reduction.unset.push(format!("traffic.{stream}.carriers.{name}"));
        }
    }
    for route in root.tables("route") {
        without_name(route, route.list("carriers"), "carriers", name, reduction);
    }
}

/// No route is for it; one for nothing else goes.
fn without_stream(root: &Record, name: &str, reduction: &mut Reduction) {
    for route in root.tables("route") {
        if let Some(only) = route.table("only")
            && only.get("traffic").is_some()
        {
            without_name(route, only.list("traffic"), "only.traffic", name, reduction);
        }
    }
}

/// A route's list of names loses one; with its last the route goes.
fn without_name(route: &Record, list: &[Item], key: &str, name: &str, reduction: &mut Reduction) {
    let Some(id) = route.label() else { return };
    let all: Vec<&str> = list
        .iter()
        .filter_map(|item| match &item.value {
            Value::Text(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let others: Vec<String> =
        all.iter().filter(|&&other| other != name).map(|it| format!("\"{it}\"")).collect();
    if others.is_empty() {
        reduction.unset.push(format!("route.{id}"));
    } else if others.len() < all.len() {
        reduction.set.push(format!("route.{id}.{key}=[{}]", others.join(", ")));
    }
}

fn walk(record: &Record, table: &'static Table, path: &str, found: &mut Vec<Reduction>) {
    for field in table.fields {
        let Some(item) = record.get(field.key) else {
            continue;
        };
        let path = join(path, field.key);
        if skipped(field, &path) {
            continue;
        }
        match (&field.kind, &item.value) {
            (Kind::Tables(inner), Value::List(items)) => {
                for item in items {
                    let Value::Table(record) = &item.value else { continue };
                    let Some(name) = record.label() else { continue };
                    let path = format!("{path}.{name}");
                    if field.key == "filter" {
                        found.push(leave_out(&path));
                    }
                    walk(record, inner, &path, found);
                }
            }
            // Always there: its keys are what may go.
            (Kind::Table(inner), Value::Table(record))
                if matches!(field.need, Need::Filled | Need::Required) =>
            {
                walk(record, inner, &path, found);
            }
            _ if !matches!(field.need, Need::Required) => found.push(leave_out(&path)),
            _ => {}
        }
    }
}

/// Keys that are no part: how it is run, what it is called, who refers to whom. Incidents have a
/// step of their own.
fn skipped(field: &Field, path: &str) -> bool {
    ["scenario", "incident"].contains(&path)
        || ["summary", "sender", "brand", "campaign", "carriers", "queue"].contains(&field.key)
            && path != "queue"
}

fn leave_out(path: &str) -> Reduction {
    Reduction { what: path.to_owned(), unset: vec![path.to_owned()], set: vec![] }
}

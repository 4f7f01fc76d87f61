//! The JSON Schema of scenarios, written from the language's own table of fields.
//!
//! Draft-07, the newest draft that all of Taplo (Even Better TOML), VS Code and IntelliJ read. They
//! pass over what stands beside `$ref`, and Taplo over what stands beside `allOf`: a reference here
//! is an `anyOf` of one, so that a key keeps its own description, and keys that exclude each other
//! are a `not`.

mod kinds;
mod words;

use super::{Map, Value};
use crate::scenario::policies::BUILT_IN;
use crate::scenario::sample;
use crate::scenario::schema::{Choice, Field, Kind, Need, ROOT, Table};

/// The file's name where it lies beside a scenario.
pub const SCHEMA_FILE: &str = "scenario.schema.json";

/// The JSON Schema of scenarios.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Definitions::default();
    let root = definitions.body(&ROOT, "");
    let about = "A scenario of smschain: the traffic, the chain it goes through, and what goes \
                 wrong. `smschain explain PATH` says more of a key.";
    Map::new()
        .with("$schema", "http://json-schema.org/draft-07/schema#")
        .with("title", "smschain scenario")
        .with("description", about)
        .and(root)
        .with("definitions", definitions.written())
        .into()
}

/// Tables and choices that have been met, each described once.
#[derive(Default)]
struct Definitions {
    tables: Vec<(&'static Table, String)>,
    choices: Vec<(&'static Choice, String)>,
    /// By name, in the order in which they were met; `None`: being written.
    bodies: Vec<(String, Option<Value>)>,
}

impl Definitions {
    fn written(self) -> Map {
        Map::new().and(self.bodies.into_iter().filter_map(|(name, body)| Some((name, body?))))
    }

    /// A reference to the definition of a table that is met at `path`.
    fn table(&mut self, table: &'static Table, path: &str) -> Value {
        if let Some((_, name)) = self.tables.iter().find(|(known, _)| std::ptr::eq(*known, table)) {
            return reference(name);
        }
        self.tables.push((table, path.to_owned()));
        self.define(path, |definitions| definitions.body(table, path).into())
    }

    /// A reference to the definition of a choice that is met at `path`.
    fn choice(&mut self, choice: &'static Choice, path: &str) -> Value {
        let known = self.choices.iter().find(|(known, _)| std::ptr::eq(*known, choice));
        if let Some((_, name)) = known {
            return reference(name);
        }
        let name = words::of_choice(choice).unwrap_or(path).to_owned();
        self.choices.push((choice, name.clone()));
        self.define(&name, |definitions| definitions.kinds(choice, &name))
    }

    fn define(&mut self, name: &str, body: impl FnOnce(&mut Self) -> Value) -> Value {
        let place = self.bodies.len();
        self.bodies.push((name.to_owned(), None));
        let body = body(self);
        if let Some((_, written)) = self.bodies.get_mut(place) {
            *written = Some(body);
        }
        reference(name)
    }

    /// An object with the keys of a table.
    fn body(&mut self, table: &'static Table, path: &str) -> Map {
        let fields: Vec<&'static Field> =
            table.fields.iter().filter(|field| field.senseless.is_none()).collect();
        let properties = fields.iter().map(|field| {
            let path = if path.is_empty() {
                field.key.to_owned()
            } else {
                format!("{path}.{}", field.key)
            };
            (field.key, self.field(field, &path))
        });
        let properties = Map::new().and(properties);
        let required = fields.iter().filter(|field| matches!(field.need, Need::Required));
        let required: Vec<Value> = required.map(|field| Value::from(field.key)).collect();
        let mut body = Map::new()
            .with("type", "object")
            .with("additionalProperties", false)
            .with("properties", properties);
        if !required.is_empty() {
            body = body.with("required", required);
        }
        let apart = apart(&fields);
        if !apart.is_empty() {
            body = body.with("not", Map::new().with("anyOf", apart));
        }
        body
    }

    fn field(&mut self, field: &'static Field, path: &str) -> Value {
        let mut schema = Map::new().with("description", words::of_field(field));
        if let Some(default) = sample::default(field) {
            schema = schema.with("default", kinds::value(&default));
        }
        if let Some(example) = sample::example(field) {
            schema = schema.with("examples", Value::Array(vec![kinds::value(&example)]));
        }
        schema = schema.and(kinds::of(self, &field.kind, path));
        if let (Kind::Tables(_), Need::Required) = (field.kind, field.need) {
            schema = schema.with("minItems", 1_u64);
        }
        schema.into()
    }

    /// Exactly one of several kinds, or a plain value.
    fn kinds(&mut self, choice: &'static Choice, path: &str) -> Value {
        let properties = choice.variants.iter().map(|variant| {
            let mut schema = Map::new().with("description", variant.about);
            if let Some(example) = sample::settings(variant.example, &variant.table) {
                schema = schema.with("examples", Value::Array(vec![kinds::value(&example)]));
            }
            let body = self.body(&variant.table, &format!("{path}.{}", variant.key));
            (variant.key, schema.and(body))
        });
        let properties = Map::new().and(properties);
        let one = Map::new()
            .with("description", format!("{}: exactly one of these kinds.", choice.noun))
            .with("type", "object")
            .with("additionalProperties", false)
            .with("minProperties", 1_u64)
            .with("maxProperties", 1_u64)
            .with("properties", properties);
        match &choice.plain {
            None => one.into(),
            Some(plain) => {
                let constant = Map::new()
                    .with("description", "Always the same.")
                    .and(kinds::of(self, plain, path));
                Map::new().with("anyOf", Value::Array(vec![constant.into(), one.into()])).into()
            }
        }
    }
}

fn reference(name: &str) -> Value {
    Map::new().with("$ref", format!("#/definitions/{name}")).into()
}

/// Pairs of keys that can't stand together, each once.
fn apart(fields: &[&'static Field]) -> Vec<Value> {
    let mut pairs = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let later = fields[index + 1..].iter().filter(|other| {
            field.excludes.contains(&other.key) || other.excludes.contains(&field.key)
        });
        pairs.extend(later.map(|other| {
            let both = vec![Value::from(field.key), Value::from(other.key)];
            Map::new().with("required", Value::Array(both)).into()
        }));
    }
    pairs
}

/// The names of the built-in policies.
fn policies() -> Vec<Value> {
    BUILT_IN.iter().map(|policy| Value::from(policy.name)).collect()
}

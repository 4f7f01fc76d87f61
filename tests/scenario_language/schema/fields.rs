//! Field by field: the table of fields, the JSON Schema and the reference page say the same.

use serde_json::Value;
use smschain::scenario::docs;
use smschain::scenario::schema::{Choice, Field, Kind, Need, ROOT, Table};

use super::checker::Checker;

#[test]
fn schema_page_and_table_agree() {
    let checker = super::checker();
    let page = docs::markdown();
    let mut walk = Walk { checker: &checker, page: &page, seen: Vec::new(), fields: 0 };
    walk.table(&ROOT, checker.root(), None);
    assert!(walk.fields > 300, "{}", walk.fields);
}

struct Walk<'a> {
    checker: &'a Checker,
    page: &'a str,
    seen: Vec<*const Table>,
    fields: usize,
}

impl Walk<'_> {
    /// A table beside its schema; `kind`: that of a choice it belongs to.
    fn table(&mut self, table: &'static Table, schema: &Value, kind: Option<&str>) {
        if self.seen.iter().any(|known| std::ptr::eq(*known, table)) {
            return;
        }
        self.seen.push(table);
        let schema = self.checker.resolve(schema).clone();
        let sensible: Vec<&Field> =
            table.fields.iter().filter(|field| field.senseless.is_none()).collect();
        let keys: Vec<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut known: Vec<&str> = sensible.iter().map(|field| field.key).collect();
        known.sort_unstable();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, known);
        assert_eq!(schema["additionalProperties"], false);
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|key| key.as_str().unwrap())
            .collect();
        let needed: Vec<&str> = sensible
            .iter()
            .filter(|field| matches!(field.need, Need::Required))
            .map(|field| field.key)
            .collect();
        assert_eq!(required, needed, "{known:?}");
        for field in table.fields {
            self.row(field, kind);
            if field.senseless.is_none() {
                self.field(field, &schema["properties"][field.key]);
            }
        }
    }

    /// The reference page has the field's row.
    fn row(&mut self, field: &Field, kind: Option<&str>) {
        let key = match kind {
            Some(kind) => format!("{kind}.{}", field.key),
            None => field.key.to_owned(),
        };
        let about = match field.senseless {
            Some(reason) => format!("Makes no sense here: {reason}"),
            None => field.about.to_owned(),
        };
        let row = self.page.lines().find(|line| {
            line.starts_with(&format!("| `{key}` |"))
                && line.ends_with(&format!(" {} |", about.replace('|', "\\|")))
        });
        assert!(row.is_some(), "docs/scenario.md has no row of {key}: {about}");
    }

    fn field(&mut self, field: &'static Field, schema: &Value) {
        self.fields += 1;
        let description = schema["description"].as_str().unwrap();
        assert!(description.starts_with(field.about), "{}: {description}", field.key);
        let default = schema.get("default");
        assert_eq!(default.is_some(), matches!(field.need, Need::Default(_)), "{}", field.key);
        let long = matches!(field.kind, Kind::Tables(_) | Kind::Named(_));
        let examples = schema["examples"].as_array();
        assert_eq!(examples.is_none(), long, "{}", field.key);
        for value in examples.into_iter().flatten().chain(default) {
            let complaints = self.checker.against(schema, value);
            assert_eq!(complaints, [""; 0], "{}: {value}", field.key);
        }
        self.kind(&field.kind, schema);
    }

    fn kind(&mut self, kind: &'static Kind, schema: &Value) {
        match kind {
            Kind::Table(table) => self.table(table, &schema["anyOf"][0], None),
            Kind::Tables(table) => self.table(table, &schema["items"], None),
            Kind::Named(table) => self.table(table, &schema["additionalProperties"], None),
            Kind::Choice(choice) => self.choice(choice, &schema["anyOf"][0]),
            Kind::List(item, least) => {
                assert_eq!(schema["minItems"], *least);
                self.kind(item, &schema["items"]);
            }
            Kind::OneOrMore(item, _) => {
                self.kind(item, &schema["anyOf"][0]);
                self.kind(item, &schema["anyOf"][1]["items"]);
            }
            Kind::Words(words) => {
                let known: Vec<&str> = words.iter().map(|word| word.word).collect();
                assert_eq!(schema["enum"], serde_json::json!(known));
                let told: Vec<&str> = words.iter().map(|word| word.about).collect();
                assert_eq!(schema["x-taplo"]["docs"]["enumValues"], serde_json::json!(told));
            }
            Kind::Integer(least, most) => {
                assert_eq!(
                    (&schema["minimum"], &schema["maximum"]),
                    (&(*least).into(), &(*most).into())
                );
            }
            Kind::Number(least, most) => {
                let bound = |key: &str| schema[key].as_f64().unwrap().to_bits();
                assert_eq!((bound("minimum"), bound("maximum")), (least.to_bits(), most.to_bits()));
            }
            _ => {}
        }
    }

    fn choice(&mut self, choice: &'static Choice, schema: &Value) {
        let schema = self.checker.resolve(schema).clone();
        let kinds = if choice.plain.is_some() { &schema["anyOf"][1] } else { &schema };
        let keys = kinds["properties"].as_object().unwrap();
        assert_eq!(keys.len(), choice.variants.len());
        for variant in choice.variants {
            let schema = &keys[variant.key];
            assert_eq!(schema["description"], variant.about);
            for example in schema["examples"].as_array().unwrap() {
                assert_eq!(self.checker.against(schema, example), [""; 0], "{}", variant.key);
            }
            self.table(&variant.table, schema, Some(variant.key));
        }
    }
}

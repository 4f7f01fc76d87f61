//! What of JSON Schema the schema uses, checked by itself. A keyword it doesn't know is an error.

use regex_lite::Regex;
use serde_json::Value;

/// A schema to hold values against.
pub(super) struct Checker {
    root: Value,
}

impl Checker {
    pub(super) fn new(root: Value) -> Checker {
        assert_eq!(root["$schema"], "http://json-schema.org/draft-07/schema#");
        Checker { root }
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// What is wrong with a whole scenario.
    pub(super) fn complaints(&self, value: &Value) -> Vec<String> {
        self.against(&self.root, value)
    }

    /// What is wrong with a value by that schema.
    pub(super) fn against(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        self.check(schema, value, "", &mut complaints);
        complaints
    }

    /// The schema itself, behind references.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let name = reference.strip_prefix("#/definitions/").unwrap();
                self.resolve(self.root["definitions"].get(name).unwrap())
            }
            None => schema,
        }
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, complaints: &mut Vec<String>) {
        let schema = self.resolve(schema);
        if schema == &Value::Bool(true) {
            return;
        }
        let Some(keywords) = schema.as_object() else {
            complaints.push(format!("{at}: nothing may be here"));
            return;
        };
        for (keyword, said) in keywords {
            if !self.holds(schema, keyword, said, value, at, complaints) {
                complaints.push(format!("{at}: {value} is against {keyword} {said}"));
            }
        }
    }

    fn holds(
        &self,
        schema: &Value,
        keyword: &str,
        said: &Value,
        value: &Value,
        at: &str,
        complaints: &mut Vec<String>,
    ) -> bool {
        let number = value.as_f64();
        let limit = || said.as_f64().unwrap();
        let text = value.as_str().map(|text| text.chars().count() as f64);
        let items = value.as_array();
        let entries = value.as_object();
        match keyword {
            "$schema" | "title" | "description" | "default" | "examples" | "definitions"
            | "x-taplo" => true,
            "type" => match said.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "number" => value.is_number(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("{other}"),
            },
            "minimum" => number.is_none_or(|number| number >= limit()),
            "maximum" => number.is_none_or(|number| number <= limit()),
            "exclusiveMinimum" => number.is_none_or(|number| number > limit()),
            "minLength" => text.is_none_or(|length| length >= limit()),
            "maxLength" => text.is_none_or(|length| length <= limit()),
            "minItems" => items.is_none_or(|items| items.len() as f64 >= limit()),
            "maxItems" => items.is_none_or(|items| items.len() as f64 <= limit()),
            "minProperties" => entries.is_none_or(|entries| entries.len() as f64 >= limit()),
            "maxProperties" => entries.is_none_or(|entries| entries.len() as f64 <= limit()),
            "pattern" => {
                let pattern = Regex::new(said.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "enum" => said.as_array().unwrap().contains(value),
            "anyOf" => {
                let mut schemas = said.as_array().unwrap().iter();
                schemas.any(|schema| self.against(schema, value).is_empty())
            }
            "not" => !self.against(said, value).is_empty(),
            "required" => entries.is_none_or(|entries| {
                let mut keys = said.as_array().unwrap().iter();
                keys.all(|key| entries.contains_key(key.as_str().unwrap()))
            }),
            "properties" => {
                for (key, value) in entries.into_iter().flatten() {
                    if let Some(schema) = said.get(key) {
                        self.check(schema, value, &format!("{at}.{key}"), complaints);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |key: &str| schema["properties"].get(key).is_some();
                for (key, value) in entries.into_iter().flatten().filter(|entry| !known(entry.0)) {
                    self.check(said, value, &format!("{at}.{key}"), complaints);
                }
                true
            }
            "propertyNames" => {
                for key in entries.into_iter().flat_map(|entries| entries.keys()) {
                    self.check(said, &Value::from(key.as_str()), at, complaints);
                }
                true
            }
            "items" => {
                for (index, value) in items.into_iter().flatten().enumerate() {
                    let schema = if said.is_array() { &said[index] } else { said };
                    self.check(schema, value, &format!("{at}.{index}"), complaints);
                }
                true
            }
            other => panic!("the checker doesn't know the keyword {other}"),
        }
    }
}

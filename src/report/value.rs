//! A tree of values with the paths of a report.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A node. Maps keep the order in which they were built.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Unknown, or not defined.
    Null,
    /// A count.
    Count(u64),
    /// Yes or no.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names and values.
    Map(Vec<(String, Value)>),
}

impl From<u64> for Value {
    fn from(count: u64) -> Value {
        Value::Count(count)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Flag(flag)
    }
}

impl From<f64> for Value {
    /// What isn't finite is unknown: a report never says NaN.
    fn from(number: f64) -> Value {
        if number.is_finite() { Value::Number(number) } else { Value::Null }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// Builds a map, key by key.
#[derive(Debug, Default)]
pub(crate) struct Map(Vec<(String, Value)>);

impl Map {
    pub(crate) fn new() -> Map {
        Map::default()
    }

    /// Adds a key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Map {
        self.0.push((key.into(), value.into()));
        self
    }

    /// Adds several keys.
    pub(crate) fn and<K: Into<String>, V: Into<Value>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Map {
        self.0.extend(entries.into_iter().map(|(key, value)| (key.into(), value.into())));
        self
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map.0)
    }
}

impl Value {
    /// The value under a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Calls `leaf` with the dotted path of everything that isn't a map.
    pub fn leaves<'tree>(&'tree self, leaf: &mut impl FnMut(&str, &'tree Value)) {
        self.walk(&mut String::new(), leaf);
    }

    fn walk<'tree>(&'tree self, path: &mut String, leaf: &mut impl FnMut(&str, &'tree Value)) {
        let Value::Map(entries) = self else {
            leaf(path, self);
            return;
        };
        let length = path.len();
        for (key, value) in entries {
            if length > 0 {
                path.push('.');
            }
            path.push_str(key);
            value.walk(path, leaf);
            path.truncate(length);
        }
    }

    /// Reads what [`Value::to_json`] wrote, or other JSON without negative whole numbers beyond
    /// what a float holds.
    ///
    /// # Errors
    /// What is wrong with the JSON, and where.
    pub fn parse(json: &str) -> Result<Value, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// As JSON, for people too: indented, with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Numbers, texts, lists and maps with text keys can all be written.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Count(count) => serializer.serialize_u64(*count),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Makes values of what a format says there is.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of a result file")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_u64<E>(self, count: u64) -> Result<Value, E> {
        Ok(Value::Count(count))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok((number as f64).into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_nothing_is_nan() {
        let value: Value = Map::new()
            .with("z", 1)
            .with("a", f64::NAN)
            .with("m", Map::new().with("x", 0.1).with("none", None::<u64>))
            .into();
        assert_eq!(
            value.to_json(),
            "{\n  \"z\": 1,\n  \"a\": null,\n  \"m\": {\n    \"x\": 0.1,\n    \"none\": null\n  }\n}\n"
        );
        let mut paths = Vec::new();
        value.leaves(&mut |path, _| paths.push(path.to_owned()));
        assert_eq!(paths, ["z", "a", "m.x", "m.none"]);
        assert_eq!(value.get("m").and_then(|m| m.get("x")), Some(&Value::Number(0.1)));
    }

    #[test]
    fn what_was_written_is_read_back() {
        let value: Value = Map::new()
            .with("count", 5)
            .with("number", 5.0)
            .with("below", -1.5)
            .with("none", Value::Null)
            .with("list", Value::List(vec!["a".into(), true.into()]))
            .with("map", Map::new().with("z", 1).with("a", 2))
            .into();
        assert_eq!(Value::parse(&value.to_json()).unwrap(), value);
        assert!(Value::parse("{").is_err());
    }
}

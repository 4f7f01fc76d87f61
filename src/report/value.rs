//! A tree of values with the paths of a report.

use serde::{Serialize, Serializer};

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
}

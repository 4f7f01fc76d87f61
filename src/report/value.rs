//! Trees of values with the paths of a report.

pub use serde_json::Value;

/// A builder of maps, key by key. What isn't a finite number is null: a report never says NaN.
#[derive(Debug, Default)]
pub(crate) struct Map(serde_json::Map<String, Value>);

impl Map {
    pub(crate) fn new() -> Map {
        Map::default()
    }

    /// Adds a key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Map {
        self.0.insert(key.into(), value.into());
        self
    }

    /// Adds what is at a path below.
    pub(crate) fn under(mut self, path: &str, value: Value) -> Map {
        put(&mut self.0, path, value);
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

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Puts a value at a path; what goes by names, `within.<time>`, is a map of them.
fn put(map: &mut serde_json::Map<String, Value>, path: &str, value: Value) {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    match value {
        Value::Object(entries) if key.starts_with('<') => map.extend(entries),
        value if rest.is_empty() => drop(map.insert(key.to_owned(), value)),
        value => {
            let inside = map.entry(key).or_insert_with(|| Map::new().into());
            if let Value::Object(inside) = inside {
                put(inside, rest, value);
            }
        }
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Object(map.0)
    }
}

/// Calls `leaf` with the dotted path of everything in `tree` that isn't a map.
pub fn leaves<'tree>(tree: &'tree Value, leaf: &mut impl FnMut(&str, &'tree Value)) {
    walk(tree, &mut String::new(), leaf);
}

fn walk<'tree>(tree: &'tree Value, path: &mut String, leaf: &mut impl FnMut(&str, &'tree Value)) {
    let Value::Object(entries) = tree else {
        leaf(path, tree);
        return;
    };
    let length = path.len();
    for (key, value) in entries {
        if length > 0 {
            path.push('.');
        }
        path.push_str(key);
        walk(value, path, leaf);
        path.truncate(length);
    }
}

/// JSON for people too: indented, with a final newline.
#[must_use]
pub fn to_json(value: &Value) -> String {
    format!("{value:#}\n")
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
            to_json(&value),
            "{\n  \"z\": 1,\n  \"a\": null,\n  \"m\": {\n    \"x\": 0.1,\n    \"none\": null\n  }\n}\n"
        );
        let mut paths = Vec::new();
        leaves(&value, &mut |path, _| paths.push(path.to_owned()));
        assert_eq!(paths, ["z", "a", "m.x", "m.none"]);
    }
}

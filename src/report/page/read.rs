//! What a result file says, found by path.

use crate::report::Value;

/// The value at a dotted path. A key may have dots of its own (`within.1.5s`).
pub(super) fn at<'tree>(value: &'tree Value, path: &str) -> Option<&'tree Value> {
    let Value::Map(entries) = value else {
        return None;
    };
    entries.iter().find_map(|(key, inside)| match path.strip_prefix(key.as_str())? {
        "" => Some(inside),
        rest => at(inside, rest.strip_prefix('.')?),
    })
}

/// The number at a path.
pub(super) fn number(value: &Value, path: &str) -> Option<f64> {
    as_number(at(value, path)?)
}

/// The text at a path; empty if there is none.
pub(super) fn text<'tree>(value: &'tree Value, path: &str) -> &'tree str {
    match at(value, path) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

/// The list at a path; empty if there is none.
pub(super) fn list<'tree>(value: &'tree Value, path: &str) -> &'tree [Value] {
    match at(value, path) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// The entries of the map at a path; none if there is none.
pub(super) fn entries<'tree>(value: &'tree Value, path: &str) -> &'tree [(String, Value)] {
    match at(value, path) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}

pub(super) fn as_number(value: &Value) -> Option<f64> {
    match *value {
        Value::Count(count) => Some(count as f64),
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// A value of a scenario's key, as it was written.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(count) => count.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Null | Value::List(_) | Value::Map(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed() {
        let json = r#"{"a": {"1.5s": 1, "1": {"5": 2}}, "t": "x", "l": [1], "n": null}"#;
        let value = Value::parse(json).unwrap();
        assert_eq!(number(&value, "a.1.5s"), Some(1.0));
        assert_eq!(number(&value, "a.1.5"), Some(2.0));
        assert_eq!((number(&value, "a"), number(&value, "n")), (None, None));
        assert_eq!((text(&value, "t"), text(&value, "a")), ("x", ""));
        assert_eq!((list(&value, "l").len(), entries(&value, "a").len()), (1, 2));
        assert!(list(&value, "t").is_empty() && at(&value, "ab").is_none());
    }
}

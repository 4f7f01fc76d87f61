//! Looking things up in a result file.

use super::super::Value;

/// A number that can be drawn.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Count(count) => Some(*count as f64),
        Value::Number(number) => Some(*number).filter(|number| number.is_finite()),
        _ => None,
    }
}

/// What is under a path of keys.
pub(super) fn at<'tree>(value: &'tree Value, path: &[&str]) -> Option<&'tree Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// A number under a path of keys.
pub(super) fn number_at(value: &Value, path: &[&str]) -> Option<f64> {
    at(value, path).and_then(number)
}

/// A text under a path of keys.
pub(super) fn text_at<'tree>(value: &'tree Value, path: &[&str]) -> Option<&'tree str> {
    match at(value, path) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The entries of the map under a path; none if there is no map.
pub(super) fn entries<'tree>(value: &'tree Value, path: &[&str]) -> &'tree [(String, Value)] {
    match at(value, path) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}

/// The items of the list under a path; none if there is no list.
pub(super) fn items<'tree>(value: &'tree Value, path: &[&str]) -> &'tree [Value] {
    match at(value, path) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// A mean and the half-width of its interval.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Known {
    pub(super) mean: Option<f64>,
    pub(super) half_width: Option<f64>,
}

/// The estimate in a map `{mean, half_width}`; `mean` may go by another name.
pub(super) fn known(value: Option<&Value>, mean: &str) -> Known {
    let of = |key| value.and_then(|value| value.get(key)).and_then(number);
    Known { mean: of(mean), half_width: of("half_width") }
}

/// A metric of a cell.
pub(super) fn metric(cell: &Value, path: &str) -> Known {
    known(at(cell, &["metrics", path]), "mean")
}

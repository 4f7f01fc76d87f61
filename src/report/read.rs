//! Values of a result file, found by path.

use serde_json::Map;

use super::Value;

/// The value at a dotted path. A key may have dots of its own (`within.1.5s`).
pub(super) fn at<'tree>(value: &'tree Value, path: &str) -> Option<&'tree Value> {
    value.as_object()?.iter().find_map(|(key, inside)| match path.strip_prefix(key.as_str())? {
        "" => Some(inside),
        rest => at(inside, rest.strip_prefix('.')?),
    })
}

/// The number at a path.
pub(super) fn number(value: &Value, path: &str) -> Option<f64> {
    at(value, path)?.as_f64()
}

/// The text at a path.
pub(super) fn text_at<'tree>(value: &'tree Value, path: &str) -> Option<&'tree str> {
    at(value, path)?.as_str()
}

/// The text at a path; empty if there is none.
pub(super) fn text<'tree>(value: &'tree Value, path: &str) -> &'tree str {
    text_at(value, path).unwrap_or_default()
}

/// The list at a path; empty if there is none.
pub(super) fn list<'tree>(value: &'tree Value, path: &str) -> &'tree [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The entries of the map at a path; none if there is none.
pub(super) fn entries<'tree>(
    value: &'tree Value,
    path: &str,
) -> impl Iterator<Item = (&'tree String, &'tree Value)> + use<'tree> {
    at(value, path).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// A value of a scenario's key, as it was written.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// A figure and half its 95 % interval, as far as there are such.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Figure {
    pub(super) value: Option<f64>,
    pub(super) half_width: Option<f64>,
}

impl Figure {
    /// The rest of the whole: 1 − the share, as sure as that.
    pub(super) fn complement(self) -> Figure {
        Figure { value: self.value.map(|value| 1.0 - value), ..self }
    }
}

/// The estimate in a map `{mean, half_width}`; `mean` may go by another name.
pub(super) fn estimate(value: Option<&Value>, mean: &str) -> Figure {
    let of = |key| value?.get(key)?.as_f64();
    Figure { value: of(mean), half_width: of("half_width") }
}

/// A metric of a cell.
pub(super) fn metric(cell: &Value, path: &str) -> Figure {
    estimate(cell.get("metrics").and_then(|metrics| metrics.get(path)), "mean")
}

/// The result that figures are read from.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReadFrom<'tree> {
    /// A whole `report.json`.
    Run(&'tree Value),
    /// A cell's `metrics`.
    Cell(&'tree Value),
}

impl ReadFrom<'_> {
    /// The figure at a path of the report.
    pub(super) fn figure(self, path: &str) -> Figure {
        match self {
            ReadFrom::Run(report) => {
                let estimate = report.get("estimates").and_then(|all| all.get(path));
                let value = number(report, path);
                Figure { value, ..self::estimate(estimate, "mean") }
            }
            ReadFrom::Cell(metrics) => estimate(metrics.get(path), "mean"),
        }
    }

    pub(super) fn value(self, path: &str) -> Option<f64> {
        self.figure(path).value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed() {
        let value = serde_json::json!({
            "a": {"1.5s": 1, "1": {"5": 2}}, "t": "x", "l": [1], "n": null
        });
        assert_eq!(number(&value, "a.1.5s"), Some(1.0));
        assert_eq!(number(&value, "a.1.5"), Some(2.0));
        assert_eq!((number(&value, "a"), number(&value, "n")), (None, None));
        assert_eq!((text(&value, "t"), text(&value, "a")), ("x", ""));
        assert_eq!((list(&value, "l").len(), entries(&value, "a").count()), (1, 2));
        assert!(list(&value, "t").is_empty() && at(&value, "ab").is_none());
    }
}

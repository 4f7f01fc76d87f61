//! Python's values as TOML.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyMapping, PySequence, PyString};
use toml::{Table, Value};

/// A scenario as TOML, of a dict of dicts, lists, texts, numbers and booleans.
#[pyfunction]
pub(super) fn toml_text(scenario: &Bound<'_, PyAny>) -> PyResult<String> {
    let wrong = || PyTypeError::new_err("expected a dict");
    let Value::Table(table) = value(scenario, "", 0)? else { return Err(wrong()) };
    toml::to_string(&table).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A value as TOML writes it behind `=`.
#[pyfunction]
pub(super) fn toml_value(of: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(value(of, "", 0)?.to_string())
}

/// Deeper is no scenario, but a list that holds itself.
const DEEPEST: usize = 64;

fn value(of: &Bound<'_, PyAny>, path: &str, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(PyValueError::new_err(format!("{path}: nested too deeply")));
    }
    if let Ok(truth) = of.cast::<PyBool>() {
        return Ok(Value::Boolean(truth.is_true()));
    }
    if let Ok(text) = of.cast::<PyString>() {
        return Ok(Value::String(text.extract()?));
    }
    if of.is_instance_of::<PyInt>() {
        return Ok(Value::Integer(of.extract()?));
    }
    if of.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(of.extract()?));
    }
    if let Ok(mapping) = of.cast::<PyMapping>() {
        let mut table = Table::new();
        for pair in mapping.items()?.iter() {
            let (key, inside): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
            let key: String = key
                .extract()
                .map_err(|_| PyTypeError::new_err(format!("{path}: a key is no text: {key}")))?;
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            table.insert(key, value(&inside, &path, depth + 1)?);
        }
        return Ok(Value::Table(table));
    }
    if let Ok(sequence) = of.cast::<PySequence>() {
        let each = (0..sequence.len()?)
            .map(|index| value(&sequence.get_item(index)?, &format!("{path}[{index}]"), depth + 1));
        return Ok(Value::Array(each.collect::<PyResult<_>>()?));
    }
    if of.hasattr("__fspath__")? {
        return Ok(Value::String(of.call_method0("__fspath__")?.extract()?));
    }
    // Arrays, and what they hold: numpy's truth is no number.
    if of.hasattr("tolist")? {
        return value(&of.call_method0("tolist")?, path, depth + 1);
    }
    // The numbers of others.
    if of.hasattr("__index__")? {
        return Ok(Value::Integer(of.call_method0("__index__")?.extract()?));
    }
    if of.hasattr("__float__")? {
        return Ok(Value::Float(of.call_method0("__float__")?.extract()?));
    }
    let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
    let what = if of.is_none() {
        "None is no value of TOML; leave the key out".to_owned()
    } else {
        let name = of.get_type().name()?;
        format!("expected a dict, list, text, number or boolean, not {name}")
    };
    Err(PyTypeError::new_err(place + &what))
}

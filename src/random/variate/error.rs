//! Parameters that make no distribution.

/// The parameter, what it was, what was expected; without units, for those are the caller's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{parameter}` is {found}: expected {expected}")]
pub struct ParameterError {
    parameter: String,
    found: String,
    expected: String,
}

impl ParameterError {
    pub(super) fn new(
        parameter: impl Into<String>,
        found: impl ToString,
        expected: impl Into<String>,
    ) -> Self {
        Self { parameter: parameter.into(), found: found.to_string(), expected: expected.into() }
    }

    /// The parameter by its name in the constructor, an element of a list as `means[2]`.
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Its value.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// The values that it might have had.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

/// `value`, if finite.
pub(super) fn finite(parameter: &str, value: f64) -> Result<f64, ParameterError> {
    within(parameter, value, true, "a finite number")
}

/// `value`, if finite and above 0.
pub(super) fn positive(parameter: &str, value: f64) -> Result<f64, ParameterError> {
    within(parameter, value, value > 0.0, "a finite number above 0")
}

/// `value`, if finite and at least 0.
pub(super) fn not_negative(parameter: &str, value: f64) -> Result<f64, ParameterError> {
    within(parameter, value, value >= 0.0, "a finite number, at least 0")
}

fn within(parameter: &str, value: f64, fits: bool, expected: &str) -> Result<f64, ParameterError> {
    let error = || ParameterError::new(parameter, value, expected);
    (value.is_finite() && fits).then_some(value).ok_or_else(error)
}

/// `value`, if finite and at least `other`, whose name is `floor`.
pub(super) fn at_least(
    parameter: &str,
    value: f64,
    floor: &str,
    other: f64,
) -> Result<f64, ParameterError> {
    let expected = format!("a finite number, at least `{floor}` ({other})");
    within(parameter, value, value >= other, &expected)
}

//! The figure that policies are judged by.

use crate::experiment::metrics::HEADLINE;
use crate::report::{Better, Unit, better, unit};

/// The figure that is decided on, else what arrives on time.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Its path.
    pub path: String,
    /// The unit of its values.
    pub unit: Unit,
    /// The better direction; `None`: neither.
    pub better: Option<Better>,
    /// Of the metrics.
    index: Option<usize>,
}

impl Subject {
    /// The figure at a path among these; the headline without one.
    #[must_use]
    pub fn of(paths: &[String], decided: Option<&str>) -> Subject {
        let path = decided.unwrap_or(HEADLINE);
        let index = paths.iter().position(|other| other == path);
        // People ask how much arrives, not how much doesn't.
        let better = if path == HEADLINE { Some(Better::Higher) } else { better(path) };
        Subject { path: path.to_owned(), unit: unit(path), better, index }
    }

    /// Its value in a replication with these metrics.
    #[must_use]
    pub fn value(&self, metrics: &[Option<f64>]) -> Option<f64> {
        let value = metrics.get(self.index?).copied().flatten()?;
        Some(if self.path == HEADLINE { 1.0 - value } else { value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::{metric_paths, metrics};

    #[test]
    fn it_is_what_arrives_on_time_unless_another_is_decided_on() {
        let spec = sample::spec();
        let paths = metric_paths(&spec);
        let values = metrics(&spec, sample::run().results);
        let on_time = Subject::of(&paths, None);
        assert!((on_time.value(&values).unwrap() - 17_819.0 / 20_000.0).abs() < 1e-12);
        assert_eq!(on_time.better, Some(Better::Higher));
        let attempts = Subject::of(&paths, Some("attempts.mean"));
        assert_eq!((attempts.better, attempts.unit), (Some(Better::Lower), Unit::Number));
        assert_eq!(Subject::of(&paths, Some("elephant")).value(&values), None);
    }
}

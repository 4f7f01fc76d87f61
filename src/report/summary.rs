//! `summary.csv`: every number of the report, a row each.

use super::csv_line::csv_file;
use super::{Facts, Value, leaves, read};

/// Columns `path,value,half_width,n,text`; half-width and n where a figure has an estimate, `text` in
/// place of a value for names and the like, so that each column is of one type. What isn't defined
/// is empty. Histograms and lists are left to `report.json`.
#[must_use]
pub fn summary(facts: &Facts<'_>, report: &Value) -> String {
    let mut rows = vec![["path", "value", "half_width", "n", "text"].map(str::to_owned)];
    leaves(report, &mut |path, value| {
        if path.starts_with("estimates.") || path.starts_with("attempts.histogram.") {
            return;
        }
        let (number, words) = match value {
            Value::Array(_) | Value::Object(_) => return,
            Value::Number(_) => (read::written(value), String::new()),
            Value::Null | Value::Bool(_) | Value::String(_) => {
                (String::new(), read::written(value))
            }
        };
        let sure = facts.estimate(path).and_then(|own| Some((own.half_width?, own.n)));
        let [half_width, n] = match sure {
            Some((half_width, n)) => [half_width.to_string(), n.to_string()],
            None => Default::default(),
        };
        rows.push([path.to_owned(), number, half_width, n, words]);
    });
    csv_file(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::report;

    #[test]
    fn a_row_a_number() {
        let (spec, run) = (sample::spec(), sample::run());
        let facts = Facts::new(&spec, "f00d", 7, &run);
        let text = summary(&facts, &report(&facts));
        let row = |path: &str| {
            text.lines().find(|line| line.starts_with(&format!("{path},"))).map(str::to_owned)
        };
        assert_eq!(text.lines().next(), Some("path,value,half_width,n,text"));
        assert_eq!(row("scenario.fingerprint").unwrap(), "scenario.fingerprint,,,,f00d");
        assert_eq!(row("layers.api_success").unwrap(), "layers.api_success,20000,,,");
        let headline = row("divergence.api_vs_on_time").unwrap();
        assert!(headline.starts_with("divergence.api_vs_on_time,0.109"), "{headline}");
        assert!(headline.ends_with(",20,"), "{headline}");
        assert_eq!(row("latency.carrier_wait.mean_s").unwrap(), "latency.carrier_wait.mean_s,,,,");
        assert_eq!(row("attempts.histogram.1"), None);
        assert!(text.lines().all(|line| line.split(',').count() == 5));
    }
}

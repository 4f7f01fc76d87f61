//! The layers of success, with the shares that each is of what was asked for and of what was accepted.

use super::metric::{Metric, under};
use super::read::{Figure, ReadFrom};

/// A layer's key, where its share of what was asked for is, and what it lacks of API success.
const SHARES: [(&str, &str, &str); 4] = [
    ("api_success", "of_requested.accepted", ""),
    ("execution_success", "", "divergence.api_vs_execution"),
    ("outcome_success", "of_requested.delivered", "divergence.api_vs_outcome"),
    ("outcome_on_time", "of_requested.on_time", "divergence.api_vs_on_time"),
];

/// A layer: messages, and what share they are.
pub(super) struct Layer {
    pub(super) metric: &'static Metric,
    pub(super) messages: f64,
    /// Everybody once, where the report says so: repeated calls may make more messages.
    pub(super) of_asked: Figure,
    pub(super) of_accepted: Figure,
    /// The share of what was asked for, also where the report has none.
    pub(super) part: f64,
}

/// All of them that a report has; without a deadline nothing is on time.
pub(super) fn layers(run: ReadFrom<'_>, has_deadline: bool) -> Vec<Layer> {
    let of = |path: &str| run.value(path).filter(|&count| count > 0.0);
    let (asked, accepted) = (of("layers.requested"), of("layers.api_success"));
    let shown = under("layers").filter(|own| has_deadline || own.key() != "outcome_on_time");
    let layer = |metric: &'static Metric| {
        let messages = run.value(metric.path)?;
        let own = SHARES.into_iter().find(|own| own.0 == metric.key());
        let (_, whole, gap) = own.unwrap_or_default();
        let of_asked = if whole.is_empty() { Figure::default() } else { run.figure(whole) };
        let of_accepted = match gap {
            // What was asked for is more than what was accepted.
            _ if metric.key() == "requested" => Figure::default(),
            "" => Figure { value: accepted.map(|all| messages / all), half_width: None },
            gap => run.figure(gap).complement(),
        };
        let part = of_asked.value.or(asked.map(|asked| messages / asked)).unwrap_or(0.0);
        Some(Layer { metric, messages, of_asked, of_accepted, part })
    };
    shown.filter_map(layer).collect()
}

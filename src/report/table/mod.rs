//! What commands without a page have to say on the terminal.

mod doubts;
mod explained;
mod hunt;
mod policies;
mod replay;
mod trace;
mod validation;

pub use doubts::unsettled_sentence;
pub use explained::{explained_table, figure_table, named_table, term_table};
pub use hunt::hunt_table;
pub use policies::{policies_table, policy_table};
pub use replay::replay_table;
pub use trace::{StoryLook, story_table};
pub use validation::validation_table;

use super::capacity::Capacity;
use super::comparison::Compared;
pub use super::comparison::undecided as undecided_sentence;
pub use super::document::{Footer, Look};
use super::sweep::Swept;
use super::{Facts, Value, capacity, comparison, fit, run, sweep};

/// A run, as a person reads it; `report` is its report.
#[must_use]
pub fn table(report: &Value, facts: &Facts<'_>, look: Look, footer: &Footer) -> String {
    run::document(report, Some(facts)).lines(look, footer)
}

/// The table of `compare`; `result` is its result file.
#[must_use]
pub fn comparison_table(
    result: &Value,
    compared: &Compared<'_>,
    look: Look,
    footer: &Footer,
) -> String {
    comparison::document(result, Some(compared)).lines(look, footer)
}

/// The table of `sweep`; `result` is its result file.
#[must_use]
pub fn sweep_table(result: &Value, swept: &Swept<'_>, look: Look, footer: &Footer) -> String {
    sweep::document(result, Some(swept)).lines(look, footer)
}

/// The table of `capacity`; `result` is its result file.
#[must_use]
pub fn capacity_table(
    result: &Value,
    capacity: &Capacity<'_>,
    look: Look,
    footer: &Footer,
) -> String {
    capacity::document(result, Some(capacity)).lines(look, footer)
}

/// The table of `fit`; `result` is its result file.
#[must_use]
pub fn fit_table(result: &Value, look: Look, footer: &Footer) -> String {
    fit::document(result).lines(look, footer)
}

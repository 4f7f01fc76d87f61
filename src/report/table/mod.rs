//! Documents of commands without a page.

mod doubts;
mod explained;
mod hunt;
mod policies;
mod replay;
mod trace;
mod validation;

pub use doubts::unsettled_sentence;
pub use explained::{explained_table, figure_table, judged_table, named_table, term_table};
pub use hunt::hunt_table;
pub use policies::{policies_table, policy_table};
pub use replay::replay_table;
pub use trace::{StoryLook, story_table};
pub use validation::validation_table;

pub use super::comparison::undecided as undecided_sentence;
pub use super::document::{Footer, Look};
pub use super::page::{run_table, table};

//! Results → what people and programs read: `report.json`, CSV files, the terminal's table.
//! Everything here is a function of the results; nothing is measured or decided here.

pub mod capacity;
mod cells;
mod certainty;
pub mod charts;
pub mod comparison;
mod condition;
mod csv_line;
mod direction;
mod facts;
mod findings;
mod finished;
mod glossary;
mod head;
mod hunt;
mod json;
mod json_schema;
mod latency;
mod messages;
mod metrics;
mod objective;
mod page;
pub mod perfetto;
mod policies;
pub mod replay;
mod summary;
pub mod sweep;
pub mod table;
mod timeseries;
pub mod trace;
mod validation;
mod value;

pub use cells::{Row, cells_csv};
pub use certainty::{certainty_sentence, rarity_sentence};
pub use condition::Condition;
pub use direction::{Better, Unit, better, unit};
pub use facts::Facts;
pub use findings::{Findings, Kind, Table};
pub use finished::{Finished, Heading};
pub use glossary::meaning;
pub use hunt::{Hunted, hunt, hunt_csv};
pub use json::report;
pub use json_schema::{SCHEMA_FILE, json_schema};
pub use latency::latency;
#[cfg(feature = "parquet")]
pub use messages::MessageTable;
pub use messages::{Behind, MessageLog, MessageRows};
pub use metrics::{metric, metric_paths, metrics};
pub use objective::{Gate, Objective, with_objectives};
pub use page::page;
pub use policies::{policies, policies_csv};
pub use summary::summary;
pub use timeseries::timeseries;
pub use validation::validation;
pub(crate) use value::Map;
pub use value::Value;

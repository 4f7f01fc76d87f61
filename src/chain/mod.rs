//! The SMS chain: what happens to a request and its messages, and how a run of it is carried out.
//!
//! From the ground up, each using those before it: [`spec`] (settings), `draws` (chance by name),
//! `records` (what is in flight), `books` (what is counted), [`trace`] (what an observer is told),
//! `stations` (what decides, each with its own state), `model` (what happens) and `engine` (how it is brought about, step by step or
//! fast).

mod books;
mod draws;
mod engine;
mod model;
mod records;
pub mod spec;
mod stations;
pub mod trace;

pub(crate) use books::results::Count;
pub use books::results::*;
pub use draws::redraw::FirstUses;
pub use engine::fast::{InOrder, Texts};
pub use engine::snapshot::{
    BreakerState, CarrierState, InFlight, Oldest, ProviderState, QueueState, RouteWeight, Snapshot,
    snapshot,
};
pub use engine::{EngineChoice, Imbalance, first_uses, simulate, simulate_by, simulate_redrawn};
pub use model::gauges::gauges;
pub(crate) use records::outcome::named;
pub use records::outcome::{AttemptResult, EndPlace, Observed, PartEnd, Rejection, Stage, Truth};
pub(crate) use stations::population::segments;
pub use stations::provider::degraded_spells;
pub(crate) use stations::quiet::{Calendar, Hours};
pub use trace::completed::{Completed, Numbered};
pub use trace::observer::{NoObserver, Observer, Wants, When};
pub use trace::traced::{Subject, TracedEvent};

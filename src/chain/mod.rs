//! The SMS chain, a file a stage in the order a message meets them.
//!
//! [`spec`] holds its settings, [`simulate`] runs it once, [`Results`] is what a run counted. The
//! stages are parts of one state machine (`world`): each file holds a stage's own state and what
//! its events set going.

mod account;
mod answer;
mod api;
mod arrivals;
mod attempt;
mod bucket;
mod carrier;
mod client;
mod completed;
mod copied;
mod delay;
mod draws;
mod ends;
mod engine;
mod event;
mod filter;
mod handset;
mod incident;
mod keyed_map;
mod ledger;
mod message;
mod messages;
mod names;
mod observer;
mod outcome;
mod own_time;
mod piecewise;
mod places;
mod provider;
mod queue;
mod receipt;
mod requests;
mod results;
mod retry;
mod routing;
mod series;
mod slab;
mod snapshot;
mod spans;
pub mod spec;
pub mod story;
mod traced;
mod traits;
mod windows;
mod world;

pub use completed::{Completed, Numbered};
pub use draws::redraw::{FirstUses, first_uses, simulate_redrawn};
pub use engine::fast::{InOrder, Texts};
pub use engine::{EngineChoice, Imbalance, simulate, simulate_by};
pub use observer::{NoObserver, Observer, Wants, When};
pub use outcome::{AttemptResult, Observed, Rejection, Stage, Truth};
pub use provider::degraded_spells;
pub use results::*;
pub use series::gauges;
pub use snapshot::{
    BreakerState, CarrierState, InFlight, Oldest, ProviderState, QueueState, Snapshot, snapshot,
};
pub use traced::{Subject, TracedEvent};
pub(crate) use traits::segments;

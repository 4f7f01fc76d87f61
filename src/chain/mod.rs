//! The SMS chain, a file a stage in the order a message meets them.
//!
//! [`spec`] holds its settings, [`simulate`] runs it once, [`Results`] is what a run counted. The
//! stages are parts of one state machine (`world`): each file holds a stage's own state and what
//! its events set going.

mod account;
mod answer;
mod api;
mod arrivals;
mod bucket;
mod carrier;
mod certain;
mod client;
mod completed;
mod convoy;
mod copied;
mod course;
mod delay;
mod dispatch;
mod ends;
mod event;
mod filter;
mod first_attempts;
mod foresight;
mod handset;
mod in_order;
mod incident;
mod keyed_map;
mod ledger;
mod message;
mod messages;
mod names;
mod observer;
mod outcome;
mod own_time;
mod paged;
mod places;
mod provider;
mod purpose;
mod queue;
mod read_ahead;
mod receipt;
mod redraw;
mod requests;
mod results;
mod retry;
mod routing;
mod series;
mod simulate;
mod slab;
mod snapshot;
mod spans;
pub mod spec;
pub mod story;
mod submit;
mod together;
mod traced;
mod traits;
mod windows;
mod world;

pub use completed::{Completed, Numbered};
pub use in_order::{InOrder, Texts, When};
pub use observer::{NoObserver, Observer, StepByStep, Wants};
pub use outcome::{AttemptResult, Observed, Rejection, Stage, Truth};
pub use provider::degraded_spells;
pub use redraw::{FirstUses, first_uses, simulate_redrawn};
pub use results::*;
pub use series::gauges;
pub use simulate::{Imbalance, simulate};
pub use snapshot::{
    BreakerState, CarrierState, InFlight, Oldest, ProviderState, QueueState, Snapshot, snapshot,
};
pub use traced::{Subject, TracedEvent};
pub(crate) use traits::segments;

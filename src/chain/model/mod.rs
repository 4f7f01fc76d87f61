//! What happens: each station's settings, state and decisions.
//!
//! A station says what comes of what, and when; an [`Engine`](engine::Engine) brings it about.

pub(crate) mod account;
pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod arrivals;
pub(crate) mod attempt;
pub(crate) mod bucket;
pub(crate) mod carrier;
mod chain;
pub(crate) mod client;
pub(crate) mod engine;
pub(crate) mod faults;
pub(crate) mod filters;
pub(crate) mod gauges;
pub(crate) mod handset;
pub(crate) mod population;
pub(crate) mod provider;
pub(crate) mod queue;
mod quiet;
pub(crate) mod receipt;
pub(crate) mod requests;
pub(crate) mod retry;
pub(crate) mod routing;
mod tell;

pub(crate) use chain::Chain;

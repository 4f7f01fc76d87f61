//! The model: what happens to requests, messages, attempts and copies, from station to station.
//!
//! A station says what comes of what, and when; an [`Engine`](engine::Engine) brings it about.

pub(crate) mod api;
pub(crate) mod attempt;
pub(crate) mod carrier;
mod carrier_limits;
mod chain;
pub(crate) mod client;
mod ends;
pub(crate) mod engine;
pub(crate) mod gauges;
pub(crate) mod handset;
pub(crate) mod incidents;
mod on_receipt;
mod parts;
pub(crate) mod queue;
pub(crate) mod receipt;
pub(crate) mod requests;
pub(crate) mod retry;
pub(crate) mod routes;
mod tell;

pub(crate) use chain::Chain;

//! Each stage of the chain does what its settings say: set one to an extreme and the figure that
//! must move moves, by the exact amount where arithmetic gives it, else within a 99.9 % interval.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

mod ahead;
mod api;
mod autoscale;
mod brokers;
mod calendars;
mod carrier;
mod client;
mod delivery_batches;
mod dispatch;
mod filters;
mod ids;
mod incidents;
mod lease;
mod limits;
mod money;
mod on_receipt;
mod parts;
mod policies;
mod provider;
mod queue;
mod rates;
mod receipts;
mod refusals;
mod retry;
mod routes;
#[path = "../common/stepped.rs"]
mod stepped;
mod stories;
mod support;
mod theory;
mod traffic;

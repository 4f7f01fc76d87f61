//! Stations: what decides. Each has its own settings and state, both private, and a small face: who
//! asks it gives facts and draws, and gets the decision as a value.
//!
//! A station knows neither events nor books, and no other station's state: what a decision brings about is the
//! business of `model`.

pub(crate) mod account;
pub(crate) mod admission;
pub(crate) mod api;
pub(crate) mod arrivals;
pub(crate) mod bucket;
mod by_day;
pub(crate) mod call_limits;
pub(crate) mod carrier;
pub(crate) mod client;
pub(crate) mod daily_cap;
pub(crate) mod faults;
pub(crate) mod filters;
pub(crate) mod limits;
pub(crate) mod on_receipt;
pub(crate) mod population;
pub(crate) mod provider;
pub(crate) mod queue;
pub(crate) mod quiet;
pub(crate) mod retry;
pub(crate) mod routing;
pub(crate) mod slow_routes;
mod spells;
pub(crate) mod tail;
pub(crate) mod tariff;
mod throttles;

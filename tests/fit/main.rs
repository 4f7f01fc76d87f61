//! Distributions fitted to samples of known truth, and to published data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod arrivals;
mod away;
mod campaigns;
mod choice;
mod clocks;
mod cut;
mod drawn;
mod formats;
mod incidents;
mod published;
mod receipts;
mod recovery;
mod retries;
mod shift;
mod throttles;
mod twenty_minutes;

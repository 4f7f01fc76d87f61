//! smschain: a deterministic, seeded discrete-event simulator of the SMS delivery chain.
//!
//! The rooms, from the ground up (each may use only those before it): [`special`], [`kernel`],
//! [`random`], [`stats`], [`chain`], [`logs`], [`scenario`], [`expression`], [`experiment`], [`theory`],
//! [`fit`], [`report`], [`cli`].
//! docs/ARCHITECTURE.md is the map.

pub mod chain;
pub mod cli;
pub mod experiment;
pub mod expression;
pub mod fit;
pub mod kernel;
pub mod logs;
pub mod random;
pub mod report;
pub mod scenario;
pub mod special;
pub mod stats;
pub mod theory;

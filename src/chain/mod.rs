//! The SMS chain, a file a stage in the order a message meets them.

pub mod spec;

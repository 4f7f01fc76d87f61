//! Tellings: what an observer of a run hears of messages that end, events, and the steps of stories.

pub(crate) mod completed;
pub(crate) mod observer;
pub mod story;
pub(crate) mod traced;

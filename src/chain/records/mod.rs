//! Records of what is in flight, in stable places, and the events that are about them.

pub(crate) mod acting;
pub(crate) mod attempt;
pub(crate) mod batch;
pub(crate) mod copied;
pub(crate) mod event;
pub(crate) mod id;
pub(crate) mod keyed_map;
pub(crate) mod lease;
pub(crate) mod message;
pub(crate) mod messages;
pub(crate) mod names;
pub(crate) mod outcome;
pub(crate) mod paged;
pub(crate) mod parts;
pub(crate) mod retrying;
pub(crate) mod slab;

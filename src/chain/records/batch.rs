//! Batches: messages that a worker fetched together and works one by one.

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use std::collections::VecDeque;

/// Those behind the one that its worker is at.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) rest: VecDeque<Id<Message>>,
}

//! Senders that are not on a list.

use super::Arrival;
use crate::chain::records::names::Names;
use crate::chain::trace::story::Sight;
use std::collections::BTreeSet;

/// Finds what senders send who are not registered.
#[derive(Debug)]
pub(super) struct Unregistered {
    registered: BTreeSet<u32>,
}

impl Unregistered {
    pub(super) fn new(registered: &[String], names: &Names) -> Unregistered {
        let registered = registered.iter().filter_map(|name| names.find(name)).collect();
        Unregistered { registered }
    }

    pub(super) fn looks(&self, it: &Arrival<'_>) -> (Sight, bool) {
        let registered = self.registered.contains(&it.message.sender);
        (Sight::Sender { registered }, !registered)
    }
}

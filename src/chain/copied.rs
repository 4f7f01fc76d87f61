//! A copy of a message on its way: which one, and who accepted it.

use super::observer::Listener;
use super::world::Chain;

/// A copy that a provider has accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied {
    /// Its message's slot.
    pub(super) message: u32,
    /// Which of the message's copies it is, from 0 in order of acceptance.
    pub(super) copy: u32,
    /// The provider that accepted it.
    pub(super) provider: usize,
}

impl<L: Listener> Chain<'_, L> {
    /// The `copy`-th of a message.
    #[inline]
    pub(super) fn copied(&self, message: u32, copy: u32) -> Copied {
        let route = self.messages.route_of_copy(message, copy);
        Copied { message, copy, provider: self.spec.provider_by(route) }
    }
}

//! A copy of a message on its way: which one, and who accepted it.

use super::convoy::Fate;
use super::observer::Listener;
use super::world::Chain;
use crate::kernel::Nanos;

/// A copy that a provider has accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied<'fate> {
    /// Its message's slot.
    pub(super) message: u32,
    /// Which of the message's copies it is, from 0 in order of acceptance.
    pub(super) copy: u32,
    /// The provider that accepted it.
    pub(super) provider: usize,
    /// The instant at which something happens to it.
    pub(super) now: Nanos,
    /// What chance has in store for it, where that is drawn already.
    pub(super) fate: Option<&'fate Fate>,
}

impl<L: Listener> Chain<'_, L> {
    /// The `copy`-th of a message.
    #[inline]
    pub(super) fn copied(&self, message: u32, copy: u32, now: Nanos) -> Copied<'static> {
        let route = self.messages.route_of_copy(message, copy);
        Copied { message, copy, provider: self.spec.provider_by(route), now, fate: None }
    }
}

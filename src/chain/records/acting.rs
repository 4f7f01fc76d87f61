//! Records of messages whose senders act on receipts.

/// The state of a sender towards a message that it may try once more.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Acting {
    /// Times that it has acted.
    pub(crate) acts: u32,
    /// The thing it waits for.
    pub(crate) waits: Waits,
    /// Copies accepted before it acted first.
    pub(crate) first_copies: u32,
    /// Copies accepted before it acted last: it has acted on them.
    pub(crate) copies: u32,
    /// Attempts made before it acted last.
    pub(crate) tries: u32,
    /// Copies that reached the handset: of those accepted before it acted first …
    pub(crate) arrived_before: u32,
    /// … and of the others.
    pub(crate) arrived_since: u32,
}

/// A thing that a sender that acts on receipts waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Waits {
    /// Nothing.
    #[default]
    Nothing,
    /// A receipt, until silence counts as `unknown`.
    Receipt,
    /// The time of its next attempt.
    Attempt,
}

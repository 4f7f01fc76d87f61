//! The sender's view of a message, against what was true.

use super::ink::Ink;

/// The relation of what was seen to the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// The sender knows how it ended.
    Told,
    /// Nothing says how it ended.
    Silence,
    /// The sender takes the opposite for true.
    Deceived,
}

impl Seen {
    pub(super) const ALL: [Seen; 3] = [Seen::Told, Seen::Silence, Seen::Deceived];

    /// Of a message whose last observed state is this one.
    pub(super) fn of(delivered: bool, state: &str) -> Seen {
        match state {
            "queued" | "sent" | "unknown" => Seen::Silence,
            _ if delivered == (state == "delivered") => Seen::Told,
            _ => Seen::Deceived,
        }
    }

    pub(super) const fn ink(self) -> Ink {
        match self {
            Seen::Told => Ink::BLUE,
            Seen::Silence => Ink::PURPLE,
            Seen::Deceived => Ink::VERMILION,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Seen::Told => "the sender was told",
            Seen::Silence => "silence",
            Seen::Deceived => "told the opposite",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_neither_truth_nor_lie() {
        assert_eq!(Seen::of(true, "delivered"), Seen::Told);
        assert_eq!(Seen::of(false, "delivered"), Seen::Deceived);
        assert_eq!(Seen::of(false, "undelivered"), Seen::Told);
        assert_eq!(Seen::of(true, "expired"), Seen::Deceived);
        assert_eq!(Seen::of(true, "sent"), Seen::Silence);
    }
}

//! Colour, where it is wanted: sparing, and told apart by people who see fewer colours
//! (Okabe and Ito's palette, as near as 256 colours come; their orange darker, for it is also read on
//! white).

/// Paints, or doesn't.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) colour: bool,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    /// A heading.
    Bold,
    /// Less important.
    Faint,
    Blue,
    Green,
    Orange,
    Vermilion,
}

impl Paint {
    pub(super) fn ink(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Faint => "2",
            Ink::Blue => "38;5;32",
            Ink::Green => "38;5;36",
            Ink::Orange => "38;5;172",
            Ink::Vermilion => "38;5;166",
        };
        if !self.colour || code.is_empty() || text.trim().is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

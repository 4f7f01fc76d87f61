//! Colour, where it is wanted: sparing, and told apart by people who see fewer colours
//! (Okabe and Ito's palette, as near as 256 colours come), and of a lightness that is read on white
//! as on black: each keeps a contrast of at least 3 to either. Faint is a grey, for how a terminal
//! dims its own colour is its own affair.

/// Paints, or doesn't.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Paint {
    pub(in crate::report) colour: bool,
}

/// The kind of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) enum Ink {
    #[default]
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
    pub(in crate::report) fn ink(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Faint => "38;5;243",
            Ink::Blue => "38;5;32",
            Ink::Green => "38;5;29",
            Ink::Orange => "38;5;136",
            Ink::Vermilion => "38;5;166",
        };
        if !self.colour || code.is_empty() || text.trim().is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of one of the 256 colours above the first 16 (WCAG 2.2).
    fn luminance(colour: u32) -> f64 {
        let levels = [0, 95, 135, 175, 215, 255];
        let rgb = match colour {
            232.. => [8 + (colour - 232) * 10; 3],
            _ => [36, 6, 1].map(|step| levels[((colour - 16) / step % 6) as usize]),
        };
        let linear = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn every_colour_is_read_on_white_and_on_black() {
        for ink in [Ink::Faint, Ink::Blue, Ink::Green, Ink::Orange, Ink::Vermilion] {
            let painted = Paint { colour: true }.ink(ink, "x");
            let code = painted.trim_start_matches("\u{1b}[38;5;").split('m').next().unwrap();
            let light = luminance(code.parse().unwrap());
            for contrast in [1.05 / (light + 0.05), (light + 0.05) / 0.05] {
                assert!(contrast >= 3.0, "{ink:?}: {contrast:.2}");
            }
        }
    }
}

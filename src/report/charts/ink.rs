//! The few colours of a chart, for light and for dark.
//!
//! Series have the colours of Okabe and Ito (*Color Universal Design*, 2008), which people with any
//! colour vision tell apart. Their text is darker on white: small text takes a contrast of 4.5.

/// A colour on light paper, and on dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ink {
    /// Red, green and blue, a byte each. No two inks share it: it is what the style goes by.
    pub(super) light: u32,
    pub(super) dark: u32,
}

const fn ink(light: u32, dark: u32) -> Ink {
    Ink { light, dark }
}

impl Ink {
    pub(super) const PAPER: Ink = ink(0x00FF_FFFF, 0x000D_1117);
    pub(super) const TEXT: Ink = ink(0x001F_2328, 0x00E6_EDF3);
    pub(super) const FAINT: Ink = ink(0x005B_6470, 0x009D_A7B3);
    pub(super) const AXIS: Ink = ink(0x006B_7280, 0x0076_8390);
    pub(super) const GRID: Ink = ink(0x00E5_E7EB, 0x0030_363D);
    pub(super) const BLUE: Ink = ink(0x0000_72B2, 0x004D_A3DD);
    pub(super) const VERMILION: Ink = ink(0x00D5_5E00, 0x00F0_883E);
    pub(super) const GREEN: Ink = ink(0x0000_9E73, 0x002C_C295);
    pub(super) const PURPLE: Ink = ink(0x00CC_79A7, 0x00E0_9AC2);
    pub(super) const ORANGE: Ink = ink(0x00E6_9F00, 0x00F2_B632);
    pub(super) const SKY: Ink = ink(0x0056_B4E9, 0x0084_CCF6);
    pub(super) const BLACK: Ink = ink(0x0024_292F, 0x00D0_D7DE);
    pub(super) const YELLOW: Ink = ink(0x00BC_AE00, 0x00F0_E442);
    pub(super) const BLUE_TEXT: Ink = ink(0x0000_6CAA, 0x0058_ABE4);
    pub(super) const VERMILION_TEXT: Ink = ink(0x00B8_4F00, 0x00F2_914C);
    pub(super) const GREEN_TEXT: Ink = ink(0x0000_7D5B, 0x0036_C79B);
    pub(super) const BLACK_TEXT: Ink = ink(0x002A_2F36, 0x00D6_DCE3);
    pub(super) const ORANGE_TEXT: Ink = ink(0x008F_6200, 0x00F4_BC41);

    /// As many series have a colour of their own.
    pub(super) const SERIES: usize = SERIES.len();

    /// The line and the text of a series by its number. Beyond eight they come again: those are
    /// dashed, their dots hollow.
    pub(super) const fn series(index: usize) -> (Ink, Ink) {
        SERIES[index % SERIES.len()]
    }
}

const SERIES: [(Ink, Ink); 8] = [
    (Ink::BLUE, Ink::BLUE_TEXT),
    (Ink::VERMILION, Ink::VERMILION_TEXT),
    (Ink::GREEN, Ink::GREEN_TEXT),
    (Ink::PURPLE, ink(0x00A5_527F, 0x00E3_A4C8)),
    (Ink::ORANGE, Ink::ORANGE_TEXT),
    (Ink::SKY, ink(0x001F_77A8, 0x008D_D0F7)),
    (Ink::BLACK, Ink::BLACK_TEXT),
    (Ink::YELLOW, ink(0x0076_6C00, 0x00F2_E75A)),
];

/// The style of a chart with these inks: what is written in its attributes is for light paper; the
/// style turns it, where a reader prefers dark and not in print.
pub(super) fn style(class: &str, inks: impl Iterator<Item = Ink>) -> String {
    let mut dark = String::new();
    for Ink { light, dark: other } in inks {
        for attribute in ["fill", "stroke"] {
            dark.push_str(&format!(
                ".{class} [{attribute}=\"#{light:06X}\"]{{{attribute}:#{other:06X}}}"
            ));
        }
    }
    format!(
        ".{class} text{{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica \
         Neue\",Arial,sans-serif}}\
         .{class} polyline{{stroke-linejoin:round;stroke-linecap:round}}\
         .{class} .marks>*:hover{{fill:#7F7F7F;fill-opacity:.22}}\
         @media screen and (prefers-color-scheme:dark){{{dark}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours (WCAG 2.1).
    fn contrast(one: u32, other: u32) -> f64 {
        let luminance = |colour: u32| {
            let part = |shift: u32| {
                let value = f64::from(colour >> shift & 0xFF) / 255.0;
                if value <= 0.03928 {
                    value / 12.92
                } else {
                    libm::pow((value + 0.055) / 1.055, 2.4)
                }
            };
            0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0) + 0.05
        };
        let (one, other) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn text_can_be_read_on_both_papers() {
        let texts = SERIES.iter().map(|&(_, text)| text).chain([Ink::TEXT, Ink::FAINT]);
        for text in texts {
            let light = contrast(text.light, Ink::PAPER.light);
            let dark = contrast(text.dark, Ink::PAPER.dark);
            assert!(light >= 4.5 && dark >= 4.5, "{text:06X?}: {light:.2} {dark:.2}");
        }
    }

    #[test]
    fn the_style_can_tell_them_apart() {
        let others = [Ink::PAPER, Ink::TEXT, Ink::FAINT, Ink::AXIS, Ink::GRID];
        let mut lights: Vec<u32> =
            SERIES.iter().flat_map(|&(line, text)| [line, text]).map(|ink| ink.light).collect();
        lights.extend(others.map(|ink| ink.light));
        lights.sort_unstable();
        let count = lights.len();
        lights.dedup();
        assert_eq!(lights.len(), count);
    }
}

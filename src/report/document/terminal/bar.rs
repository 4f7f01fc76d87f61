//! Bars of eighth blocks.

/// A bar of `share` of `width` columns, padded to that width. What isn't nothing shows.
pub(super) fn bar(share: f64, width: usize) -> String {
    let eighths = (share.clamp(0.0, 1.0) * (width * 8) as f64).round() as usize;
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    // What isn't whole doesn't look whole.
    let eighths = if share < 1.0 { eighths.min((width * 8).saturating_sub(1)) } else { eighths };
    let mut bar = "█".repeat(eighths / 8);
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    bar.push_str(part);
    bar.push_str(&" ".repeat(width - eighths.div_ceil(8)));
    bar
}

/// Two bars of half of `width` back to back: `less` to the left, `more` to the right.
pub(super) fn sides(less: f64, more: f64, width: usize) -> String {
    let side = width.saturating_sub(1) / 2;
    // A bar to the left is one to the right, read backwards: whole blocks only.
    let left = (less.clamp(0.0, 1.0) * side as f64).round() as usize;
    format!("{:>side$}│{}", "█".repeat(left), bar(more, side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_eighths() {
        assert_eq!(bar(0.5, 4), "██  ");
        assert_eq!(bar(0.53, 4), "██▏ ");
        assert_eq!(bar(1.0, 2), "██");
        assert_eq!(bar(0.9999, 2), "█▉");
        assert_eq!(bar(0.0001, 2), "▏ ");
        assert_eq!(bar(0.0, 2), "  ");
    }
}

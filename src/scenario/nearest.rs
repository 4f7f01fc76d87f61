//! The nearest name: "did you mean".

/// Longer names than this are nobody's slip.
const LONGEST: usize = 80;

/// The candidate a slip of the hand away from `word`, if there is one: at most a third of its
/// letters wrong, missing, added or swapped (at least one may be), upper and lower case alike.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = plain(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(other) = plain(candidate) else {
            continue;
        };
        let allowed = (word.len().max(other.len()) / 3).max(1);
        let far = distance(&word, &other);
        // Words of one or two letters are all a slip apart.
        let near = far <= allowed && (far == 0 || far < word.len().max(other.len()));
        if near && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn plain(word: &str) -> Option<Vec<char>> {
    if word.len() > LONGEST {
        return None;
    }
    Some(
        word.chars().flat_map(char::to_lowercase).map(|c| if c == '-' { '_' } else { c }).collect(),
    )
}

/// Optimal string alignment: edits and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let keys = ["window", "throttle", "servers", "loss"];
        assert_eq!(nearest("windw", keys), Some("window"));
        assert_eq!(nearest("throtlte", keys), Some("throttle"));
        assert_eq!(nearest("Servers", keys), Some("servers"));
        assert_eq!(nearest("elephant", keys), None);
        assert_eq!(nearest(&"w".repeat(100_000), keys), None);
        assert_eq!(nearest("a", ["b"]), None);
    }
}

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
    let length = word.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(other) = plain(candidate) else {
            continue;
        };
        let longest = length.max(other.chars().count());
        let far = strsim::osa_distance(&word, &other);
        // Words of one or two letters are all a slip apart.
        let near = far <= (longest / 3).max(1) && (far == 0 || far < longest);
        if near && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A guess at what a name may mean that none of these has, to end a sentence with.
pub(crate) fn guess<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn plain(word: &str) -> Option<String> {
    (word.len() <= LONGEST).then(|| word.to_lowercase().replace('-', "_"))
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

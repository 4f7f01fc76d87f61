//! What a figure of `report.json` means, in the words of docs/results.md.

/// The page whose table of `report.json` says it.
const PAGE: &str = include_str!("../../docs/results.md");

/// What the figure at `path` means: `latency.delivery.p95_s`, `within.30s`; also of a section.
#[must_use]
pub fn meaning(path: &str) -> Option<&'static str> {
    let table = PAGE.split("\n## report.json\n").nth(1)?.split("\n## ").next()?;
    let rows = table.lines().filter_map(|line| {
        let (patterns, meaning) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((patterns, meaning.strip_suffix(" |")?))
    });
    let parts: Vec<&str> = path.split('.').collect();
    let mut best: Option<(usize, &str)> = None;
    for (patterns, meaning) in rows {
        let mut parent = String::new();
        for pattern in patterns.split("`, `") {
            let whole = match pattern.strip_prefix('.') {
                Some(_) => format!("{parent}{pattern}"),
                None => pattern.to_owned(),
            };
            if parent.is_empty() {
                parent =
                    whole.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_owned());
            }
            // The row that says most of it in so many words.
            if let Some(told) = told(&whole, &parts)
                && best.is_none_or(|(most, _)| told > most)
            {
                best = Some((told, meaning));
            }
        }
    }
    best.map(|(_, meaning)| meaning)
}

/// How much of a path a pattern names in so many words; `None` if it doesn't fit. A `<name>` stands
/// for any part, `{a,b}` for one of those, `*` for all that follows.
fn told(pattern: &str, parts: &[&str]) -> Option<usize> {
    let mut words = 0;
    let mut rest = parts.iter();
    for wanted in pattern.split('.') {
        if wanted == "*" {
            return Some(words);
        }
        let part = *rest.next()?;
        let list = wanted.strip_prefix('{').and_then(|list| list.strip_suffix('}'));
        let fits = match list {
            Some(list) => list.split(',').any(|word| word == part),
            None if wanted.contains('*') => {
                wanted.trim_start_matches('*') == part
                    || part.ends_with(wanted.trim_start_matches('*'))
            }
            None => wanted.starts_with('<') || wanted == part,
        };
        if !fits {
            return None;
        }
        words += usize::from(!wanted.starts_with('<'));
    }
    // What has dots of its own: `within.1.5s`.
    (rest.next().is_none() || pattern.ends_with('>')).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::metric_paths;
    use crate::scenario::{Overrides, Source, load};

    #[test]
    fn every_figure_has_a_meaning() {
        for name in ["baseline", "brownout-failover"] {
            let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let source = Source { name: name.into(), text, base: "".into() };
            let scenario = load(&source, &Overrides::default()).unwrap();
            for path in metric_paths(&scenario.spec) {
                assert!(meaning(&path).is_some(), "{path}");
            }
        }
        assert!(meaning("requests.resends").unwrap().contains("people asking again"));
        assert!(meaning("requests.accepted").unwrap().starts_with("`total` counts"));
        assert!(meaning("within.1.5s").unwrap().starts_with("share of API successes"));
        assert!(meaning("throughput.peak_segments_per_s").unwrap().contains("the peak"));
        for path in ["", "elephant", "latency.delivery.p96_s", "requests"] {
            assert_eq!(meaning(path), None, "{path}");
        }
    }
}

//! The figures by which a fit is judged: one home for what each is measured in and means. Table, page,
//! `explain` and docs/fitting.md come of these.

use crate::report::Unit;

/// A figure, or several that are made alike.
#[derive(Debug, PartialEq)]
pub struct JudgedFigure {
    /// Its path; a part in brackets stands for any.
    pub path: &'static str,
    /// The unit it is measured in.
    pub unit: Unit,
    /// Its meaning.
    pub meaning: &'static str,
}

macro_rules! figures {
    ($($path:literal $unit:ident $meaning:literal;)*) => {
        /// All of them, in the order of a judgement.
        static FIGURES: &[JudgedFigure] =
            &[$(JudgedFigure { path: $path, unit: Unit::$unit, meaning: $meaning }),*];
    };
}

figures! {
    "delivered" Share
        "share of the requests kept out that the log says were delivered";
    "within.<time>" Share
        "share of the requests kept out that were delivered within that time of the request";
    "states.<state>" Share
        "share of the requests kept out whose last state in the log is this: pending, undelivered, expired, rejected, failed, cancelled or unknown";
    "failures.<kind>" Share
        "share of the requests kept out that failed in this way, by the log's codes";
    "latency.<quantile>" Seconds
        "time from request to handset that this share of those delivered doesn't exceed: p50_s, p90_s, p95_s, p99_s";
    "carriers.<name>.share" Share
        "share of the requests kept out that went to this carrier, of more than one";
    "carriers.<name>.delivered" Share
        "share of the requests to this carrier that were delivered";
    "carriers.<name>.p50_s" Seconds
        "time from request to handset of this carrier that half of those delivered don't exceed";
    "carriers.<name>.p95_s" Seconds
        "time from request to handset of this carrier that 95 % of those delivered don't exceed";
    "providers.<name>.share" Share
        "share of the requests kept out that went by this provider, of more than one";
    "senders.<name>.delivered" Share
        "share of this sender's requests that were delivered, of more than one sender: the eight with the most requests kept out, fifty of them at least";
    "senders.<name>.p50_s" Seconds
        "time from request to handset of this sender's messages that half of those delivered don't exceed";
    "pairs.<provider.carrier>.delivered" Share
        "share of the requests by this provider to this carrier that were delivered, of carriers to which more than one provider goes: the sixteen pairs with the most requests kept out";
    "pairs.<provider.carrier>.p50_s" Seconds
        "time from request to handset by this provider to this carrier that half of those delivered don't exceed";
    "volume.<time>" Number
        "requests in the piece of the part kept out that begins then: an hour, or a sixth of a short part";
    "busiest_minute" Number
        "requests in the busiest minute of the part that was kept out, where the clock tells less than 20 s and the log is of some weeks at most";
    "volume" Number
        "requests in the whole part that was kept out";
}

/// The figure at a path of `held_out` in `fit.json`.
#[must_use]
pub fn judged_figure(path: &str) -> Option<&'static JudgedFigure> {
    let fits = |own: &&JudgedFigure| match own.path.split_once('<') {
        Some((before, rest)) => {
            let after = rest.split_once('>').map_or("", |(_, after)| after);
            let any = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            any.is_some_and(|any| !any.is_empty())
        }
        None => own.path == path,
    };
    FIGURES.iter().find(fits)
}

/// The figures of a section, `states`, each by the rest of its path with its meaning.
pub fn judged_section(section: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FIGURES.iter().filter_map(move |own| {
        let inside = own.path.strip_prefix(section)?.strip_prefix('.')?;
        Some((inside, own.meaning))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_of_a_judgement_has_a_meaning() {
        for (path, unit) in [
            ("delivered", Unit::Share),
            ("within.30s", Unit::Share),
            ("states.pending", Unit::Share),
            ("failures.absent", Unit::Share),
            ("latency.p95_s", Unit::Seconds),
            ("volume.2026-01-31T18:00", Unit::Number),
            ("volume", Unit::Number),
            ("carriers.acme.share", Unit::Share),
            ("carriers.acme.p95_s", Unit::Seconds),
            ("senders.My Shop.delivered", Unit::Share),
            ("pairs.alpha.acme.p50_s", Unit::Seconds),
        ] {
            assert_eq!(judged_figure(path).map(|own| own.unit), Some(unit), "{path}");
        }
        for path in ["", "states", "states.", "elephant", "deliveredx"] {
            assert_eq!(judged_figure(path), None, "{path}");
        }
        assert_eq!(judged_section("states").count(), 1);
    }

    #[test]
    fn the_page_has_every_figure() {
        const AROUND: [&str; 2] = ["<!-- judged -->\n", "<!-- /judged -->"];
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fitting.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (before, rest) = page.split_once(AROUND[0]).unwrap();
        let (_, after) = rest.split_once(AROUND[1]).unwrap();
        let rows = FIGURES.iter().map(|own| format!("| `{}` | {} |\n", own.path, own.meaning));
        let rows: String = rows.collect();
        let table = format!("| figure | meaning |\n|---|---|\n{rows}");
        let written = format!("{before}{}{table}{}{after}", AROUND[0], AROUND[1]);
        if std::env::var_os("SMSCHAIN_BLESS").is_some() {
            std::fs::write(path, &written).unwrap();
            return;
        }
        assert!(page == written, "docs/fitting.md is out of date: run this with SMSCHAIN_BLESS=1");
    }
}

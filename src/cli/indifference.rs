//! `--indifference`: how much of a figure doesn't matter, read by the figure's unit.

use super::ending::Ending;
use crate::kernel::in_seconds;
use crate::report::{Unit, unit};
use crate::scenario::{duration, share};

/// Reads `text` for the figure at `path`: a share (`0.5%`), a duration (`2s`) or a number, above 0.
pub(super) fn read(path: &str, text: &str) -> Result<f64, Ending> {
    let plain = || text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let (found, expected) = match unit(path) {
        Unit::Share => (share::parse(text).ok(), "a share such as 0.5% or 0.005"),
        Unit::Seconds => {
            let seconds = plain().or_else(|| duration::parse(text).ok().map(in_seconds));
            (seconds, "a duration such as 2s or 300ms")
        }
        _ => (plain(), "a number such as 0.01"),
    };
    found.filter(|&number| number > 0.0).ok_or_else(|| {
        Ending::usage(format!("`--indifference {text}`: expected {expected} above 0 for `{path}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_says_what_it_is_in() {
        let of = |path, text| read(path, text).ok();
        let share = "divergence.api_vs_on_time";
        assert_eq!((of(share, "0.5%"), of(share, "0.005")), (Some(0.005), Some(0.005)));
        let seconds = "latency.delivery.p95_s";
        assert_eq!((of(seconds, "2s"), of(seconds, "0.3")), (Some(2.0), Some(0.3)));
        assert_eq!(of("attempts.mean", "0.01"), Some(0.01));
        for (path, text) in [
            (share, "0"),
            (share, "2s"),
            (share, "50"),
            (seconds, "1%"),
            (seconds, "0s"),
            ("attempts.mean", "1%"),
            ("attempts.mean", "-1"),
            ("attempts.mean", "inf"),
            ("attempts.mean", ""),
        ] {
            let said = read(path, text).unwrap_err().text;
            assert!(said.contains("above 0") && said.contains(path), "{said}");
        }
    }
}

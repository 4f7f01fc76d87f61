//! `--precision` and `--max-replications`: what they ask for, and what is said if it isn't reached.

use super::arguments::Repeats;
use super::ending::Ending;
use crate::experiment::Run;
use crate::experiment::metrics::HEADLINE;
use crate::stats::Precision;

/// The most replications for a precision, unless told otherwise.
const MOST: u64 = 1000;

/// The precision asked for, if any; `-n` is then the least number of replications.
pub(super) fn asked(repeats: &Repeats) -> Result<Option<Precision>, Ending> {
    let Some(half_width) = repeats.precision else {
        return match repeats.max_replications {
            Some(_) => Err(Ending::usage(
                "`--max-replications` goes with `--precision`: alone, `-n` says how many",
            )),
            None => Ok(None),
        };
    };
    let least = repeats.replications.unwrap_or(1);
    let most = repeats.max_replications.unwrap_or(MOST.max(least));
    if least > most {
        return Err(Ending::usage(format!(
            "with `--precision`, `-n {least}` is the least number of replications, which is more \
             than `--max-replications {most}`"
        )));
    }
    Ok(Some(Precision::new(half_width, least, most)))
}

/// That a run stopped before it was precise enough.
pub(super) fn missed(precision: Precision, run: &Run) -> String {
    let made = run.results.replications;
    let headline = run.estimates.iter().find(|estimate| estimate.path == HEADLINE);
    let wanted = points(precision.half_width());
    match headline.and_then(|headline| headline.half_width) {
        Some(half_width) if made > 1 => format!(
            "undecided: after {made} replications the 95 % half-width of {HEADLINE} is {}, not \
             below {wanted}; allow more with --max-replications, or a longer scenario.duration",
            points(half_width)
        ),
        _ if made > 1 && headline.is_some_and(|headline| headline.mean.is_some()) => format!(
            "undecided: {made} replications give no interval of {HEADLINE}: they show too little of \
             what comes seldom, or are too skewed; allow more with --max-replications"
        ),
        _ if made < 2 => format!(
            "undecided: a precision of {wanted} takes more than one replication; allow more with \
             --max-replications"
        ),
        _ => format!(
            "undecided: {HEADLINE} is not defined in each of {made} replications (in one no \
             message was accepted), so that no precision can be reached; set a longer \
             scenario.duration"
        ),
    }
}

/// A difference of shares as a person says it, to three digits.
fn points(share: f64) -> String {
    let three = format!("{:.2e}", share * 100.0);
    // Back to a number, which is printed without an exponent.
    let points = three.parse::<f64>().unwrap_or(share * 100.0);
    format!("{points} points")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_three_digits() {
        for (share, said) in [
            (0.005, "0.5 points"),
            (0.00612345, "0.612 points"),
            (0.0000123, "0.00123 points"),
            (0.25, "25 points"),
            (1.0, "100 points"),
            (0.0312, "3.12 points"),
            (0.0, "0 points"),
        ] {
            assert_eq!(points(share), said);
        }
    }
}

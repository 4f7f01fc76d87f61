//! Predictions so vague that agreement with them says nothing.
//!
//! An interval is as wide as the runs and the parts of the log vary. Where it spans what nobody would take for the
//! same, the figure agrees with nearly any log, and a yes would be worth nothing.

use super::Compared;
use crate::fit::compose::counted;

/// Factor from end to end of the volume's interval beyond which it is vague: half as many as predicted, or half
/// as many again.
const VOLUME: f64 = 3.0;
/// Width of a share's interval, and the ratio of the odds at its ends, beyond which it is vague: of 95 % that are
/// predicted, one in five lost and none at all.
const SHARE: f64 = 0.2;
const ODDS: f64 = 6.0;
/// Variance, as a multiple of chance's, from which on it is told to be the reason.
const TELLING: f64 = 3.0;

/// The vague ones among figures, a clause each, with the way out.
pub(super) fn vague(figures: &[Compared]) -> Vec<String> {
    let told = |own: &Compared| match &*own.path {
        "delivered" if is_vague_share(own) => Some(format!(
            "the share delivered is predicted as anything from {:.0} % to {:.0} %: nearly any log agrees with \
             that{}",
            100.0 * own.low,
            100.0 * own.high,
            why(own, "fail together: leave out a time that is unlike the others, as an incident")
        )),
        "volume" if own.high > VOLUME * own.low => Some(format!(
            "the volume is predicted as anything from {} to {}: nearly any log agrees with that{}",
            counted(own.low.round() as u64, "request"),
            counted(own.high.round() as u64, "request"),
            why(own, "come together: `traffic.<name>.arrivals` takes the demand that is to come")
        )),
        _ => None,
    };
    figures.iter().filter_map(told).collect()
}

fn is_vague_share(own: &Compared) -> bool {
    let odds = |share: f64| share / (1.0 - share);
    own.high - own.low > SHARE && odds(own.high) > ODDS * odds(own.low)
}

/// The reason, and what helps.
fn why(own: &Compared, together: &str) -> String {
    if own.dispersion >= TELLING {
        return format!(
            ", for over the log it varies {:.0} times as much as by chance (messages {together})",
            own.dispersion
        );
    }
    " (a longer log tells more)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_nearly_any_log_agrees_with_is_vague() {
        let of = |path: &str, ends: [f64; 3]| {
            vague(&[Compared::of(path, ends, 0.0, ends[0])]).join("; ")
        };
        assert!(of("delivered", [0.92, 0.71, 1.0]).contains("from 71 % to 100 %"));
        assert!(of("delivered", [0.5, 0.2, 0.8]).contains("from 20 % to 80 %"));
        assert_eq!(of("delivered", [0.92, 0.83, 1.0]), "");
        assert_eq!(of("delivered", [0.5, 0.35, 0.65]), "");
        assert!(
            of("volume", [9_868.0, 1_938.0, 18_569.0])
                .contains("from 1,938 requests to 18,569 requests")
        );
        assert!(of("volume", [900.0, 0.0, 2_000.0]).contains("a longer log"));
        assert_eq!(of("volume", [900.0, 500.0, 1_300.0]), "");
        assert_eq!(of("within.5s", [0.5, 0.0, 1.0]), "");
        let wide =
            Compared { dispersion: 593.0, ..Compared::of("delivered", [0.9, 0.7, 1.0], 0.0, 0.9) };
        assert!(vague(&[wide])[0].contains("593 times as much as by chance"));
    }
}

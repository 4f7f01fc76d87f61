//! The next step where a fitted scenario doesn't predict: what is farthest off, in plain words, and the likely way
//! out by what kind of figure that is.

use std::cmp::Ordering::Equal;

use super::verdict::beyond;
use super::{Compared, is_duration, is_share};
use crate::fit::compose::digits;

/// Figures that are named, and ways out.
const TOLD: usize = 3;

/// The way out where the scenario is off where it was fitted.
const FITTED: &str = "Something in the part that was fitted isn't in the scenario: an incident that wasn't found, a limit \
                      that was at work, senders or providers unlike one another. Leave out that time, or fit the \
                      rows of each sender or provider by themselves.";

/// The figures farthest off and the ways out, a sentence each; nothing where nothing is off.
pub(super) fn advice(off: &[&Compared], before: &[&Compared]) -> Vec<String> {
    let mut all = if before.is_empty() { off.to_vec() } else { before.to_vec() };
    all.sort_by(|a, b| beyond(b).partial_cmp(&beyond(a)).unwrap_or(Equal));
    if all.is_empty() {
        return Vec::new();
    }
    let mut farthest: Vec<(&str, String)> = Vec::new();
    for own in &all {
        let kind = kind(&own.path);
        if farthest.len() < TOLD && farthest.iter().all(|(known, _)| *known != kind) {
            farthest.push((kind, told(own)));
        }
    }
    let farthest: Vec<String> = farthest.into_iter().map(|(_, told)| told).collect();
    let mut advice = vec![format!("Farthest off: {}.", farthest.join("; "))];
    if !before.is_empty() {
        advice.push(FITTED.to_owned());
        return advice;
    }
    let mut ways: Vec<&str> = Vec::new();
    for own in all {
        let way = way_out(&own.path);
        if !ways.contains(&way) && ways.len() < TOLD {
            ways.push(way);
        }
    }
    advice.extend(ways.into_iter().map(str::to_owned));
    advice
}

/// The kind of a figure of which one is named for all: shares within several times are off together.
fn kind(path: &str) -> &str {
    match path.split('.').next() {
        Some("delivered" | "within") => "delivered",
        Some(kind @ ("latency" | "volume")) => kind,
        _ => path,
    }
}

/// The likely way out by the kind of a figure.
fn way_out(path: &str) -> &'static str {
    let (kind, end) = (path.split('.').next().unwrap_or(path), path.rsplit('.').next());
    match (kind, end) {
        ("senders", _) => {
            "Senders differ: in the scenario messages to a carrier take as long and fail as often whoever sends \
             them. Fit the rows of each sender by themselves."
        }
        ("pairs", _) => {
            "Providers differ by carrier: in the scenario a provider is the same to all its carriers, and a \
             carrier to all its providers. Fit the rows of each provider by themselves, and compare no routes \
             by this fit."
        }
        ("carriers" | "providers", Some("share")) => {
            "The mix of carriers or providers has changed: put in the one that is to come \
             (`traffic.<name>.carriers`, `route.<id>.weight`), or leave out a time with another."
        }
        ("volume" | "busiest_minute", _) => {
            "The demand has changed, which says nothing of the chain: put in the one that is to come \
             (`traffic.<name>.arrivals`), or fit a log in which it is alike throughout."
        }
        ("states" | "failures", _) => {
            "Ends or reasons of failure have changed: see whether the log's words for them mean throughout what \
             they are taken for (`--map COLUMN=status`), and leave out a time unlike the others."
        }
        _ => {
            "Times or failures have changed, as in an incident: leave out a time unlike the others, or keep out \
             another part (`--hold-out`)."
        }
    }
}

/// A figure in plain words, and how far it is off.
fn told(own: &Compared) -> String {
    let Compared { seen, predicted, .. } = *own;
    let name = name(&own.path);
    let more = seen > predicted;
    if is_share(&own.path) {
        let points = digits(100.0 * (seen - predicted).abs(), 3);
        return format!("{name}, {points} points {}", if more { "above" } else { "below" });
    }
    let word = match (is_duration(&own.path), more) {
        (true, true) => "longer",
        (true, false) => "shorter",
        (false, true) => "more",
        (false, false) => "less",
    };
    match seen / predicted {
        ratio if !ratio.is_finite() => format!("{name}, where none was predicted"),
        ratio if ratio >= 2.0 => format!("{name}, {} times what was predicted", digits(ratio, 2)),
        ratio => format!("{name}, {} % {word}", digits(100.0 * (ratio - 1.0).abs(), 2)),
    }
}

/// The name of a figure in plain words.
fn name(path: &str) -> String {
    let (kind, rest) = path.split_once('.').unwrap_or((path, ""));
    let (of, end) = rest.rsplit_once('.').unwrap_or((rest, rest));
    let figure = match end {
        "share" => "share",
        "delivered" => "share delivered",
        "p50_s" => "median time",
        "p90_s" => "p90 of times",
        "p95_s" => "p95 of times",
        "p99_s" => "p99 of times",
        other => other,
    };
    match kind {
        "delivered" => "the share delivered".to_owned(),
        "within" => format!("the share delivered within {}", spaced(rest)),
        "states" => format!("the share {}", rest.replace('_', " ")),
        "failures" => format!("the share that failed as {}", rest.replace('_', " ")),
        "latency" => format!("the {figure} to delivery"),
        "carriers" => format!("the {figure} of carrier {of}"),
        "providers" => format!("the {figure} of provider {of}"),
        "senders" => format!("the {figure} of sender {of}"),
        "pairs" => format!("the {figure} by {}", of.replacen('.', " to ", 1)),
        "busiest_minute" => "the busiest minute".to_owned(),
        _ if rest.is_empty() => "the volume".to_owned(),
        _ => format!("the volume from {rest}"),
    }
}

/// A time as people write it: `30s` as `30 s`.
fn spaced(time: &str) -> String {
    let unit = time.find(|c: char| !c.is_ascii_digit()).unwrap_or(time.len());
    let (number, unit) = time.split_at(unit);
    format!("{number} {}", if unit == "m" { "min" } else { unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_farthest_off_comes_first_with_the_way_out_of_its_kind() {
        let own = |path: &str, predicted: f64, half: f64, seen: f64| {
            Compared::of(path, [predicted, predicted - half, predicted + half], 0.0, seen)
        };
        let figures = [
            own("latency.p50_s", 3.0, 0.5, 3.6),
            own("senders.My Shop.delivered", 0.865, 0.03, 0.99),
            own("pairs.alpha.X.p50_s", 6.0, 1.0, 30.0),
            own("volume.18:00", 100.0, 40.0, 40.0),
        ];
        let off: Vec<&Compared> = figures.iter().collect();
        let told = advice(&off, &[]);
        assert_eq!(
            told[0],
            "Farthest off: the median time by alpha to X, 5 times what was predicted; the share delivered of \
             sender My Shop, 12.5 points above; the volume from 18:00, 60 % less."
        );
        assert!(told[1].starts_with("Providers differ by carrier") && told.len() == 4, "{told:?}");
        assert!(told[2].starts_with("Senders differ") && told[3].starts_with("The demand"));
        let before = own("within.30s", 0.5, 0.1, 0.3);
        let told = advice(&off, &[&before]);
        assert_eq!(told[0], "Farthest off: the share delivered within 30 s, 20 points below.");
        assert!(told[1].contains("isn't in the scenario"), "{told:?}");
        assert_eq!(advice(&[], &[]), [""; 0]);
    }
}

//! Campaigns: many requests in a while, alone or on top of a stream.

use super::{Arrivals, Bins, Window, plain, seconds};
use crate::fit::arrivals::{Burst, Counts};
use crate::fit::compose::parameter::{Parameter, Unit};
use crate::fit::compose::text::{quoted, rows, span};
use crate::fit::gather::Ticks;
use crate::special::normal_quantile;

/// A campaign of `count` requests, which is known to within `error`.
pub(super) fn campaign(
    window: Window,
    path: &str,
    (count, error): (u64, f64),
    first: i64,
    last: i64,
    tick: i64,
) -> Arrivals {
    let path = format!("{path}.arrivals.campaign");
    let (at, over) = (seconds(first - window.origin).max(0.0), seconds(last - first));
    let clock = seconds(tick);
    let method = "a campaign: evenly spaced for a while";
    let parameter = |key: &str, value: f64, (low, high): (f64, f64), unit| Parameter {
        path: format!("{path}.{key}"),
        value,
        low,
        high,
        rows: count,
        method: method.to_owned(),
        unit,
    };
    let exact = count as f64;
    Arrivals {
        key: "campaign",
        value: format!(
            "{{ count = {count}, at = {}, over = {} }}",
            quoted(&span(at)),
            quoted(&span(over))
        ),
        comment: format!("{}, {method}", rows(count)),
        parameters: vec![
            parameter("count", exact, ((exact - error).max(0.0), exact + error), Unit::Number),
            parameter("at", at, (at, at + clock), Unit::Seconds),
            parameter("over", over, ((over - 2.0 * clock).max(0.0), over), Unit::Seconds),
        ],
        campaign: Some((count, (first, last))),
        ..Arrivals::default()
    }
}

/// A stream that goes on evenly, and campaigns on top of it.
pub(super) fn beside(
    ticks: &Ticks<u32>,
    window: Window,
    path: &str,
    bins: &Bins,
    bursts: &[Burst],
) -> Vec<Arrivals> {
    // The bins on both sides of a burst may have a part of it.
    let aside = |place: usize| bursts.iter().any(|own| place + 1 >= own.from && place <= own.to);
    let seen = bins.seen().iter().enumerate().filter(|(place, _)| !aside(*place));
    let counts: Vec<u64> = seen.map(|(_, &count)| count).collect();
    let usual = Bins { counts: Counts { counts, ..bins.counts }, ..*bins };
    let level = usual.mean();
    let dispersion = usual.index().max(1.0);
    let mut all = Vec::new();
    let total = usual.seen().iter().sum::<u64>();
    if total >= 20 {
        let length = usual.seen().len() as i64 * bins.step;
        let window = Window { to: window.from + length, ..window };
        all.push(if usual.even() {
            plain("constant", path, total, window, 0.0, "evenly spaced, without its campaigns")
        } else {
            plain("poisson", path, total, window, dispersion, "Poisson, without its campaigns")
        });
    }
    all.extend(campaigns(ticks, window, path, bins, bursts, |_| level, dispersion));
    all
}

/// The campaigns that bursts are, where `level` is usual of a bin and varies by `dispersion` times as much as by chance.
pub(super) fn campaigns(
    ticks: &Ticks<u32>,
    window: Window,
    path: &str,
    bins: &Bins,
    bursts: &[Burst],
    level: impl Fn(usize) -> f64,
    dispersion: f64,
) -> Vec<Arrivals> {
    let mut campaigns = Vec::new();
    for (number, burst) in bursts.iter().enumerate() {
        let level = level(burst.from);
        // Within the bins on both sides, from the first steps that are high to the last: steps of which
        // some twenty requests of the burst are expected.
        let low = bins.from + (burst.from as i64 - 1).max(0) * bins.step;
        let high = bins.from + (burst.to as i64 + 1) * bins.step;
        let length = (burst.to - burst.from) as f64 * bins.step as f64 / ticks.width() as f64;
        let step = (20.0 * length / burst.count.max(1.0)).ceil() as i64 * ticks.width();
        let per_step = level * step as f64 / bins.step as f64;
        let is_high = |count: u32| f64::from(count) > per_step + 3.0 * (per_step + 1.0).sqrt();
        let steps =
            (low..).step_by(usize::try_from(step).unwrap_or(1)).zip(ticks.by(low, high, step));
        let busy: Vec<i64> = steps.filter(|&(_, count)| is_high(count)).map(|(at, _)| at).collect();
        let (Some(&first), Some(&last)) = (busy.first(), busy.last()) else { continue };
        let last = last + step;
        let seen: u64 = ticks.by(first, last, step).into_iter().map(u64::from).sum();
        let own = level * (last - first) as f64 / bins.step as f64;
        let count = (seen as f64 - own).max(1.0) as u64;
        let own_path = format!("{path}-campaign-{}", number + 1);
        // What came besides it isn't known, nor, of the steps at both ends, which part was its own.
        let edge = 2.0 * seen as f64 * step as f64 / (last - first) as f64;
        let error = normal_quantile(0.975) * (dispersion * own + edge / 4.0).sqrt();
        let count = (count, error.max(edge / 2.0));
        campaigns.push(campaign(window, &own_path, count, first, last, ticks.width()));
    }
    campaigns
}

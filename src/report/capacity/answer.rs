//! The answer, in words.

use super::super::lost_shares;
use super::super::text::start;
use super::super::{is_plural, setting};
use super::{ByRefusing, Capacity, Measured, Station};
use crate::experiment::capacity::{Grain, ObjectiveVerdict, SearchAnswer};
use crate::report::number::{percent, rough};
use crate::stats::Parameters;

/// A limit less used than this has nothing to do with it.
const IDLE: f64 = 0.1;
/// So many of the ends that aren't deliveries are named.
const NAMED: usize = 2;

pub(super) fn answer(capacity: &Capacity<'_>) -> String {
    let answer = alone(capacity);
    match capacity.by_refusing() {
        Some(found) => format!("{answer} {}", by_refusing(capacity, &found)),
        None => answer,
    }
}

/// That it takes refusals, from where on, and what to ask instead.
fn by_refusing(capacity: &Capacity<'_>, found: &ByRefusing) -> String {
    let refused = percent(found.there.refused);
    let mut text = format!("But it is kept there by refusing {refused} of what is asked for.");
    let Some(twin) = &found.there.twin else {
        return text;
    };
    let from = shown(capacity, found.from);
    match found.kept {
        Some(kept) => text.push_str(&format!(
            " Of all that is asked for it is kept at {}, and no longer at {from}",
            shown(capacity, kept)
        )),
        None => text.push_str(&format!(" Of all that is asked for it is not kept at {from}")),
    }
    text.push_str(&format!("; to find the limit of that, ask for --slo '{twin}'."));
    text
}

fn alone(capacity: &Capacity<'_>) -> String {
    match (capacity.outcome.answer, capacity.is_load()) {
        (SearchAnswer::Found, true) => found_load(capacity),
        (SearchAnswer::Found, false) => found_value(capacity),
        (SearchAnswer::All, load) => all(capacity, load),
        (SearchAnswer::None, load) => none(capacity, load),
        (SearchAnswer::Enough, load) => enough(capacity, load),
        (SearchAnswer::Undecided, _) => undecided(capacity),
    }
}

fn found_load(capacity: &Capacity<'_>) -> String {
    let (Some(kept), Some(missed)) = (capacity.outcome.feasible, capacity.outcome.infeasible)
    else {
        return String::new();
    };
    let headroom = capacity.headroom().unwrap_or(0.0);
    let only = if headroom < 0.0 { "only " } else { "" };
    let bracket = format!("(bracket {}–{})", capacity.write(kept), capacity.write(missed));
    let load = load(capacity, kept);
    let mut text = format!("Keeps the objective {only}up to {load} {}", bracket);
    text.push_str(&binding(capacity, "; beyond it "));
    text.push('.');
    text.push_str(&headroom_words(headroom));
    text
}

fn headroom_words(headroom: f64) -> String {
    if headroom < 0.0 {
        format!(" Today’s load is too much: it would have to shrink by {}.", share(-headroom))
    } else if headroom > 0.0 {
        format!(" Headroom: {} on top of today’s load.", share(headroom))
    } else {
        " Headroom: none.".to_owned()
    }
}

fn found_value(capacity: &Capacity<'_>) -> String {
    let (Some(kept), Some(missed)) = (capacity.outcome.feasible, capacity.outcome.infeasible)
    else {
        return String::new();
    };
    let (least, missed) = (said(capacity, kept), capacity.write(missed));
    let mut text = if is_plural(capacity.path, &capacity.write(kept)) {
        let not = if missed == "1" { "does" } else { "do" };
        format!("{least} are the fewest that keep the objective ({missed} {not} not)")
    } else {
        format!("{least} is the smallest that keeps the objective ({missed} does not)")
    };
    text.push_str(&binding(capacity, "; below that "));
    text.push_str(". ");
    text.push_str(&today(capacity, kept));
    text
}

/// Today's setting, against the answer.
fn today(capacity: &Capacity<'_>, kept: f64) -> String {
    let Some(today) = capacity.today else {
        return "Today it has no limit.".to_owned();
    };
    let set = capacity.write(today);
    if today == kept {
        return "That is what it is today.".to_owned();
    }
    let by = if kept > 0.0 { format!(", {} of that", ratio(today / kept)) } else { String::new() };
    if today > kept {
        format!("Today it is {set}{by}: more than it takes.")
    } else {
        format!("Today it is {set}{by}: too little.")
    }
}

fn all(capacity: &Capacity<'_>, is_load: bool) -> String {
    let Some(bound) = capacity.outcome.feasible else {
        return String::new();
    };
    let full = binding(capacity, " There, ");
    let full = match full.as_str() {
        "" if is_load => unpressed(capacity),
        "" => full,
        _ => format!("{full}."),
    };
    if is_load {
        return format!(
            "Keeps the objective at every load up to {}, where the search ends; `--range` goes \
             further.{full}",
            load(capacity, bound)
        );
    }
    format!(
        "Every value keeps the objective, down to {}, where the search ends. {}{full}",
        setting(capacity.path, &capacity.write(bound)),
        today(capacity, bound)
    )
}

/// Words on what a search that met no limit is worth.
fn unpressed(capacity: &Capacity<'_>) -> String {
    match capacity.stations().first() {
        Some(station) => {
            format!(" Nothing in the chain is full there: the fullest limit is {}.", named(station))
        }
        None => " Nothing in the chain has a limit, so that no load is too much for it: put in the throttles, \
                 windows and workers that it has."
            .to_owned(),
    }
}

fn none(capacity: &Capacity<'_>, is_load: bool) -> String {
    let Some(bound) = capacity.outcome.infeasible else {
        return String::new();
    };
    let what = if is_load { "load" } else { "value" };
    let at = if is_load {
        load(capacity, bound)
    } else {
        setting(capacity.path, &capacity.write(bound))
    };
    let mut text = format!("No {what} that was tried keeps the objective, not even {at}");
    let stations = capacity.stations();
    let own = |station: &&Station| capacity.path.starts_with(&format!("{}.", station.station));
    let full = stations.iter().find(|station| station.binds());
    match full.or(stations.first()) {
        Some(station) if station.binds() => {
            text.push_str(&format!(": there, {} {}", named(station), binds(station)));
            if full.filter(own).is_none() && !is_load {
                text.push_str(", whatever the value");
            }
            text.push('.');
        }
        Some(station) if station.fullness() < IDLE => {
            text.push_str(". Nothing in the chain is near a limit there.");
        }
        Some(station) => text.push_str(&format!(
            ". Nothing in the chain is full there: the fullest limit is {}.",
            named(station)
        )),
        None => text.push_str(". Nothing in the chain has a limit there."),
    }
    text.push_str(&capacity.point(bound).map(|end| lost(capacity, end)).unwrap_or_default());
    text
}

/// The ends of messages that aren't on time.
fn lost(capacity: &Capacity<'_>, end: &Measured) -> String {
    let shares = lost_shares(|path| capacity.mean(end, path));
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|(name, share)| format!("{name} {}", percent(*share)))
        .collect();
    if named.is_empty() {
        return String::new();
    }
    format!(" Of the accepted messages there: {}.", named.join(", "))
}

/// A value that is enough, and those beyond it that can't be told.
fn enough(capacity: &Capacity<'_>, is_load: bool) -> String {
    let Some(kept) = capacity.outcome.feasible else {
        return String::new();
    };
    let missed = capacity.outcome.infeasible;
    let mut text = if is_load {
        format!("Keeps the objective up to {}", load(capacity, kept))
    } else {
        let value = capacity.write(kept);
        let are = if is_plural(capacity.path, &value) { "are" } else { "is" };
        format!("{} {are} enough to keep the objective", said(capacity, kept))
    };
    text.push_str("; ");
    text.push_str(&between(capacity, kept, missed, is_load));
    text.push('.');
    text.push_str(&match (todays_verdict(capacity), is_load) {
        (Some(ObjectiveVerdict::AtLimit), true) => " Today’s load is at the limit.".to_owned(),
        (Some(ObjectiveVerdict::AtLimit), false) => " What it is today is at the limit.".to_owned(),
        (Some(ObjectiveVerdict::Undecided), true) => " So it is at today’s load.".to_owned(),
        (Some(ObjectiveVerdict::Undecided), false) => " So is what it is today.".to_owned(),
        (_, true) => headroom_words(capacity.headroom().unwrap_or(0.0)),
        (_, false) => format!(" {}", today(capacity, kept)),
    });
    if open(capacity).any(|tried| tried.point.verdict == ObjectiveVerdict::Undecided) {
        text.push_str(&advice(capacity));
    }
    text
}

/// The verdict on the value that is set today.
fn todays_verdict(capacity: &Capacity<'_>) -> Option<ObjectiveVerdict> {
    let today = capacity.today?;
    Some(capacity.point(today)?.point.verdict)
}

/// The values that can't be told apart between a value that is kept and one that is missed.
fn between(capacity: &Capacity<'_>, kept: f64, missed: Option<f64>, is_load: bool) -> String {
    let at_limit = open(capacity).all(|tried| tried.point.verdict == ObjectiveVerdict::AtLimit);
    let how = if at_limit {
        format!("at the limit{}", within(capacity))
    } else {
        let most = capacity.replications.1;
        format!("too close to tell with {most} replications")
    };
    let Some(missed) = missed else {
        let end = if is_load { capacity.axis.high } else { capacity.axis.low };
        return format!(
            "from there to {}, where the search ends, it is {how}",
            shown(capacity, end)
        );
    };
    let missed_text = shown(capacity, missed);
    if let (Grain::Whole, false) = (capacity.axis.grain, is_load) {
        let (from, to) = (missed + 1.0, kept - 1.0);
        let few = if is_plural(capacity.path, &missed_text) { "are too few" } else { "is too few" };
        let few = if capacity.path.ends_with("workers") || capacity.path.ends_with("servers") {
            few
        } else {
            "is too little"
        };
        let range = if from == to {
            format!("{} is", capacity.write(from))
        } else {
            format!("{} to {} are", capacity.write(from), capacity.write(to))
        };
        return format!("{range} {how}, {missed_text} {few}");
    }
    format!("between that and {missed_text}, where it is missed, it is {how}")
}

/// `, within 0.5 points of 97 %`: what at the limit means, if one comparison says so.
fn within(capacity: &Capacity<'_>) -> String {
    let asked: Vec<_> = capacity.objective.asked().iter().enumerate().collect();
    let near: Vec<_> = asked
        .iter()
        .filter(|(index, _)| {
            open(capacity).any(|tried| tried.point.margins.get(*index).is_some_and(|own| own.near))
        })
        .collect();
    let [(index, asked)] = near.as_slice() else {
        return String::new();
    };
    let size = capacity.objective.indifference(*index);
    let amount = super::amount(&asked.path, size);
    format!(", within {amount} of {}", super::figure(&asked.path, asked.limit))
}

fn open<'run>(capacity: &Capacity<'run>) -> impl Iterator<Item = &'run Measured> {
    capacity.points.iter().filter(|tried| tried.point.verdict.is_open())
}

/// Advice.
fn advice(capacity: &Capacity<'_>) -> String {
    let undefined = open(capacity).find_map(|tried| {
        let margins = capacity.objective.asked().iter().zip(&tried.point.margins);
        let (asked, _) =
            margins.into_iter().find(|(_, own)| own.mean.is_none() && own.holds.is_none())?;
        Some((tried, asked))
    });
    if let Some((tried, asked)) = undefined {
        return format!(
            " At {} {} is not defined in every replication. A longer scenario.duration may define \
             it.",
            shown(capacity, tried.value),
            asked.path
        );
    }
    let mut text = match capacity.parameters {
        Parameters::Same => {
            " Allow more with --max-replications, or say with --indifference how near the \
             limit makes no difference."
        }
        Parameters::EverySecondDrawn => {
            " What the log leaves open is part of it, which a longer log tells, and no number of \
             replications; or say with --indifference how near the limit makes no difference."
        }
    }
    .to_owned();
    let mut margins = open(capacity).flat_map(|tried| &tried.point.margins);
    if margins.any(|own| own.mean == Some(0.0) && own.holds.is_none()) {
        text.push_str(
            " A figure that was 0 in all of them may still not be 0 always: allow it to be a \
             little more.",
        );
    }
    text
}

fn undecided(capacity: &Capacity<'_>) -> String {
    let mut text = "Undecided: no value is known to keep the objective".to_owned();
    if let Some(missed) = capacity.outcome.infeasible {
        let (high, on) = if capacity.is_load() { ("from", " on") } else { ("down from", "") };
        text.push_str(&format!(", it is missed {high} {}{on}", shown(capacity, missed)));
    }
    let at_limit: Vec<String> = open(capacity)
        .filter(|tried| tried.point.verdict == ObjectiveVerdict::AtLimit)
        .map(|tried| shown(capacity, tried.value))
        .collect();
    if !at_limit.is_empty() && open(capacity).count() == at_limit.len() {
        let are = if at_limit.len() == 1 { "is" } else { "are" };
        let named = at_limit.join(", ");
        text.push_str(&format!("; {named} {are} at the limit{}.", within(capacity)));
        return text;
    }
    text.push_str(&format!(
        "; the rest of the range is too close to tell with {} replications, the most allowed.",
        capacity.replications.1
    ));
    text.push_str(&advice(capacity));
    text
}

/// A value as it stands in a sentence: `2.31×`, `12`, `250ms`.
fn shown(capacity: &Capacity<'_>, value: f64) -> String {
    let text = capacity.write(value);
    if capacity.is_load() { format!("{text}×") } else { text }
}

/// `12 workers`, at the beginning of a sentence.
fn said(capacity: &Capacity<'_>, value: f64) -> String {
    start(&setting(capacity.path, &capacity.write(value)))
}

/// `2.31× today’s load`.
pub(super) fn load(capacity: &Capacity<'_>, scale: f64) -> String {
    match capacity.today {
        Some(today) if today != 1.0 => {
            format!("scale {}, {} today’s load", capacity.write(scale), ratio(scale / today))
        }
        _ => format!("{} today’s load", shown(capacity, scale)),
    }
}

/// The limit that fills first, with how full it is; nothing if nothing is in use to speak of.
fn binding(capacity: &Capacity<'_>, lead: &str) -> String {
    let stations = capacity.stations();
    let Some(first) = stations.first().filter(|station| station.fullness() >= IDLE) else {
        return String::new();
    };
    if !first.binds() {
        return format!("{lead}the fullest limit is {}", named_on_average(first));
    }
    format!("{lead}{} {}", named(first), binds(first))
}

fn named(station: &Station) -> String {
    format!("{} ({})", station.name(), how_full(station))
}

fn named_on_average(station: &Station) -> String {
    format!("{} ({} on average)", station.name(), how_full(station))
}

fn binds(station: &Station) -> &'static str {
    if station.limit.ends_with('s') { "bind" } else { "binds" }
}

fn how_full(station: &Station) -> String {
    let used = station.utilisation.or(station.beyond);
    let used = used.map(|used| format!("{} used", rough(used)));
    let refused = station.refused.filter(|&refused| refused > 0.0);
    let refused = refused.map(|refused| format!("turns away {} of what comes", percent(refused)));
    let parts: Vec<String> = used.into_iter().chain(refused).collect();
    parts.join(", ")
}

/// `0.131` → `13 %`.
fn share(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// `2.3×`: three digits, without idle zeros.
fn ratio(ratio: f64) -> String {
    let short: f64 = format!("{ratio:.2e}").parse().unwrap_or(ratio);
    format!("{short}×")
}

//! The answer, in words.

use super::super::super::capacity::{ByRefusing, Capacity, Station};
use super::super::number::{percent, rough};
use super::super::text::held;
use super::shown;
use crate::experiment::capacity::{Answer, Verdict};

pub(super) fn answer(capacity: &Capacity<'_>) -> String {
    let answer = alone(capacity);
    capacity
        .by_refusing()
        .map_or(answer.clone(), |found| format!("{answer} {}", by_refusing(capacity, &found)))
}

/// That it takes refusals, from where on, and what to ask instead.
fn by_refusing(capacity: &Capacity<'_>, found: &ByRefusing) -> String {
    let refused = held(&percent(found.there.refused));
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
    text.push_str(&format!(
        "; to find the limit of that, ask for {}.",
        held(&format!("--slo '{twin}'"))
    ));
    text
}

fn alone(capacity: &Capacity<'_>) -> String {
    match (capacity.outcome.answer, capacity.is_load()) {
        (Answer::Found, true) => found_load(capacity),
        (Answer::Found, false) => found_value(capacity),
        (Answer::All, load) => all(capacity, load),
        (Answer::None, load) => none(capacity, load),
        (Answer::Undecided, _) => undecided(capacity),
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
    let mut text = format!("Keeps the objective {only}up to {load} {}", held(&bracket));
    text.push_str(&binding(capacity, "; beyond it "));
    text.push('.');
    text.push_str(&if headroom < 0.0 {
        format!(" Today’s load is too much: it would have to shrink by {}.", share(-headroom))
    } else if headroom > 0.0 {
        format!(" Headroom: {} on top of today’s load.", share(headroom))
    } else {
        " Headroom: none.".to_owned()
    });
    text
}

fn found_value(capacity: &Capacity<'_>) -> String {
    let (Some(kept), Some(missed)) = (capacity.outcome.feasible, capacity.outcome.infeasible)
    else {
        return String::new();
    };
    let (path, least) = (capacity.path, capacity.write(kept));
    let missed = capacity.write(missed);
    let mut text =
        format!("{path} = {least} is the smallest that keeps the objective ({missed} does not)");
    text.push_str(&binding(capacity, "; below it "));
    text.push_str(". ");
    text.push_str(&today(capacity, kept));
    text
}

/// What is set today, against the answer.
fn today(capacity: &Capacity<'_>, kept: f64) -> String {
    let Some(today) = capacity.today else {
        return "Today it has no limit.".to_owned();
    };
    let set = capacity.write(today);
    if today == kept {
        return "That is what it is today.".to_owned();
    }
    let by = if kept > 0.0 {
        format!(", {} of that", held(&ratio(today / kept)))
    } else {
        String::new()
    };
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
    let full = if full.is_empty() { full } else { format!("{full}.") };
    if is_load {
        return format!(
            "Keeps the objective at every load up to {}, where the search ends; `--range` goes \
             further.{full}",
            load(capacity, bound)
        );
    }
    format!(
        "Every value keeps the objective, down to {} = {}, where the search ends. {}{full}",
        capacity.path,
        capacity.write(bound),
        today(capacity, bound)
    )
}

fn none(capacity: &Capacity<'_>, is_load: bool) -> String {
    let Some(bound) = capacity.outcome.infeasible else {
        return String::new();
    };
    let at = if is_load {
        load(capacity, bound)
    } else {
        format!("{} = {}", capacity.path, capacity.write(bound))
    };
    let mut text = format!("Nothing in the range keeps the objective, not even {at}");
    text.push_str(&binding(capacity, ": there, "));
    text.push('.');
    text
}

fn undecided(capacity: &Capacity<'_>) -> String {
    let (low, high) = if capacity.is_load() { ("up to", "from") } else { ("from", "down from") };
    let mut certain = Vec::new();
    if let Some(kept) = capacity.outcome.feasible {
        certain.push(format!("kept {low} {}", shown(capacity, kept)));
    }
    if let Some(missed) = capacity.outcome.infeasible {
        let sign = if capacity.is_load() { "on" } else { "" };
        certain.push(
            format!("missed {high} {} {sign}", shown(capacity, missed)).trim_end().to_owned(),
        );
    }
    let certain = if certain.is_empty() {
        "no value is known to keep or to miss the objective".to_owned()
    } else {
        format!("the objective is certainly {}", certain.join(" and "))
    };
    let mut text = format!("Undecided: {certain}; ");
    let open = capacity.points.iter().filter(|tried| tried.point.verdict == Verdict::Undecided);
    let undefined = open.clone().find_map(|tried| {
        let margins = capacity.objective.asked().iter().zip(&tried.point.margins);
        let (asked, _) =
            margins.into_iter().find(|(_, own)| own.mean.is_none() && own.holds.is_none())?;
        Some((tried, asked))
    });
    match undefined {
        Some((tried, asked)) => text.push_str(&format!(
            "at {} {} is not defined in every replication. A longer scenario.duration may define \
             it.",
            shown(capacity, tried.value),
            asked.path
        )),
        None => {
            let both = capacity.outcome.feasible.is_some() && capacity.outcome.infeasible.is_some();
            text.push_str(&format!(
                "{} too close to tell with {} replications, the most allowed. Allow more with \
                 --max-replications, or a larger --tolerance.",
                if both { "what lies between is" } else { "the rest of the range is" },
                capacity.replications.1
            ));
            let mut margins = open.flat_map(|tried| &tried.point.margins);
            if margins.any(|own| own.mean == Some(0.0) && own.holds.is_none()) {
                text.push_str(
                    " A figure that was 0 in all of them may still not be 0 always: allow it to be \
                     a little more.",
                );
            }
        }
    }
    text
}

/// `2.31× today’s load`.
fn load(capacity: &Capacity<'_>, scale: f64) -> String {
    match capacity.today {
        Some(today) if today != 1.0 => {
            held(&format!("scale {}, {} today’s load", capacity.write(scale), ratio(scale / today)))
        }
        _ => held(&format!("{} today’s load", shown(capacity, scale))),
    }
}

/// What fills first, with how full it is; nothing if nothing has a limit.
fn binding(capacity: &Capacity<'_>, lead: &str) -> String {
    let stations = capacity.stations();
    let Some(first) = stations.first() else {
        return String::new();
    };
    let (name, how) = (held(&first.name()), how_full(first));
    if !first.binds() {
        return format!("{lead}the fullest limit is {name} ({how} on average)");
    }
    let verb = if first.limit.ends_with('s') { "bind" } else { "binds" };
    format!("{lead}{name} ({how}) {verb}")
}

fn how_full(station: &Station) -> String {
    let used = station.utilisation.or(station.beyond);
    let used = used.map(|used| held(&format!("{} used", rough(used))));
    let refused = station.refused.filter(|&refused| refused > 0.0);
    let refused =
        refused.map(|refused| held(&format!("turns away {} of what comes", percent(refused))));
    let parts: Vec<String> = used.into_iter().chain(refused).collect();
    parts.join(", ")
}

/// `0.131` → `13 %`.
fn share(share: f64) -> String {
    held(&format!("{:.0} %", share * 100.0))
}

/// `2.3×`: three digits, without idle zeros.
fn ratio(ratio: f64) -> String {
    let short: f64 = format!("{ratio:.2e}").parse().unwrap_or(ratio);
    format!("{short}×")
}

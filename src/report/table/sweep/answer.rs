//! What the points have to say, in words.

use super::super::super::sweep::Swept;
use super::super::number::percent;
use super::super::text::held;
use super::rest::{accepted, ends};
use super::{SCALE, label};
use crate::experiment::metrics::HEADLINE;

/// So many of the ends that aren't deliveries are named.
const NAMED: usize = 2;
/// Ends with less than this are not worth naming.
const WORTH: f64 = 0.005;

pub(super) fn answer(swept: &Swept<'_>) -> String {
    let gaps: Vec<(usize, f64)> = (0..swept.points.len())
        .filter_map(|point| Some((point, swept.mean(point, HEADLINE)?)))
        .collect();
    // Of equal ones the first.
    let best = gaps.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
    let worst = gaps.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let (Some(best), Some(worst)) = (best, worst) else {
        return "No message was accepted, so there is no share of them to tell.".to_owned();
    };
    if gaps.len() == 1 {
        return format!("{}{}.", on_time(swept, best, true), rest(swept, best.0));
    }
    if worst.1 <= best.1 {
        return format!(
            "{}, and the same at every other point.{}",
            on_time(swept, best, true),
            least_accepted(swept)
        );
    }
    let ordered = matches!(swept.axes, [axis] if axis.unit.is_some());
    let (first, last) = (gaps[0], gaps[gaps.len() - 1]);
    let (from, to) = if ordered { (first, last) } else { (best, worst) };
    let mut text = format!("{}; {}", on_time(swept, from, true), on_time(swept, to, false));
    text.push_str(&rest(swept, to.0));
    text.push('.');
    if ordered && worst.0 != from.0 && worst.0 != to.0 {
        text.push_str(&format!(" Fewest {}.", on_time(swept, worst, false)));
    }
    if ordered && best.0 != from.0 && best.0 != to.0 {
        text.push_str(&format!(" Most {}.", on_time(swept, best, false)));
    }
    if let (Some(here), Some(there)) = (accepted(swept, from.0), accepted(swept, to.0)) {
        let (here, there) = (held(&percent(here)), held(&percent(there)));
        text.push_str(&if here == there {
            format!(" Both times the API accepts {here} of what is asked for.")
        } else {
            format!(" The API accepts {here} and {there} of what is asked for.")
        });
    }
    text
}

/// Where the API accepts least of what is asked for, unless it accepts all everywhere: that all of
/// the accepted arrive is little where few are.
fn least_accepted(swept: &Swept<'_>) -> String {
    let shares = (0..swept.points.len()).filter_map(|point| Some((point, accepted(swept, point)?)));
    match shares.min_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((point, least)) if least < 1.0 => format!(
            " At {} the API accepts only {} of what is asked for.",
            label(&swept.points[point]),
            held(&percent(least))
        ),
        _ => String::new(),
    }
}

/// `at 4× 98.9 %`, the first time in full.
fn on_time(swept: &Swept<'_>, (point, gap): (usize, f64), full: bool) -> String {
    let point = &swept.points[point];
    let load = matches!(point.at.as_slice(), [(path, _)] if path == SCALE);
    let named = match point.at.as_slice() {
        [(path, _)] if !load => format!("{path} = {}", label(point)),
        _ => label(point),
    };
    let share = held(&percent(1.0 - gap));
    if full {
        let verb = if swept.spec.has_deadline() { "arrive on time" } else { "are delivered" };
        format!("At {named} {share} of the accepted messages {verb}")
    } else {
        format!("at {named} {share}")
    }
}

/// Where most of the others went: ` (expired in queue 32.1 %, late 4.0 %)`.
fn rest(swept: &Swept<'_>, point: usize) -> String {
    let mut shares: Vec<(&str, f64)> =
        ends().filter_map(|end| Some((end.name, end.share(swept, point)?))).collect();
    shares.retain(|&(_, share)| share >= WORTH);
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|(name, share)| format!("{name} {}", held(&percent(*share))))
        .collect();
    if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
}

//! The layers of success, one under the other, as shares of what was asked for.

use super::super::Facts;
use super::Page;
use super::bar::bar;
use super::paint::Ink;
use super::per_run::beside;
use super::text::width;
use crate::chain::spec::{Arrivals, Traffic};
use crate::experiment::share;
use crate::report::number::{count, length, percent, share_interval};

/// The widest bar.
const BAR: usize = 40;

pub(super) fn funnel(facts: &Facts<'_>, page: &Page) -> String {
    let layers = &facts.total.layers;
    if layers.accepted == 0 {
        return format!("  {}\n", nothing(facts));
    }
    let again = &layers.again;
    let on_time = match common_deadline(facts) {
        Some(deadline) => format!("on time, {deadline}"),
        None => "on time".to_owned(),
    };
    // Where nobody was refused it is the same share of both.
    let executed =
        if layers.accepted == layers.requested { "divergence.api_vs_execution" } else { "" };
    let mut rows = vec![
        ("asked for".to_owned(), layers.requested, 0, "", Ink::Faint),
        (
            "API success".to_owned(),
            layers.accepted,
            again.accepted,
            "of_requested.accepted",
            Ink::Blue,
        ),
        ("executed".to_owned(), layers.executed, again.executed, executed, Ink::Blue),
        (
            "delivered".to_owned(),
            layers.delivered,
            again.delivered,
            "of_requested.delivered",
            Ink::Blue,
        ),
    ];
    if facts.spec.has_deadline() {
        rows.push((on_time, layers.on_time, again.on_time, "of_requested.on_time", Ink::Green));
    }
    let names = rows.iter().map(|row| width(&row.0)).max().unwrap_or(0);
    let runs = facts.results().replications;
    let told = |messages| format!("{}{}", count(messages), beside(messages, runs));
    let counts = width(&told(layers.accepted.max(layers.requested)));
    // Margins and gaps, share and interval.
    let room = page.width.saturating_sub(2 + names + 2 + counts + 2 + 2 + 8 + 2 + 7);
    let columns = room.min(BAR);
    let mut lines = String::new();
    for (name, messages, again, path, ink) in rows {
        // Everybody once, whatever repeated calls made of a request.
        let part = share(messages.saturating_sub(again), layers.requested).unwrap_or(0.0);
        let interval = facts.estimate(path).and_then(|estimate| estimate.half_width);
        // No spread at all, but for rounding, is no news: every span was the same.
        let interval = interval.filter(|&half_width| half_width > 1e-9);
        let line = format!(
            "  {name:names$}  {:>counts$}  {}  {:>8}  {}",
            told(messages),
            page.paint.ink(ink, &bar(part, columns)),
            percent(part),
            page.paint.ink(
                Ink::Faint,
                &interval.map(|half| share_interval(part, half)).unwrap_or_default()
            ),
        );
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

fn nothing(facts: &Facts<'_>) -> String {
    match facts.total.layers.requested {
        0 => "No message was asked for in the time counted.".to_owned(),
        1 => "One message was asked for; the API refused it.".to_owned(),
        asked => format!("{} messages were asked for; the API refused them all.", count(asked)),
    }
}

/// The deadline, if every stream has the same one.
fn common_deadline(facts: &Facts<'_>) -> Option<String> {
    let of_rows = |traffic: &Traffic| match &traffic.arrivals {
        Arrivals::Trace { rows } => rows.iter().any(|row| row.deadline.is_some()),
        _ => false,
    };
    if facts.spec.traffic.iter().any(of_rows) {
        return None;
    }
    let mut deadlines = facts.spec.traffic.iter().map(|traffic| traffic.deadline);
    let first = deadlines.next()??;
    deadlines.all(|deadline| deadline == Some(first)).then(|| length(first))
}

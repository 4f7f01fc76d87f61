//! The layers of success, and where the rest went.

use super::super::{Findings, Value};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::rows::{Rows, length};
use super::seen::Seen;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, WIDTH, wide};
use crate::chain::Truth;
use crate::report::head::has_deadline;
use crate::report::names;
use crate::report::number::{percent, short_count};
use crate::report::read::{entries, number};

const LAYER: i32 = 62;
const LOSS: i32 = 50;
const TOP: i32 = 146;
/// Title and key of the lower half.
const HEAD: i32 = 118;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let report = &findings.result;
    let layer = |name: &str| number(report, &format!("layers.{name}")).unwrap_or(0.0);
    let requested = layer("requested");
    let accepted = layer("api_success");
    if requested.max(accepted) <= 0.0 {
        return None;
    }
    let has_deadline = has_deadline(report);
    // Everybody once, where the report says so; repeated calls may make more messages.
    let whole = |key: &str, messages: f64| {
        let share = number(report, &format!("of_requested.{key}"));
        let counted = (requested > 0.0).then(|| messages / requested);
        share.or(counted.filter(|&share| share <= 1.0))
    };
    let row = |name, key: &str, whole_key: &str, ink| {
        let messages = layer(key);
        Layer { name, messages, share: whole(whole_key, messages), ink }
    };
    let mut layers = vec![
        Layer { name: "asked for", messages: requested, share: None, ink: Ink::AXIS },
        row("API success", "api_success", "accepted", Ink::BLUE),
        row("executed", "execution_success", "", Ink::BLUE),
        row("delivered", "outcome_success", "delivered", Ink::BLUE),
    ];
    if has_deadline {
        layers.push(row("on time", "outcome_on_time", "on_time", Ink::GREEN));
    }
    let losses = losses(report);
    let names = layers.iter().map(|layer| layer.name).chain(losses.iter().map(|loss| loss.name));
    let left = Rows::beside(names);
    let below = if losses.is_empty() { LOSS } else { Rows::height(LOSS, losses.len()) };
    let middle = TOP + Rows::height(LAYER, layers.len());
    let height = (middle + HEAD + below + MARGIN + 1) / 2 * 2;
    let mut sheet = Sheet::new(height, "What became of the messages", &provenance(report));
    let texts: Vec<String> = layers.iter().map(Layer::text).collect();
    let losses_texts = losses.iter().map(|loss| with_share(loss.messages, accepted));
    let widest = texts.iter().cloned().chain(losses_texts).map(|text| wide(&text, BODY)).max();
    let room = WIDTH - MARGIN - left - widest.unwrap_or(0) - 24;
    let rows = Rows { left, top: TOP, pitch: LAYER };
    for (index, layer) in layers.iter().enumerate() {
        let &Layer { name, messages, ink, .. } = layer;
        rows.name(&mut sheet, index, name);
        let y = rows.middle(index);
        let length = length(messages / requested.max(accepted), room);
        sheet.block((left, y - 20), (left + room, y + 20), Ink::GRID, 0.6);
        sheet.block((left, y - 20), (left + length, y + 20), ink, 0.9);
        let text = layer.text();
        sheet.text((left + room + 20, y), &text, BODY, Anchor::Start, Ink::TEXT);
        sheet.mark_box((left, y - 20), (left + room, y + 20), format!("{name}: {text}"));
    }
    let top = middle + 40;
    sheet.text((MARGIN, top), "Where the rest of the accepted went", 29, Anchor::Start, Ink::TEXT);
    if losses.is_empty() {
        let text = match (accepted > 0.0, has_deadline) {
            (true, true) => "Nowhere: every accepted message arrived on time.",
            (true, false) => "Nowhere: every accepted message was delivered.",
            (false, _) => "The API accepted no message.",
        };
        sheet.text((MARGIN, top + 56), text, BODY, Anchor::Start, Ink::FAINT);
    } else {
        let entries = Seen::ALL.map(|seen| (seen.ink(), 0.9, seen.words()));
        key(&mut sheet, (MARGIN, top + 48), &entries);
        let rows = Rows { left, top: middle + HEAD, pitch: LOSS };
        bars(&mut sheet, rows, &losses, accepted, room);
    }
    sheet.description = description(&layers, accepted, &losses);
    Some(sheet)
}

/// A layer of success: messages, and their share of what was asked for.
struct Layer {
    name: &'static str,
    messages: f64,
    share: Option<f64>,
    ink: Ink,
}

impl Layer {
    fn text(&self) -> String {
        match self.share {
            Some(share) => format!("{} · {}", short_count(self.messages), percent(share)),
            None => short_count(self.messages),
        }
    }
}

/// Messages that did not arrive, or not on time, for one reason, by what the sender saw of them.
struct Loss {
    name: &'static str,
    messages: f64,
    seen: [f64; 3],
}

/// The most frequent first.
fn losses(report: &Value) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Truth::ALL
        .into_iter()
        .filter(|&truth| truth != Truth::DeliveredOnTime)
        .filter_map(|truth| {
            let messages = number(report, &format!("truth.{}", truth.name()))?;
            let states = || entries(report, &format!("observed.{}", truth.name()));
            let seen = Seen::ALL.map(|seen| {
                let such = states().filter(|(state, _)| Seen::of(truth.delivered(), state) == seen);
                such.filter_map(|(_, count)| count.as_f64()).sum()
            });
            (messages > 0.0).then_some(Loss { name: names::end(truth), messages, seen })
        })
        .collect();
    losses.sort_by(|one, other| other.messages.total_cmp(&one.messages));
    losses
}

fn bars(sheet: &mut Sheet, rows: Rows, losses: &[Loss], accepted: f64, room: i32) {
    let most = losses.first().map_or(1.0, |loss| loss.messages);
    for (index, loss) in losses.iter().enumerate() {
        rows.name(sheet, index, loss.name);
        let y = rows.middle(index);
        let whole = length(loss.messages / most, room);
        let all: f64 = loss.seen.iter().sum::<f64>().max(1.0);
        let (mut before, mut start) = (0.0, rows.left);
        for (seen, messages) in Seen::ALL.into_iter().zip(loss.seen) {
            before += messages;
            let end = rows.left + (before / all * f64::from(whole)).round() as i32;
            if messages > 0.0 {
                let end = end.max(start + 2);
                sheet.block((start, y - 15), (end, y + 15), seen.ink(), 0.9);
                let text =
                    format!("{}, {}: {}", loss.name, seen.words(), with_share(messages, accepted));
                sheet.mark_box((start, y - 15), (end, y + 15), text);
                start = end;
            }
        }
        let text = with_share(loss.messages, accepted);
        sheet.text((rows.left + room + 20, y), &text, BODY, Anchor::Start, Ink::TEXT);
    }
}

fn with_share(messages: f64, accepted: f64) -> String {
    if accepted > 0.0 {
        format!("{} · {}", short_count(messages), percent(messages / accepted))
    } else {
        short_count(messages)
    }
}

fn description(layers: &[Layer], accepted: f64, losses: &[Loss]) -> String {
    let layers: Vec<String> =
        layers.iter().map(|layer| format!("{}: {}", layer.name, layer.text())).collect();
    let lost: Vec<String> = losses
        .iter()
        .take(3)
        .map(|loss| format!("{} {}", loss.name, percent(loss.messages / accepted.max(1.0))))
        .collect();
    let lost = if lost.is_empty() { "nowhere".to_owned() } else { lost.join(", ") };
    format!("{}. The rest went: {lost}.", layers.join(", "))
}

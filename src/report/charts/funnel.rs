//! The layers of success, and where the rest went.

use super::super::{Findings, Value};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::rows::{Bar, Rows, length};
use super::seen::Seen;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, WIDTH, wide};
use crate::chain::Truth;
use crate::report::head::has_deadline;
use crate::report::layers::{Layer, layers};
use crate::report::number::{percent, short_count};
use crate::report::read::{ReadFrom, entries, number};
use crate::report::{ends, names};

const LAYER: i32 = 62;
const LOSS: i32 = 50;
const TOP: i32 = 146;
/// Title and key of the lower half.
const HEAD: i32 = 118;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let report = &findings.result;
    let run = ReadFrom::Run(report);
    let of = |path: &str| run.value(path).unwrap_or(0.0);
    let (requested, accepted) = (of("layers.requested"), of("layers.api_success"));
    if requested.max(accepted) <= 0.0 {
        return None;
    }
    let has_deadline = has_deadline(report);
    let mut layers = layers(run, has_deadline);
    // What the sender saw of it is told below.
    layers.retain(|layer| layer.metric.key() != "observed_delivered");
    let losses = losses(report);
    let names = layers.iter().map(|layer| layer.metric.heading());
    let names = names.chain(losses.iter().map(|loss| loss.name));
    let left = Rows::beside(names);
    let below = if losses.is_empty() { LOSS } else { Rows::height(LOSS, losses.len()) };
    let middle = TOP + Rows::height(LAYER, layers.len());
    let height = (middle + HEAD + below + MARGIN + 1) / 2 * 2;
    let mut sheet = Sheet::new(height, "What became of the messages", &provenance(report));
    let texts: Vec<String> = layers.iter().map(text).collect();
    let losses_texts = losses.iter().map(|loss| with_share(loss.messages, accepted));
    let widest = texts.iter().cloned().chain(losses_texts).map(|text| wide(&text, BODY)).max();
    let room = WIDTH - MARGIN - left - widest.unwrap_or(0) - 24;
    let rows = Rows { left, top: TOP, pitch: LAYER };
    for (index, (layer, text)) in layers.iter().zip(&texts).enumerate() {
        let (name, part) = (layer.metric.heading(), layer.messages / requested.max(accepted));
        let ink = match layer.metric.key() {
            "requested" => Ink::AXIS,
            "outcome_on_time" => Ink::GREEN,
            _ => Ink::BLUE,
        };
        let hover = format!("{name}: {text}");
        rows.bar(&mut sheet, index, &Bar { name, part, room, ink, text, hover });
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

/// A layer's messages, and their share of what was asked for.
fn text(layer: &Layer) -> String {
    let count = short_count(layer.messages);
    if layer.metric.key() == "requested" || layer.part > 1.0 {
        return count;
    }
    format!("{count} · {}", percent(layer.part))
}

/// Messages that did not arrive, or not on time, for one reason, by what the sender saw of them.
struct Loss {
    name: &'static str,
    messages: f64,
    seen: [f64; 3],
}

/// The most frequent first.
fn losses(report: &Value) -> Vec<Loss> {
    let loss = |(truth, messages): (Truth, f64)| {
        let states = || entries(report, &format!("observed.{}", truth.name()));
        let seen = Seen::ALL.map(|seen| {
            let such = states().filter(|(state, _)| Seen::of(truth.delivered(), state) == seen);
            such.filter_map(|(_, count)| count.as_f64()).sum()
        });
        Loss { name: names::end(truth), messages, seen }
    };
    ends::counts(|path| number(report, path)).into_iter().map(loss).collect()
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
        layers.iter().map(|own| format!("{}: {}", own.metric.heading(), text(own))).collect();
    let lost: Vec<String> = losses
        .iter()
        .take(3)
        .map(|loss| format!("{} {}", loss.name, percent(loss.messages / accepted.max(1.0))))
        .collect();
    let lost = if lost.is_empty() { "nowhere".to_owned() } else { lost.join(", ") };
    format!("{}. The rest went: {lost}.", layers.join(", "))
}

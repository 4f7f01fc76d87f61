//! The layers of success, and how soon messages arrived.

use super::Told;
use crate::chain::spec::{Arrivals, Spec, Traffic};
use crate::report::Unit;
use crate::report::document::{Block, Cell, Content, On, Section, Table, Tone};
use crate::report::layers::layers as all;
use crate::report::number::length;
use crate::report::read;

pub(super) fn layers(told: Told<'_>) -> Section {
    let run = told.figures;
    let mut layers = Table::new("layers", "Layers of success", "layer")
        .caption("Messages by layer of success")
        .numbers(&["messages"])
        .texts_on(On::Terminal, &[""])
        .numbers(&["of all asked for", "of the accepted"])
        .texts_on(On::Page, &["meaning"]);
    for own in all(run, told.has_deadline) {
        let is_on_time = own.metric.key() == "outcome_on_time";
        let tone = if is_on_time { Tone::Good } else { Tone::Drawn };
        let deadline = told.facts.filter(|_| is_on_time);
        let deadline = deadline.and_then(|facts| common_deadline(facts.spec));
        let name = own.metric.heading();
        let name = deadline.map_or_else(|| name.to_owned(), |own| format!("{name}, {own}"));
        layers.row(vec![
            Cell::text(name),
            Cell::count(Some(own.messages)).summed(told.runs),
            Cell::drawn(Content::Bar(own.part), tone),
            Cell::figure(Unit::Share, own.of_asked),
            Cell::figure(Unit::Share, own.of_accepted),
            Cell::text(own.metric.meaning),
        ]);
    }
    let mut within = Table::new("within", "Delivered within", "within")
        .caption("Delivered within a time")
        .numbers(&["of all asked for", "of the accepted"]);
    for (time, _) in read::entries(told.report, "within") {
        let share = run.figure(&format!("within.{time}"));
        if share.value.is_some() {
            let whole = run.figure(&format!("of_requested.within.{time}"));
            let [whole, share] = [whole, share].map(|share| Cell::figure(Unit::Share, share));
            within.row(vec![Cell::text(time), whole, share]);
        }
    }
    let certainty = certainty(told);
    let section = Section::new("success", "Layers of success").with(layers).on_page(within);
    match certainty {
        Some(why) => section.with(Block::Remark(why)),
        None => section.on_page(Block::remark(
            "± is half a 95 % interval: over replications, or, of a single run, over spans of its \
             time. A figure without one is too skewed for its replications, or its spans are not \
             independent.",
        )),
    }
}

/// The reason there is no ±.
fn certainty(told: Told<'_>) -> Option<String> {
    let reasons = read::list(told.report, "no_interval");
    let needed = read::number(reasons.first()?, "replications")?;
    let why: Vec<&str> = reasons.iter().map(|reason| read::text(reason, "words")).collect();
    let runs = match told.runs {
        1.0 => "This run alone".to_owned(),
        runs => format!("These {runs} runs"),
    };
    Some(format!("{runs}, without ±: {}. `-n {needed}` for an interval.", why.join("; ")))
}

/// The deadline, if every stream has the same one.
fn common_deadline(spec: &Spec) -> Option<String> {
    let of_rows = |traffic: &Traffic| match &traffic.arrivals {
        Arrivals::Trace { rows } => rows.iter().any(|row| row.deadline.is_some()),
        _ => false,
    };
    if spec.traffic.iter().any(of_rows) {
        return None;
    }
    let mut deadlines = spec.traffic.iter().map(|traffic| traffic.deadline);
    let first = deadlines.next()??;
    deadlines.all(|deadline| deadline == Some(first)).then(|| length(first))
}

//! The probability as it unfolded.

use crate::experiment::replay::Pivot;
use crate::kernel::{Nanos, SECOND, in_seconds};
use crate::report::document::{Block, Cell, Content, Section, Table, Tone};
use crate::report::number::{count, length};

/// A time, short ones to a tenth of a second.
fn time(at: Nanos) -> String {
    match at {
        0 => "0 s".to_owned(),
        at if at < 120 * SECOND => format!("{:.1} s", in_seconds(at)),
        at => length(at),
    }
}

pub(super) fn pivot(pivot: &Pivot) -> Section {
    let redraws = pivot.points.first().map_or(0, |point| point.redraws);
    let mut table = Table::new("pivot", "Chance until", "time")
        .numbers(&["it happens", "95 % from", "to"])
        .texts(&[""]);
    for point in &pivot.points {
        let [low, high] = point.interval();
        let shares = [point.share(), low, high].map(|share| Cell::share(Some(share)));
        let bar = Cell::drawn(Content::Bar(point.share()), Tone::Plain);
        table.row([Cell::text(time(point.at))].into_iter().chain(shares).chain([bar]).collect());
    }
    let said = match pivot.unavoidable {
        Some(0) => "It happens whatever chance does.".to_owned(),
        Some(at) => format!("From {} on it happened in every one: unavoidable.", time(at)),
        None => "It could have been otherwise until the end.".to_owned(),
    };
    let how = format!(
        "What chance had drawn by then stays, everything later is drawn anew, {} times from each \
         time on. {said}",
        count(redraws)
    );
    Section::default().with(Block::text(how)).with(table)
}

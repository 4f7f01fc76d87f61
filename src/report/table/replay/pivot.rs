//! The probability as it unfolded.

use crate::experiment::replay::Pivot;
use crate::report::document::{Block, Cell, Content, Section, Table, Tone};
use crate::report::number::{count, moment};

pub(super) fn pivot(pivot: &Pivot) -> Section {
    let redraws = pivot.points.first().map_or(0, |point| point.redraws);
    let mut table = Table::new("pivot", "Chance until", "time")
        .numbers(&["it happens", "95 % from", "to"])
        .texts(&[""]);
    for point in &pivot.points {
        let [low, high] = point.interval();
        let shares = [point.share(), low, high].map(|share| Cell::share(Some(share)));
        let bar = Cell::drawn(Content::Bar(point.share()), Tone::Plain);
        table.row([Cell::text(moment(point.at))].into_iter().chain(shares).chain([bar]).collect());
    }
    let said = match pivot.unavoidable {
        Some(0) => "It happens whatever chance does.".to_owned(),
        Some(at) => format!("From {} on it happened in every one: unavoidable.", moment(at)),
        None => "It could have been otherwise until the end.".to_owned(),
    };
    let how = format!(
        "What chance had drawn by then stays, everything later is drawn anew, {} times from each \
         time on. {said}",
        count(redraws)
    );
    Section::default().with(Block::text(how)).with(table)
}

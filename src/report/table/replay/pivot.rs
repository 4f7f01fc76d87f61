//! How likely it was as it unfolded.

use super::super::Page;
use super::super::bar::bar;
use super::super::grid::Grid;
use super::super::text::wrapped;
use crate::experiment::replay::Pivot;
use crate::kernel::{Nanos, SECOND, in_seconds};
use crate::report::number::{count, length, percent};

/// A time, short ones to a tenth of a second.
fn time(at: Nanos) -> String {
    match at {
        0 => "0 s".to_owned(),
        at if at < 120 * SECOND => format!("{:.1} s", in_seconds(at)),
        at => length(at),
    }
}

pub(super) fn pivot(pivot: &Pivot, page: &Page) -> String {
    let redraws = pivot.points.first().map_or(0, |point| point.redraws);
    let mut grid = Grid::new("Chance until").numbers(&["it happens", "95 % from", "to"]).text("");
    for point in &pivot.points {
        let [low, high] = point.interval();
        let at = time(point.at);
        let cells = [percent(point.share()), percent(low), percent(high), bar(point.share(), 24)];
        grid.row(&at, cells.into());
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
    wrapped(&how, page.width, 2) + "\n" + &grid.set(page)
}

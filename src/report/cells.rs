//! Design points and their metrics: the `cells` of a result file, and `cells.csv`.

use super::csv_line::csv_file;
use super::{Map, Value};
use crate::experiment::{Cell, Known};

/// A design point.
#[derive(Debug, Clone)]
pub struct DesignPoint<'run> {
    /// Its value on each axis.
    pub at: Vec<&'run str>,
    /// Its metrics.
    pub cell: &'run Cell,
}

/// A cell's metrics by path, with intervals that miss with a probability of `error` each.
pub(super) fn metrics(paths: &[String], cell: &Cell, error: f64) -> Map {
    Map::new().and(known(paths, cell, error).map(|(path, known)| {
        let entry = Map::new()
            .with("mean", known.mean)
            .with("half_width", known.half_width)
            .with("n", known.n);
        (path, Value::from(entry))
    }))
}

fn known<'run>(
    paths: &'run [String],
    cell: &'run Cell,
    error: f64,
) -> impl Iterator<Item = (&'run str, Known)> {
    let tallies = paths.iter().zip(cell.tallies());
    tallies.map(move |(path, tally)| (path.as_str(), tally.known(error)))
}

/// A row for each design point and metric: the axes, then `path,mean,half_width,n`; what isn't
/// defined is empty. Intervals miss with a probability of `error` each.
#[must_use]
pub fn cells_csv<'run>(
    axes: &[&str],
    rows: impl Iterator<Item = DesignPoint<'run>>,
    paths: &[String],
    error: f64,
) -> String {
    let text = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
    let head = axes.iter().chain(&["path", "mean", "half_width", "n"]);
    let rows = rows.flat_map(|DesignPoint { at, cell }| {
        known(paths, cell, error).map(move |(path, known)| {
            let figures = [text(known.mean), text(known.half_width), known.n.to_string()];
            let place = at.iter().copied().chain([path]).map(str::to_owned);
            place.chain(figures).collect::<Vec<_>>()
        })
    });
    csv_file([head.map(|own| (*own).to_owned()).collect()].into_iter().chain(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_a_point_and_metric() {
        let mut cell = Cell::default();
        cell.push(&[Some(1.5), None]);
        cell.push(&[Some(1.5), Some(2.0)]);
        let paths = ["within.5s".to_owned(), "attempts.max".to_owned()];
        let row = DesignPoint { at: vec!["a,b", "2"], cell: &cell };
        assert_eq!(
            cells_csv(&["policy", "scale"], [row].into_iter(), &paths, 0.05),
            "policy,scale,path,mean,half_width,n\n\
             \"a,b\",2,within.5s,1.5,0,2\n\
             \"a,b\",2,attempts.max,,,1\n"
        );
    }
}

//! The samples of a run, as many as can be drawn.

use super::super::super::Table;
use super::super::super::clock::read;
use super::super::axis::clock;
use crate::experiment::metrics::HEADLINE;
use crate::report::label;
use crate::report::metric::truly;
use crate::report::number::{percent, short, span};

/// As many points a line, and strips under the pointer.
const MOST: usize = 240;
/// Samples with so small a part of the usual number have no share: it would be that of a few.
const FEW: f64 = 0.02;
/// As many queues have a line, and as many routes.
const QUEUES: usize = 8;

/// Samples in order of time; of a long run several are taken together.
pub(super) struct Samples {
    /// Starts, in seconds.
    pub(super) starts: Vec<f64>,
    /// The clock at the beginning, in seconds since midnight, if it is told.
    pub(super) start: Option<f64>,
    /// The end of the last, in seconds.
    pub(super) end: f64,
    /// Shares; `None` where there was nothing.
    pub(super) accepted: Vec<Option<f64>>,
    pub(super) delivered: Vec<Option<f64>>,
    pub(super) on_time: Vec<Option<f64>>,
    /// True if any message has a deadline; else `on_time` is `delivered`.
    pub(super) has_deadline: bool,
    /// The most at the end of a sample.
    pub(super) in_flight: Vec<Option<f64>>,
    /// The same for each queue, by its name.
    pub(super) queues: Vec<(String, Vec<Option<f64>>)>,
    /// The weight at the end of a sample of each route where it changes, as a share, by its id.
    pub(super) routes: Vec<(String, Vec<Option<f64>>)>,
    /// The most workers that were there, of each queue where they come and go.
    pub(super) workers: Vec<(String, Vec<Option<f64>>)>,
}

impl Samples {
    /// Those of `timeseries.csv`.
    pub(super) fn of(table: &Table, has_deadline: bool) -> Option<Samples> {
        let times = table.numbers("time_s")?;
        let times: Vec<f64> = times.into_iter().collect::<Option<_>>()?;
        let (first, second) = (*times.first()?, *times.get(1)?);
        let end = times.last()? + (second - first);
        let each = times.len().div_ceil(MOST);
        let sums = |column: &str| -> Option<Vec<f64>> {
            let values = table.numbers(column)?;
            Some(values.chunks(each).map(|part| part.iter().flatten().sum()).collect())
        };
        let most = |column: &str| -> Option<Vec<Option<f64>>> {
            let values = table.numbers(column)?;
            let of = |part: &[Option<f64>]| part.iter().copied().flatten().reduce(f64::max);
            Some(values.chunks(each).map(of).collect())
        };
        let share = |part: &[f64], whole: &[f64]| -> Vec<Option<f64>> {
            let some = whole.iter().filter(|&&whole| whole > 0.0);
            let least = FEW * whole.iter().sum::<f64>() / some.count().max(1) as f64;
            let pairs = part.iter().zip(whole);
            pairs.map(|(part, &whole)| (whole > least).then(|| part / whole)).collect()
        };
        let (requests, rejected) = (sums("requests")?, sums("rejected")?);
        let taken: Vec<f64> =
            requests.iter().zip(&rejected).map(|(all, no)| (all - no).max(0.0)).collect();
        let accepted = sums("accepted")?;
        let of_queues = |what: &'static str| {
            let most = &most;
            table.columns.iter().filter_map(move |column| {
                let name = column.strip_prefix("queue.")?.strip_suffix(what)?;
                Some((name.to_owned(), most(column)?))
            })
        };
        let weights = table.columns.iter().filter_map(|column| {
            let id = column.strip_prefix("route.")?.strip_suffix(".weight")?;
            let points = table.numbers(column)?;
            let last = |part: &[Option<f64>]| part.last().copied().flatten().map(|of| of / 100.0);
            Some((format!("route {id}"), points.chunks(each).map(last).collect()))
        });
        Some(Samples {
            starts: times.chunks(each).filter_map(|part| part.first().copied()).collect(),
            start: table.text("clock").and_then(read).map(|at| at - first),
            end,
            accepted: share(&taken, &requests),
            delivered: share(&sums("cohort_delivered")?, &accepted),
            on_time: share(&sums("cohort_on_time")?, &accepted),
            has_deadline,
            in_flight: most("in_flight")?,
            queues: of_queues(".depth").take(QUEUES).collect(),
            workers: of_queues(".workers").take(QUEUES).collect(),
            routes: weights.take(QUEUES).collect(),
        })
    }

    /// The name of the gap.
    pub(super) fn said(&self) -> String {
        label(truly(HEADLINE, self.has_deadline))
    }

    /// The share of accepted messages that did not arrive on time.
    pub(super) fn gap(&self) -> impl Iterator<Item = Option<f64>> {
        self.on_time.iter().map(|share| share.map(|share| (1.0 - share).max(0.0)))
    }

    /// The time when the gap was widest, and its width; `None` if there was none.
    pub(super) fn worst(&self) -> Option<(f64, f64)> {
        let gaps = self.starts.iter().zip(self.gap());
        let known = gaps.filter_map(|(&start, gap)| Some((start, gap?)));
        known
            .fold(None, |worst: Option<(f64, f64)>, next| match worst {
                Some(worst) if worst.1 >= next.1 => Some(worst),
                _ => Some(next),
            })
            .filter(|worst| worst.1 > 0.0)
    }

    /// The text under the pointer for each sample.
    pub(super) fn hovers(&self) -> Vec<String> {
        let said = self.said();
        let hover = |(index, (&start, gap)): (usize, (&f64, Option<f64>))| {
            let share = |name: &str, share: Option<f64>| {
                share.map(|share| format!("{name} {}", percent(share)))
            };
            let count = |name: &str, count: Option<f64>| {
                count.map(|count| format!("{name} {}", short(count)))
            };
            let mut parts = vec![
                share("accepted", self.accepted[index]),
                share("delivered", self.delivered[index]),
                share("on time", self.on_time[index].filter(|_| self.has_deadline)),
                share(&said, gap),
            ];
            for (name, weights) in &self.routes {
                parts.push(share(name, weights[index]));
            }
            for (name, depths) in &self.queues {
                parts.push(count(&format!("queue {name}"), depths[index]));
            }
            for (name, workers) in &self.workers {
                parts.push(count(&format!("workers of {name}"), workers[index]));
            }
            parts.push(count("in flight", self.in_flight[index]));
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let time = if start > 0.0 { span(start) } else { "0 s".to_owned() };
            let time = match self.start {
                Some(began) => format!("{time} ({})", clock(began + start)),
                None => time,
            };
            format!("{time}: {}", parts.join(", "))
        };
        self.starts.iter().zip(self.gap()).enumerate().map(hover).collect()
    }
}

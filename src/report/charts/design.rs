//! Design points: the axes of a sweep and its cells.

use super::super::Value;
use super::axis::Axis;
use crate::report::Unit;
use crate::report::number::{self, short, short_count, span};
use crate::report::read::{list, text_at};

/// The path of the axis that is the load.
const SCALE: &str = "scale";

/// An axis of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Varied {
    pub(super) path: String,
    /// Its values, as written on an axis.
    pub(super) labels: Vec<String>,
    /// The values as numbers, if all are.
    pub(super) numbers: Option<Vec<f64>>,
}

/// A sweep: cells on axes.
#[derive(Debug, Clone)]
pub(super) struct Design<'run> {
    pub(super) axes: Vec<Varied>,
    cells: &'run [Value],
}

impl<'run> Design<'run> {
    /// That of a sweep's result, if it has axes.
    pub(super) fn of(result: &'run Value) -> Option<Design<'run>> {
        let axes: Vec<Varied> = list(result, "axes").iter().filter_map(varied).collect();
        let cells = list(result, "cells");
        (!axes.is_empty() && !cells.is_empty()).then_some(Design { axes, cells })
    }

    /// The cell at these values of the axes. Cells are in their order, the last axis fastest.
    pub(super) fn cell(&self, at: &[usize]) -> Option<&'run Value> {
        let index =
            self.axes.iter().zip(at).fold(0, |index, (axis, &at)| index * axis.labels.len() + at);
        self.cells.get(index)
    }

    /// The axis to lay out from left to right: the load, else the one with numbers and most
    /// values.
    pub(super) fn across(&self) -> usize {
        let worth = |axis: &Varied| (axis.path == SCALE, axis.numbers.is_some(), axis.labels.len());
        let best = (0..self.axes.len()).rev().max_by_key(|&index| worth(&self.axes[index]));
        best.unwrap_or(0)
    }

    /// One line for each value of the other axes: its name, and its cells along `across`.
    pub(super) fn lines(&self, across: usize) -> Vec<(String, Vec<&'run Value>)> {
        let mut others: Vec<Vec<usize>> = vec![vec![0; self.axes.len()]];
        for (index, axis) in self.axes.iter().enumerate().filter(|&(index, _)| index != across) {
            others = others
                .into_iter()
                .flat_map(|at| {
                    (0..axis.labels.len()).map(move |value| {
                        let mut at = at.clone();
                        at[index] = value;
                        at
                    })
                })
                .collect();
        }
        let name = |at: &[usize]| {
            let others = self.axes.iter().zip(at).enumerate();
            let named = others.filter(|&(index, _)| index != across);
            let names: Vec<&str> =
                named.filter_map(|(_, (axis, &at))| Some(axis.labels.get(at)?.as_str())).collect();
            names.join(" · ")
        };
        let count = self.axes.get(across).map_or(0, |axis| axis.labels.len());
        others
            .into_iter()
            .map(|mut at| {
                let name = name(&at);
                let cells = (0..count).filter_map(|value| {
                    at[across] = value;
                    self.cell(&at)
                });
                let cells = cells.collect();
                (name, cells)
            })
            .collect()
    }
}

impl Varied {
    /// Its values as an axis: by number if they are numbers, else a place each.
    pub(super) fn axis(&self) -> Axis {
        let axis = match &self.numbers {
            Some(numbers) => Axis::points(numbers, &self.labels),
            None => Axis::slots(&self.labels),
        };
        axis.captioned(self.caption())
    }

    /// The place of the value of this index on [`Varied::axis`].
    pub(super) fn at(&self, index: usize) -> f64 {
        self.numbers
            .as_ref()
            .and_then(|numbers| numbers.get(index).copied())
            .unwrap_or(index as f64)
    }

    /// The caption of the axis.
    pub(super) fn caption(&self) -> String {
        caption(&self.path)
    }
}

/// The caption of an axis of this path.
pub(super) fn caption(path: &str) -> String {
    if path == SCALE { "load".to_owned() } else { path.to_owned() }
}

/// A value on an axis of this path.
pub(super) fn label(path: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        other => match other.as_f64() {
            Some(number) if path == SCALE => format!("{}×", short(number)),
            // A whole number as it was asked for.
            Some(number) if number.fract() == 0.0 => short_count(number),
            Some(number) => short(number),
            None => "–".to_owned(),
        },
    }
}

fn varied(axis: &Value) -> Option<Varied> {
    let path = text_at(axis, "path")?.to_owned();
    let unit = text_at(axis, "unit").unwrap_or_default();
    let label = |value: &Value| match (value.as_f64(), unit) {
        (Some(rate), "/s") => number::write(Unit::PerSecond, rate),
        (Some(seconds), "s") => span(seconds),
        (Some(share), "share") => format!("{} %", short(share * 100.0)),
        _ => label(&path, value),
    };
    let labels: Vec<String> = list(axis, "values").iter().map(label).collect();
    let numbers: Option<Vec<f64>> = list(axis, "numbers").iter().map(Value::as_f64).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty() && numbers.len() == labels.len());
    (!labels.is_empty()).then_some(Varied { path, labels, numbers })
}

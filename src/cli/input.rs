//! `--input fit.json`: parameters drawn in every second replication from what a fit doesn't know of them.

use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use super::arguments::Input as Options;
use super::ending::{Ending, Exit};
use super::source::Readings;
use crate::chain::spec::Spec;
use crate::experiment::{Estimated, Run};
use crate::fit::{Kind, Uncertain, drawn};
use crate::report::Map;
use crate::scenario::{Hash, Overrides, Scenario, Source, load, spelt_out_in_line};

/// Uncertainties of a scenario's parameters.
pub(super) struct Input {
    name: String,
    hash: String,
    /// The fit's answer to how well its scenario predicts, in a sentence.
    answer: Option<String>,
    uncertain: Vec<Uncertain>,
    colour: bool,
}

impl Input {
    /// Reads what was asked for.
    pub(super) fn read(
        options: &Options,
        readings: &Readings,
        colour: bool,
    ) -> Result<Option<Input>, Ending> {
        options.input.as_deref().map(|path| Input::of(path, readings, colour)).transpose()
    }

    fn of(path: &Path, readings: &Readings, colour: bool) -> Result<Input, Ending> {
        let name = spelt_out_in_line(&path.display().to_string());
        let Source { text, .. } = readings.read(path)?;
        let wrong = |what: String| {
            let text = format!("{name} {what}: expected the fit.json that `smschain fit` writes");
            Ending::new(Exit::Input, text)
        };
        let fit: Value =
            serde_json::from_str(&text).map_err(|error| wrong(format!("is no JSON ({error})")))?;
        if fit["schema"] != "smschain.fit/1" {
            return Err(wrong("is no result of a fit".to_owned()));
        }
        let Some(list) = fit["uncertain"].as_array() else {
            return Err(wrong("has no list `uncertain`".to_owned()));
        };
        let read = |(place, own): (usize, &Value)| {
            uncertain(own).ok_or_else(|| {
                let path = own["path"].as_str().map_or(String::new(), |path| format!(" ({path})"));
                let path = spelt_out_in_line(&path);
                wrong(format!(
                    "has an entry of `uncertain` that can't be drawn from, number {place}{path}"
                ))
            })
        };
        let uncertain: Vec<Uncertain> = (1..).zip(list).map(read).collect::<Result<_, _>>()?;
        if uncertain.is_empty() {
            return Err(wrong("has no parameter with an interval to draw from".to_owned()));
        }
        let mut hash = Hash::new();
        hash.write(text.as_bytes());
        let answer = fit["answer"].as_str().map(str::to_owned);
        Ok(Input { name, hash: hash.hex()[..16].to_owned(), answer, uncertain, colour })
    }

    /// The scenario of each of some replications: itself and, in every second one, with drawn parameters. What is
    /// set besides goes before what is drawn.
    pub(super) fn specs(
        &self,
        source: &Source,
        overrides: &Overrides,
        seed: u64,
        replications: Range<u64>,
    ) -> Result<Vec<Spec>, Ending> {
        let spec = |replication| {
            let is_drawn = replication % 2 > 0;
            let mut set =
                if is_drawn { drawn(&self.uncertain, seed, replication / 2) } else { Vec::new() };
            set.extend(overrides.set.iter().cloned());
            let overrides = Overrides { set, ..overrides.clone() };
            let Scenario { spec, .. } = load(source, &overrides).map_err(|errors| {
                let text = format!(
                    "{}\nnote: `--input {}` sets this: expected the scenario that was written with it",
                    errors.render(self.colour).trim_end(),
                    self.name
                );
                Ending::rendered(Exit::Input, text)
            })?;
            Ok(spec)
        };
        replications.map(spec).collect()
    }

    /// The fingerprint of a scenario whose parameters are drawn: another than its own.
    pub(super) fn fingerprint(&self, of: &str) -> String {
        let mut hash = Hash::new();
        hash.write(of.as_bytes());
        hash.write(self.hash.as_bytes());
        hash.hex()[..16].to_owned()
    }

    /// Its part of a result; of a run, with how much of each interval it is.
    pub(super) fn put(&self, result: &mut Value, run: Option<&Run>) {
        let part = |own: &Estimated| {
            let half_width = own.half_width.filter(|&half_width| half_width > 0.0)?;
            let chance = own.by_chance?;
            // None where chance alone makes as much.
            let share = (1.0 - chance * chance / (half_width * half_width)).clamp(0.0, 1.0);
            let part = Map::new()
                .with("half_width", half_width)
                .with("chance_half_width", chance)
                .with("share_of_input", share);
            Some((own.path.clone(), Value::from(part)))
        };
        let parts = run.map(|run| Map::new().and(run.estimates.iter().filter_map(part)));
        if let Value::Object(result) = result {
            let input = Map::new()
                .with("fit", self.name.as_str())
                .with("fingerprint", self.hash.as_str())
                .with("answer", self.answer.as_deref())
                .with("parameters", self.uncertain.len() as u64)
                .with("intervals", parts.map_or(Value::Null, Value::from));
            result.insert("input".to_owned(), input.into());
        }
    }

    /// A result, with what it says of drawn parameters.
    pub(super) fn noted(input: Option<&Input>, mut result: Value) -> Value {
        if let Some(input) = input {
            input.put(&mut result, None);
        }
        result
    }
}

/// An entry of `uncertain`.
fn uncertain(own: &Value) -> Option<Uncertain> {
    let numbers = |value: &Value| -> Option<Vec<f64>> {
        value.as_array()?.iter().map(Value::as_f64).collect()
    };
    let rows = own["covariance"].as_array()?.iter();
    let covariance = rows.map(numbers).collect::<Option<_>>()?;
    let named =
        |own: &Value| Some((own["path"].as_str()?.to_owned(), Kind::of(own["kind"].as_str()?)?));
    let (path, kind) = named(own)?;
    // Files of 0.5.0 have none.
    let also = own["also"].as_array().map_or(&[][..], Vec::as_slice);
    let also = also.iter().map(named).collect::<Option<_>>()?;
    Uncertain { path, kind, at: numbers(&own["at"])?, covariance, also }.sound()
}

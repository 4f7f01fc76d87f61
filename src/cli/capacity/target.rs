//! The target of a search: a load, or a key's value; and the chain at each of its values.

use std::ops::Range;

use super::Options;
use crate::chain::spec::Spec;
use crate::cli::again::Line;
use crate::cli::arguments::Load;
use crate::cli::ending::Ending;
use crate::cli::input::Input;
use crate::cli::source;
use crate::experiment::capacity::{Axis, Grain, Harder};
use crate::report::capacity::SCALE;
use crate::scenario::quantity::{Levels, Quantity, Varied, varied};
use crate::scenario::{Overrides, Scenario, Source};

/// The reach of a search for a load from today's, unless told.
const FURTHEST: f64 = 64.0;
/// Keys that are no resource, with what to do instead.
const NO_RESOURCE: [(&str, &str); 2] = [
    (
        "scenario.scale",
        "the load is what `capacity` searches for without `--find`; `--range` says where",
    ),
    ("scenario.seed", "every point runs on the same seeds; `--seed N` takes others"),
];

/// The target of a search.
pub(super) struct Target {
    source: Source,
    overrides: Overrides,
    colour: bool,
    /// The key; `None`: the load.
    key: Option<Varied>,
    pub(super) quantity: Quantity,
    pub(super) axis: Axis,
    /// Its value in the scenario as it is; `None` if that is no number.
    pub(super) today: Option<f64>,
}

impl Target {
    pub(super) fn new(
        options: &Options,
        source: Source,
        overrides: Overrides,
        own: &Scenario,
        colour: bool,
    ) -> Result<Target, Ending> {
        let nowhere = Axis {
            low: own.spec.scale,
            high: own.spec.scale,
            start: own.spec.scale,
            grain: Grain::Real(options.tolerance),
            harder: Harder::Upwards,
        };
        let mut target = Target {
            source,
            overrides,
            colour,
            key: None,
            quantity: Quantity::Number,
            axis: nowhere,
            today: Some(own.spec.scale),
        };
        match &options.find {
            None => target.search_load(options.range)?,
            Some(flag) => target.search_key(flag, own)?,
        }
        Ok(target)
    }

    fn search_load(&mut self, range: Option<(f64, f64)>) -> Result<(), Ending> {
        let today = self.axis.start;
        let (low, high) = range.unwrap_or((today / FURTHEST, today * FURTHEST));
        self.axis = Axis { low, high, start: today.clamp(low, high), ..self.axis };
        self.chain(low)?;
        // A load that no scenario may have is where a search that nobody bounded ends.
        while range.is_none() && self.axis.high > today && self.chain(self.axis.high).is_err() {
            self.axis.high = (0.5 * self.axis.high).max(today);
        }
        self.chain(self.axis.high).map(drop)
    }

    fn search_key(&mut self, flag: &str, own: &Scenario) -> Result<(), Ending> {
        let key = varied(&self.source, &self.overrides, "--find", flag)
            .map_err(|errors| Ending::mistakes(&errors, self.colour))?;
        let path = &key.path;
        if let Some((_, instead)) = NO_RESOURCE.iter().find(|(other, _)| other == path) {
            return Err(Ending::usage(format!("`--find {path}`: {instead}")));
        }
        let (range, quantity) = match (&key.levels, key.quantity) {
            (Levels::Range(range), Some(quantity)) if range.steps.is_none() => (*range, quantity),
            (Levels::Range(_), _) => {
                return Err(Ending::usage(format!(
                    "`--find {flag}`: a search has no steps: expected PATH=lo..hi"
                )));
            }
            (Levels::List(_), _) => {
                return Err(Ending::usage(format!(
                    "`--find {flag}`: expected a range of numbers, PATH=lo..hi, such as \
                     queue.main.workers=1..256"
                )));
            }
        };
        let (low, high) = (quantity.round(range.low), quantity.round(range.high));
        if low < 0.0 {
            return Err(Ending::usage(format!("`--find {flag}`: expected values from 0 on")));
        }
        let set = own.numbers().into_iter().find(|set| set.path == *path);
        self.today = set.map(|set| set.value);
        let grain = if quantity == Quantity::Integer { Grain::Whole } else { self.axis.grain };
        let start = self.today.unwrap_or(high).clamp(low, high);
        (self.key, self.quantity) = (Some(key), quantity);
        self.axis = Axis { low, high, start, grain, harder: Harder::Downwards };
        self.chain(low)?;
        self.chain(high).map(drop)
    }

    /// Its path in results.
    pub(super) fn path(&self) -> &str {
        self.key.as_ref().map_or(SCALE, |key| &key.path)
    }

    /// The scenario at a value.
    pub(super) fn chain(&self, value: f64) -> Result<Scenario, Ending> {
        source::checked(&self.source, &self.at(value), self.colour)
    }

    /// The changes of the command line, and the value.
    fn at(&self, value: f64) -> Overrides {
        let mut overrides = self.overrides.clone();
        match &self.key {
            Some(key) => overrides.vary.push(key.at(self.quantity, value)),
            None => overrides.scale = Some(value),
        }
        overrides
    }

    /// The chains of its replications at a value, their parameters drawn.
    pub(super) fn inputs(
        &self,
        input: &Input,
        value: f64,
        seed: u64,
        replications: Range<u64>,
    ) -> Result<Vec<Spec>, Ending> {
        input.specs(&self.source, &self.at(value), seed, replications)
    }

    /// The options that set it to a value in a command of `run`, after the other changes.
    pub(super) fn set(&self, line: Line, options: &Options, value: f64) -> Line {
        match &self.key {
            Some(key) => {
                let set = format!("{}={}", key.path, self.quantity.write(value));
                line.changes(&options.load, &options.changes).option("--set", &set)
            }
            None => line.changes(&Load { scale: Some(value) }, &options.changes),
        }
    }
}

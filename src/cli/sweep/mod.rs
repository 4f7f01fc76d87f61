//! `smschain sweep`.

mod axes;
mod design;
mod sensitivity;

use std::borrow::Cow;
use std::ops::Range;

use self::design::Design;
use super::again::Line;
use super::arguments::{Load, Sweep as Options};
use super::cells::{Merged, Work};
use super::ending::{Ending, Exit};
use super::experiment::Experiment;
use super::input::Input;
use super::source::Readings;
use super::terminal::Terminal;
use super::{folder, objectives, source};
use crate::chain::spec::Spec;
use crate::experiment::{Broken, Observation, Points, Seeds, Until};
use crate::expression::Expression;
use crate::report::sweep::{ERROR, Swept, sweep as report};
use crate::report::table::Footer;
use crate::report::{Kind, cells_csv, rarity_sentence};
use crate::scenario::quantity::scales;
use crate::scenario::{Overrides, Scenario, Source};

/// Replications of those who don't choose.
const REPLICATIONS: u64 = 8;

/// Runs a scenario at several loads, or with several settings.
pub(super) fn sweep(options: &Options) -> Result<Exit, Ending> {
    Asked::read(options, &Readings::default())?.answer(None)
}

/// A sweep that was asked for: its points are loaded, and nothing is run.
pub(super) struct Asked<'run> {
    options: &'run Options,
    source: Source,
    /// The command line's changes, without the load.
    changed: Overrides,
    own: Scenario,
    design: Design,
    objectives: Vec<Expression>,
    input: Option<Input>,
    each: u64,
}

impl<'run> Asked<'run> {
    pub(super) fn read(options: &'run Options, readings: &Readings) -> Result<Asked<'run>, Ending> {
        let terminal = Terminal::new(&options.output);
        if options.precision.is_some() {
            return Err(Ending::usage(
                "`--precision` belongs to `run`: `sweep` makes the same number of replications at \
                 each point, `-n`",
            ));
        }
        let source = readings.read(&options.scenario)?;
        let overrides = readings.overrides(&options.changes, &options.seed, &Load { scale: None });
        let colour = terminal.colour_on_stderr();
        let mut own = source::checked(&source, &overrides, colour)?;
        let scale = options.scale.as_deref().map(scales).transpose();
        let scale = scale.map_err(|errors| Ending::mistakes(&errors, colour))?;
        let changed = overrides.clone();
        let mut design = match options.sensitivity {
            Some(change) => {
                let (base, design) = sensitivity::design(&source, overrides, own, scale, change)?;
                own = base;
                design
            }
            None => axes::design(options, &source, &overrides, &own, scale, colour)?,
        };
        terminal.remark(&own.render_warnings(colour));
        terminal.remark(&design.warnings(colour));
        design.notes.iter().for_each(|note| terminal.remark(note));
        let objectives = objectives::read(&options.slo, &own.spec, colour)?;
        let input = Input::read(&options.input, readings, colour)?;
        if let Some(input) = &input {
            design.fingerprints.iter_mut().for_each(|own| *own = input.fingerprint(own));
        }
        let each = options.replications.unwrap_or(REPLICATIONS);
        Ok(Asked { options, source, changed, own, design, objectives, input, each })
    }

    fn inputs(&self, replications: Range<u64>) -> Result<Vec<Vec<Spec>>, Ending> {
        let changed = (&self.source, &self.changed);
        self.design.inputs(self.input.as_ref(), changed, self.own.spec.seed, replications)
    }

    /// Its cells.
    pub(super) fn work(&self) -> Work<'_> {
        Work {
            scenario: &self.own,
            points: self.design.points.iter().map(design::told).collect(),
            specs: Cow::Borrowed(&self.design.specs),
            fingerprints: self.design.fingerprints.clone(),
            sizes: self.design.sizes.clone(),
            seeds: Seeds::Of(self.own.spec.seed),
            each: self.each,
            condition: None,
            inputs: Box::new(|replications| self.inputs(replications)),
        }
    }

    /// Its results, of runs that are made, or of `cells` that were.
    pub(super) fn answer(self, cells: Option<&Merged>) -> Result<Exit, Ending> {
        let inputs = self.inputs(0..self.each)?;
        let Asked { options, own, design, objectives, input, each, .. } = self;
        let command = options.input.beside("sweep");
        let default = folder::of_experiment(&own.spec.name, &command, &options.changes, None);
        let kind = (Kind::Sweep, "sweep.json");
        let experiment = Experiment::begin(&options.output, default, kind, cells)?;
        let until = Until::Replications(each);
        let points = Points { specs: &design.specs, inputs: &inputs, seed: own.spec.seed };
        let made = |point, metrics| Observation {
            metrics: design.placed(point, metrics),
            columns: Vec::new(),
        };
        let threads = options.threads.count();
        experiment.expected(&design.sizes, each, threads);
        let compared = experiment
            .compare(threads, points, &design.fingerprints, (0, until), made)
            .map_err(|broken| fault(options, &design, &broken))?;
        let found = options.sensitivity.map(|change| design.sensitivity(change, &compared));
        let swept = Swept {
            spec: &own.spec,
            fingerprint: &own.fingerprint,
            seed: own.spec.seed,
            seeds: &compared.seeds,
            axes: &design.axes,
            points: &design.points,
            paths: &design.paths,
            cells: &compared.cells,
            objectives: &objectives,
            sensitivity: found.as_ref(),
        };
        let table = cells_csv(&swept.csv_axes(), swept.rows(), swept.paths, ERROR);
        let mut doubts = design.doubts.clone();
        doubts.extend(rarity_sentence(swept.spec, swept.seeds));
        let footer = Footer { again: line(options, &swept), doubts, ..Footer::default() };
        let result = Input::noted(input.as_ref(), report(&swept));
        experiment.show(swept.spec, (result, table), footer, "")?;
        Ok(Exit::Ok)
    }
}

/// The command that gives the same numbers.
fn line(options: &Options, swept: &Swept<'_>) -> String {
    let mut line = Line::new("sweep", &options.scenario);
    for flag in &options.vary {
        line = line.option("--vary", flag);
    }
    line =
        line.maybe("--scale", options.scale.as_ref()).maybe("--sensitivity", options.sensitivity);
    for objective in &options.slo {
        line = line.option("--slo", objective);
    }
    line.option("--seed", &swept.seed.to_string())
        .maybe("-n", options.replications)
        .changes(&Load { scale: None }, &options.changes)
        .maybe("--input", options.input.shown())
        .text()
}

/// Conservation broke: what, and the line that shows it again with the one seed it takes.
fn fault(options: &Options, design: &Design, broken: &Broken) -> Ending {
    let mut again = Line::run(&options.scenario, broken.failure.seed)
        .changes(&Load { scale: None }, &options.changes);
    for varied in design.set.get(broken.point).into_iter().flatten() {
        again = again.option("--set", &format!("{}={}", varied.path, varied.value));
    }
    Ending::fault(broken, &again.text())
}

//! `smschain sweep`.

mod axes;
mod design;
mod sensitivity;

use self::design::Design;
use super::again::Line;
use super::arguments::{Format, Load, Sweep as Options};
use super::ending::{Ending, Exit};
use super::finished::{Keeping, Store};
use super::folder::ResultFolder;
use super::input::Input;
use super::pictures::{PAGE, chart_files, findings, pictures};
use super::terminal::{self, Terminal};
use super::{effort, folder, objectives, source};
use crate::chain::Results;
use crate::experiment::{Broken, Comparison, Observation, Points, Until, compare as run};
use crate::report::sweep::{Swept, sweep as report};
use crate::report::table::{Footer, table};
use crate::report::{Heading, Kind, cells_csv, metrics, plausible, rarity_sentence, to_json};
use crate::scenario::quantity::scales;
use crate::scenario::{Errors, Overrides, load};

/// Replications of those who don't choose.
const REPLICATIONS: u64 = 8;
/// The files of `sweep` under `--out`, those of other versions too.
const FILES: [&str; 4] = [JSON, PAGE, CSV, "charts/"];
const JSON: &str = "sweep.json";
const CSV: &str = "cells.csv";

/// Runs a scenario at several loads, or with several settings.
pub(super) fn sweep(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    if options.precision.is_some() {
        return Err(Ending::new(
            Exit::Input,
            "`--precision` belongs to `run`: `sweep` makes the same number of replications at \
             each point, `-n`",
        ));
    }
    let source = source::read(&options.scenario)?;
    let overrides = Overrides {
        set: options.changes.set.clone(),
        unset: options.changes.unset.clone(),
        seed: options.seed.seed,
        max_memory: options.changes.max_memory,
        ..Overrides::default()
    };
    let colour = terminal.colour_on_stderr();
    let rendered = |errors: Errors| Ending::rendered(Exit::Input, errors.render(colour));
    let mut own = load(&source, &overrides).map_err(rendered)?;
    let scale = options.scale.as_deref().map(scales).transpose().map_err(rendered)?;
    let at = overrides.clone();
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
    let input = Input::read(&options.input, colour)?;
    let inputs = design.inputs(input.as_ref(), &source, &at, own.spec.seed, each(options))?;
    if let Some(input) = &input {
        design.fingerprints.iter_mut().for_each(|own| *own = input.fingerprint(own));
        design.doubts.push(input.sentence());
    }
    let out = options.output.out.clone();
    let out = out.unwrap_or_else(|| {
        let command = options.input.beside("sweep");
        folder::of_experiment(&own.spec.name, &command, &options.changes, None)
    });
    let out = (!options.output.no_files)
        .then(|| ResultFolder::claim(&out, &FILES, chart_files(Kind::Sweep), options.output.force))
        .transpose()?;
    let out = out.as_ref();
    let store = out.map(|out| Store::open(out, Heading::metrics(), terminal)).transpose()?;
    let points = Points { specs: &design.specs, inputs: &inputs, seed: own.spec.seed };
    let compared = simulate(options, &design, points, &store, terminal)
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
    show(options, &swept, (&design, input.as_ref()), out, store, terminal)
}

/// Replications of each point.
fn each(options: &Options) -> u64 {
    options.replications.unwrap_or(REPLICATIONS)
}

/// Every point on the same random numbers.
fn simulate(
    options: &Options,
    design: &Design,
    points: Points<'_>,
    store: &Option<Store>,
    terminal: Terminal,
) -> Result<Comparison, Broken> {
    let each = each(options);
    let store = store.as_ref();
    let (threads, specs) = (options.threads.count(), &design.specs);
    effort::watched(terminal, threads, specs, each, (store, false), |workers, watch, effort| {
        let figures = |point: usize, results: Results| {
            effort.count(&results);
            metrics(&specs[point], results)
        };
        let made = |point, metrics| Observation {
            metrics: design.placed(point, metrics),
            columns: Vec::new(),
        };
        let believed =
            |point: usize, figures: &[Option<f64>]| plausible(&specs[point], None, figures);
        let fingerprints = &design.fingerprints;
        let digest = Keeping { store, fingerprints, figures, believed, made };
        run(workers, points, 0, Until::Replications(each), watch, &digest)
    })
}

/// Writes and prints the sweep.
fn show(
    options: &Options,
    swept: &Swept<'_>,
    (design, input): (&Design, Option<&Input>),
    out: Option<&ResultFolder>,
    store: Option<Store>,
    terminal: Terminal,
) -> Result<Exit, Ending> {
    let csv = cells_csv(&swept.csv_axes(), swept.rows(), swept.paths, crate::report::sweep::ERROR);
    let mut result = report(swept);
    if let Some(input) = input {
        input.put(&mut result, None);
    }
    let found = findings(result, &[(CSV, &csv)]);
    let json = to_json(&found.result);
    let mut doubts = design.doubts.clone();
    doubts.extend(rarity_sentence(swept.spec, swept.seeds));
    let mut footer = Footer { again: line(options, swept), doubts, ..Footer::default() };
    let printed = if options.output.format == Format::Csv { csv.clone() } else { json.clone() };
    if let Some(out) = out {
        let pictures = pictures(&found, &footer.again);
        footer.files = out.publish(vec![(JSON, json), (CSV, csv)], pictures, &FILES)?;
    }
    if let Some(store) = store {
        store.done(terminal);
    }
    if options.output.format == Format::Table {
        terminal::result(&table(&found, swept.spec, terminal.look(), &footer))?;
    } else {
        terminal::result_file(&printed)?;
    }
    Ok(Exit::Ok)
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
    let mut again = Line::new("run", &options.scenario)
        .option("--seed", &broken.failure.seed.to_string())
        .changes(&Load { scale: None }, &options.changes);
    for varied in design.set.get(broken.point).into_iter().flatten() {
        again = again.option("--set", &format!("{}={}", varied.path, varied.value));
    }
    Ending::fault(broken, &again.text())
}

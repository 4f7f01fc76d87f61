//! `smschain compare`.

mod policies;

use std::path::Path;

use self::policies::{OWN, Policies};
use super::again::Line;
use super::arguments::{Compare as Options, Format};
use super::ending::{Ending, Exit};
use super::finished::{Keeping, Store};
use super::folder::ResultFolder;
use super::input::Input;
use super::pictures::{PAGE, chart_files, findings, pictures};
use super::terminal::{self, Terminal};
use super::{bundle, effort, folder, indifference, source};
use crate::chain::Results;
use crate::experiment::{
    Broken, Comparison, Decide, Indifference, Observation, Points, Until, compare as run,
};
use crate::report::comparison::{Compared, ERROR, Subject, comparison};
use crate::report::table::{Footer, table, undecided_sentence};
use crate::report::{
    Better, Heading, Kind, better, cells_csv, metric_paths, metrics, plausible, to_json,
};
use crate::scenario::{Overrides, Source, load, nearest};

/// Replications of those who don't choose.
const REPLICATIONS: u64 = 20;
/// Replications before the first judgement; Kim and Nelson recommend about ten.
const FIRST_STAGE: u64 = 10;
/// Where deciding ends at the latest.
const MOST: u64 = 1000;
/// The files of `compare` under `--out`, those of other versions too.
const FILES: [&str; 4] = [JSON, PAGE, CSV, "charts/"];
const JSON: &str = "compare.json";
const CSV: &str = "cells.csv";

/// Compares retry policies and says which is the best, and how sure that is.
pub(super) fn compare(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    if options.precision.is_some() {
        return Err(Ending::new(
            Exit::Input,
            "`--precision` belongs to `run`: `compare` replicates until the best policy is known \
             with `--decide PATH --indifference X`",
        ));
    }
    let source = source::read(&options.scenario)?;
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    let colour = terminal.colour_on_stderr();
    let own = load(&source, &overrides)
        .map_err(|errors| Ending::rendered(Exit::Input, errors.render(colour)))?;
    terminal.remark(&own.render_warnings(colour));
    let asked = policies::names(options, &own)?;
    let baseline = baseline(options, &asked)?;
    let paths = metric_paths(&own.spec);
    let until = until(options, &paths)?;
    let mut found = policies::settings(options, &source, &overrides, &own, asked, colour)?;
    if options.policies.as_deref().is_none_or(|list| list.trim() == policies::ALL) {
        found.name_own()?;
    }
    let Policies { names: policies, specs, mut fingerprints, warnings } = found;
    let input = Input::read(&options.input, colour)?;
    let inputs = policies::inputs(
        input.as_ref(),
        &policies,
        (options, &source, &overrides),
        own.spec.seed,
        until,
    )?;
    if let Some(input) = &input {
        fingerprints.iter_mut().for_each(|own| *own = input.fingerprint(own));
    }
    // `scenario` under the name of the policy it is comes first.
    let baseline = policies.iter().position(|name| *name == baseline).unwrap_or(0);
    terminal.remark(&warnings);
    policies::notes(options, &own, &policies, &specs).iter().for_each(|note| terminal.remark(note));
    let decided = match until {
        Until::Decided(decide) => paths.get(decide.metric).map(String::as_str),
        Until::Replications(_) => None,
    };
    let subject = Subject::of(&paths, decided);
    let out = options.output.out.clone();
    let out = out.unwrap_or_else(|| {
        let command = options.input.beside("compare");
        folder::of_experiment(&own.spec.name, &command, &options.changes, options.load.scale)
    });
    let out = (!options.output.no_files)
        .then(|| {
            ResultFolder::claim(&out, &FILES, chart_files(Kind::Compare), options.output.force)
        })
        .transpose()?;
    let out = out.as_ref();
    let store = out.map(|out| Store::open(out, Heading::metrics(), terminal)).transpose()?;
    if let Until::Replications(each) = until {
        let runs = each.saturating_mul(specs.len() as u64);
        let expected = own.size.remark(runs, options.threads.count());
        terminal.remark(&expected.unwrap_or_default());
    }
    let points = Points { specs: &specs, inputs: &inputs, seed: own.spec.seed };
    let compared =
        simulate(options, points, baseline, until, (&subject, &fingerprints), &store, terminal)
            .map_err(|broken| {
                fault(options, &policies, &broken, &source, &overrides, out.map(ResultFolder::path))
            })?;
    let compared = Compared {
        spec: &own.spec,
        fingerprint: &own.fingerprint,
        seed: own.spec.seed,
        policies: &policies,
        paths: &paths,
        subject: &subject,
        comparison: &compared,
    };
    show(options, (&compared, input.as_ref()), out, store, terminal)
}

/// Writes and prints the comparison.
fn show(
    options: &Options,
    (compared, input): (&Compared<'_>, Option<&Input>),
    out: Option<&ResultFolder>,
    store: Option<Store>,
    terminal: Terminal,
) -> Result<Exit, Ending> {
    let csv = cells_csv(&["policy"], compared.cells(), compared.paths, ERROR);
    let mut result = comparison(compared);
    if let Some(input) = input {
        input.put(&mut result, None);
    }
    let found = findings(result, &[(CSV, &csv)]);
    let json = to_json(&found.result);
    let doubts = input.map(Input::sentence).into_iter().collect();
    let mut footer = Footer { again: line(options, compared), doubts, ..Footer::default() };
    let result = if options.output.format == Format::Csv { csv.clone() } else { json.clone() };
    if let Some(out) = out {
        let pictures = pictures(&found, &footer.again);
        footer.files = out.publish(vec![(JSON, json), (CSV, csv)], pictures, &FILES)?;
    }
    if let Some(store) = store {
        store.done(terminal);
    }
    let undecided = undecided_sentence(compared);
    terminal.remark(undecided.as_deref().unwrap_or_default());
    if options.output.format == Format::Table {
        terminal::result(&table(&found, compared.spec, terminal.look(), &footer))?;
    } else {
        terminal::result_file(&result)?;
    }
    Ok(if undecided.is_some() { Exit::No } else { Exit::Ok })
}

fn baseline(options: &Options, policies: &[String]) -> Result<String, Ending> {
    let Some(name) = &options.baseline else {
        return Ok(policies.first().cloned().unwrap_or_default());
    };
    if policies.contains(name) {
        return Ok(name.clone());
    }
    let hint = nearest(name, policies.iter().map(String::as_str));
    let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let list = policies.join(",");
    Err(Ending::new(
        Exit::Input,
        format!("`--baseline {name}` is none of the policies compared ({list}){hint}"),
    ))
}

fn until(options: &Options, paths: &[String]) -> Result<Until, Ending> {
    let (Some(path), Some(zone)) = (&options.decide, &options.indifference) else {
        return Ok(Until::Replications(options.replications.unwrap_or(REPLICATIONS)));
    };
    let usage = |text: String| Ending::new(Exit::Input, text);
    let metric = paths.iter().position(|other| other == path).ok_or_else(|| {
        let near = nearest(path, paths.iter().map(String::as_str));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        usage(format!("`--decide {path}`: the report has no such number{hint}"))
    })?;
    let Some(way) = better(path) else {
        return Err(usage(format!(
            "`--decide {path}`: neither more nor less of it is better; decide on a path such as \
             divergence.api_vs_on_time or latency.delivery.p95_s"
        )));
    };
    let at_most = options.max_replications.unwrap_or(MOST);
    let first_stage = options.replications.unwrap_or(FIRST_STAGE.min(at_most));
    if first_stage > at_most {
        return Err(usage(format!(
            "`--max-replications {at_most}` is less than the {first_stage} before the first \
             judgement (`-n`)"
        )));
    }
    let zone = indifference::read(path, zone)?;
    Ok(Until::Decided(Decide {
        metric,
        higher_is_better: way == Better::Higher,
        indifference: Indifference { zone, error: ERROR, first_stage },
        at_most,
    }))
}

fn simulate(
    options: &Options,
    points: Points<'_>,
    baseline: usize,
    until: Until,
    (subject, fingerprints): (&Subject, &[String]),
    store: &Option<Store>,
    terminal: Terminal,
) -> Result<Comparison, Broken> {
    let each = match until {
        Until::Replications(count) => count,
        Until::Decided(decide) => decide.at_most,
    };
    let store = store.as_ref();
    let (threads, specs) = (options.threads.count(), points.specs);
    let at_most = matches!(until, Until::Decided(_));
    effort::watched(terminal, threads, specs, each, (store, at_most), |workers, watch, effort| {
        let figures = |point: usize, results: Results| {
            effort.count(&results);
            metrics(&specs[point], results)
        };
        let made = |_, metrics: Vec<Option<f64>>| {
            let columns = vec![subject.value(&metrics)];
            Observation { metrics, columns }
        };
        let believed =
            |point: usize, figures: &[Option<f64>]| plausible(&points.specs[point], None, figures);
        let digest = Keeping { store, fingerprints, figures, believed, made };
        run(workers, points, baseline, until, watch, &digest)
    })
}

/// The command that gives the same numbers.
fn line(options: &Options, compared: &Compared<'_>) -> String {
    Line::new("compare", &options.scenario)
        .option("--policies", &compared.policies.join(","))
        .maybe("--baseline", options.baseline.as_ref())
        .maybe("--decide", options.decide.as_ref())
        .maybe("--indifference", options.indifference.as_ref())
        .maybe("--max-replications", options.max_replications)
        .option("--seed", &compared.seed.to_string())
        .maybe("-n", options.replications)
        .changes(&options.load, &options.changes)
        .maybe("--input", options.input.shown())
        .text()
}

/// Conservation broke: what, and the bundle of the one run it takes, or the line that shows it.
fn fault(
    options: &Options,
    policies: &[String],
    broken: &Broken,
    source: &Source,
    overrides: &Overrides,
    out: Option<&Path>,
) -> Ending {
    let mut overrides = overrides.clone();
    let mut again = Line::new("run", &options.scenario)
        .option("--seed", &broken.failure.seed.to_string())
        .changes(&options.load, &options.changes);
    let policy = policies.get(broken.point).map_or(OWN, String::as_str);
    if policy != OWN {
        again = again.option("--set", &format!("retry.policy={policy}"));
        overrides.set.push(format!("retry.policy={policy}"));
    }
    let (what, seed) = (broken.to_string(), broken.failure.seed);
    let again = match load(source, &overrides) {
        Ok(scenario) => bundle::of_a_fault(&scenario, seed, &what, out, again.text()),
        Err(_) => again.text(),
    };
    Ending::fault(broken, &again)
}

//! `smschain compare`.

mod policies;
mod rules;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use self::policies::{OWN, Policies};
use super::again::Line;
use super::arguments::Compare as Options;
use super::cells::{Merged, Work};
use super::ending::{Ending, Exit};
use super::experiment::Experiment;
use super::folder::ResultFolder;
use super::input::Input;
use super::source::Readings;
use super::terminal::Terminal;
use super::{bundle, folder, indifference, source};
use crate::chain::spec::Spec;
use crate::experiment::{Broken, Decide, Indifference, Observation, Points, Seeds, Until};
use crate::report::comparison::{Compared, ERROR, Subject, comparison};
use crate::report::table::{Footer, undecided_sentence};
use crate::report::{Better, Kind, better, cells_csv, metric_paths};
use crate::scenario::{Overrides, Scenario, Source, guess, load};

/// Replications of those who don't choose.
const REPLICATIONS: u64 = 20;
/// Replications before the first judgement; Kim and Nelson recommend about ten.
const FIRST_STAGE: u64 = 10;
/// The most replications for a decision.
const MOST: u64 = 1000;

/// Compares retry policies and says which is the best, and how sure that is.
pub(super) fn compare(options: &Options) -> Result<Exit, Ending> {
    Asked::read(options, &Readings::default())?.answer(None)
}

/// A comparison that was asked for: its policies are loaded, and nothing is run.
pub(super) struct Asked<'run> {
    options: &'run Options,
    source: Source,
    overrides: Overrides,
    own: Scenario,
    policies: Vec<String>,
    specs: Vec<Spec>,
    fingerprints: Vec<String>,
    /// The index of the policy the others are compared with.
    baseline: usize,
    until: Until,
    /// The paths of the metrics.
    paths: Vec<String>,
    input: Option<Input>,
}

impl<'run> Asked<'run> {
    pub(super) fn read(options: &'run Options, readings: &Readings) -> Result<Asked<'run>, Ending> {
        let terminal = Terminal::new(&options.output);
        if options.precision.is_some() {
            return Err(Ending::usage(
                "`--precision` belongs to `run`: `compare` replicates until the best policy is known \
                 with `--decide PATH --indifference X`",
            ));
        }
        let source = readings.read(&options.scenario)?;
        let overrides = readings.overrides(&options.changes, &options.seed, &options.load);
        let colour = terminal.colour_on_stderr();
        let own = source::checked(&source, &overrides, colour)?;
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
        let input = Input::read(&options.input, readings, colour)?;
        if let Some(input) = &input {
            fingerprints.iter_mut().for_each(|own| *own = input.fingerprint(own));
        }
        // `scenario` under the name of the policy it is comes first.
        let baseline = policies.iter().position(|name| *name == baseline).unwrap_or(0);
        terminal.remark(&warnings);
        let notes = policies::notes(options, &own, &policies, &specs);
        notes.iter().for_each(|note| terminal.remark(note));
        Ok(Asked {
            options,
            source,
            overrides,
            own,
            policies,
            specs,
            fingerprints,
            baseline,
            until,
            paths,
            input,
        })
    }

    /// Replications of each policy, at most.
    fn most(&self) -> u64 {
        match self.until {
            Until::Replications(each) => each,
            Until::Decided(decide) => decide.at_most,
        }
    }

    fn inputs(&self, replications: Range<u64>) -> Result<Vec<Vec<Spec>>, Ending> {
        let changed = (self.options, &self.source, &self.overrides, &self.own);
        let seed = self.own.spec.seed;
        policies::inputs(self.input.as_ref(), &self.policies, changed, seed, &replications)
    }

    /// Its cells: with `--decide`, all there may be.
    pub(super) fn work(&self) -> Work<'_> {
        Work {
            scenario: &self.own,
            points: self.policies.iter().map(|policy| format!("policy {policy}")).collect(),
            specs: Cow::Borrowed(&self.specs),
            fingerprints: self.fingerprints.clone(),
            sizes: vec![self.own.size.clone(); self.specs.len()],
            seeds: Seeds::Of(self.own.spec.seed),
            each: self.most(),
            condition: None,
            inputs: Box::new(|replications| self.inputs(replications)),
        }
    }

    /// Its results, of runs that are made, or of `cells` that were.
    pub(super) fn answer(self, cells: Option<&Merged>) -> Result<Exit, Ending> {
        let inputs = self.inputs(0..self.most())?;
        let Asked { options, own, policies, specs, fingerprints, baseline, until, .. } = &self;
        let decided = match until {
            Until::Decided(decide) => self.paths.get(decide.metric).map(String::as_str),
            Until::Replications(_) => None,
        };
        let subject = Subject::of(&self.paths, decided);
        let command = options.input.beside("compare");
        let default =
            folder::of_experiment(&own.spec.name, &command, &options.changes, options.load.scale);
        let kind = (Kind::Compare, "compare.json");
        let experiment = Experiment::begin(&options.output, default, kind, cells)?;
        // Of a comparison until it is decided: what it takes at least.
        let each = match until {
            Until::Replications(each) => *each,
            Until::Decided(decide) => decide.indifference.first_stage,
        };
        let sizes = vec![own.size.clone(); specs.len()];
        experiment.expected(&sizes, each, options.threads.count());
        let points = Points { specs, inputs: &inputs, seed: own.spec.seed };
        let made = |_, metrics: Vec<Option<f64>>| {
            let columns = vec![subject.value(&metrics)];
            Observation { metrics, columns }
        };
        let out = experiment.out().map(ResultFolder::path);
        let threads = options.threads.count();
        let compared =
            experiment.compare(threads, points, fingerprints, (*baseline, *until), made).map_err(
                |broken| fault(options, policies, &broken, &self.source, &self.overrides, out),
            )?;
        let compared = Compared {
            spec: &own.spec,
            fingerprint: &own.fingerprint,
            seed: own.spec.seed,
            policies,
            paths: &self.paths,
            subject: &subject,
            comparison: &compared,
        };
        let table = cells_csv(&["policy"], compared.cells(), compared.paths, ERROR);
        let footer = Footer { again: line(options, &compared), ..Footer::default() };
        let undecided = undecided_sentence(&compared);
        let remark = undecided.as_deref().unwrap_or_default();
        let result = Input::noted(self.input.as_ref(), comparison(&compared));
        experiment.show(&own.spec, (result, table), footer, remark)?;
        Ok(if undecided.is_some() { Exit::No } else { Exit::Ok })
    }
}

fn baseline(options: &Options, policies: &[String]) -> Result<String, Ending> {
    let Some(name) = &options.baseline else {
        return Ok(policies.first().cloned().unwrap_or_default());
    };
    if policies.contains(name) {
        return Ok(name.clone());
    }
    let hint = guess(name, policies.iter().map(String::as_str));
    let list = policies.join(",");
    Err(Ending::usage(format!(
        "`--baseline {name}` is none of the policies compared ({list}){hint}"
    )))
}

fn until(options: &Options, paths: &[String]) -> Result<Until, Ending> {
    let (Some(path), Some(zone)) = (&options.decide, &options.indifference) else {
        return Ok(Until::Replications(options.replications.unwrap_or(REPLICATIONS)));
    };
    let metric = paths.iter().position(|other| other == path).ok_or_else(|| {
        let hint = guess(path, paths.iter().map(String::as_str));
        Ending::usage(format!("`--decide {path}`: the report has no such number{hint}"))
    })?;
    let Some(way) = better(path) else {
        return Err(Ending::usage(format!(
            "`--decide {path}`: neither more nor less of it is better; decide on a path such as \
             divergence.api_vs_on_time or latency.delivery.p95_s"
        )));
    };
    let at_most = options.max_replications.unwrap_or(MOST);
    let first_stage = options.replications.unwrap_or(FIRST_STAGE.min(at_most));
    if first_stage > at_most {
        return Err(Ending::usage(format!(
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
    let mut again =
        Line::run(&options.scenario, broken.failure.seed).changes(&options.load, &options.changes);
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

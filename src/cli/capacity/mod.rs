//! `smschain capacity`.

mod far;
mod target;

use self::far::Far;
use self::target::Target;
use super::again::Line;
use super::arguments::{Capacity as Options, Format};
use super::cells::{Merged, Work};
use super::ending::{Ending, Exit};
use super::experiment::{Effort as Done, Experiment};
use super::finished::Keeping;
use super::input::Input;
use super::progress::Progress;
use super::source::Readings;
use super::terminal::{self, Terminal};
use super::{folder, indifference, objectives, source};
use crate::chain::Results;
use crate::experiment::capacity::{Effort, Gauge, Objective, Search, SearchAnswer, judge};
use crate::experiment::{Broken, Points, Seeds, Workers};
use crate::expression::Expression;
use crate::report::capacity::{Capacity, ERROR, Limits, Measured, capacity as report, objective};
use crate::report::indifference as nobody_acts_on;
use crate::report::table::Footer;
use crate::report::{Kind, cells_csv, metric_paths, metrics, plausible, rarity_sentence};
use crate::scenario::{Scenario, Size};
use crate::stats::Parameters;

/// Replications before the first look: with fewer, skewed figures have intervals that are too
/// narrow.
const FIRST: u64 = 10;
/// Replications of a point at most.
const MOST: u64 = 320;
/// The most levels of a plan.
const LEVELS: usize = 1_000;

/// Searches for the largest load, or the smallest resource, that keeps an objective.
pub(super) fn capacity(options: &Options) -> Result<Exit, Ending> {
    Asked::read(options, &Readings::default())?.answer(None)
}

/// A search that was asked for; nothing is run.
pub(super) struct Asked<'run> {
    options: &'run Options,
    own: Scenario,
    expressions: Vec<Expression>,
    objective: Objective,
    /// The paths of the metrics.
    paths: Vec<String>,
    target: Target,
    input: Option<Input>,
    effort: Effort,
}

impl<'run> Asked<'run> {
    pub(super) fn read(options: &'run Options, readings: &Readings) -> Result<Asked<'run>, Ending> {
        let terminal = Terminal::new(&options.output);
        let (first, most) = effort(options)?;
        let source = readings.read(&options.scenario)?;
        let overrides = readings.overrides(&options.changes, &options.seed, &options.load);
        let colour = terminal.colour_on_stderr();
        let own = source::checked(&source, &overrides, colour)?;
        let expressions = objectives::read(&options.slo, &own.spec, colour)?;
        let paths = metric_paths(&own.spec);
        let objective = objective(&expressions, &paths);
        let indifference = indifference(options, &objective)?;
        let objective = objective.within(indifference);
        if objective.asked().iter().all(|asked| matches!(asked.gauge, Gauge::Known(_))) {
            return Err(Ending::usage(
                "`--slo` names no figure of the report, so that it is the same whatever the load; \
                 name one, like 'within.30s >= 97%'",
            ));
        }
        let target = Target::new(options, source, overrides, &own, colour)?;
        let input = Input::read(&options.input, readings, colour)?;
        terminal.remark(&own.render_warnings(colour));
        let effort = Effort { first, most, error: ERROR, points: target.axis.most_points() };
        Ok(Asked { options, own, expressions, objective, paths, target, input, effort })
    }

    /// Its cells: every value that the search may try, as often as it may.
    pub(super) fn work(&self) -> Result<Work<'_>, Ending> {
        let Some(levels) = self.target.axis.levels(LEVELS) else {
            return Err(Ending::usage(format!(
                "the search may try more than {LEVELS} values of {}, and a plan has them all: \
                 search a narrower range (`--range`, `--find PATH=LO..HI`), or more coarsely \
                 (`--tolerance 10%`)",
                self.target.path()
            )));
        };
        let chains: Vec<Scenario> =
            levels.iter().map(|&level| self.target.chain(level)).collect::<Result<_, _>>()?;
        let shown =
            |&level: &f64| format!("{} {}", self.target.path(), self.target.quantity.write(level));
        let of = |own: &Scenario| self.fingerprint(&own.fingerprint);
        Ok(Work {
            scenario: &self.own,
            points: levels.iter().map(shown).collect(),
            fingerprints: chains.iter().map(of).collect(),
            sizes: chains.iter().map(|own| own.size.clone()).collect(),
            specs: chains.into_iter().map(|own| own.spec).collect(),
            seeds: Seeds::Of(self.own.spec.seed),
            each: self.effort.most,
            condition: None,
            inputs: Box::new(move |replications| {
                let Some(input) = &self.input else { return Ok(Vec::new()) };
                let seed = self.own.spec.seed;
                let of =
                    |&level: &f64| self.target.inputs(input, level, seed, replications.clone());
                levels.iter().map(of).collect()
            }),
        })
    }

    /// The fingerprint of a chain, or of one whose parameters are drawn.
    fn fingerprint(&self, own: &str) -> String {
        self.input.as_ref().map_or_else(|| own.to_owned(), |input| input.fingerprint(own))
    }

    /// Its results, of runs that are made, or of `cells` that were; what those lack is made.
    pub(super) fn answer(self, cells: Option<&Merged>) -> Result<Exit, Ending> {
        let Asked { options, own, expressions, objective, target, effort, .. } = &self;
        let command = options.input.beside("capacity");
        let default =
            folder::of_experiment(&own.spec.name, &command, &options.changes, options.load.scale);
        let kind = (Kind::Capacity, "capacity.json");
        let experiment = Experiment::begin(&options.output, default, kind, cells)?;
        let trying = Trying { asked: &self, experiment: &experiment };
        let (search, mut points) = trying.search(own.spec.seed)?;
        points.sort_by(|a, b| a.value.total_cmp(&b.value));
        let parameters = Parameters::of(self.input.is_some());
        let made = points.iter().map(|measured| measured.point.replications).max().unwrap_or(0);
        let seeds: Vec<u64> = (0..made)
            .map(|replication| Seeds::Of(own.spec.seed).of(parameters.numbers_of(replication)))
            .collect();
        let slo: Vec<String> = match expressions.as_slice() {
            [only] => vec![only.to_string()],
            several => several.iter().map(|own| format!("({own})")).collect(),
        };
        let found = Capacity {
            parameters,
            spec: &own.spec,
            fingerprint: &own.fingerprint,
            seed: own.spec.seed,
            seeds: &seeds,
            slo: &slo.join(" and "),
            objective,
            path: target.path(),
            quantity: target.quantity,
            today: target.today,
            axis: target.axis,
            replications: (effort.first, effort.most),
            outcome: &search.outcome(),
            points: &points,
            paths: &self.paths,
        };
        let table = cells_csv(&[found.path], found.cells(), found.paths, ERROR);
        let rarity = rarity_sentence(found.spec, found.seeds);
        let doubts: Vec<String> = found.doubt().into_iter().chain(rarity).collect();
        let footer = Footer { again: line(options, &found), doubts, ..Footer::default() };
        let mut remarks = footer.doubts.clone();
        if options.output.format != Format::Table {
            remarks.extend(found.no());
        }
        let result = Input::noted(self.input.as_ref(), report(&found));
        experiment.show(found.spec, (result, table), footer, &remarks.join("\n"))?;
        Ok(match found.outcome.answer {
            SearchAnswer::Found | SearchAnswer::Enough | SearchAnswer::All => Exit::Ok,
            SearchAnswer::Undecided | SearchAnswer::None => Exit::No,
        })
    }
}

/// The distance from each comparison's limit that makes no difference. One that is stated is of those whose figures
/// are in its unit.
fn indifference(options: &Options, objective: &Objective) -> Result<Vec<f64>, Ending> {
    let mut refused = None;
    let mut read = 0;
    let each = objective.asked().iter().map(|asked| {
        let usual = nobody_acts_on(&asked.path, asked.limit);
        let Some(text) = &options.indifference else {
            return usual;
        };
        match indifference::read(&asked.path, text) {
            Ok(stated) => {
                read += 1;
                stated
            }
            Err(ending) => {
                refused.get_or_insert(ending);
                usual
            }
        }
    });
    let each = each.collect();
    match refused {
        Some(ending) if read == 0 => Err(ending),
        _ => Ok(each),
    }
}

/// Replications before the first look, and at most.
fn effort(options: &Options) -> Result<(u64, u64), Ending> {
    if options.precision.is_some() {
        return Err(Ending::usage(
            "`--precision` belongs to `run`: `capacity` replicates each point until it is known \
             whether it keeps the objective, at most `--max-replications`",
        ));
    }
    if options.slo.is_empty() {
        return Err(Ending::usage(
            "capacity for what? Name an objective: `--slo 'within.30s >= 97%'`",
        ));
    }
    let most = options.max_replications.unwrap_or(MOST.max(options.replications.unwrap_or(0)));
    let first = options.replications.unwrap_or(FIRST.min(most));
    if first > most {
        return Err(Ending::usage(format!(
            "`--max-replications {most}` is less than the {first} before the first look (`-n`)"
        )));
    }
    Ok((first, most))
}

/// A search that goes on.
struct Trying<'run> {
    asked: &'run Asked<'run>,
    experiment: &'run Experiment<'run>,
}

impl Trying<'_> {
    /// Tries point after point.
    fn search(&self, seed: u64) -> Result<(Search, Vec<Measured>), Ending> {
        let began = super::progress::now();
        let jobs = usize::try_from(self.asked.effort.most).unwrap_or(usize::MAX);
        let workers = Workers::new(self.asked.options.threads.count().min(jobs));
        let done = Done::default();
        let mut search = Search::new(self.asked.target.axis);
        let (mut points, mut told) = (Vec::new(), None);
        while let Some(value) = search.next() {
            let tried = points.len() as u64 + 1;
            let measured = self.measure(&workers, value, seed, tried, &done, &mut told)?;
            search.take(value, measured.point.verdict);
            if self.experiment.terminal.shows_progress() {
                let far = Far {
                    path: self.asked.target.path(),
                    quantity: self.asked.target.quantity,
                    tried: points.len() as u64 + 1,
                    most: self.asked.effort.points,
                };
                let ended = (measured.point.verdict, measured.point.replications);
                terminal::note(&far.line(&measured.text, ended, &search.outcome()));
            }
            points.push(measured);
        }
        self.experiment.took(done, began.elapsed());
        Ok((search, points))
    }

    /// Tries a value.
    fn measure(
        &self,
        workers: &Workers,
        value: f64,
        seed: u64,
        tried: u64,
        done: &Done,
        told: &mut Option<Size>,
    ) -> Result<Measured, Ending> {
        let Scenario { spec, fingerprint, size, .. } = self.asked.target.chain(value)?;
        let fingerprint = self.asked.fingerprint(&fingerprint);
        // Each larger one is told: how far the search will go isn't known.
        let is_larger = |told: &Size| size.seconds > told.seconds || size.bytes > told.bytes;
        if told.as_ref().is_none_or(is_larger) {
            let threads = self.asked.options.threads.count();
            let sizes = std::slice::from_ref(&size);
            self.experiment.expected(sizes, self.asked.effort.first, threads);
            *told = Some(size);
        }
        let mut inputs = Vec::new();
        if let Some(input) = &self.asked.input {
            let all = 0..self.asked.effort.most;
            inputs.push(self.asked.target.inputs(input, value, seed, all)?);
        }
        let points = Points { specs: std::slice::from_ref(&spec), inputs: &inputs, seed };
        let shown = self.experiment.terminal.shows_progress();
        let watch = |range: &std::ops::Range<u64>| {
            let progress = Progress::new(shown, spec.duration, range.end - range.start);
            progress.led(Far::next(tried - 1, self.asked.effort.points))
        };
        let figures = |_, results: Results| {
            done.count(&results);
            metrics(&spec, results)
        };
        let fingerprints = std::slice::from_ref(&fingerprint);
        let digest = Keeping {
            store: self.experiment.runs(),
            fingerprints,
            figures,
            believed: |_, figures: &[Option<f64>]| plausible(&spec, None, figures),
            made: |_, metrics| metrics,
        };
        let point =
            judge(workers, points, &self.asked.objective, self.asked.effort, watch, &digest);
        let point = point.map_err(|broken| self.fault(&broken, value))?;
        let text = self.asked.target.quantity.write(value);
        Ok(Measured { value, text, tried, limits: Limits::of(&spec), point })
    }

    /// Conservation broke: what, and the line that shows it again with the one seed it takes.
    fn fault(&self, broken: &Broken, value: f64) -> Ending {
        let again = Line::run(&self.asked.options.scenario, broken.failure.seed);
        Ending::fault(broken, &self.asked.target.set(again, self.asked.options, value).text())
    }
}

/// The command that gives the same numbers.
fn line(options: &Options, found: &Capacity<'_>) -> String {
    let mut line = Line::new("capacity", &options.scenario);
    for slo in &options.slo {
        line = line.option("--slo", slo);
    }
    let range = options.range.map(|(low, high)| format!("{low}..{high}"));
    let tolerance = (options.tolerance != 0.01).then_some(options.tolerance);
    line.maybe("--find", options.find.as_ref())
        .maybe("--range", range)
        .maybe("--tolerance", tolerance)
        .maybe("--indifference", options.indifference.as_ref())
        .maybe("--max-replications", options.max_replications)
        .option("--seed", &found.seed.to_string())
        .maybe("-n", options.replications)
        .changes(&options.load, &options.changes)
        .maybe("--input", options.input.shown())
        .text()
}

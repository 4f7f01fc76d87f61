//! `smschain hunt`.

mod tries;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::again::Line;
use super::arguments::{Format, Hunt as Options, Seed, TRIES};
use super::caller::{self, Heeding};
use super::cells::{Merged, Work};
use super::ending::{Ending, Exit};
use super::finished::{Keeping, Runs, Store};
use super::folder::ResultFolder;
use super::progress::Progress;
use super::source::Readings;
use super::terminal::{self, Terminal};
use super::{bundle, experiment, folder, objectives, source};
use crate::chain::Results;
use crate::experiment::hunt::{Hit, Search, Shrunk, search, shrink};
use crate::experiment::{Failure, Replications, Seeds, Trail, Workers, replicate_with};
use crate::kernel::SECOND;
use crate::report::table::{Footer, hunt_table};
use crate::report::{Condition, Heading, Hunted, hunt as found_json, hunt_csv, plausible, to_json};
use crate::scenario::{Bundle, Scenario};
use tries::Tries;

const JSON: &str = "hunt.json";

/// Looks for a seed in which something happens, and makes it small.
pub(super) fn hunt(options: &Options) -> Result<Exit, Ending> {
    Asked::read(options, &Readings::default())?.answer(None)
}

/// A hunt that was asked for; nothing is run.
pub(super) struct Asked<'run> {
    options: &'run Options,
    scenario: Scenario,
    condition: Condition,
    /// The scenario's path as others are told it.
    portable: PathBuf,
    terminal: Terminal,
}

impl<'run> Asked<'run> {
    pub(super) fn read(options: &'run Options, readings: &Readings) -> Result<Asked<'run>, Ending> {
        let terminal = Terminal::new(&options.output);
        let colour = terminal.colour_on_stderr();
        let overrides = readings.overrides(&options.changes, &Seed { seed: None }, &options.load);
        let source = readings.read(&options.scenario)?;
        let scenario = source::checked(&source, &overrides, colour)?;
        terminal.remark(&scenario.render_warnings(colour));
        let asked = std::slice::from_ref(&options.when);
        let mut asked = objectives::read_of("--when ", asked, &scenario.spec, colour)?;
        let condition = Condition::new(asked.swap_remove(0));
        let portable = readings.portable(&options.scenario);
        Ok(Asked { options, scenario, condition, portable, terminal })
    }

    /// Its cells: a seed each.
    pub(super) fn work(&self) -> Work<'_> {
        let seeds = &self.options.seeds;
        Work {
            scenario: &self.scenario,
            points: vec![String::new()],
            specs: Cow::Borrowed(std::slice::from_ref(&self.scenario.spec)),
            fingerprints: vec![self.scenario.fingerprint.clone()],
            sizes: vec![self.scenario.size.clone()],
            seeds: Seeds::From(seeds.start),
            each: seeds.end - seeds.start,
            condition: Some(&self.condition),
            inputs: Box::new(|_| Ok(Vec::new())),
        }
    }

    /// Its results, of runs that are made, or of `cells` that were.
    pub(super) fn answer(self, cells: Option<&Merged>) -> Result<Exit, Ending> {
        let Asked { options, scenario, condition, .. } = &self;
        let name = &scenario.spec.name;
        let default = folder::of_experiment(name, "hunt", &options.changes, options.load.scale);
        let heading = Heading::of(condition.paths().iter().map(String::as_str));
        let data = scenario.data_beside();
        let names = data.iter().map(|(name, _)| name.clone());
        let out = ResultFolder::asked(&options.output, default, &[JSON], names)?;
        let kept = out.as_ref().filter(|_| cells.is_none());
        let store = kept.map(|out| Store::open(out, heading, self.terminal)).transpose()?;
        let workers = Workers::new(options.threads.count());
        let (portable, terminal) = (&self.portable, self.terminal);
        Hunt { options, scenario, condition, portable, out, workers, cells, terminal }.go(store)
    }
}

struct Hunt<'run> {
    options: &'run Options,
    scenario: &'run Scenario,
    condition: &'run Condition,
    portable: &'run Path,
    /// Nothing is written without.
    out: Option<ResultFolder>,
    workers: Workers,
    /// The cells of a plan, which were run elsewhere.
    cells: Option<&'run Merged>,
    terminal: Terminal,
}

impl Hunt<'_> {
    fn go(&self, store: Option<Store>) -> Result<Exit, Ending> {
        let runs = experiment::finished(self.cells, store.as_ref());
        let search = self.search(runs)?;
        self.cells.map_or(Ok(()), Merged::sound)?;
        let worst = search.found.first();
        let shrunk = match worst {
            Some(hit) if self.options.tries > 0 => self.shrink(hit, runs)?,
            _ => None,
        };
        let spec = &self.scenario.spec;
        let name = worst.map(|hit| bundle::name(&spec.name, hit.seed));
        let hunted = Hunted {
            spec,
            fingerprint: &self.scenario.fingerprint,
            condition: self.condition,
            seeds: self.options.seeds.clone(),
            search: &search,
            shrunk: shrunk.as_ref(),
            bundle: name.as_deref().filter(|_| self.out.is_some()),
        };
        let is_kept = self.out.is_some() || caller::is_there();
        let bundle = match (worst, &name) {
            (Some(hit), Some(name)) if is_kept => self.bundle(hit, shrunk.as_ref(), name)?,
            _ => Vec::new(),
        };
        let json = to_json(&found_json(&hunted));
        let mut footer = Footer { again: self.line(&self.options.scenario), ..Footer::default() };
        if let Some(out) = &self.out {
            let mut files = vec![(JSON.to_owned(), json.clone())];
            files.extend(bundle.iter().cloned());
            let files: Vec<(&str, String)> =
                files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
            out.write_and_clear(&files, &|name| bundle::is_of(&spec.name, name))?;
            footer.files.push(out.path().join("").display().to_string());
            footer.files.extend(files.iter().map(|(name, _)| (*name).to_owned()));
        }
        caller::files(bundle);
        if let Some(store) = store {
            store.done(self.terminal);
        }
        caller::told(|look| hunt_table(&hunted, look, &footer));
        match self.options.output.format {
            Format::Json => terminal::result_file(&json)?,
            Format::Csv => terminal::result_file(&hunt_csv(&hunted))?,
            Format::Table => {
                terminal::result(&hunt_table(&hunted, self.terminal.look(), &footer))?;
            }
        }
        Ok(if worst.is_some() { Exit::Ok } else { Exit::No })
    }

    fn search(&self, runs: Option<&dyn Runs>) -> Result<Search, Ending> {
        let began = super::progress::now();
        let (spec, seeds) = (&self.scenario.spec, self.options.seeds.clone());
        let shown = self.terminal.shows_progress();
        let progress = Progress::new(shown, spec.duration, seeds.end - seeds.start)
            .at_most(self.options.top.is_none());
        let sizes = std::slice::from_ref(&self.scenario.size);
        let threads = self.options.threads.count();
        if self.cells.is_none() {
            experiment::expected(sizes, seeds.end - seeds.start, threads, self.terminal);
        }
        let top = self.options.top.map(|top| usize::try_from(top).unwrap_or(usize::MAX));
        let fingerprints = std::slice::from_ref(&self.scenario.fingerprint);
        let figures = |_, results: Results| self.condition.figures(spec, results);
        let made = |_, figures: Vec<Option<f64>>| self.condition.of(figures);
        let paths = self.condition.paths();
        let believed = |_, figures: &[Option<f64>]| plausible(spec, Some(paths), figures);
        let judge = Keeping { store: runs, fingerprints, figures, believed, made };
        let search = search(&self.workers, spec, seeds, top, &progress, &judge);
        progress.clear();
        let search = search.map_err(|failure| self.fault(self.scenario, &failure))?;
        let seconds = began.elapsed().as_secs_f64();
        let before = match runs.map_or(0, Runs::recalled) {
            0 => String::new(),
            recalled => format!(", {recalled} of them finished before"),
        };
        let seeds = if search.searched == 1 { "seed" } else { "seeds" };
        self.terminal.remark(&format!("{} {seeds} in {seconds:.2} s{before}", search.searched));
        Ok(search)
    }

    fn shrink(&self, hit: &Hit, runs: Option<&dyn Runs>) -> Result<Option<Shrunk>, Ending> {
        let began = super::progress::now();
        let tries = self.options.tries;
        let shown = self.terminal.shows_progress();
        let progress = Progress::new(shown, SECOND, tries.max(2)).at_most(true);
        let recalled = || runs.map_or(0, Runs::recalled);
        let searched = recalled();
        let judge = Tries { condition: self.condition, store: runs, progress: &progress };
        let shrunk = shrink(&self.workers, self.scenario, hit.seed, tries, &judge);
        progress.clear();
        let shrunk = shrunk.map_err(|failure| self.fault(self.scenario, &failure))?;
        let tries = shrunk.as_ref().map_or(0, |shrunk| shrunk.tries);
        let seconds = began.elapsed().as_secs_f64();
        let before = match (recalled() - searched).min(tries) {
            0 => String::new(),
            known => format!(", {known} of them made before"),
        };
        self.terminal.remark(&format!("made smaller in {tries} tries, {seconds:.2} s{before}"));
        Ok(shrunk)
    }

    /// The files of the bundle.
    fn bundle(
        &self,
        hit: &Hit,
        shrunk: Option<&Shrunk>,
        name: &str,
    ) -> Result<Vec<(String, String)>, Ending> {
        let scenario = shrunk.map_or(self.scenario, |shrunk| &shrunk.scenario);
        let plan = Replications::of(&scenario.spec, hit.seed, 1);
        let (run, trails) =
            replicate_with(&Workers::new(1), plan, |_| Trail::to_keep(), &Heeding::new())
                .map_err(|failure| self.fault(scenario, &failure))?;
        let made = Bundle {
            digest: Some(format!("{:032x}", run.results.digest)),
            when: Some(self.condition.text()),
            removed: shrunk.map(|shrunk| shrunk.removed.clone()).unwrap_or_default(),
            kept: shrunk.map(|shrunk| shrunk.after.parts.clone()).unwrap_or_default(),
            trail: trails.first().map(bundle::marks),
            ..bundle::of(scenario, hit.seed)
        };
        let found = [
            format!("Seed {} of {}: {}.", hit.seed, scenario.spec.name, self.condition.text()),
            format!("Found by smschain {} with", env!("CARGO_PKG_VERSION")),
            format!("  {}", self.line(self.portable)),
        ];
        Ok(bundle::files(scenario, &made, name, &found))
    }

    /// The command that finds the same in a scenario at `path`.
    fn line(&self, path: &Path) -> String {
        let seeds = &self.options.seeds;
        Line::new("hunt", path)
            .option("--when", &self.options.when)
            .option("--seeds", &format!("{}..{}", seeds.start, seeds.end))
            .maybe("--top", self.options.top)
            .maybe("--tries", (self.options.tries != TRIES).then_some(self.options.tries))
            .changes(&self.options.load, &self.options.changes)
            .text()
    }

    fn fault(&self, scenario: &Scenario, failure: &Failure) -> Ending {
        let run = Line::run(&self.options.scenario, failure.seed)
            .changes(&self.options.load, &self.options.changes)
            .text();
        let (what, out) = (failure.to_string(), self.out.as_ref());
        let out = out.map(ResultFolder::path);
        let again = bundle::of_a_fault(scenario, failure.seed, &what, out, run);
        Ending::fault(failure, &again)
    }
}

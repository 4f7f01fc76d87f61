//! The shipped scenarios and templates. Nobody knows their exact values: a pool of runs, each with a
//! seed of its own, stands for all there could be, and its mean is what intervals have to cover.

use std::path::{Path, PathBuf};

use smschain::chain::spec::Spec;
use smschain::chain::{Group, Results};
use smschain::experiment::metrics::{HEADLINE, figures};
use smschain::experiment::{
    Certainty, Estimated, Replications, Silent, Workers, estimate, replicate_each,
};
use smschain::random::Chance;
use smschain::scenario::{Overrides, Source, load};
use smschain::stats::Parameters;

/// Runs of a scenario.
pub(crate) const POOL: u64 = 200;
/// Experiments with several replications, each drawn from the pool with replacement.
const EXPERIMENTS: u64 = 1000;
/// Replications of an experiment, beside the number that the program asks for.
const COUNTS: [u64; 2] = [5, 20];
/// Less is rounding: such an interval is not printed.
const ROUNDING: f64 = 1e-9;
/// Those that would take too long as they are, and how they are cut.
const CUT: [(&str, &str); 1] = [("at-scale", "scenario.duration=15m")];
/// The figures of a run, and the half-width of each, if it has one.
type Alone = (Vec<Option<f64>>, Vec<Option<f64>>);

/// Intervals, and how many of them cover.
#[derive(Debug, Clone, Copy, Default)]
struct Covered {
    intervals: u64,
    covering: u64,
}

impl Covered {
    fn count(&mut self, estimate: f64, half_width: Option<f64>, truth: f64) {
        if let Some(half_width) = half_width.filter(|&half_width| half_width > ROUNDING) {
            self.intervals += 1;
            self.covering += u64::from((estimate - truth).abs() <= half_width);
        }
    }

    fn share(self) -> Option<f64> {
        (self.intervals > 0).then(|| self.covering as f64 / self.intervals as f64)
    }
}

/// Of the headline and of every figure.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    made: u64,
    headline: Covered,
    all: Covered,
}

impl Row {
    fn text(&self) -> String {
        let of = |covered: Covered| match covered.share() {
            Some(share) => format!("{:.1}", share * 100.0),
            None => "–".to_owned(),
        };
        let given = self.headline.intervals as f64 / self.made.max(1) as f64 * 100.0;
        format!("{given:.0} | {} | {}", of(self.headline), of(self.all))
    }
}

/// Prints the table; `names` are those of scenarios, all if there are none.
pub(crate) fn table(pool: u64, names: &[String]) {
    println!(
        "{pool} runs of each scenario; {EXPERIMENTS} experiments of several replications, drawn from \
         these\n"
    );
    println!(
        "| scenario | one run: given, % | headline covered, % | all, % | n = 5 | headline | all | n = 20 \
         | headline | all | n asked for | given | headline | all |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for path in scenarios() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if names.is_empty() || names.contains(&name) {
            scenario(&path, &name, pool);
        }
    }
}

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = ["scenarios", "templates"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("it is in the repository"))
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    found.sort();
    found
}

fn scenario(path: &Path, name: &str, pool: u64) {
    let cut = CUT.iter().find(|(other, _)| *other == name).map(|(_, set)| (*set).to_owned());
    let spec = spec(path, cut.clone());
    let seeds: Vec<u64> =
        (0..pool).map(|number| Chance::replication_seed(spec.seed, number)).collect();
    let (runs, needed, all) = runs(&spec, pool);
    let truths = truths(&runs);
    let mut rows = vec![alone(&spec, &runs, &truths)];
    let counts = COUNTS.into_iter().chain([needed].into_iter().filter(|&needed| needed > 20));
    for count in counts {
        rows.push(together(&spec, (&runs, &all), &seeds, &truths, count));
    }
    let asked = match rows.get(3) {
        Some(row) => format!("{needed} | {}", row.text()),
        None => " | | | ".to_owned(),
    };
    let cut = cut.map(|cut| format!(" (`{cut}`)")).unwrap_or_default();
    let texts: Vec<String> = rows.iter().take(3).map(Row::text).collect();
    println!("| {name}{cut} | {} | {asked} |", texts.join(" | "));
}

fn spec(path: &Path, set: Option<String>) -> Spec {
    let text = std::fs::read_to_string(path).expect("it can be read");
    let base = path.parent().expect("it is in a folder").to_path_buf();
    let source = Source { name: path.display().to_string(), text, base };
    let overrides = Overrides { set: set.into_iter().collect(), ..Overrides::default() };
    load(&source, &overrides).unwrap_or_else(|errors| panic!("{}", errors.render(false))).spec
}

/// Every run of the pool, how many replications they ask for, and all of them counted together.
fn runs(spec: &Spec, pool: u64) -> (Vec<Alone>, u64, Results) {
    let workers = Workers::new(std::thread::available_parallelism().map_or(1, usize::from));
    let points = [Replications::of(spec, spec.seed, pool)];
    let digest = |_, results: Results| {
        let values = values(spec, &results.total());
        let certainty = Certainty::of(spec, &results, &[spec.seed]);
        let estimates = estimate(spec, &results, &[], Parameters::Same, &certainty);
        let half_widths = estimates.into_iter().map(|estimate| estimate.half_width).collect();
        ((values, half_widths), certainty.needed().unwrap_or(0), results)
    };
    let (mut runs, mut most, mut all) = (Vec::new(), 0, None::<Results>);
    replicate_each(&workers, &points, &Silent, digest, |_, (run, needed, results)| {
        runs.push(run);
        most = most.max(needed);
        match &mut all {
            Some(all) => all.merge(&results),
            None => all = Some(results),
        }
    })
    .expect("the books balance");
    (runs, most, all.unwrap_or_default())
}

fn values(spec: &Spec, group: &Group) -> Vec<Option<f64>> {
    figures(spec, group).into_iter().map(|(_, value)| value).collect()
}

/// The mean of each figure; `None` where one isn't defined in every run.
fn truths(runs: &[Alone]) -> Vec<Option<f64>> {
    let figures = runs.first().map_or(0, |(values, _)| values.len());
    let mean = |index: usize| {
        let sum: Option<f64> = runs.iter().map(|(values, _)| values[index]).sum();
        sum.map(|sum| sum / runs.len() as f64)
    };
    (0..figures).map(mean).collect()
}

/// Each run by itself.
fn alone(spec: &Spec, runs: &[Alone], truths: &[Option<f64>]) -> Row {
    let headline = headline(spec);
    let mut row = Row { made: runs.len() as u64, ..Row::default() };
    for (values, half_widths) in runs {
        for (index, truth) in truths.iter().enumerate() {
            if let (Some(value), Some(truth)) = (values[index], truth) {
                row.all.count(value, half_widths[index], *truth);
                if index == headline {
                    row.headline.count(value, half_widths[index], *truth);
                }
            }
        }
    }
    row
}

/// So many of them, a thousand times.
fn together(
    spec: &Spec,
    (runs, all): (&[Alone], &Results),
    seeds: &[u64],
    truths: &[Option<f64>],
    count: u64,
) -> Row {
    let headline = headline(spec);
    let nothing = Results::nothing(spec);
    let mut row = Row { made: EXPERIMENTS, ..Row::default() };
    for experiment in 0..EXPERIMENTS {
        let picked: Vec<usize> = (0..count)
            .map(|index| Chance::replication_seed(count << 32 | experiment, index + 1))
            .map(|word| (word % runs.len() as u64) as usize)
            .collect();
        let seeds: Vec<u64> = picked.iter().map(|&index| seeds[index]).collect();
        let observations: Vec<Vec<Option<f64>>> =
            picked.iter().map(|&index| runs[index].0.clone()).collect();
        let certainty = Certainty::of(spec, &nothing, &seeds);
        let estimates = estimate(spec, all, &observations, Parameters::Same, &certainty);
        for (index, (Estimated { mean, half_width, .. }, truth)) in
            estimates.iter().zip(truths).enumerate()
        {
            if let (Some(mean), Some(truth)) = (mean, truth) {
                row.all.count(*mean, *half_width, *truth);
                if index == headline {
                    row.headline.count(*mean, *half_width, *truth);
                }
            }
        }
    }
    row
}

fn headline(spec: &Spec) -> usize {
    let paths = figures(spec, &Group::default());
    paths.iter().position(|(path, _)| path == HEADLINE).expect("it is a figure")
}

//! Do 95 % intervals hold what they promise? A thousand small experiments a row, each with a seed of
//! its own, on models whose exact value is known: how many of the intervals cover it.
//!
//! `cargo bench --bench coverage`, or with `-- 200` fewer experiments; exit 1 if a row is not within
//! 93–97 %. The seeds are fixed: the same numbers every time.
//!
//! `cargo bench --bench coverage -- shipped`, or `-- shipped 400 baseline`, asks the same of the
//! shipped scenarios and templates: see `shipped.rs`.

#![allow(clippy::panic, reason = "a bench that cannot run its scenario has nothing to say")]
#![allow(clippy::print_stdout, reason = "its table is all that it makes")]

mod shipped;

use std::process::ExitCode;

use smschain::chain::spec::Spec;
use smschain::experiment::metrics::HEADLINE;
use smschain::experiment::{
    Replications, Run, Silent, Workers, in_order, replicate, replicate_each, replicate_until, share,
};
use smschain::random::Chance;
use smschain::scenario::{Overrides, Source, load};
use smschain::stats::{Estimate, Precision, t_interval};
use smschain::theory::formulas::{
    exhausted, m_m_c_k_loss, m_m_c_mean_wait, m_m_c_sojourn_tail, m_m_c_wait_quantile,
};

const EXPERIMENTS: u64 = 1000;
/// What a row is to cover. With 1,000 experiments the standard error of a share is 0.7 %.
const WANTED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

const WAIT: &str = "latency.queue_wait.mean_s";
const WAIT_P95: &str = "latency.queue_wait.p95_s";
const NOT_EXECUTED: &str = "divergence.api_vs_execution";

/// Service takes a second on average.
const SERVICE: &str = "latency.exponential = { mean = \"1s\" }";

/// What an experiment says of a figure.
struct Interval {
    mean: f64,
    /// `None`: it says that it can't tell.
    half_width: Option<f64>,
    observations: u64,
}

/// What came of a row.
#[derive(Clone, Default)]
struct Sums {
    given: u64,
    covering: u64,
    half_widths: f64,
    observations: u64,
}

/// What is asked: the figure and the interval in words, and the exact value.
type Question = (&'static str, &'static str, f64);

fn main() -> ExitCode {
    // Cargo adds a flag of its own.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let asked = arguments.iter().find_map(|argument| argument.parse().ok());
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "shipped"
    {
        let names: Vec<String> =
            rest.iter().filter(|name| name.parse::<u64>().is_err()).cloned().collect();
        shipped::table(asked.unwrap_or(shipped::POOL), &names);
        return ExitCode::SUCCESS;
    }
    let mut table = Table {
        experiments: asked.unwrap_or(EXPERIMENTS),
        rows: 0,
        workers: Workers::new(std::thread::available_parallelism().map_or(1, usize::from)),
        sound: true,
    };
    println!("{} experiments a row, 95 % intervals\n", table.experiments);
    println!(
        "{:<28} {:<32} {:>8} {:>8} {:>6} {:>8} {:>8}",
        "figure", "interval", "exact", "± mean", "n", "given", "covered"
    );
    mean_wait(&mut table);
    loss_share(&mut table);
    policy_difference(&mut table);
    until_precise(&mut table);
    if table.sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Waits at load 0.5 and 0.7; the relaxation times are 12 s and 37 s.
fn mean_wait(table: &mut Table) {
    let spec = single("duration = \"40200s\"\nwarmup = \"200s\"", "0.5/s", "", "");
    let figure = "M/M/1 at 0.5, mean wait";
    let questions = [(figure, "one run, 20 spans of 2,000 s", m_m_c_mean_wait(0.5, 1.0, 1))];
    table.row(&questions, |seed| vec![interval(&planned(&spec, seed, 1), WAIT)]);

    let spec = single("duration = \"5400s\"\nwarmup = \"400s\"", "0.7/s", "", "");
    let replications = "10 replications of 5,000 s";
    let questions = [
        ("M/M/1 at 0.7, mean wait", replications, m_m_c_mean_wait(0.7, 1.0, 1)),
        ("M/M/1 at 0.7, p95 of waits", replications, m_m_c_wait_quantile(0.7, 1.0, 1, 0.95)),
    ];
    table.row(&questions, |seed| {
        let run = planned(&spec, seed, 10);
        vec![interval(&run, WAIT), interval(&run, WAIT_P95)]
    });
}

/// What finds the queue full is accepted and thrown away.
fn loss_share(table: &mut Table) {
    let queue = "capacity = 3\noverflow = \"discard\"";
    let lost = m_m_c_k_loss(1, 4, 0.7);
    let figure = "M/M/1/4 at 0.7, share lost";
    let spec = single("duration = \"10100s\"\nwarmup = \"100s\"", "0.7/s", queue, "");
    let questions = [(figure, "one run, 20 spans of 500 s", lost)];
    table.row(&questions, |seed| vec![interval(&planned(&spec, seed, 1), NOT_EXECUTED)]);

    let spec = single("duration = \"1100s\"\nwarmup = \"100s\"", "0.7/s", queue, "");
    let questions = [(figure, "10 replications of 1,000 s", lost)];
    table.row(&questions, |seed| vec![interval(&planned(&spec, seed, 10), NOT_EXECUTED)]);
}

/// Two attempts against three, each of which fails with 0.3, on the same random numbers.
fn policy_difference(table: &mut Table) {
    let specs = [2, 3].map(attempts);
    let exact = exhausted(0.3, 2) - exhausted(0.3, 3);
    let questions = [("2 less 3 attempts, exhausted", "10 pairs of 500 messages", exact)];
    table.row(&questions, |seed| {
        let points = specs.each_ref().map(|spec| Replications::of(spec, seed, 10));
        let mut shares = [Vec::new(), Vec::new()];
        let given_up = |_, results: smschain::chain::Results| {
            let layers = results.total().layers;
            share(layers.accepted - layers.executed, layers.accepted).expect("it has messages")
        };
        replicate_each(&Workers::new(1), &points, &Silent, given_up, |point, value| {
            shares[point].push(value);
        })
        .expect("the books balance");
        let differences: Vec<f64> =
            shares[0].iter().zip(&shares[1]).map(|(two, three)| two - three).collect();
        let estimate = t_interval(&differences).expect("there are pairs");
        let Estimate { mean, half_width, n } = estimate;
        vec![Interval { mean, half_width, observations: n as u64 }]
    });
}

/// As many replications as a precision takes.
fn until_precise(table: &mut Table) {
    let time = "duration = \"1200s\"\nwarmup = \"200s\"";
    let spec = single(time, "0.5/s", "", "deadline = \"4s\"");
    let late = m_m_c_sojourn_tail(0.5, 1.0, 1, 4.0);
    for (wanted, words) in [(0.02, "until below 2 points"), (0.012, "until below 1.2")] {
        let questions = [("M/M/1 at 0.5, later than 4 s", words, late)];
        table.row(&questions, |seed| vec![until(&spec, seed, wanted)]);
    }
}

struct Table {
    experiments: u64,
    rows: u64,
    workers: Workers,
    sound: bool,
}

impl Table {
    /// Makes the experiments, each from its seed, and says how many covered the exact value.
    fn row(&mut self, asked: &[Question], experiment: impl Fn(u64) -> Vec<Interval> + Sync) {
        // No two rows share a seed.
        let first = self.rows * self.experiments + 1;
        self.rows += 1;
        let mut sums = vec![Sums::default(); asked.len()];
        in_order(
            &self.workers,
            first..first + self.experiments,
            |number| Ok::<_, ()>(experiment(Chance::replication_seed(1, number))),
            |_, intervals| {
                for ((sum, (_, _, exact)), interval) in sums.iter_mut().zip(asked).zip(intervals) {
                    if let Some(half_width) = interval.half_width {
                        sum.given += 1;
                        sum.covering += u64::from((interval.mean - exact).abs() <= half_width);
                        sum.half_widths += half_width;
                        sum.observations += interval.observations;
                    }
                }
            },
        )
        .expect("nothing fails without a panic");
        let made = self.experiments as f64;
        for ((figure, interval, exact), sums) in asked.iter().zip(sums) {
            let given = sums.given as f64;
            let covered = sums.covering as f64 / given;
            self.sound &= WANTED.contains(&covered);
            println!(
                "{figure:<28} {interval:<32} {exact:>8.5} {:>8.5} {:>6.1} {:>6.1} % {:>6.1} %",
                sums.half_widths / given,
                sums.observations as f64 / given,
                given / made * 100.0,
                covered * 100.0
            );
        }
    }
}

/// A run of so many replications.
fn planned(spec: &Spec, seed: u64, count: u64) -> Run {
    let points = [Replications::of(spec, seed, count)];
    replicate(&Workers::new(1), &points, &Silent).expect("the books balance").swap_remove(0)
}

/// The headline after as many replications as it took.
fn until(spec: &Spec, seed: u64, wanted: f64) -> Interval {
    let precision = Precision::new(wanted, 1, 10_000);
    let (run, reached) =
        replicate_until(&Workers::new(1), Replications::of(spec, seed, 1), precision, &Silent)
            .expect("the books balance");
    assert!(reached);
    interval(&run, HEADLINE)
}

/// What the report says of a figure.
fn interval(run: &Run, path: &str) -> Interval {
    let estimate = run.estimates.iter().find(|estimate| estimate.path == path);
    let estimate = estimate.expect("it is estimated");
    Interval {
        mean: estimate.mean.expect("it is defined in each observation"),
        half_width: estimate.half_width,
        observations: estimate.n as u64,
    }
}

/// One worker: M/M/1.
fn single(time: &str, rate: &str, queue: &str, traffic: &str) -> Spec {
    let arrivals = format!("arrivals.poisson = {{ rate = \"{rate}\" }}");
    let parts = [time, &arrivals, traffic, "workers = 1", queue, SERVICE];
    spec(parts, "")
}

/// So many attempts, each of which fails with 0.3, for 500 messages that meet nobody.
fn attempts(most: u32) -> Spec {
    let parts = [
        "duration = \"5s\"",
        "arrivals.constant = { rate = \"100/s\" }",
        "",
        "",
        "",
        "failures = { transient = 0.3 }",
    ];
    spec(parts, &format!("[retry]\nmax_attempts = {most}"))
}

fn spec([time, arrivals, traffic, workers, queue, provider]: [&str; 6], more: &str) -> Spec {
    let text = format!(
        "[scenario]\nname = \"coverage\"\ndrain = \"100d\"\n{time}\n\n\
         [[traffic]]\nname = \"t\"\nsender = \"12345\"\ncarriers = {{ c = 1 }}\n{arrivals}\n{traffic}\n\n\
         [[queue]]\nname = \"main\"\n{workers}\n{queue}\n\n\
         [[route]]\nid = 1\ncarriers = [\"c\"]\nprovider = \"p\"\nqueue = \"main\"\n\n\
         [[provider]]\nname = \"p\"\n{provider}\n\n[[carrier]]\nname = \"c\"\n\n{more}\n"
    );
    let source = Source { name: "coverage".into(), text, base: ".".into() };
    load(&source, &Overrides::default())
        .unwrap_or_else(|errors| panic!("{}", errors.render(false)))
        .spec
}

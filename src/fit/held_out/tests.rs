//! Fitted scenarios against the true ones, on the part that was kept out.

use std::path::PathBuf;

use super::figures::{Grain, Part, distances};
use super::*;
use crate::chain::{Completed, Observer, Wants};
use crate::experiment::Silent;
use crate::fit::{Resolution, compose};
use crate::kernel::SECOND;

/// A fraction of chance: fitted scenarios may be off by so much more than another seed of the true one.
const MOST: f64 = 1.1;
const RUNS: u64 = 8;
/// 2026-01-05, a Monday.
const ORIGIN: i64 = 1_767_571_200 * SECOND as i64;

const ROUTE: &str = "[[route]]\nid = 1\nprovider = \"alpha\"\n";
const ALPHA: &str =
    "[[provider]]\nname = \"alpha\"\nlatency.lognormal = { median = \"90ms\", p95 = \"450ms\" }\n";
const NORTHWIND: &str =
    "[[carrier]]\nname = \"northwind\"\nlatency.lognormal = { median = \"3s\", p95 = \"9s\" }\n";

fn scenarios() -> [(&'static str, String); 5] {
    let whole = |head: &str, retry: &str, provider: &str, carrier: &str, more: &str| {
        format!("{head}{ROUTE}{retry}{ALPHA}{provider}{NORTHWIND}{carrier}{more}")
    };
    let head = |duration: &str, traffic: &str| {
        format!(
            "[scenario]\nseed = 5\nduration = \"{duration}\"\n[[traffic]]\nname = \"otp\"\n{traffic}\n"
        )
    };
    let poisson = |duration: &str, rate: &str| {
        head(duration, &format!("arrivals.poisson = {{ rate = \"{rate}\" }}"))
    };
    let campaign = "[[traffic]]\nname = \"news\"\n\
                    arrivals.campaign = { count = 4000, at = \"20m\", over = \"5m\" }\n";
    let week = "arrivals.profile = { repeat = \"daily\", points = [[\"00:00\", \"0.004/s\"], \
                [\"06:00\", \"0.004/s\"], [\"10:00\", \"0.03/s\"], [\"18:00\", \"0.025/s\"], \
                [\"23:00\", \"0.004/s\"]] }";
    let retries = "[retry]\nmax_attempts = 5\nbackoff.fixed = { delay = \"10s\" }\n";
    let brown = "[[incident]]\nname = \"brown\"\nat = \"30m\"\nfor = \"10m\"\n\
                 target = \"provider.alpha\"\nlatency_factor = 6\nfailures = { transient = 0.4 }\n";
    let absent = "absent = { probability = 0.08, returns.exponential = { mean = \"20m\" } }\n\
                  retry_schedule = [\"1m\", \"5m\", \"10m\"]\n";
    [
        (
            "baseline",
            whole(
                &poisson("1h", "3/s"),
                "",
                "failures = { permanent = 0.01 }\n",
                "loss = 0.01\n",
                "",
            ),
        ),
        (
            "a campaign into throttles",
            whole(
                &format!("{}{campaign}", poisson("2h", "1/s")),
                "",
                "",
                "throttle = { rate = \"6/s\", burst = 6, on_excess = \"queue\" }\n",
                "",
            ),
        ),
        ("a week with a profile", whole(&head("7d", week), "", "", "", "")),
        (
            "retries under a brown-out",
            whole(&poisson("2h", "2/s"), retries, "failures = { transient = 0.02 }\n", "", brown),
        ),
        ("absent handsets", whole(&poisson("4h", "1/s"), "", "", absent, "")),
    ]
}

fn plan() -> Plan {
    let resolution = Some(1_000_000);
    Plan {
        name: "fitted".to_owned(),
        summary: String::new(),
        seed: 1,
        hold_out: 0.2,
        zone: 0,
        resolution: Resolution { submitted: resolution, sent: resolution, done: resolution },
    }
}

/// The messages of a run that were requested in a span, s, added to a log; `set` changes the scenario.
fn added(log: Gathered, text: &str, seed: u64, set: Vec<String>, span: [f64; 2]) -> Gathered {
    let exported = i64::MAX / 4;
    let source =
        Source { name: "true.toml".to_owned(), text: text.to_owned(), base: PathBuf::new() };
    let scenario = load(&source, &Overrides { set, ..Overrides::default() })
        .unwrap_or_else(|errors| panic!("{}\n{text}", errors.render(false)));
    let form =
        Form { resolution: plan().resolution, attempts: true, kinds: false, states: [true; 8] };
    let mut of = AsLogged::new(&scenario.spec, form, ORIGIN, exported);
    of.log = log;
    let mut observer = Within { of, span: span.map(|at| (at * SECOND as f64) as u64) };
    let mut pace = Told { watch: &Silent, last: 0, until: 0 };
    simulate_by(EngineChoice::Fast, &scenario.spec, seed, &mut observer, &mut pace).unwrap();
    observer.of.log
}

/// Logs what was requested in a span.
struct Within<'run> {
    of: AsLogged<'run>,
    span: [u64; 2],
}

impl Observer for Within<'_> {
    fn wants(&self) -> Wants {
        self.of.wants()
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if (self.span[0]..self.span[1]).contains(&message.requested) {
            self.of.completed(message);
        }
    }
}

const ALWAYS: [f64; 2] = [0.0, 1e9];

/// A run's log.
fn logged(text: &str, seed: u64, set: Vec<String>) -> Gathered {
    added(Gathered::new(), text, seed, set, ALWAYS)
}

#[test]
fn series() {
    let logs: u64 = std::env::var("LOGS").map_or(2, |own| own.parse().unwrap());
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut all: Vec<(String, String)> =
        scenarios().into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let extra = std::env::var("EXTRA").unwrap_or_default();
    for path in extra.split_whitespace() {
        all.push((path.to_owned(), std::fs::read_to_string(path).unwrap()));
    }
    for (name, text) in all.iter().filter(|(name, _)| name.contains(&only)) {
        let alterations: [(&str, Vec<String>); 3] = [
            ("as it was", Vec::new()),
            ("slower", vec!["carrier.northwind.latency.lognormal={ median = \"4.5s\", p95 = \"13.5s\" }".to_owned()]),
            ("lost", vec!["carrier.northwind.loss=0.02".to_owned()]),
        ];
        for (how, set) in &alterations {
            if *how != "as it was" && std::env::var("ALTERED").is_err() {
                continue;
            }
            let started = std::time::Instant::now();
            let mut off: std::collections::BTreeMap<String, u32> = Default::default();
            let mut yes = 0;
            let mut quick = 0.0;
            for seed in 0..logs {
                let log = logged(text, 1000 + seed, Vec::new());
                let first = compose(&log, &plan()).unwrap();
                let at = (first.held_from - ORIGIN) as f64 / 1e9;
                let log = if set.is_empty() {
                    log
                } else {
                    let log = added(Gathered::new(), text, 1000 + seed, Vec::new(), [0.0, at]);
                    added(log, text, 1000 + seed, set.clone(), [at, 1e9])
                };
                let composed = compose(&log, &plan()).unwrap();
                let workers = Workers::new(1);
                let judged = judge(&log, &plan(), &composed, &workers, &Silent).unwrap();
                yes += u32::from(judged.passes);
                for own in judged.figures.iter().filter(|own| !own.agrees) {
                    let kind = if own.path.starts_with("volume.") { "volume.*".to_owned() } else { own.path.clone() };
                    *off.entry(kind).or_default() += 1;
                }
                quick += judged.figures.len() as f64;
                if !judged.passes && std::env::var("TELL").is_ok() {
                    println!("  {seed}: {}", judged.verdict);
                }
            }
            println!("{name}, {how}: {yes} of {logs} yes, {:.1} figures, {:.1} s; off {off:?}", quick / logs as f64, started.elapsed().as_secs_f64());
        }
    }
}

#[test]
fn what_is_fitted_is_as_near_to_the_hidden_part_as_the_truth_itself() {
    let (mut cycle, mut volume, mut of_day) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = Vec::new();
    for (name, text) in scenarios() {
        let log = logged(&text, 5, Vec::new());
        let composed = compose(&log, &plan()).unwrap();
        if name.contains("throttles") {
            let all = &composed.parameters;
            let rate =
                all.iter().find(|own| own.path == "carrier.northwind.throttle.rate").unwrap();
            assert!((rate.value / 6.0 - 1.0).abs() < 0.03, "{rate:?}");
        }
        let (from, to) = (composed.held_from, composed.end);
        let part = Part { from, to, stragglers: false };
        let warmup = vec![format!("scenario.warmup={}ns", from - composed.origin)];
        let all = |text: &str| {
            let runs = (0..RUNS).map(|run| {
                let own = logged(text, 100 + run, warmup.clone());
                distances(&log, &own, part, 0, Grain::of(plan().resolution))
            });
            mean_of(&runs.collect::<Vec<_>>())
        };
        let (fitted, truth) = (all(&composed.text), all(&text));
        let ratio = |of: fn(&Distances) -> Option<f64>| of(&fitted).unwrap() / of(&truth).unwrap();
        told.push(format!("{name}: {fitted:?}, {truth:?}"));
        cycle.push(ratio(|own| own.cycle_time_s));
        volume.push(ratio(|own| own.hourly_volume_h));
        of_day.push(ratio(|own| own.time_of_day_h));
    }
    for (what, ratios) in
        [("cycle time", cycle), ("hourly volume", volume), ("time of day", of_day)]
    {
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!(mean <= MOST, "{what}: {ratios:?}\n{}", told.join("\n"));
    }
}


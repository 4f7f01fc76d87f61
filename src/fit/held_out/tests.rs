//! Fitted scenarios against the true ones, on the part that was kept out.

use std::io::Write;
use std::path::PathBuf;

use super::figures::{Grain, Outline, Part};
use super::*;
use crate::chain::{Completed, Observer, Wants};
use crate::experiment::Silent;
use crate::fit::{Resolution, compose};
use crate::kernel::SECOND;

/// A fraction of chance: fitted scenarios may be off by so much more than another seed of the true one.
const MOST: f64 = 1.1;
const RUNS: u64 = 4;
/// 2026-01-05, a Monday.
const ORIGIN: i64 = 1_767_571_200 * SECOND as i64;

const ROUTE: &str = "[[route]]\nid = 1\nprovider = \"alpha\"\n";
const ALPHA: &str =
    "[[provider]]\nname = \"alpha\"\nlatency.lognormal = { median = \"90ms\", p95 = \"450ms\" }\n";
const NORTHWIND: &str =
    "[[carrier]]\nname = \"northwind\"\nlatency.lognormal = { median = \"3s\", p95 = \"9s\" }\n";

const POISSON: &str = "[scenario]\nseed = 5\nduration = \"1h\"\n[[traffic]]\nname = \"otp\"\n\
    arrivals.poisson = { rate = \"2/s\" }\ncarriers = { northwind = 0.7, acme = 0.3 }\n";

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

/// People who ask again are mostly those whose handsets are away: their messages fail together.
fn again() -> String {
    format!(
        "[scenario]\nseed = 5\nduration = \"20m\"\n[[traffic]]\nname = \"otp\"\n\
         arrivals.poisson = {{ rate = \"8/s\" }}\nvalidity = \"8m\"\ndeadline = \"30s\"\n\
         resend = {{ after = \"45s\", probability = 0.5, max = 1 }}\n{ROUTE}{ALPHA}{NORTHWIND}\
         loss = 0.01\nabsent = {{ probability = 0.06, alert = 0.6, \
         returns.exponential = {{ mean = \"20m\" }} }}\nretry_schedule = [\"1m\", \"5m\"]\n"
    )
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
        ..Plan::default()
    }
}

/// The messages of a run that were requested in a span, s, added to a log; `set` changes the scenario.
fn added(log: Gathered, text: &str, seed: u64, set: Vec<String>, span: [f64; 2]) -> Gathered {
    let exported = i64::MAX / 4;
    let source =
        Source { name: "true.toml".to_owned(), text: text.to_owned(), base: PathBuf::new() };
    let scenario = load(&source, &Overrides { set, ..Overrides::default() })
        .unwrap_or_else(|errors| panic!("{}\n{text}", errors.render(false)));
    let form = Form {
        resolution: plan().resolution,
        late: 0,
        unreceived: false,
        attempts: true,
        kinds: false,
        states: [true; 8],
        gap: None,
        words: Words::default(),
        failing: Vec::new(),
    };
    let mut of = AsLogged::new(&scenario.spec, &form, ORIGIN, exported);
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

const ALWAYS: [f64; 2] = [0.0, f64::INFINITY];

/// A run's log.
fn logged(text: &str, seed: u64, set: Vec<String>) -> Gathered {
    added(Gathered::new(), text, seed, set, ALWAYS)
}

/// Logs of each scenario; `SMSCHAIN_FIT_LOGS=40 cargo test --release --lib held_out -- --nocapture` for the
/// figures of docs/fitting.md.
fn logs(usual: u64) -> u64 {
    std::env::var("SMSCHAIN_FIT_LOGS").map_or(usual, |own| own.parse().unwrap())
}

/// True of the scenarios whose names have a part that is asked for.
fn wanted((name, _): &(&str, String)) -> bool {
    name.contains(&std::env::var("SMSCHAIN_FIT_ONLY").unwrap_or_default())
}

/// Says what a series has come to.
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

/// Ratio of two means with its standard error.
fn ratio(pairs: &[[f64; 2]]) -> (f64, f64) {
    let n = pairs.len() as f64;
    let sum = |i: usize| pairs.iter().map(|own| own[i]).sum::<f64>();
    let ratio = sum(0) / sum(1);
    let off = |own: &[f64; 2]| own[0] - ratio * own[1];
    let squares: f64 = pairs.iter().map(|own| off(own) * off(own)).sum();
    (ratio, (squares * n / (n - 1.0)).sqrt() / sum(1))
}

#[test]
fn what_is_fitted_is_as_near_to_the_hidden_part_as_the_truth_itself() {
    for (name, text) in scenarios().into_iter().filter(wanted) {
        let mut pairs: [Vec<[f64; 2]>; 3] = Default::default();
        for seed in 0..logs(8) {
            let log = logged(&text, 1_000 + seed, Vec::new());
            let composed = compose(&log, &plan()).unwrap();
            if name.contains("throttles") {
                let all = &composed.parameters;
                let rate = all.iter().find(|own| own.path == "carrier.northwind.throttle.rate");
                assert!((rate.unwrap().value / 6.0 - 1.0).abs() < 0.03, "{rate:?}");
            }
            let (from, to) = (composed.held_from, composed.end);
            let part = Part { from, to, stragglers: false };
            let grain = Grain::of(plan().resolution, &log);
            let outline = |log: &Gathered| Outline::of(log, part, 0, grain);
            let seen = outline(&log);
            let warmup = vec![format!("scenario.warmup={}ns", from - composed.origin)];
            let all = |text: &str| {
                let runs = (0..RUNS).map(|run| {
                    let own = logged(text, 5_000 + RUNS * seed + run, warmup.clone());
                    seen.distances(&outline(&own))
                });
                mean_of(&runs.collect::<Vec<_>>())
            };
            let (fitted, truth) = (all(&composed.text), all(&text));
            let of = |own: Distances| [own.cycle_time_s, own.hourly_volume_h, own.time_of_day_h];
            for (pairs, (fitted, truth)) in
                pairs.iter_mut().zip(of(fitted).into_iter().zip(of(truth)))
            {
                pairs.push([fitted.unwrap(), truth.unwrap()]);
            }
        }
        let told = pairs.each_ref().map(|pairs| ratio(pairs));
        say(&format!("{name}: cycle time, hourly volume, time of day {told:.3?}"));
        // Of fifteen right ratios one fails in one series of twenty (Bonferroni).
        let t = student_t_quantile(1.0 - 0.05 / 15.0, (pairs[0].len() - 1) as f64);
        for (ratio, error) in told {
            assert!(ratio - t * error <= MOST, "{name}: {told:?}");
        }
    }
}

/// The verdict on a log of a scenario that changes where the part that is kept out begins.
fn judged(text: &str, seed: u64, change: &[&str]) -> Judgement {
    let log = logged(text, seed, Vec::new());
    let composed = compose(&log, &plan()).unwrap();
    let judge = |log, composed| judge(log, &plan(), composed, &Workers::new(1), &Silent).unwrap();
    if change.is_empty() {
        return judge(&log, &composed);
    }
    let at = (composed.held_from - ORIGIN) as f64 / 1e9;
    let log = added(Gathered::new(), text, seed, Vec::new(), [0.0, at]);
    let set = change.iter().map(|&own| own.to_owned()).collect();
    let log = added(log, text, seed, set, [at, f64::INFINITY]);
    judge(&log, &compose(&log, &plan()).unwrap())
}

#[test]
fn a_right_scenario_is_told_to_be_right() {
    let (mut yes, mut all) = (0, 0);
    let mut told = Vec::new();
    let again = ("people who ask again", again());
    for (name, text) in scenarios().into_iter().chain([again]).filter(wanted) {
        let judged = (0..logs(1)).map(|seed| judged(&text, 1_000 + seed, &[]));
        let judged: Vec<Judgement> = judged.collect();
        let own = judged.iter().filter(|own| own.passes).count();
        say(&format!("{name}: {own} of {}", judged.len()));
        (yes, all) = (yes + own, all + judged.len());
        told.extend(judged.into_iter().filter(|own| !own.passes).map(|own| own.verdict));
    }
    assert!(yes as f64 >= 0.95 * all as f64 - 1.0, "{yes} of {all}: {told:#?}");
}

#[test]
fn an_incident_that_was_found_makes_no_interval_wider() {
    let brown = scenarios().into_iter().find(|(name, _)| name.contains("brown-out"));
    let (_, text) = brown.unwrap();
    let widest = |log: &Gathered, composed: &Composed| {
        let judged = judge(log, &plan(), composed, &Workers::new(1), &Silent).unwrap();
        judged.figures.iter().map(|own| own.dispersion).fold(1.0, f64::max)
    };
    let (mut all, mut beside) = (0.0, 0.0);
    let count = logs(1);
    for seed in 0..count {
        let log = logged(&text, 1_000 + seed, Vec::new());
        let mut composed = compose(&log, &plan()).unwrap();
        assert!(!composed.incidents.is_empty(), "{}", composed.text);
        // Where the scenario has it wrong that widens nothing, either: as wrong as can be, without it.
        let (without, _) = composed.text.split_once("[[incident]]").unwrap();
        composed.text = without.to_owned();
        beside += widest(&log, &composed) / count as f64;
        composed.incidents.clear();
        all += widest(&log, &composed) / count as f64;
    }
    say(&format!("widest dispersion of all parts {all:.2}, of those beside incidents {beside:.2}"));
    assert!(beside < 3.0 && beside < all, "{beside} {all}");
}

#[test]
fn a_log_that_is_another_in_its_last_part_is_found_out() {
    let slower = "carrier.northwind.latency.lognormal={ median = \"4.5s\", p95 = \"13.5s\" }";
    let lost = "carrier.northwind.loss=0.04";
    for (name, text) in scenarios() {
        let changes: &[&str] = match name {
            "baseline" => &[slower, lost],
            "absent handsets" | "retries under a brown-out" => &[slower],
            _ => &[],
        };
        for change in changes {
            let judged = (0..logs(1)).map(|seed| judged(&text, 1_000 + seed, &[change]));
            let found = judged.filter(|own| !own.passes).count() as u64;
            say(&format!("{name}, {change}: {found} of {}", logs(1)));
            assert!(10 * found >= 9 * logs(1), "{name}, {change}: {found}");
        }
    }
}

#[test]
fn carriers_are_judged_one_by_one() {
    let acme = NORTHWIND.replace("northwind", "acme");
    let text = format!("{}{ROUTE}{ALPHA}{NORTHWIND}{acme}", POISSON);
    let agrees = |change: &[&str]| {
        let own = judged(&text, 1_000, change);
        let off = own.figures.into_iter().filter(|own| !own.agrees).map(|own| own.path);
        off.collect::<Vec<String>>()
    };
    assert_eq!(agrees(&[]), [""; 0]);
    // All messages together are as they were.
    let mix = agrees(&["traffic.otp.carriers={ northwind = 0.5, acme = 0.5 }"]);
    assert_eq!(mix, ["carriers.acme.share", "carriers.northwind.share"]);
    let gone = agrees(&["traffic.otp.carriers={ northwind = 1 }"]);
    assert!(gone.contains(&"carriers.acme.share".to_owned()), "{gone:?}");
    let lost = agrees(&["carrier.acme.loss=0.08"]);
    assert!(lost.contains(&"carriers.acme.delivered".to_owned()), "{lost:?}");
    let apart = |name: &str, by: &str| {
        format!("carrier.{name}.latency.lognormal={{ median = \"{by}\", p95 = \"9s\" }}")
    };
    let slower = agrees(&[&apart("northwind", "2.7s"), &apart("acme", "4.4s")]);
    assert!(slower.contains(&"carriers.acme.p50_s".to_owned()), "{slower:?}");
}

#[test]
fn bursts_within_a_piece_of_the_volume_are_seen() {
    let text =
        format!("{POISSON}{ROUTE}{ALPHA}{NORTHWIND}{}", NORTHWIND.replace("northwind", "acme"));
    // Nearly as many as before, but not evenly.
    let bursts = "traffic.otp.arrivals={ onoff = { high = \"12/s\", low = \"1.2/s\", \
                  mean_high = \"10s\", mean_low = \"2m\" } }";
    let own = judged(&text, 1_000, &[bursts]);
    let busiest = own.figures.iter().find(|own| own.path == "busiest_minute").unwrap();
    assert!(!busiest.agrees && busiest.seen > busiest.high, "{busiest:?}");
}

#[test]
fn a_scenario_that_only_gives_the_part_that_was_kept_out_is_found_out() {
    let (_, text) = &scenarios()[0];
    let own = logged(text, 1_000, Vec::new());
    let composed = compose(&own, &plan()).unwrap();
    let at = (composed.held_from - ORIGIN) as f64 / 1e9;
    let lost = vec!["carrier.northwind.loss=0.2".to_owned()];
    let log = added(Gathered::new(), text, 1_000, lost, [0.0, at]);
    let log = added(log, text, 1_000, Vec::new(), [at, f64::INFINITY]);
    let of = |log| judge(log, &plan(), &composed, &Workers::new(1), &Silent).unwrap();
    let (same, other) = (of(&own), of(&log));
    assert!(same.passes && same.reproduced.iter().all(|own| own.agrees), "{}", same.verdict);
    let agree = |own: &&Compared| own.agrees;
    let kept_out = other.figures.iter().filter(agree).count();
    assert!(kept_out >= other.figures.len() - 1, "{}", other.verdict);
    assert!(!other.passes && other.verdict.contains("not even the part"), "{}", other.verdict);
    assert!(other.verdict.contains("delivered (predicted 98"), "{}", other.verdict);
}

#[test]
fn a_run_keeps_all_that_is_compared() {
    let (name, text) = &scenarios()[4];
    let log = logged(text, 7, Vec::new());
    let run = added(Gathered::of_a_run(), text, 7, Vec::new(), ALWAYS);
    let composed = compose(&log, &plan()).unwrap();
    let (from, to) = (composed.held_from, composed.end);
    for part in [true, false].map(|stragglers| Part { from, to, stragglers }) {
        let grain = Grain::of(plan().resolution, &log);
        let told = figures(&log, part, grain, 0);
        assert!(told.len() > 20, "{name}: {told:?}");
        assert_eq!(told, figures(&run, part, grain, 0));
        let outline = |log: &Gathered| Outline::of(log, part, 0, grain);
        let Distances { cycle_time_s, hourly_volume_h, time_of_day_h } =
            outline(&log).distances(&outline(&run));
        assert_eq!([cycle_time_s, hourly_volume_h, time_of_day_h], [Some(0.0); 3]);
    }
}

#[test]
fn a_small_count_has_the_interval_of_one() {
    // Of Poisson's law with a mean of a half, 0.0018 lie beyond 3 and 0.0002 beyond 4.
    assert_eq!(most_of(0.5, 0.5, 0.001).total_cmp(&4.0), std::cmp::Ordering::Equal);
    // Of the geometric law with a mean of 2, (2/3)^(n + 1) lie beyond n.
    assert_eq!(most_of(2.0, 6.0, 0.05).total_cmp(&7.0), std::cmp::Ordering::Equal);
}

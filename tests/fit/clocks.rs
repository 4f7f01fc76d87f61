//! Clocks of columns: which ones round, and which are of a job that sends on the step.

use smschain::fit::{Composed, Distribution, Gathered, Plan, Resolution, compose};
use smschain::logs::{Account, Error, Meaning, Options, read};

use crate::drawn::Uniform;

const SECOND: i64 = 1_000_000_000;
const MS: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// When requests come, of 120 minutes.
#[derive(Clone, Copy, PartialEq)]
enum Come {
    /// At any time.
    Any,
    /// At each full step, ms.
    On(i64),
}

/// 2,400 messages with a median of 3 s and a p95 of 9 s, their times rounded to so many ms and written to
/// milliseconds.
fn log(come: Come, rounded: [i64; 2], many: usize) -> Vec<u8> {
    let truth = Distribution::LogNormal { median: 3.0, p95: 9.0 };
    let mut draws = Uniform::new(7);
    let mut log = "id,submitted,done,status\n".to_owned();
    for n in 0..many {
        let any = 7_200_000.0 * n as f64 / many as f64 + 3_000.0 * draws.next().unwrap();
        let from = match come {
            Come::Any => any as i64,
            Come::On(step) => any as i64 / step * step,
        };
        let took = 1e3 * truth.quantile(draws.next().unwrap());
        let [from, done] = [(from, rounded[0]), (from + took as i64, rounded[1])]
            .map(|(at, step)| written(at / step * step));
        log += &format!("m{n},{from},{done},delivered\n");
    }
    log.into_bytes()
}

fn written(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(1_769_850_000_000 + ms).unwrap();
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn told(log: &[u8], resolutions: &[(Option<Meaning>, i64)]) -> Result<Account, Error> {
    gathered(log, resolutions).map(|(account, _)| account)
}

fn gathered(
    log: &[u8],
    resolutions: &[(Option<Meaning>, i64)],
) -> Result<(Account, Gathered), Error> {
    let mut gathered = Gathered::new();
    let options = Options { resolutions: resolutions.to_vec(), ..Options::default() };
    let inputs = [("log".to_owned(), Ok(log))];
    let account = read(inputs, &options, &mut |row| gathered.add(row))?;
    Ok((account, gathered))
}

fn fitted(log: &[u8]) -> (Account, Composed) {
    let (account, gathered) = gathered(log, &[]).unwrap();
    let Account { submitted, sent, done, .. } = account;
    let plan = Plan {
        name: "fitted".to_owned(),
        summary: "Fitted".to_owned(),
        seed: 1,
        hold_out: 0.2,
        zone: 0,
        turn: None,
        gap: None,
        resolution: Resolution { submitted, sent, done },
    };
    let composed = compose(&gathered, &plan).unwrap();
    (account, composed)
}

/// Median and p95 of the carrier's latency; no handset is away.
fn latency(composed: &Composed) -> [f64; 2] {
    let all = || composed.parameters.iter();
    assert!(!all().any(|own| own.path.contains("absent")), "{}", composed.text);
    ["median", "p95"].map(|name| {
        let path = format!(".latency.lognormal.{name}");
        all()
            .find(|own| own.path.ends_with(&path))
            .unwrap_or_else(|| panic!("{}", composed.text))
            .value
    })
}

fn near([median, p95]: [f64; 2], most: f64) {
    assert!((median / 3.0 - 1.0).abs() < most && (p95 / 9.0 - 1.0).abs() < most, "{median} {p95}");
}

#[test]
fn a_job_on_the_minute_is_no_clock_of_minutes() {
    for done in [1, 1_000] {
        let log = log(Come::On(60_000), [60_000, done], 2_400);
        let (account, composed) = fitted(&log);
        assert_eq!((account.submitted, account.done), (Some(MS), Some(done * MS)));
        near(latency(&composed), 0.06);
        let [note] = &account.notes[..] else { panic!("{:?}", account.notes) };
        assert!(note.contains("multiples of 1 min: taken as exact"), "{note}");
        assert!(note.contains("`--resolution submitted=1min` says so"), "{note}");
        // Each minute's requests stand for the minute; and they come together.
        assert_eq!(composed.end - composed.origin, 120 * MINUTE);
        let said = composed.assumptions.iter().find(|own| own.path == "traffic.arrivals").unwrap();
        assert!(said.why.contains("at multiples of 60 s"), "{}", said.why);
        // By the user's word it is the clock.
        let minutes = [(Some(Meaning::Submitted), MINUTE)];
        let account = told(&log, &minutes).unwrap();
        assert_eq!(account.submitted, Some(MINUTE));
        assert!(account.notes[0].contains("changes nothing: times of requests show that"));
    }
    // Eight quarters of an hour.
    let account = told(&log(Come::On(900_000), [1, 1], 2_400), &[]).unwrap();
    assert_eq!(account.submitted, Some(MS), "{:?}", account.notes);
}

#[test]
fn a_clock_of_minutes_is_one_however_it_is_written() {
    let log = log(Come::Any, [60_000, 1], 12_000);
    let account = told(&log, &[]).unwrap();
    assert_eq!((account.submitted, account.done), (Some(MINUTE), Some(MS)));
    let [note] = &account.notes[..] else { panic!("{:?}", account.notes) };
    assert!(
        note.contains("taken as rounded down to that, for what comes after them lies evenly in it")
    );
    assert!(note.contains("`--resolution submitted=1ms` says so"), "{note}");
    // Of two minutes one tells too little, in whatever order rows are.
    let lines: Vec<&str> = std::str::from_utf8(&log).unwrap().lines().take(121).collect();
    let (head, rows) = lines.split_first().unwrap();
    let turns = (0..60).flat_map(|n| [rows[n], rows[119 - n]]);
    let turns: Vec<&str> = [*head].into_iter().chain(turns).collect();
    let account = told(turns.join("\n").as_bytes(), &[]).unwrap();
    assert_eq!(account.submitted, Some(MINUTE), "{:?}", account.notes);
    // By the user's word it isn't.
    let account = told(&log, &[(Some(Meaning::Submitted), MS)]).unwrap();
    assert_eq!(account.submitted, Some(MS));
    assert!(
        account.notes[0].contains("show 1 min, and `--resolution submitted=1ms` says otherwise")
    );
}

#[test]
fn a_resolution_that_times_contradict_is_refused_and_one_without_effect_is_said() {
    let log = log(Come::Any, [1, 1_000], 2_400);
    let error = told(&log, &[(Some(Meaning::Submitted), SECOND)]).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("--resolution submitted=1s: times of requests are no multiples"),
        "{said}"
    );
    assert!(said.contains("they show 1 ms"), "{said}");
    let account = told(&log, &[(Some(Meaning::Sent), SECOND)]).unwrap();
    assert!(account.notes[0].contains("has no effect: the log has no times of acceptance"));
    // One for all has an effect on those that show another.
    let account = told(&log, &[(None, MS)]).unwrap();
    assert_eq!((account.submitted, account.sent, account.done), (Some(MS), None, Some(MS)));
    let [note] = &account.notes[..] else { panic!("{:?}", account.notes) };
    assert!(note.contains("times of final states show 1 s"), "{note}");
    let own = [(Some(Meaning::Done), SECOND), (None, MS)];
    let account = told(&log, &own).unwrap();
    assert_eq!((account.submitted, account.done), (Some(MS), Some(SECOND)));
}

#[test]
fn a_log_in_minutes_has_part_of_its_last_minute_and_no_more_handsets_away_than_there_are() {
    // Of the last minute there is a quarter.
    let log = log(Come::Any, [60_000, 60_000], 12_000);
    let lines = String::from_utf8(log).unwrap();
    let until = written(7_140_000);
    let mut left = 25;
    let cut = lines.lines().filter(|line| {
        let at = line.split(',').nth(1).unwrap();
        left -= usize::from(at == until && left > 0);
        at < until.as_str() || at == "submitted" || at == until && left > 0
    });
    let cut: Vec<&str> = cut.collect();
    let (_, composed) = fitted(cut.join("\n").as_bytes());
    let length = (composed.end - composed.origin) as f64 / SECOND as f64;
    assert!((7_150.0..7_160.0).contains(&length), "{length}");
    let rate = composed.parameters.iter().find(|own| own.path.ends_with(".rate")).unwrap();
    assert!((rate.value / (12_000.0 / 7_200.0) - 1.0).abs() < 0.01, "{rate:?}");
    assert!(rate.high / rate.low < 1.1, "{rate:?}");
    assert!(!composed.text.contains("absent"), "{}", composed.text);
    // In seconds, which leave bins without any multiple of them.
    let (_, composed) = fitted(&self::log(Come::Any, [1_000, 1_000], 2_400));
    assert!(!composed.text.contains("absent"), "{}", composed.text);
}

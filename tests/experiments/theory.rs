//! `smschain validate` from within: every case agrees with theory, none would agree with a wrong
//! one, and what is judged is what the report says.

use smschain::experiment::{Replications, Silent, Workers, replicate};
use smschain::kernel::SECOND;
use smschain::report::{Facts, Value, report};
use smschain::theory::{Agreement, Asked, Observed, Quantity, Work, cases, judge};

/// The seed of `smschain validate`.
const SEED: u64 = 1;

/// Each case is judged by its own formula and by that formula off by what the case says it finds
/// (5 %, 15 %, or anything at all), up and down, on the same runs.
#[test]
fn every_case_passes_and_fails_with_a_wrong_formula() {
    let work = Work::new(cases::all(), SEED).unwrap();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let values = work.values(&Workers::new(threads), &Silent).unwrap();
    let mut wrong = Vec::new();
    for answer in work.judged(&values).failures() {
        wrong.push(format!("{answer:?}"));
    }
    for ((setup, _), values) in work.setups().iter().zip(&values) {
        for (asked, values) in setup.asked.iter().zip(values) {
            for sign in [-1.0, 1.0] {
                let exact = asked.exact * (1.0 + sign * asked.detects.share());
                let off = Asked { exact, ..asked.clone() };
                let answer = judge(&setup.name, &off, values, work.random_cases());
                if answer.verdict == Agreement::Pass {
                    wrong.push(format!("not noticed: {answer:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn at<'a>(report: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(report, |value, key| {
        value.get(key).unwrap_or_else(|| panic!("no {path} in the report"))
    })
}

#[test]
fn what_is_judged_is_what_the_report_says() {
    let work = Work::new(cases::all(), SEED).unwrap();
    let mut compared = 0;
    for (setup, spec) in work.setups() {
        let mut spec = spec.clone();
        spec.duration = spec.duration.min(spec.warmup + 200 * SECOND);
        let plan = Replications::of(&spec, SEED, 1);
        let run = replicate(&Workers::new(1), &[plan], &Silent).unwrap().swap_remove(0);
        let report = report(&Facts::new(&spec, "", SEED, &run));
        let observed = Observed::new(&spec, &run.results);
        for asked in &setup.asked {
            for &quantity in asked.figure.over.iter().chain(&asked.figure.under) {
                if quantity == Quantity::CarrierDepth {
                    continue;
                }
                let said = at(&report, &quantity.path());
                let said = said.as_f64().unwrap_or_else(|| panic!("{} is {said}", quantity.path()));
                let judged = quantity.of(&observed).unwrap();
                let near = (judged - said).abs() <= 1e-12 * said.abs();
                assert!(near, "{}: {} is {judged}, not {said}", setup.name, quantity.path());
                compared += 1;
            }
        }
    }
    assert!(compared > 100);
}

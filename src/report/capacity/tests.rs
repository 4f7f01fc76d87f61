use super::*;
use crate::experiment::capacity::{Effort, Harder, Judging, Search};
use crate::experiment::sample;
use crate::expression::Expression;
use crate::report::table::{Footer, Look, table};
use crate::report::{Findings, metric_paths, metrics};
use crate::stats::Parameters;

/// A search over points whose figures are those of the sample's run, and whose verdicts are given.
struct Found {
    paths: Vec<String>,
    objective: Objective,
    axis: Axis,
    outcome: Outcome,
    points: Vec<Measured>,
}

fn found(axis: Axis, quantity: Quantity, verdict: impl Fn(f64) -> ObjectiveVerdict) -> Found {
    let spec = sample::spec();
    let paths = metric_paths(&spec);
    let slo = "within.5s >= 70% and divergence.api_vs_on_time < 12%";
    let objective = objective(&[Expression::parse(slo).unwrap()], &paths);
    let effort = Effort { first: 10, most: 320, error: 0.05, points: 9 };
    let (mut search, mut points) = (Search::new(axis), Vec::new());
    while let Some(value) = search.next() {
        let mut judging = Judging::new(&objective, effort, Parameters::Same);
        (0..10).for_each(|_| judging.push(&metrics(&spec, sample::run().results)));
        judging.look();
        let (cell, margins) = judging.into_parts();
        let point = Point { cell, replications: 10, verdict: verdict(value), margins };
        let (text, tried) = (quantity.write(value), points.len() as u64 + 1);
        points.push(Measured { value, text, tried, limits: Limits::of(&spec), point });
        search.take(value, verdict(value));
    }
    points.sort_by(|a, b| a.value.total_cmp(&b.value));
    Found { outcome: search.outcome(), paths, objective, axis, points }
}

const LOAD: Axis = Axis {
    low: 1.0 / 64.0,
    high: 64.0,
    start: 1.0,
    grain: Grain::Real(0.01),
    harder: Harder::Upwards,
};
const WINDOW: Axis =
    Axis { low: 1.0, high: 100.0, start: 50.0, grain: Grain::Whole, harder: Harder::Downwards };

/// The table without colour, and the result.
fn shown(found: &Found, path: &str, quantity: Quantity, width: usize) -> (String, Value) {
    let spec = sample::spec();
    let own = Capacity {
        parameters: Parameters::Same,
        spec: &spec,
        fingerprint: "0123456789abcdef",
        seed: 7,
        seeds: &[7; 10],
        slo: "within.5s >= 70% and divergence.api_vs_on_time < 12%",
        objective: &found.objective,
        path,
        quantity,
        today: Some(found.axis.start),
        axis: found.axis,
        replications: (10, 320),
        outcome: &found.outcome,
        points: &found.points,
        paths: &found.paths,
    };
    let look = Look { width, colour: false };
    let doubts = own.doubt().into_iter().collect();
    let footer = Footer { again: "smschain capacity x".to_owned(), doubts, ..Footer::default() };
    let found = Findings { result: capacity(&own), tables: Vec::new() };
    (table(&found, &spec, look, &footer), found.result)
}

fn upto(threshold: f64) -> impl Fn(f64) -> ObjectiveVerdict {
    move |value| if value <= threshold { ObjectiveVerdict::Met } else { ObjectiveVerdict::Missed }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_answer_comes_first_and_everything_fits() {
    let found = found(LOAD, Quantity::Number, upto(2.3));
    let (table, json) = shown(&found, SCALE, Quantity::Number, 80);
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let said = words(&table);
    let (at, beyond) = (found.outcome.feasible.unwrap(), found.outcome.infeasible.unwrap());
    let answer = format!(
        "Keeps the objective up to {at}× today’s load (bracket {at}–{beyond}); beyond it the \
         fullest limit is"
    );
    assert!(said.contains(&answer), "{table}");
    for part in ["kept 10", "missed 10", "70.0 %", "provider alpha’s throttle", "again: smschain"]
    {
        assert!(said.contains(part), "{part}: {table}");
    }
    assert_eq!(json.get("answer"), Some(&Value::from(at)));
    assert_eq!(json.get("verdict"), Some(&Value::String("found".into())));
    assert_eq!(json["binding"]["station"], "provider.alpha");
}

#[test]
fn each_kind_of_answer_has_its_sentence() {
    let of = |axis: Axis, verdict: &dyn Fn(f64) -> ObjectiveVerdict| {
        let path = if axis.harder == Harder::Upwards { SCALE } else { "provider.alpha.window" };
        let grain = if axis == LOAD { Quantity::Number } else { Quantity::Integer };
        let (table, json) = shown(&found(axis, grain, verdict), path, grain, 80);
        (words(&table), json)
    };
    let (said, _) = of(LOAD, &upto(0.76));
    assert!(said.contains("Keeps the objective only up to 0.7"), "{said}");
    assert!(said.contains("Today’s load is too much: it would have to shrink by 2"), "{said}");
    let (said, json) = of(LOAD, &upto(99.0));
    assert!(said.contains("at every load up to 64× today’s load, where the search ends"), "{said}");
    assert_eq!(json.get("headroom"), Some(&Value::from(63.0)));
    let (said, _) = of(LOAD, &upto(0.0));
    assert!(said.contains("not even 0.015625× today’s load"), "{said}");
    let (said, json) = of(WINDOW, &|value| upto(-19.5)(-value));
    let smallest =
        "A window of 20 at provider alpha is the smallest that keeps the objective (19 does not)";
    assert!(said.contains(smallest) && said.contains("Today it is 50, 2.5× of that"), "{said}");
    assert_eq!(json.get("answer"), Some(&Value::from(20)));
    let blurred = |value: f64| match value {
        ..2.2 => ObjectiveVerdict::Met,
        2.5.. => ObjectiveVerdict::Missed,
        _ => ObjectiveVerdict::Undecided,
    };
    let (said, json) = of(LOAD, &blurred);
    assert!(said.contains("Keeps the objective up to 2.1"), "{said}");
    assert!(said.contains("where it is missed, it is too close to tell with 320"), "{said}");
    assert!(said.contains("Headroom: 1"), "{said}");
    assert!(json["answer"].as_f64().is_some_and(|kept| kept > 2.1), "{json:?}");
    assert_eq!(json.get("verdict"), Some(&Value::from("enough")));
    // Nothing is said against today's load where nothing is known of it.
    for (verdict, end) in [
        (
            ObjectiveVerdict::Undecided,
            "too close to tell with 320 replications. So it is at today’s load.",
        ),
        (ObjectiveVerdict::AtLimit, "Today’s load is at the limit."),
    ] {
        let (said, _) = of(LOAD, &|value: f64| match value {
            ..0.9 => ObjectiveVerdict::Met,
            1.2.. => ObjectiveVerdict::Missed,
            _ => verdict,
        });
        assert!(said.contains(end) && !said.contains("too much"), "{said}");
    }
    let open = |open: ObjectiveVerdict| {
        move |value: f64| match value {
            ..7.0 => ObjectiveVerdict::Missed,
            12.0.. => ObjectiveVerdict::Met,
            _ => open,
        }
    };
    let (said, json) = of(WINDOW, &open(ObjectiveVerdict::Undecided));
    let enough = "A window of 12 at provider alpha is enough to keep the objective; 7 to 11 are \
                  too close to tell with 320 replications, 6 is too little. Today it is 50";
    assert!(said.contains(enough), "{said}");
    assert!(!said.contains("--tolerance") && said.contains("--max-replications"), "{said}");
    assert_eq!(json.get("answer"), Some(&Value::from(12)));
    let (said, json) = of(WINDOW, &open(ObjectiveVerdict::AtLimit));
    assert!(said.contains("7 to 11 are at the limit, 6 is too little"), "{said}");
    assert!(!said.contains("--max-replications"), "{said}");
    let Some(Value::String(text)) = json.get("text") else { panic!("{json:?}") };
    assert!(said.contains(&words(text)), "{text}");
    let (said, json) = of(LOAD, &|_| ObjectiveVerdict::Undecided);
    assert!(said.contains("Undecided: no value is known to keep the objective"), "{said}");
    assert_eq!(
        (json.get("answer"), json.get("answer_text")),
        (Some(&Value::Null), Some(&Value::Null))
    );
    let (said, _) =
        of(LOAD, &|value| if value == 0.5 { ObjectiveVerdict::Missed } else { upto(1.001)(value) });
    assert!(said.contains("missed at 0.5. The answer is"), "{said}");
}

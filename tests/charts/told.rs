//! What single charts say of their figures.

use serde_json::json;
use smschain::report::Findings;
use smschain::report::charts::{Drawing, draw, overlay};

use super::results::*;
use super::svg::elements;

fn drawing(findings: &Findings, name: &str) -> Drawing {
    draw(findings).into_iter().find(|drawing| drawing.name == name).unwrap()
}

/// The texts under the pointer.
fn hovers(drawing: &Drawing) -> Vec<String> {
    let elements = elements(&drawing.svg).into_iter();
    let titles = elements.filter(|element| element.name == "title" && element.inside.len() == 3);
    titles.map(|title| title.text).collect()
}

/// The texts that are read.
fn texts(drawing: &Drawing) -> Vec<String> {
    let elements = elements(&drawing.svg).into_iter();
    let texts = elements.filter(|element| element.name == "text");
    texts.map(|text| text.text.trim().to_owned()).collect()
}

fn has(texts: &[String], wanted: &str) {
    assert!(texts.iter().any(|text| text == wanted), "no “{wanted}” in {texts:#?}");
}

#[test]
fn the_gap_has_its_interval_and_where_it_comes_from() {
    let result =
        sweep(&[axis("scale", &[1.0, 8.0])], false, |at| metrics(20.0, [0.01, 0.312][at[0]]));
    let gap = drawing(&findings(&result, &[]), "gap");
    has(&hovers(&gap), "8×: not on time 31.2 % ± 3.1");
    // What the API said meanwhile, on an axis that says what it is.
    has(&hovers(&gap), "8×: accepted, of all 99.8 % ± 0.1");
    has(&texts(&gap), "accepted, of all");
    has(&texts(&gap), "load, log scale");
    has(&texts(&gap), "storm · seed 42 · 20 replications · smschain 0.1.0");
    assert!(gap.description.contains("1.0 % at 1×, 31.2 % at 8×"), "{}", gap.description);
}

#[test]
fn the_load_goes_across_and_policies_are_lines() {
    let policies = ["none".to_owned(), "fixed".to_owned()];
    let of = |at: &[usize]| metrics(20.0, [0.1, 0.2][at[0]] + 0.01 * at[1] as f64);
    let axes = [names("retry.policy", &policies), axis("scale", &[1.0, 2.0, 4.0])];
    let gap = drawing(&findings(&sweep(&axes, false, of), &[]), "gap");
    has(&texts(&gap), "fixed");
    has(&texts(&gap), "load · a line for each retry.policy");
    assert!(!texts(&gap).contains(&"accepted, of all".to_owned()));
    has(&hovers(&gap), "fixed, 4×: not on time 22.0 % ± 2.2");
    has(&hovers(&gap), "none, 1×: not on time 10.0 % ± 1.0");
}

#[test]
fn differences_of_shares_are_in_points() {
    let policies: Vec<String> = (1..=4).map(|index| format!("policy-{index}")).collect();
    let compared = texts(&drawing(&findings(&comparison(&policies), &[]), "policies"));
    let of_shares = |unit: &str| compared.iter().filter(|text| text.ends_with(unit)).count();
    // The means' axis in per cent, the differences' in points.
    assert!(of_shares(" %") >= 2 && of_shares(" pt") >= 2, "{compared:#?}");
    assert!(!compared.iter().any(|text| text.starts_with('−') && text.ends_with('%')));
    let moved = sensitivity(&[("traffic.otp.rate", Some(-0.08), Some(0.09))]);
    let moved = texts(&drawing(&findings(&moved, &[]), "tornado"));
    has(&moved, "0 pt");
}

#[test]
fn lines_of_one_colour_are_told_apart() {
    let names: Vec<String> = (1..=9).map(|index| format!("policy-{index}")).collect();
    let lines = |count: usize| {
        let drawn = drawing(&findings(&comparison(&names[..count]), &[]), "spectrum");
        has(&texts(&drawn), "latency, log scale");
        let elements = elements(&drawn.svg);
        let wide = |element: &&super::svg::Element| {
            element.name == "polyline" && element.attribute("stroke-width") == "5"
        };
        elements.iter().filter(wide).count()
    };
    // Eight lines are whole; the ninth, which has the first one's colour, is many dashes.
    assert_eq!(lines(8), 8);
    assert!(lines(9) > 30, "{}", lines(9));
}

#[test]
fn categories_are_not_joined() {
    let policies = ["none".to_owned(), "fixed".to_owned()];
    let of = |at: &[usize]| metrics(20.0, [0.1, 0.2][at[0]]);
    let gap =
        drawing(&findings(&sweep(&[names("retry.policy", &policies)], false, of), &[]), "gap");
    has(&hovers(&gap), "fixed: not on time 20.0 % ± 2.0");
    assert!(gap.description.contains("10.0 % at none, 20.0 % at fixed"), "{}", gap.description);
    let elements = elements(&gap.svg);
    let lines = elements.iter().filter(|element| element.name == "polyline");
    assert!(lines.into_iter().all(|line| line.attribute("stroke-width") != "5"));
    // Two dots of the gap, two hollow ones of the API.
    assert_eq!(
        elements
            .iter()
            .filter(|element| element.name == "circle" && element.inside == ["svg"])
            .count(),
        2 + 2 * 2
    );
}

#[test]
fn values_on_an_axis_have_their_units() {
    let mut rate = axis("carrier.northwind.throttle.rate", &[50.0, 100.0]);
    rate["unit"] = "/s".into();
    let gap = drawing(&findings(&sweep(&[rate], false, |_| metrics(20.0, 0.1)), &[]), "gap");
    has(&texts(&gap), "100/s");
    let mut window = axis("provider.alpha.submit_timeout", &[10.0, 120.0]);
    window["unit"] = "s".into();
    let gap = drawing(&findings(&sweep(&[window], false, |_| metrics(20.0, 0.1)), &[]), "gap");
    has(&texts(&gap), "2.0 min");
}

#[test]
fn the_knee_lies_between_the_last_load_that_keeps_its_share_and_the_next() {
    let result = |gaps: [f64; 4]| {
        let axes = [axis("scale", &[1.0, 2.0, 4.0, 8.0])];
        sweep(&axes, false, move |at| metrics([20.0, 40.0, 80.0, 160.0][at[0]], gaps[at[0]]))
    };
    let falls = drawing(&findings(&result([0.2, 0.2, 0.22, 0.6]), &[]), "throughput");
    has(&texts(&falls), "falls behind between 80 and 160/s");
    let keeps = drawing(&findings(&result([0.2, 0.2, 0.22, 0.22]), &[]), "throughput");
    assert!(!texts(&keeps).iter().any(|text| text.starts_with("falls")));
    assert!(keeps.description.contains("Nothing is seen to fall behind"), "{}", keeps.description);
}

#[test]
fn the_funnel_says_where_the_rest_went_and_what_was_seen() {
    let report = report("storm", 1000, &[("filtered_silent", 62), ("delivered_late", 13)], "main");
    let funnel = drawing(&findings(&report, &[]), "funnel");
    has(&texts(&funnel), "filtered, silently");
    has(&texts(&funnel), "62 · 6.2 %");
    has(&texts(&funnel), "925 · 92.2 %");
    has(&hovers(&funnel), "filtered, silently, silence: 62 · 6.2 %");
    assert!(funnel.description.contains("filtered, silently 6.2 %"), "{}", funnel.description);
}

#[test]
fn what_was_seen_is_judged_by_what_was_true() {
    let mut report = report("storm", 100, &[], "main");
    report["observed"] = json!({
        "delivered_on_time": {"delivered": 60, "sent": 10, "expired": 5},
        "filtered_silent": {"delivered": 20, "rejected": 5},
    });
    let observed = drawing(&findings(&report, &[]), "observed");
    assert!(
        observed.description.contains(
            "the sender was told of 65.0 %, silence of 10.0 %, told the opposite of 25.0 %"
        ),
        "{}",
        observed.description
    );
    has(&hovers(&observed), "filtered, silently, seen as delivered: 20 (80.0 % of them)");
}

#[test]
fn the_course_tells_every_sample_and_names_incidents() {
    let report = report("storm", 1000, &[], "brown-out");
    let tables = [("timeseries.csv", timeseries(&["main".to_owned()], 30.0))];
    let course = drawing(&findings(&report, &[(tables[0].0, &tables[0].1)]), "course");
    has(&texts(&course), "brown-out");
    has(
        &hovers(&course),
        "31 s: accepted 98.0 %, delivered 99.0 %, on time 20.4 %, not on time 79.6 %, queue main 30, in flight 93",
    );
    assert!(course.description.contains("widest at 30 s: 79.6 %"), "{}", course.description);
}

#[test]
fn the_objective_has_an_edge_and_the_answer_a_line() {
    let axes = [axis("provider.alpha.window", &[10.0, 20.0]), axis("scale", &[1.0, 2.0])];
    let of = |at: &[usize]| metrics(20.0, if at == [0, 1] { 0.6 } else { 0.1 });
    let plane = drawing(&findings(&sweep(&axes, true, of), &[]), "plane");
    has(
        &hovers(&plane),
        "load 2×, provider.alpha.window 10: not on time 60.0 % ± 6.0, objective missed",
    );
    assert!(plane.description.contains("3 of 4 design points keep"), "{}", plane.description);
    let without = drawing(&findings(&sweep(&axes, false, of), &[]), "plane");
    assert!(!texts(&without).iter().any(|text| text.contains("objective")));

    let tried =
        [(4.0, "met", Some(0.98)), (5.0, "missed", Some(0.9)), (4.5, "undecided", Some(0.97))];
    let found = drawing(&findings(&capacity("scale", json!(4.0), &tried), &[]), "capacity");
    assert_eq!(found.title, "The capacity: load 4×");
    has(&texts(&found), "the answer: 4×");
    has(&hovers(&found), "4.5×: delivered within 30s 97.0 % ± 1.0, undecided (8 replications)");
    let none = drawing(&findings(&capacity("scale", json!(null), &tried), &[]), "capacity");
    assert!(!texts(&none).iter().any(|text| text.starts_with("the answer")));
    assert_eq!(none.title, "The capacity: undecided");
}

#[test]
fn policies_show_their_verdicts() {
    let policies = ["none", "fixed", "eager"].map(str::to_owned);
    let drawn = drawing(&findings(&comparison(&policies), &[]), "policies");
    has(&hovers(&drawn), "eager − none, not on time: +4.0 pt ± 3.0 pt, worse");
    has(&texts(&drawn), "not on time − none");
    assert!(
        drawn.description.contains("Better than none: none; worse: eager"),
        "{}",
        drawn.description
    );
}

#[test]
fn the_busiest_station_is_on_top() {
    let busy = drawing(&findings(&report("storm", 9, &[], "main"), &[]), "utilisation");
    let names: Vec<String> =
        texts(&busy).into_iter().filter(|text| text.ends_with(" main")).collect();
    assert_eq!(names, ["throttle, carrier main", "window, provider main", "busy, queue main"]);
    has(&texts(&busy), "125 %");
    let mut beyond = report("storm", 9, &[], "main");
    beyond["carriers"]["main"]["throttle_utilisation"] = json!(31.94);
    let beyond = drawing(&findings(&beyond, &[]), "utilisation");
    has(&texts(&beyond), "32 × its limit");
    has(&hovers(&beyond), "throttle, carrier main: 32 × its limit");
}

#[test]
fn the_most_sensitive_setting_keeps_its_signs() {
    let result = sensitivity(&[("rate", Some(-0.08), Some(0.09)), ("window", Some(0.01), None)]);
    let tornado = drawing(&findings(&result, &[]), "tornado");
    has(&hovers(&tornado), "rate = 45/s: −8.0 pt ± 0.4 pt");
    has(&hovers(&tornado), "rate = 55/s: +9.0 pt ± 0.4 pt");
    has(&texts(&tornado), "10 % less");
}

#[test]
fn runs_are_overlaid_by_name() {
    let run =
        |median| findings(&report("storm", 9, &[], "main"), &[("latency.csv", &latency(median))]);
    let (slow, fast, none) = (run(3.0), run(0.2), findings(&json!({}), &[]));
    let runs = [("slow".to_owned(), &slow), ("fast".to_owned(), &fast)];
    let drawn = overlay(&runs).unwrap();
    has(&texts(&drawn), "slow");
    has(&texts(&drawn), "2 runs · storm · seed 42 · 20 replications · smschain 0.1.0");
    has(&hovers(&drawn), "fast, p90: 5.00 s");
    assert_eq!(overlay(&[("none".to_owned(), &none)]), None);
}

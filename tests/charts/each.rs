//! What has to hold of every chart, whatever it is drawn from.

use std::sync::OnceLock;

use serde_json::json;
use smschain::report::Findings;
use smschain::report::charts::{Drawing, draw};

use super::results::*;
use super::svg::{elements, places};

/// A case: its name, what is drawn from, and the charts there have to be.
type Case = (&'static str, Findings, Vec<&'static str>);

fn many(count: usize) -> Vec<String> {
    (1..=count).map(|index| format!("policy-{index}")).collect()
}

fn cases() -> Vec<Case> {
    let run = vec!["funnel", "spectrum", "course", "observed", "utilisation"];
    let sweep_1 = vec!["gap", "spectrum", "throughput"];
    let sweep_2 = vec!["gap", "plane", "spectrum", "throughput"];
    let scales = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
    let load = |at: usize| (20.0 * scales[at], if at < 3 { 0.05 } else { 0.2 * (at - 2) as f64 });
    let lost = [("delivered_late", 300), ("filtered_silent", 20), ("lost_by_carrier", 1)];
    let plain = report("storm", 10_000, &lost, "main");
    let course = timeseries(&["main".to_owned()], 30.0);
    let mut named = many(8);
    named[3] = LONG.to_owned();
    let of_load = |at: &[usize]| metrics(load(at[0]).0, load(at[0]).1);
    let of_both = |at: &[usize]| {
        let (offered, gap) = load(at[1]);
        metrics(offered, gap * (1.0 - 0.05 * at[0] as f64))
    };
    let undefined = json!({"mean": null, "half_width": null, "n": 0});
    let nulls = move |at: &[usize]| {
        if at[0] == 1 {
            json!({"divergence.api_vs_on_time": undefined})
        } else {
            metrics(20.0, 0.3)
        }
    };
    let search = [
        (1.0, "met", Some(0.999)),
        (8.0, "missed", Some(0.6)),
        (4.0, "met", Some(0.98)),
        (4.2, "undecided", Some(0.97)),
        (6.0, "missed", None),
    ];
    vec![
        (
            "run",
            findings(&plain, &[("timeseries.csv", &course), ("latency.csv", &latency(0.3))]),
            run.clone(),
        ),
        (
            "run with long names, eight queues and huge values",
            findings(
                &report(LONG, 9_000_000_000_000, &lost, LONG),
                &[("timeseries.csv", &timeseries(&named, 1e15)), ("latency.csv", &latency(1e7))],
            ),
            run.clone(),
        ),
        (
            "run in which nothing took any time or was lost",
            findings(
                &report("storm", 5, &[], "main"),
                &[
                    ("timeseries.csv", &timeseries(&["main".to_owned()], 0.0)),
                    ("latency.csv", &latency(0.0)),
                ],
            ),
            vec!["funnel", "course", "observed", "utilisation"],
        ),
        (
            "run in which the API took nothing",
            findings(&report("storm", 0, &[], "main"), &[]),
            vec!["funnel", "utilisation"],
        ),
        ("nothing but a schema", findings(&json!({"schema": "smschain.report/1"}), &[]), vec![]),
        ("another schema", findings(&json!({"schema": "smschain.report/2"}), &[]), vec![]),
        (
            "sweep over the load",
            findings(&sweep(&[axis("scale", &scales)], false, of_load), &[]),
            sweep_1.clone(),
        ),
        (
            "sweep over eight policies and the load",
            findings(
                &sweep(&[names("retry.policy", &named), axis("scale", &scales)], false, of_both),
                &[],
            ),
            sweep_2.clone(),
        ),
        (
            "sweep over thirty policies and the load",
            findings(
                &sweep(&[names("retry.policy", &many(30)), axis("scale", &scales)], false, of_both),
                &[],
            ),
            sweep_2.clone(),
        ),
        (
            "sweep over two settings with an objective",
            findings(
                &sweep(
                    &[axis("provider.alpha.window", &[10.0, 20.0, 50.0]), axis("scale", &scales)],
                    true,
                    of_both,
                ),
                &[],
            ),
            sweep_2.clone(),
        ),
        (
            "sweep over three settings",
            findings(
                &sweep(
                    &[axis("a", &[1.0, 2.0]), axis("scale", &scales), axis("b", &[1.0, 2.0, 3.0])],
                    false,
                    of_both,
                ),
                &[],
            ),
            sweep_1.clone(),
        ),
        (
            "sweep over another setting, with a hole",
            findings(&sweep(&[axis("provider.alpha.window", &[1.0, 2.0, 3.0])], false, nulls), &[]),
            vec!["gap", "spectrum"],
        ),
        (
            "sweep in which there is no gap, over a huge range",
            findings(
                &sweep(&[axis("scale", &[0.001, 1.0, 1e9])], false, |at| {
                    metrics([1e-3, 20.0, 1e12][at[0]], 0.0)
                }),
                &[],
            ),
            sweep_1.clone(),
        ),
        (
            "sweep of one point",
            findings(&sweep(&[axis("scale", &[1.0])], false, |_| metrics(20.0, 0.3)), &[]),
            vec!["gap", "spectrum"],
        ),
        (
            "sweep without cells",
            findings(&sweep(&[axis("scale", &[])], false, of_load), &[]),
            vec![],
        ),
        (
            "sensitivity",
            findings(
                &sensitivity(&[
                    ("traffic.otp.rate", Some(-0.08), Some(0.09)),
                    (LONG, Some(0.02), Some(0.03)),
                    ("provider.alpha.window", Some(-0.01), None),
                    ("nothing", Some(0.0), Some(0.0)),
                ]),
                &[],
            ),
            vec!["tornado"],
        ),
        ("comparison", findings(&comparison(&named), &[]), vec!["policies", "spectrum"]),
        (
            "comparison of thirteen",
            findings(&comparison(&many(13)), &[]),
            vec!["policies", "spectrum"],
        ),
        ("capacity", findings(&capacity("scale", json!(4.1), &search), &[]), vec!["capacity"]),
        (
            "capacity that was not found",
            findings(&capacity(LONG, json!(null), &[(1.0, "missed", Some(0.0))]), &[]),
            vec!["capacity"],
        ),
        (
            "replay",
            findings(&replay(LONG, &[(0.0, 0.1), (60.0, 0.04), (90.0, 1.0), (120.0, 1.0)]), &[]),
            vec!["pivot"],
        ),
        (
            "replay of what was never certain",
            findings(&replay("a > 1", &[(0.0, 0.0), (60.0, 0.99)]), &[]),
            vec!["pivot"],
        ),
        (
            "replay of what is always so",
            findings(&replay("a > 1", &[(0.0, 1.0), (1e-9, 1.0)]), &[]),
            vec!["pivot"],
        ),
        ("replay without a curve", findings(&json!({"schema": "smschain.replay/1"}), &[]), vec![]),
        ("capacity without cells", findings(&capacity("scale", json!(null), &[]), &[]), vec![]),
    ]
}

/// Every drawing of every case.
fn drawn() -> Vec<(&'static str, Drawing)> {
    let draw =
        |(case, findings, _): Case| draw(&findings).into_iter().map(move |drawing| (case, drawing));
    cases().into_iter().flat_map(draw).collect()
}

/// The same, drawn once for all tests.
fn drawings() -> &'static [(&'static str, Drawing)] {
    static DRAWN: OnceLock<Vec<(&'static str, Drawing)>> = OnceLock::new();
    DRAWN.get_or_init(drawn)
}

#[test]
fn there_are_the_charts_that_there_is_something_for() {
    for (case, findings, expected) in cases() {
        let names: Vec<&str> = draw(&findings).iter().map(|drawing| drawing.name).collect();
        let sorted = |mut names: Vec<&'static str>| {
            names.sort_unstable();
            names
        };
        assert_eq!(sorted(names), sorted(expected), "{case}");
    }
}

#[test]
fn equal_findings_give_equal_bytes() {
    assert_eq!(drawn(), drawings());
}

#[test]
fn every_chart_is_a_sound_file_that_says_what_it_shows() {
    for (case, drawing) in drawings() {
        let place = format!("{case}: {}", drawing.name);
        let elements = elements(&drawing.svg);
        let root = elements.last().unwrap();
        assert_eq!((root.name.as_str(), root.attribute("role")), ("svg", "img"), "{place}");
        let [left, top, width, height] = [0, 1, 2, 3].map(|index| {
            root.attribute("viewBox").split(' ').nth(index).unwrap().parse::<f64>().unwrap()
        });
        assert_eq!((left, top), (0.0, 0.0), "{place}");
        assert_eq!(
            (width, height),
            (2.0 * root.number("width"), 2.0 * root.number("height")),
            "{place}"
        );
        let of = |name: &str| {
            elements
                .iter()
                .find(|element| element.name == name && element.inside == ["svg"])
                .unwrap_or_else(|| panic!("{place}: no {name}"))
        };
        assert_eq!(of("title").text, drawing.title, "{place}");
        assert_eq!(of("desc").text, drawing.description, "{place}");
        assert!(drawing.description.ends_with('.') && drawing.description.len() > 30, "{place}");
        let labels = format!("{} {}", of("title").attribute("id"), of("desc").attribute("id"));
        assert_eq!(root.attribute("aria-labelledby"), labels, "{place}");
        for no in ["NaN", "inf", "null", "None", "-0 "] {
            let told =
                elements.iter().any(|element| element.text.split(' ').any(|word| word == no));
            assert!(!told && !drawing.svg.contains(&format!("\"{no}\"")), "{place}: {no}");
        }
    }
}

#[test]
fn every_value_is_under_the_pointer() {
    for (case, drawing) in drawings() {
        let place = format!("{case}: {}", drawing.name);
        let elements = elements(&drawing.svg);
        let marks: Vec<_> =
            elements.iter().filter(|element| element.inside == ["svg", "g"]).collect();
        assert!(!marks.is_empty(), "{place}");
        let titles =
            elements.iter().filter(|element| element.name == "title" && element.inside.len() == 3);
        let texts: Vec<&str> = titles.map(|title| title.text.as_str()).collect();
        assert_eq!(texts.len(), marks.len(), "{place}");
        assert!(texts.iter().all(|text| !text.is_empty()), "{place}");
        for mark in marks {
            let sizes = if mark.name == "circle" { vec!["r"] } else { vec!["width", "height"] };
            assert!(sizes.iter().all(|size| mark.number(size) >= 0.0), "{place}: {mark:?}");
        }
    }
}

#[test]
fn every_text_is_on_the_sheet_and_on_no_other() {
    let mut wrong = Vec::new();
    for (case, drawing) in drawings() {
        let elements = elements(&drawing.svg);
        let root = elements.last().unwrap();
        let (width, height) = (2.0 * root.number("width"), 2.0 * root.number("height"));
        let places = places(&elements);
        for (index, place) in places.iter().enumerate() {
            let [left, top, right, bottom] = place.edges;
            if left < 0.0 || top < 0.0 || right > width || bottom > height {
                wrong.push(format!("{case}, {}: {} is off the sheet", drawing.name, place.text));
            }
            for other in places[..index].iter().filter(|other| place.overlaps(other)) {
                let (one, other) = (&place.text, &other.text);
                wrong.push(format!("{case}, {}: “{one}” is on “{other}”", drawing.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_drawn_off_the_sheet() {
    for (case, drawing) in drawings() {
        let place = format!("{case}: {}", drawing.name);
        let elements = elements(&drawing.svg);
        let root = elements.last().unwrap();
        let (width, height) = (2.0 * root.number("width"), 2.0 * root.number("height"));
        for element in &elements {
            let points: Vec<(f64, f64)> = match element.name.as_str() {
                "polyline" | "polygon" => element
                    .attribute("points")
                    .split_whitespace()
                    .map(|point| point.split_once(',').unwrap())
                    .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                    .collect(),
                "circle" => vec![(element.number("cx"), element.number("cy"))],
                _ => continue,
            };
            let on =
                |&(x, y): &(f64, f64)| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
            assert!(points.iter().all(on), "{place}: {element:?}");
        }
    }
}

#[test]
fn what_is_shortened_is_whole_under_the_pointer() {
    for (case, drawing) in drawings() {
        let elements = elements(&drawing.svg);
        let (short, whole): (Vec<_>, Vec<_>) = elements.iter().partition(|one| one.name == "text");
        for text in short.iter().map(|text| text.text.trim()).filter(|text| text.contains('…')) {
            let (head, tail) = text.split_once('…').unwrap();
            let found = whole.iter().any(|title| {
                title.name == "title" && title.text.contains(head) && title.text.contains(tail)
            });
            assert!(found, "{case}, {}: {text}", drawing.name);
        }
    }
}

#[test]
fn a_chart_on_a_page_styles_nothing_else() {
    for (case, drawing) in drawings() {
        let elements = elements(&drawing.svg);
        let style = elements.iter().find(|element| element.name == "style").unwrap();
        let dark = "@media screen and (prefers-color-scheme:dark){";
        assert!(style.text.contains(dark), "{case}, {}", drawing.name);
        let rules = style.text.replace(dark, "");
        for rule in rules.split('}').filter(|rule| !rule.trim().is_empty()) {
            assert!(rule.starts_with(".smschain-chart "), "{case}, {}: {rule}", drawing.name);
        }
        // Every colour that is drawn has its dark one.
        let colours = elements.iter().filter(|element| !element.inside.contains(&"g".to_owned()));
        for element in colours.filter(|element| element.name != "g") {
            for (name, value) in &element.attributes {
                if matches!(name.as_str(), "fill" | "stroke") && value.starts_with('#') {
                    let rule = format!(".smschain-chart [{name}=\"{value}\"]{{{name}:#");
                    assert!(style.text.contains(&rule), "{case}, {}: {value}", drawing.name);
                }
            }
        }
    }
}

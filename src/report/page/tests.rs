use super::*;
use crate::experiment::sample;
use crate::report::charts::Drawing;
use crate::report::{Facts, metric_paths, metrics, report, to_json};
use serde_json::json;

const ATTACK: &str = "<script>alert(1)</script>\"'&";
const AGAIN: &str = "smschain run sample.toml --seed 7";

fn run() -> Findings {
    let (spec, run) = (sample::spec(), sample::run());
    Findings { result: report(&Facts::new(&spec, "f00d", spec.seed, &run)), tables: Vec::new() }
}

fn drawing() -> Drawing {
    Drawing {
        name: "hand-made",
        title: format!("A chart {ATTACK}"),
        description: "One point, halfway up".to_owned(),
        svg: "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 10 10\"><g class=\"marks\">\
              <circle r=\"1\"><title>5</title></circle></g></svg>\n"
            .to_owned(),
    }
}

/// Names are elements that are open where the text ends.
fn unclosed(html: &str) -> Vec<String> {
    let void = ["meta", "link", "wbr"];
    let mut open = Vec::new();
    let (start, end) = (html.find("<style>").unwrap(), html.find("</style>").unwrap());
    let script = html.rfind("<script>").unwrap();
    let html = format!("{}{}</body></html>", &html[..start], &html[end + 8..script]);
    for piece in html.split('<').skip(1) {
        let name: String =
            piece.chars().take_while(|&letter| letter != '>' && !letter.is_whitespace()).collect();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{piece}");
        } else if name.starts_with(char::is_alphabetic) && !void.contains(&name.as_str()) {
            open.push(name);
        }
    }
    open
}

/// The text between a tag's first occurrence and its end.
fn first<'html>(html: &'html str, tag: &str) -> &'html str {
    let start = html.find(tag).unwrap() + tag.len();
    let rest = &html[start..];
    &rest[rest.find('>').unwrap() + 1..rest.find("</").unwrap()]
}

#[test]
fn a_run_is_told_in_a_sentence() {
    let html = page(&run(), &[drawing()], AGAIN);
    assert_eq!(
        answer(&html),
        "20,100 messages were asked for: the API refused 0.5 %, and 88.7 % arrived on time. Of the \
         20,000 accepted, 89.0 % arrived on time, 5.0 % late and 5.9 % never arrived."
    );
    assert_eq!(html.matches("<h1").count(), 1);
    let without = |report: Value| {
        let json = to_json(&report);
        let json = json.replace("\"has_deadline\": true", "\"has_deadline\": false");
        Findings { result: serde_json::from_str(&json).unwrap(), tables: Vec::new() }
    };
    let html_without = page(&without(run().result), &[], AGAIN);
    assert!(answer(&html_without).contains("89.0 % were delivered"), "{html_without}");
    for word in ["on time", "on time", "deadline"] {
        assert!(!html_without.contains(word), "{word}");
    }
    for there in [AGAIN, "f00d", "seed 7", "<svg viewBox=\"0 0 10 10\">", "Where the rest went"] {
        assert!(html.contains(there), "{there}");
    }
    assert!(!html.contains("<?xml"));
    assert_eq!(unclosed(&html), Vec::<String>::new());
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    assert_eq!(page(&run(), &[drawing()], AGAIN), page(&run(), &[drawing()], AGAIN));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let html = page(&run(), &[drawing()], AGAIN);
    for foreign in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    assert!(html.contains("default-src 'none'; script-src 'sha256-"));
}

/// The figures of the sample as a cell's, with another gap.
fn cell(gap: f64) -> Value {
    let spec = sample::spec();
    let values = metrics(&spec, sample::run().results);
    let paths = metric_paths(&spec).into_iter().zip(values);
    let metric = |(path, value): (String, Option<f64>)| {
        let value = if path == "divergence.api_vs_on_time" { Some(gap) } else { value };
        (path, json!({"mean": value, "half_width": value.map(|_| 0.004), "n": 8}))
    };
    paths.map(metric).collect()
}

/// A result of this form, with what `rest` has.
fn result(schema: &str, rest: Value) -> Value {
    let mut result = json!({
        "schema": schema, "engine": {"version": "0.1.0"},
        "scenario": {"name": ATTACK, "fingerprint": "f00d"},
        "seed": 7, "replications": 8, "seeds": [7, 8],
    });
    let entries = rest.as_object().unwrap().clone();
    result.as_object_mut().unwrap().extend(entries);
    result
}

/// The page, whole and without a text that became markup.
#[track_caller]
fn shown(result: Value) -> String {
    let findings = Findings { result, tables: Vec::new() };
    let html = page(&findings, &[drawing()], &format!("smschain --set {ATTACK}"));
    assert_eq!(unclosed(&html), Vec::<String>::new());
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"));
    assert_eq!(html.matches("<script").count(), 1);
    html
}

fn answer(html: &str) -> String {
    first(html, "<p class=\"answer\"").replace('\u{a0}', " ")
}

fn compared(verdict: Value) -> Value {
    let cells = [("none", 0.09), (ATTACK, 0.06)]
        .map(|(policy, gap)| json!({"policy": policy, "metrics": cell(gap)}));
    let pair = json!({
        "policy": ATTACK, "against": "none", "path": "divergence.api_vs_on_time",
        "difference": -0.03, "half_width": 0.002, "verdict": "better",
    });
    let rest = json!({
        "baseline": "none", "decision": null, "cells": cells, "pairs": [pair], "verdict": verdict,
    });
    result("smschain.compare/1", rest)
}

#[test]
fn a_comparison_is_told_by_its_verdict() {
    let html = shown(compared(json!({"best": ATTACK, "text": format!("Tied: {ATTACK}.")})));
    let name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;";
    assert_eq!(answer(&html), format!("Tied: {name}."));
    assert!(html.contains(&format!("of what the API accepted, under {name}")), "{html}");
    assert!(!html.contains("ertain"));
    assert!(answer(&shown(compared(json!(null)))).contains("no verdict"));
}

#[test]
fn a_sweep_tells_both_ends_of_its_axis() {
    let point = |scale: f64, gap: f64, met: bool| {
        let slo = json!([{"expression": ATTACK, "met": met}]);
        json!({"at": {"scale": scale}, "metrics": cell(gap), "slo": slo})
    };
    let rest = json!({
        "slo": [ATTACK],
        "axes": [{"path": "scale", "values": [0.5, 4.0], "numbers": [0.5, 4.0]}],
        "cells": [point(0.5, 0.02, true), point(4.0, 0.4, false)],
        "headline": format!("At 0.5× {ATTACK}."),
    });
    let html = shown(result("smschain.sweep/1", rest));
    let name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;";
    assert_eq!(answer(&html), format!("At 0.5× {name}."));
    for there in [": met at 1 of 2 points: 0.5× today’s load.", "at 4× today’s load"] {
        assert!(html.replace("\u{a0}", " ").contains(there), "{there}");
    }
}

#[test]
fn a_sensitivity_names_what_matters_most() {
    let side = |difference: f64| json!({"difference": difference, "half_width": 0.001, "n": 8});
    let parameter = json!({
        "path": "provider.alpha.window", "base": "50", "low": "45", "high": ATTACK,
        "at_low": side(0.021), "at_high": side(-0.004),
    });
    let sensitivity = json!({
        "change": 0.1, "path": "divergence.api_vs_on_time",
        "base": {"mean": 0.08, "half_width": 0.002, "n": 8}, "parameters": [parameter],
    });
    let rest = json!({
        "axes": [], "cells": [{"at": {}, "metrics": cell(0.08)}], "sensitivity": sensitivity,
        "headline": "The window matters most.",
    });
    let html = shown(result("smschain.sweep/1", rest));
    assert_eq!(answer(&html), "The window matters most.");
    assert!(html.contains("+2.1 points") && html.contains("± 0.1, up or down"), "{html}");
}

fn searched(verdict: &str, path: &str, answer: Value, bracket: [Value; 2]) -> Value {
    let margin = json!({
        "expression": "within.30s >= 97%", "path": "within.30s", "mean": 0.98, "half_width": 0.004,
        "limit": 0.97,
    });
    let tried = json!({
        "at": {path: 2}, "replications": 8, "verdict": "met", "margins": [margin],
        "metrics": cell(0.02),
    });
    let binding = json!({"station": "provider.alpha", "limit": "window", "utilisation": 0.982});
    let rest = json!({
        "slo": ATTACK, "path": path, "answer": answer, "bracket": bracket, "verdict": verdict,
        "binding": binding, "headroom": 2.9, "cells": [tried], "text": format!("Told {ATTACK}."),
    });
    result("smschain.capacity/1", rest)
}

#[test]
fn a_capacity_is_told_in_words() {
    let html = shown(searched("found", "scale", 3.906_25.into(), [3.9.into(), 4.0.into()]));
    assert!(answer(&html).starts_with("Told &lt;script"), "{html}");
    for there in ["provider alpha’s window", "98.2 % busy", "today’s load"] {
        assert!(html.contains(there), "{there}");
    }
    let window = "provider.alpha.window";
    let html = shown(searched("enough", window, 12.into(), [12.into(), 6.into()]));
    for there in ["window of provider alpha", "Kept at", "Missed at"] {
        assert!(html.contains(there), "{there}");
    }
}

#[test]
fn a_run_in_which_nothing_happened_says_so() {
    let layers = |requested: u64| {
        let truth = json!({"delivered_on_time": 0, "delivered_late": 0, "unresolved": 0});
        let layers = json!({"requested": requested, "api_success": 0});
        result("smschain.report/1", json!({"layers": layers, "truth": truth}))
    };
    assert_eq!(answer(&shown(layers(0))), "No message was asked for in the time counted.");
    assert_eq!(answer(&shown(layers(3))), "3 messages were asked for; the API refused them all.");
}

#[test]
fn what_is_of_another_version_is_not_guessed_at() {
    let html = shown(result("smschain.report/9", json!({})));
    assert!(answer(&html).contains("smschain.report/9"), "{}", answer(&html));
}

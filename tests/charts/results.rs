//! Result files to draw, ordinary and odd.

use serde_json::{Value as Json, json};
use smschain::report::{Findings, Table};

/// As long as a name may be.
pub(crate) const LONG: &str = "a-name-of-sixty-four-characters-that-ends-in-a-way-of-its-own-xyz";

/// Findings with this result and these tables.
pub(crate) fn findings(result: &Json, tables: &[(&str, &str)]) -> Findings {
    let tables = tables.iter().map(|&(name, text)| (name.to_owned(), Table::parse(text).unwrap()));
    Findings {
        result: serde_json::from_str(&result.to_string()).unwrap(),
        tables: tables.collect(),
    }
}

fn head(schema: &str, scenario: &str) -> Json {
    json!({
        "schema": format!("smschain.{schema}/1"),
        "engine": {"version": "0.1.0"},
        "scenario": {"name": scenario, "fingerprint": "f00d"},
        "seed": 42, "replications": 20, "seeds": [42],
    })
}

fn with(mut head: Json, more: Json) -> Json {
    let Json::Object(more) = more else { panic!("{more}") };
    for (key, value) in more {
        head[key] = value;
    }
    head
}

fn known(mean: f64, half_width: f64) -> Json {
    json!({"mean": mean, "half_width": half_width, "n": 20})
}

/// The report of a run: `on_time` of `accepted` messages on time, the rest by `truth`, all of it
/// seen as `sent`.
pub(crate) fn report(scenario: &str, accepted: u64, truth: &[(&str, u64)], station: &str) -> Json {
    let lost: u64 = truth.iter().map(|(_, count)| count).sum();
    let (on_time, mut truths, mut observed) = (accepted - lost, json!({}), json!({}));
    truths["delivered_on_time"] = on_time.into();
    observed["delivered_on_time"] = json!({"delivered": on_time, "sent": 0});
    for (name, count) in truth {
        truths[name] = (*count).into();
        observed[name] = json!({"sent": count, "delivered": 0});
    }
    with(
        head("report", scenario),
        json!({
            "layers": {
                "requested": accepted + 3, "api_success": accepted, "execution_success": accepted,
                "outcome_success": on_time, "outcome_on_time": on_time,
            },
            "truth": truths,
            "observed": observed,
            "queues": {station: {"utilisation": 0.5}, "free": {"utilisation": null}},
            "providers": {station: {"window_utilisation": 0.97, "server_utilisation": null}},
            "carriers": {station: {"throttle_utilisation": 1.25}},
            "incidents": {station: {"from_s": 30.0, "to_s": 50.0, "recovery_s": null}},
        }),
    )
}

/// The course of a run of 100 samples, with these queues.
pub(crate) fn timeseries(queues: &[String], depth: f64) -> String {
    let mut text = "time_s,requests,accepted,cohort_delivered,cohort_on_time,cohort_observed,\
                    rejected,submits,handed_off,deliveries,in_flight"
        .to_owned();
    for queue in queues {
        text.push_str(&format!(",queue.{queue}.depth"));
    }
    for sample in 0..100 {
        let on_time = if (30..50).contains(&sample) { 20 } else { 95 };
        text.push_str(&format!("\n{sample},100,98,97,{on_time},90,2,100,99,97,{}", 3 * sample));
        for index in 0..queues.len() {
            text.push_str(&format!(",{}", depth * (index + 1) as f64));
        }
    }
    text.push('\n');
    text
}

/// Stages of so many seconds at the median.
pub(crate) fn latency(median: f64) -> String {
    let mut text = "stage,percentile,seconds\n".to_owned();
    for (index, stage) in
        ["api", "queue_wait", "submit", "hand_off", "delivery", "receipt"].iter().enumerate()
    {
        for (step, percentile) in ["0", "50", "90", "95", "99", "99.9", "100"].iter().enumerate() {
            let seconds = median * (index + 1) as f64 * (1 + step * step) as f64;
            text.push_str(&format!("{stage},{percentile},{seconds}\n"));
        }
    }
    text
}

/// Metrics of a design point whose gap is this wide.
pub(crate) fn metrics(offered: f64, gap: f64) -> Json {
    json!({
        "divergence.api_vs_on_time": known(gap, 0.1 * gap),
        "throughput.offered_per_s": known(offered, 0.0),
        "throughput.delivered_per_s": known(offered * (1.0 - 0.5 * gap), 0.1),
        "throughput.on_time_per_s": known(offered * (1.0 - gap), 0.1),
        "latency.delivery.p50_s": known(2.0 + gap, 0.1),
        "latency.delivery.p90_s": known(5.0 + 20.0 * gap, 0.1),
        "latency.delivery.p95_s": known(8.0 + 50.0 * gap, 0.1),
        "latency.delivery.p99_s": known(20.0 + 90.0 * gap, 0.1),
        "latency.delivery.p999_s": {"mean": null, "half_width": null, "n": 3},
        "attempts.mean": known(1.0 + gap, 0.01),
        "of_requested.accepted": known(0.998, 0.001),
    })
}

/// An axis of numbers.
pub(crate) fn axis(path: &str, values: &[f64]) -> Json {
    json!({"path": path, "values": values, "numbers": values, "unit": ""})
}

/// An axis of names.
pub(crate) fn names(path: &str, values: &[String]) -> Json {
    json!({"path": path, "values": values, "numbers": null, "unit": null})
}

/// A sweep whose cells have the metrics `of` their values' indices on the axes.
pub(crate) fn sweep(axes: &[Json], slo: bool, of: impl Fn(&[usize]) -> Json) -> Json {
    let mut places = vec![Vec::new()];
    for axis in axes {
        let count = axis["values"].as_array().unwrap().len();
        let longer =
            |place: Vec<usize>| (0..count).map(move |value| [place.as_slice(), &[value]].concat());
        places = places.into_iter().flat_map(longer).collect();
    }
    let cell = |place: &Vec<usize>| {
        let mut at = json!({});
        for (axis, &value) in axes.iter().zip(place) {
            at[axis["path"].as_str().unwrap()] = axis["values"][value].clone();
        }
        let metrics = of(place);
        let mut cell = json!({"at": at, "metrics": metrics});
        if slo {
            let gap = metrics["divergence.api_vs_on_time"]["mean"].as_f64();
            cell["slo"] = json!([{"expression": "x", "met": gap.map(|gap| gap < 0.3)}]);
        }
        cell
    };
    let cells: Vec<Json> = places.iter().map(cell).collect();
    with(head("sweep", "storm"), json!({"axes": axes, "cells": cells}))
}

/// What one setting up and down does to the gap.
pub(crate) fn sensitivity(parameters: &[(&str, Option<f64>, Option<f64>)]) -> Json {
    let end = |difference: &Option<f64>| json!({"difference": difference, "half_width": difference.map(|_| 0.004), "n": 20});
    let parameters: Vec<Json> = parameters
        .iter()
        .map(|(path, low, high)| {
            json!({
                "path": path, "base": "50/s", "low": "45/s", "high": "55/s",
                "at_low": end(low), "at_high": end(high),
            })
        })
        .collect();
    with(
        head("sweep", "storm"),
        json!({
            "axes": [], "cells": [{"at": {}, "metrics": metrics(20.0, 0.3)}],
            "sensitivity": {
                "change": 0.1, "path": "divergence.api_vs_on_time", "base": known(0.3, 0.004),
                "parameters": parameters,
            },
        }),
    )
}

/// Policies whose gaps grow, each compared with the first.
pub(crate) fn comparison(policies: &[String]) -> Json {
    let cells: Vec<Json> = policies
        .iter()
        .enumerate()
        .map(|(index, policy)| json!({"policy": policy, "metrics": metrics(20.0, 0.02 * index as f64)}))
        .collect();
    let pair = |(index, policy): (usize, &String), path: &str| {
        let difference = (index < 9).then_some(0.02 * index as f64);
        json!({
            "policy": policy, "against": policies[0], "path": path, "difference": difference,
            "half_width": difference.map(|_| 0.03), "n": 20, "variance_reduction": null,
            "verdict": if index > 1 && index < 9 { "worse" } else { "undecided" },
        })
    };
    let pairs: Vec<Json> = policies
        .iter()
        .enumerate()
        .skip(1)
        .flat_map(|policy| {
            ["divergence.api_vs_on_time", "latency.delivery.p95_s", "attempts.mean"]
                .map(|path| pair(policy, path))
        })
        .collect();
    with(
        head("compare", "storm"),
        json!({
            "baseline": policies.first(), "decision": null, "cells": cells, "pairs": pairs,
        }),
    )
}

/// A search over `path` with these values, verdicts, and means of two figures.
pub(crate) fn capacity(path: &str, answer: Json, tried: &[(f64, &str, Option<f64>)]) -> Json {
    let cells: Vec<Json> = tried
        .iter()
        .map(|&(at, verdict, mean)| {
            json!({
                "at": {path: at}, "replications": 8, "verdict": verdict, "metrics": {},
                "margins": [
                    {"path": "within.30s", "mean": mean, "half_width": mean.map(|_| 0.01), "limit": 0.97},
                    {"path": "latency.delivery.p95_s", "mean": mean.map(|mean| 30.0 - 29.0 * mean),
                     "half_width": mean.map(|_| 0.5), "limit": 5.0},
                ],
            })
        })
        .collect();
    with(
        head("capacity", "storm"),
        json!({
            "slo": "within.30s >= 97%", "path": path, "answer": answer, "bracket": [null, null],
            "verdict": "found", "binding": null, "headroom": null, "cells": cells,
        }),
    )
}

/// A replay with its curve: the time and the share in which the incident `when` happens.
pub(crate) fn replay(when: &str, curve: &[(f64, f64)]) -> Json {
    let points: Vec<Json> = curve
        .iter()
        .map(|&(at, share)| {
            let interval = [(share - 0.05).max(0.0), (share + 0.05).min(1.0)];
            json!({"at_s": at, "hits": 100.0 * share, "share": share, "interval": interval})
        })
        .collect();
    let certain = curve.iter().rev().take_while(|&&(_, share)| share == 1.0).last();
    let incidents = json!({
        LONG: {"from_s": 20.0, "to_s": 500.0},
        "slow": {"from_s": 30.0, "to_s": 40.0},
        "later": {"from_s": 900.0, "to_s": 901.0},
    });
    let pivot = json!({
        "redraws": 100, "unavoidable_s": certain.map(|&(at, _)| at), "incidents": incidents,
        "points": points,
    });
    with(head("replay", LONG), json!({"when": when, "same": true, "pivot": pivot}))
}

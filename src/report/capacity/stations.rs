//! The station that fills first.

use super::{Capacity, Measured};
use crate::chain::spec::{Spec, Throttle, throttle_names};
use crate::kernel::in_seconds;

/// The API, as incidents name it.
const API: &str = "api";
/// A limit that turned away this share of what came to it is full, whatever its mean use.
const REFUSES: f64 = 0.01;
/// Stations this close to the fullest are as full: one that is blocked holds what it waits for.
const AS_FULL: f64 = 0.05;
/// A station less used than this fills for moments only.
const BINDS: f64 = 0.8;

/// Limits that no metric tells of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Calls a second the API allows.
    api: Option<f64>,
    /// Seconds that are counted.
    counted_s: f64,
}

impl Limits {
    /// Those of a chain.
    #[must_use]
    pub fn of(spec: &Spec) -> Limits {
        let api = spec.api.rate_limit.as_ref().map(|bucket| bucket.rate);
        Limits { api, counted_s: in_seconds(spec.duration - spec.warmup) }
    }
}

/// A limit of a station, and how full it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// The station, as a scenario names it: `provider.alpha`, `api`.
    pub station: String,
    /// The limit of it: `window`, `workers`, …
    pub limit: String,
    /// The share in use on average at the answer.
    pub utilisation: Option<f64>,
    /// The same just beyond it.
    pub beyond: Option<f64>,
    /// The share of what came to it that it turned away, just beyond the answer.
    pub refused: Option<f64>,
}

impl Station {
    /// In words.
    #[must_use]
    pub fn name(&self) -> String {
        station_name(&self.station, &self.limit)
    }

    /// True if it is full enough to hold things up all the time.
    #[must_use]
    pub fn binds(&self) -> bool {
        self.fullness() >= BINDS
    }

    /// Its fullness, from 0 to 1.
    pub(super) fn fullness(&self) -> f64 {
        let used = self.beyond.or(self.utilisation).unwrap_or(0.0).min(1.0);
        if self.refused.is_some_and(|share| share >= REFUSES) { 1.0 } else { used }
    }
}

/// A limit of a station in words: `provider alpha’s window`.
#[must_use]
pub fn station_name(station: &str, limit: &str) -> String {
    match station.split_once('.') {
        Some((kind, name)) => format!("{kind} {name}’s {limit}"),
        None if station == API => format!("the API’s {limit}"),
        None => format!("the {station}’s {limit}"),
    }
}

/// A limit, and the figures that tell how full it is: what is in use, what came, what of it was
/// turned away.
struct Limit {
    station: String,
    limit: String,
    used: Used,
    refused: Vec<String>,
    came: Vec<String>,
}

enum Used {
    /// A metric.
    Metric(String),
    /// Calls against the API's rate.
    Api,
    /// Money spent against money there was.
    Balance,
    /// Known only by what it turns away.
    Unknown,
}

pub(super) fn stations(capacity: &Capacity<'_>) -> Vec<Station> {
    let (at, beyond) = capacity.ends();
    let last = beyond.or(at);
    let mut found: Vec<Station> = limits(capacity.spec)
        .into_iter()
        .filter_map(|limit| {
            let used = |end: Option<&Measured>| end.and_then(|end| used(capacity, end, &limit));
            let station = Station {
                utilisation: used(at),
                beyond: used(beyond),
                refused: last.and_then(|end| refused(capacity, end, &limit)),
                station: limit.station,
                limit: limit.limit,
            };
            let known = station.utilisation.is_some() || station.beyond.is_some();
            let refuses = station.refused.is_some_and(|share| share > 0.0);
            (known || refuses).then_some(station)
        })
        .collect();
    // Those furthest down the chain come first: what waits for them fills the ones before.
    found.sort_by(|a, b| b.fullness().total_cmp(&a.fullness()));
    let fullest = found.first().map_or(0.0, Station::fullness);
    let close = found.partition_point(|station| station.fullness() >= fullest - AS_FULL);
    let order = |station: &Station| {
        let kind = station.station.split('.').next().unwrap_or_default();
        let limits = ["throttle", "daily cap", "servers", "window", "workers"];
        let limit = limits.iter().position(|limit| station.limit.starts_with(limit));
        let kinds = ["carrier", "provider", "queue", "account", "api"];
        (kinds.iter().position(|own| *own == kind), limit)
    };
    found[..close].sort_by_key(order);
    found
}

/// Every limit of a chain, whether it is set or not.
fn limits(spec: &Spec) -> Vec<Limit> {
    let texts = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect::<Vec<_>>();
    let mut limits = vec![
        Limit {
            station: API.to_owned(),
            limit: "rate limit".to_owned(),
            used: Used::Api,
            refused: texts(&["requests.rejected.rate_limited"]),
            came: texts(&["requests.total"]),
        },
        Limit {
            station: "account".to_owned(),
            limit: "balance".to_owned(),
            used: Used::Balance,
            refused: texts(&["requests.rejected.insufficient_balance"]),
            came: texts(&["requests.total"]),
        },
    ];
    for queue in &spec.queues {
        let name = &queue.name;
        limits.push(Limit {
            station: format!("queue.{name}"),
            limit: "workers".to_owned(),
            used: Used::Metric(format!("queues.{name}.utilisation")),
            refused: vec![format!("queues.{name}.discarded"), format!("queues.{name}.expired")],
            came: texts(&["messages.accepted"]),
        });
        if queue.capacity.is_some() {
            limits.push(Limit {
                station: format!("queue.{name}"),
                limit: "capacity".to_owned(),
                used: Used::Unknown,
                refused: texts(&["requests.rejected.queue_full"]),
                came: texts(&["requests.total"]),
            });
        }
    }
    for provider in &spec.providers {
        let name = &provider.name;
        let of = |limit: &str, figure: &str, refused: Option<&str>| Limit {
            station: format!("provider.{name}"),
            limit: limit.to_owned(),
            used: Used::Metric(format!("providers.{name}.{figure}")),
            refused: refused.iter().map(|count| format!("providers.{name}.{count}")).collect(),
            came: vec![format!("providers.{name}.submits")],
        };
        limits.push(of("window", "window_utilisation", None));
        for Named { limit, figure, refused } in throttles(&provider.throttle) {
            limits.push(of(&limit, &figure, Some(&refused)));
        }
        limits.push(of("servers", "server_utilisation", Some("queue_full")));
    }
    for carrier in &spec.carriers {
        let name = &carrier.name;
        let of = |limit: &str, used, refused: &str| Limit {
            station: format!("carrier.{name}"),
            limit: limit.to_owned(),
            used,
            refused: vec![format!("carriers.{name}.{refused}")],
            came: vec![format!("carriers.{name}.arrived")],
        };
        for Named { limit, figure, refused } in throttles(&carrier.throttle) {
            let used = Used::Metric(format!("carriers.{name}.{figure}"));
            limits.push(of(&limit, used, &refused));
        }
        limits.push(of("daily cap", Used::Unknown, "capped"));
    }
    for limit in spec.api.limit_names().into_iter().filter(|limit| limit != "rate_limit") {
        limits.push(Limit {
            station: API.to_owned(),
            refused: vec![format!("requests.limited_by.{limit}")],
            came: texts(&["requests.total", "requests.client_retries"]),
            limit: if limit == "concurrency" { limit } else { format!("limit {limit}") },
            used: Used::Unknown,
        });
    }
    limits
}

/// A throttle by its name and its figures.
struct Named {
    limit: String,
    figure: String,
    refused: String,
}

fn throttles<T: Throttle>(list: &[T]) -> Vec<Named> {
    let named = |name: String| match list {
        [_] => Named {
            limit: "throttle".to_owned(),
            figure: "throttle_utilisation".to_owned(),
            refused: "throttled".to_owned(),
        },
        _ => Named {
            limit: format!("throttle {name}"),
            figure: format!("throttle_used.{name}"),
            refused: format!("throttled_by.{name}"),
        },
    };
    throttle_names(list).into_iter().map(named).collect()
}

fn used(capacity: &Capacity<'_>, end: &Measured, limit: &Limit) -> Option<f64> {
    let mean = |path: &str| capacity.mean(end, path);
    match &limit.used {
        Used::Metric(path) => mean(path),
        Used::Api => {
            let calls = mean("requests.total")? + mean("requests.client_retries")?;
            Some(calls / end.limits.counted_s / end.limits.api?).filter(|used| used.is_finite())
        }
        Used::Balance => {
            let there_was = mean("account.opening")? + mean("account.topped_up")?;
            Some(1.0 - mean("account.balance")? / there_was).filter(|used| used.is_finite())
        }
        Used::Unknown => None,
    }
}

fn refused(capacity: &Capacity<'_>, end: &Measured, limit: &Limit) -> Option<f64> {
    let sum =
        |paths: &[String]| paths.iter().map(|path| capacity.mean(end, path)).sum::<Option<f64>>();
    if limit.refused.is_empty() {
        return None;
    }
    let came = sum(&limit.came)?;
    (came > 0.0).then(|| sum(&limit.refused).map(|refused| refused / came)).flatten()
}

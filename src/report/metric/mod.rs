//! The figures of a report: one home for what each is called, measured in, made of and means.

#[cfg(test)]
mod docs;
mod rows;

pub(super) use rows::{
    CARRIERS, INCIDENTS, LATENCY, MESSAGES, Messages, Named, Of, PROVIDERS, QUEUES, ROUTES, RUN,
};

use super::{Better, Map, Unit, Value, names};
use crate::chain::{Rejection, Stage, Truth};

/// A figure of a report, or several that are made alike.
#[derive(Debug, PartialEq)]
pub(super) struct Metric {
    /// Its path; a part in brackets stands for any: `queues.<name>.max_depth`.
    pub(super) path: &'static str,
    pub(super) kind: Kind,
    /// The better direction; `None` if neither is, by itself: a count that follows the traffic, a
    /// utilisation, `truth.delivered_late` (late instead of on time is worse, instead of never is not).
    pub(super) better: Option<Better>,
    label: &'static str,
    pub(super) meaning: &'static str,
}

/// The sort of figure: in which unit, and how it adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A count of things that happen; over replications a sum.
    Count,
    /// A share of the count at this path; of what no path counts if that is empty.
    Part(&'static str),
    /// The share of a limit that is in use.
    Used,
    /// A mean.
    Mean,
    /// A maximum.
    Most,
    Seconds,
    PerSecond,
    /// An amount; over replications a sum.
    Money,
    /// An amount for each of several things.
    Each,
}

/// A figure with what makes it.
pub(super) struct Row<G> {
    pub(super) metric: Metric,
    pub(super) get: G,
}

/// The function that makes a figure of a station or an incident.
pub(super) type Get<S, C> = fn(&Of<'_, S, C>) -> Value;

impl Metric {
    /// True if there is one for each limit of a station: of one without limits there is none.
    fn goes_by_limits(&self) -> bool {
        self.path.ends_with(".<limit>") || self.path.ends_with(".<throttle>")
    }

    pub(super) const fn unit(&self) -> Unit {
        match self.kind {
            Kind::Part(_) | Kind::Used => Unit::Share,
            Kind::Seconds => Unit::Seconds,
            Kind::PerSecond => Unit::PerSecond,
            Kind::Money | Kind::Each => Unit::Money,
            Kind::Count | Kind::Mean | Kind::Most => Unit::Number,
        }
    }

    /// True if it is the sum of its replications' own.
    pub(super) const fn is_sum(&self) -> bool {
        matches!(self.kind, Kind::Count | Kind::Money)
    }

    /// Its name among those of its section: `max depth`; of several what they have in common.
    pub(super) fn heading(&self) -> &'static str {
        self.label.split(" by <").next().unwrap_or_default()
    }

    /// The last part of its path.
    pub(super) fn key(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The names that the parts in brackets stand for at `path`, if it is one of this metric's: how many of its
    /// other parts say so, and each name.
    fn fits<'path>(&self, path: &'path str) -> Option<Vec<(&'static str, &'path str)>> {
        let mut names = Vec::new();
        let mut rest = path;
        for wanted in self.path.split('.') {
            if rest.is_empty() {
                return None;
            }
            let is_name = wanted.starts_with('<');
            // What has dots of its own, `within.1.5s`, comes last.
            let (part, after) = match rest.split_once('.') {
                Some((part, after)) if !(is_name && self.path.ends_with(wanted)) => (part, after),
                _ => (rest, ""),
            };
            if is_name {
                names.push((wanted, part));
            } else if wanted != part {
                return None;
            }
            rest = after;
        }
        rest.is_empty().then_some(names)
    }
}

/// Every metric, in the order of a report.
fn all() -> impl Iterator<Item = &'static Metric> {
    fn of<G>(rows: &'static [Row<G>]) -> impl Iterator<Item = &'static Metric> {
        rows.iter().map(|row| &row.metric)
    }
    of(MESSAGES)
        .chain(of(RUN))
        .chain(of(LATENCY))
        .chain(of(ROUTES))
        .chain(of(QUEUES))
        .chain(of(PROVIDERS))
        .chain(of(CARRIERS))
        .chain(of(INCIDENTS))
}

/// Those under a path: the columns of a table.
pub(super) fn under(section: &str) -> impl Iterator<Item = &'static Metric> {
    all().filter(move |metric| {
        metric.path.strip_prefix(section).is_some_and(|rest| rest.starts_with('.'))
    })
}

/// `traffic.otp.` and what is inside; of other paths nothing and all.
pub(super) fn split(path: &str) -> (&str, &str) {
    let name = path.strip_prefix("traffic.").and_then(|rest| rest.find('.'));
    name.map_or(("", path), |dot| path.split_at("traffic.".len() + dot + 1))
}

/// The metric at a path of a report, a stream's as well.
pub(super) fn at(path: &str) -> Option<&'static Metric> {
    let (_, inside) = split(path);
    all().find(|metric| metric.fits(inside).is_some())
}

/// The better direction of the figure at `path`; `None` if neither is.
#[must_use]
pub fn better(path: &str) -> Option<Better> {
    at(path)?.better
}

/// The unit of the figure at `path`.
#[must_use]
pub fn unit(path: &str) -> Unit {
    at(path).map_or(Unit::Number, Metric::unit)
}

/// The meaning of the figure at `path`; `None` if there is no such figure.
#[must_use]
pub fn meaning(path: &str) -> Option<&'static str> {
    Some(at(path)?.meaning)
}

/// A section's figures, by the rest of their paths, and what each means: of `layers`, of
/// `providers.alpha`.
pub fn section_meanings(section: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let wanted: Vec<&str> = section.split('.').collect();
    let within = move |metric: &&Metric| {
        let mut parts = metric.path.split('.');
        let fits = |own: &str, wanted: &str| own == wanted || own.starts_with('<');
        wanted.iter().all(|wanted| parts.next().is_some_and(|own| fits(own, wanted)))
            && parts.next().is_some()
    };
    let parts = section.split('.').count() + 1;
    let inside = move |path: &'static str| path.splitn(parts, '.').last().unwrap_or_default();
    all().filter(within).map(move |metric| (inside(metric.path), metric.meaning))
}

/// The name of the figure at `path`, wherever it stands: `p95, request → handset`,
/// `max depth, queue main`; the path if there is no such figure.
#[must_use]
pub fn label(path: &str) -> String {
    let (stream, inside) = split(path);
    let Some((metric, named)) = all().find_map(|one| Some((one, one.fits(inside)?))) else {
        return path.to_owned();
    };
    let mut label = metric.label.to_owned();
    for (place, name) in named {
        let name = called(place, name);
        if label.contains(place) {
            label = label.replace(place, &name);
        } else {
            // A station, by its kind.
            let kind = metric
                .path
                .split_once("s.<name>")
                .map_or(String::new(), |(kind, _)| format!("{kind} "));
            label.push_str(&format!(", {kind}{name}"));
        }
    }
    match stream.split('.').nth(1) {
        Some(stream) => format!("{label}, traffic {stream}"),
        None => label,
    }
}

/// A name of the model's in a person's words; others as they are.
fn called(place: &str, name: &str) -> String {
    let words = match place {
        "<outcome>" | "<truth>" => {
            Truth::ALL.into_iter().find(|own| own.name() == name).map(names::end)
        }
        "<stage>" => Stage::ALL.into_iter().find(|own| own.name() == name).map(names::stage),
        "<reason>" => {
            Rejection::ALL.into_iter().find(|own| own.name() == name).map(names::rejection)
        }
        _ => None,
    };
    words.unwrap_or(name).to_owned()
}

/// The path whose words are true of a result in which nothing has a deadline: what is on time is
/// what is delivered.
pub(super) fn truly(path: &str, has_deadline: bool) -> &str {
    match path {
        "divergence.api_vs_on_time" if !has_deadline => "divergence.api_vs_outcome",
        "of_requested.on_time" if !has_deadline => "of_requested.delivered",
        "cost.per_on_time" if !has_deadline => "cost.per_delivered",
        "throughput.on_time_per_s" if !has_deadline => "throughput.delivered_per_s",
        _ => path,
    }
}

/// The figures under `section`, each made by `make` of its row.
pub(super) fn section<G>(rows: &[Row<G>], section: &str, make: impl Fn(&G) -> Value) -> Map {
    let mut map = Map::new();
    for Row { metric, get } in rows {
        if let Some(inside) =
            metric.path.strip_prefix(section).and_then(|path| path.strip_prefix('.'))
        {
            let value = make(get);
            if !(metric.goes_by_limits() && value.as_object().is_some_and(|names| names.is_empty()))
            {
                map = map.under(inside, value);
            }
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::super::Better::{Higher, Lower};
    use super::*;
    use crate::report::metric_paths;
    use crate::scenario::{Overrides, Source, load};

    #[test]
    fn directions() {
        for (path, expected) in [
            ("divergence.api_vs_on_time", Some(Lower)),
            ("traffic.otp.divergence.api_vs_on_time", Some(Lower)),
            ("traffic.otp.within.5s", Some(Higher)),
            ("within.1.5s", Some(Higher)),
            ("of_requested.accepted", Some(Higher)),
            ("traffic.otp.of_requested.within.5s", Some(Higher)),
            ("providers.alpha.truly_accepted", None),
            ("truth.delivered_late", None),
            ("truth.filtered_silent", Some(Lower)),
            ("observed.delivered_on_time.delivered", None),
            ("requests.rejected.queue_full", Some(Lower)),
            ("requests.total", None),
            ("latency.delivery.p95_s", Some(Lower)),
            ("traffic.otp.latency.delivery.count", None),
            ("attempts.mean", Some(Lower)),
            ("throughput.on_time_per_s", Some(Higher)),
            ("throughput.offered_per_s", None),
            ("queues.main.utilisation", None),
            ("providers.alpha.timeout", Some(Lower)),
            ("providers.alpha.submits", None),
            ("carriers.northwind.filtered.delivered-spam", Some(Lower)),
            ("duplicates.copies", Some(Lower)),
            ("cost.per_on_time", Some(Lower)),
            ("cost.charged", None),
            ("account.balance", None),
            ("incidents.brown-out.recovery_s", Some(Lower)),
            ("incidents.brown-out.from_s", None),
            ("traffic", None),
            ("", None),
        ] {
            assert_eq!(better(path), expected, "{path}");
        }
    }

    #[test]
    fn units() {
        assert_eq!(unit("divergence.api_vs_on_time"), Unit::Share);
        assert_eq!(unit("traffic.otp.within.1.5s"), Unit::Share);
        assert_eq!(unit("of_requested.delivered"), Unit::Share);
        assert_eq!(unit("providers.alpha.truly_accepted"), Unit::Number);
        assert_eq!(unit("providers.alpha.window_utilisation"), Unit::Share);
        assert_eq!(unit("latency.delivery.p95_s"), Unit::Seconds);
        assert_eq!(unit("throughput.on_time_per_s"), Unit::PerSecond);
        assert_eq!(unit("cost.per_on_time"), Unit::Money);
        assert_eq!(unit("truth.delivered_late"), Unit::Number);
        // Whatever stations are called.
        assert_eq!(unit("providers.within.accepted"), Unit::Number);
        assert_eq!(unit("carriers.c.filtered.utilisation"), Unit::Number);
        assert_eq!(unit("incidents.cut.on_time_during"), Unit::Share);
        assert_eq!(unit("incidents.cut.recovery_s"), Unit::Seconds);
        assert_eq!(unit("within.5s - within.1m"), Unit::Share);
    }

    #[test]
    fn every_figure_has_a_meaning() {
        for name in ["baseline", "brownout-failover"] {
            let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let source = Source { name: name.into(), text, base: "".into() };
            let scenario = load(&source, &Overrides::default()).unwrap();
            for path in metric_paths(&scenario.spec) {
                assert!(meaning(&path).is_some(), "{path}");
            }
        }
        assert!(meaning("requests.resends").unwrap().contains("people asking again"));
        assert!(meaning("requests.accepted").unwrap().starts_with("requests with any"));
        assert!(meaning("within.1.5s").unwrap().starts_with("share of API successes"));
        assert!(meaning("throughput.peak_segments_per_s").unwrap().contains("the peak"));
        for path in ["", "elephant", "latency.delivery.p96_s", "requests"] {
            assert_eq!(meaning(path), None, "{path}");
        }
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        for (path, said) in [
            ("latency.delivery.p95_s", "p95, request → handset"),
            ("traffic.otp.within.1.5s", "delivered within 1.5s, traffic otp"),
            ("queues.main.max_depth", "max depth, queue main"),
            ("truth.filtered_silent", "filtered, silently"),
            ("carriers.acme.filtered.spam", "filtered by spam, carrier acme"),
            ("elephant", "elephant"),
        ] {
            assert_eq!(label(path), said);
        }
    }
}

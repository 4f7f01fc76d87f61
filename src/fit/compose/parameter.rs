//! Parameters that were fitted, each with what it rests on; and what had to be assumed.

use std::borrow::Cow;

use super::arrivals::{HOURS, points, rates_of_days, rates_of_turned};
use super::text::{digits, percent, rows, span, told};
use crate::fit::Family;
use crate::special::normal_quantile;
use crate::stats::clopper_pearson;

/// A parameter of the scenario with its 95 % interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its path in the scenario.
    pub path: String,
    /// Value, and the ends of its interval, in the unit.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Rows it rests on; 0 of what isn't found by rows.
    pub rows: u64,
    /// Method by which it was found.
    pub method: String,
    /// Its unit.
    pub unit: Unit,
}

/// The unit of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// A share.
    Share,
    /// A second.
    PerSecond,
    /// A number.
    Number,
}

/// Knowledge of where a parameter lies, beside its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// Exactly as it is: what was set or counted.
    Exactly,
    /// The ends of its 95 % interval, in the unit.
    Within(f64, f64),
    /// Nothing: an end isn't finite, or the ends are too far apart to say anything.
    Not,
}

impl Parameter {
    /// `true` of a carrier's loss.
    pub(crate) fn is_loss(&self) -> bool {
        self.path.starts_with("carrier.") && self.path.ends_with(".loss")
    }
}

impl Known {
    /// Reason why there is no interval, if the log doesn't tell one.
    #[must_use]
    pub fn why(self) -> Option<&'static str> {
        (self == Known::Not).then_some("the log doesn't tell it to within a factor of 1000")
    }
}

/// Ends of an interval further apart than by this factor tell nothing of a positive value.
pub(crate) const FARTHEST: f64 = 1e3;

/// Something the log can't tell, and what stands for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// The path of the key that says it.
    pub path: String,
    /// The reason why the log can't tell.
    pub why: String,
    /// The scenario's value in its place.
    pub value: String,
    /// Changes of the scenario that are as sensible (`PATH=VALUE`), with what each says.
    pub other: Vec<String>,
    /// The headline as it is and with the other value, if that was tried.
    pub sensitivity: Option<Sensitivity>,
}

/// The effect of an assumption on the headline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensitivity {
    /// The headline as the scenario is.
    pub headline: f64,
    /// Its change with the other value.
    pub change: f64,
    /// Half the width of the paired 95 % interval.
    pub half_width: Option<f64>,
}

/// The uncertainty of one value of the scenario, as it is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// The path that is set.
    pub path: String,
    /// The kind of value at it.
    pub kind: Kind,
    /// The value on a scale on which its error is normal: logarithms, and logits of shares; then one for each of
    /// those that are drawn with it.
    pub at: Vec<f64>,
    /// The covariance there.
    pub covariance: Vec<Vec<f64>>,
    /// Values whose errors hang together with its own: their paths, and the kind of each.
    pub also: Vec<(String, Kind)>,
}

/// A kind of value that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A random duration of a family.
    Duration(Family),
    /// A share.
    Share,
    /// A rate.
    Rate,
    /// A plain duration.
    Time,
    /// The rates of equal parts of the day.
    Profile,
    /// The rates of the hours of a day, then factors of each day from the first on.
    Days,
    /// The same, or the rates of the hours alone for so many days, where from an hour on (from the first midnight)
    /// the local clock is some hours ahead of the scenario's.
    Turned {
        /// Days.
        days: u16,
        /// The hour of the scenario from which on it is ahead.
        after: u16,
        /// By so many hours.
        by: i8,
    },
}

impl Kind {
    /// Its name in `fit.json`.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        let name = match self {
            Kind::Duration(family) => match family {
                Family::LogNormals => "lognormals",
                family => family.key(),
            },
            Kind::Share => "share",
            Kind::Rate => "rate",
            Kind::Time => "time",
            Kind::Profile => "profile",
            Kind::Days => "days",
            Kind::Turned { days, after, by } => {
                return format!("days {days} {by:+} h after {after} h").into();
            }
        };
        name.into()
    }

    /// The kind of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Kind> {
        let families = [
            Family::Exponential,
            Family::LogNormal,
            Family::Gamma,
            Family::Weibull,
            Family::Hyperexponential,
            Family::LogNormals,
        ];
        let kinds = families.map(Kind::Duration).into_iter().chain([
            Kind::Share,
            Kind::Rate,
            Kind::Time,
            Kind::Profile,
            Kind::Days,
        ]);
        let turned = || {
            let (days, rest) = name.strip_prefix("days ")?.split_once(' ')?;
            let (by, after) = rest.strip_suffix(" h")?.split_once(" h after ")?;
            let [days, after] = [days, after].map(str::parse);
            Some(Kind::Turned { days: days.ok()?, after: after.ok()?, by: by.parse().ok()? })
        };
        kinds.into_iter().find(|kind| kind.name() == name).or_else(turned)
    }

    /// The change of a scenario that puts it at `at`.
    #[must_use]
    pub fn set(self, path: &str, at: &[f64]) -> String {
        match self {
            Kind::Duration(family) => {
                let (key, value) = super::latency::written(&family.at(at), 0.0);
                format!("{path}.{key}={value}")
            }
            Kind::Share => {
                let logit = at.first().copied().unwrap_or(0.0);
                format!("{path}={}", digits(1.0 / (1.0 + libm::exp(-logit)), 6))
            }
            Kind::Rate => {
                let log = at.first().copied().unwrap_or(0.0);
                format!("{path}={}/s", digits(libm::exp(log), 6))
            }
            Kind::Time => {
                let log = at.first().copied().unwrap_or(0.0);
                format!("{path}={}", span(libm::exp(log)))
            }
            Kind::Profile => {
                let rates: Vec<f64> = at.iter().map(|&log| libm::exp(log)).collect();
                format!("{path}=[{}]", points(&rates, rates.len()).join(", "))
            }
            Kind::Days => {
                format!("{path}=[{}]", points(&rates_of_days(at), HOURS).join(", "))
            }
            Kind::Turned { days, after, by } => {
                let rates = rates_of_turned(at, days, after, by);
                format!("{path}=[{}]", points(&rates, HOURS).join(", "))
            }
        }
    }
}

impl Parameter {
    /// A share of `rows` that `hits` of them had.
    pub(crate) fn share(path: String, hits: u64, rows: u64, method: &str) -> Parameter {
        let [low, high] = clopper_pearson(hits, rows);
        let value = if rows > 0 { hits as f64 / rows as f64 } else { 0.0 };
        Parameter { path, value, low, high, rows, method: method.to_owned(), unit: Unit::Share }
    }

    /// A rate by `rows` within so many seconds; their variance is `dispersion` times that of a Poisson
    /// process.
    pub(crate) fn rate(
        path: String,
        count: u64,
        seconds: f64,
        dispersion: f64,
        method: &str,
    ) -> Parameter {
        let n = (count as f64).max(1.0);
        let value = n / seconds.max(1e-9);
        let error = normal_quantile(0.975) * (dispersion.max(0.0) / n).sqrt();
        let (low, high) = (value * libm::exp(-error), value * libm::exp(error));
        let method = method.to_owned();
        Parameter { path, value, low, high, rows: count, method, unit: Unit::PerSecond }
    }

    /// Knowledge of where it lies.
    #[must_use]
    pub fn known(&self) -> Known {
        let Parameter { value, low, high, .. } = *self;
        // The share of what was never seen begins at nothing, and is known all the same.
        let least = if low > 0.0 { low } else { value };
        let far = self.unit != Unit::Share && least > 0.0 && high > FARTHEST * least;
        match () {
            () if !low.is_finite() || !high.is_finite() || far => Known::Not,
            () if low < high => Known::Within(low, high),
            () => Known::Exactly,
        }
    }

    /// The ends of its interval as a person reads them, but nothing of what is known exactly.
    pub(crate) fn interval(&self) -> Option<String> {
        match self.known() {
            Known::Exactly => None,
            Known::Within(low, high) => {
                Some(format!("{} to {}", self.written(low), self.written(high)))
            }
            Known::Not => Some("not known".to_owned()),
        }
    }

    /// The comment beside it.
    pub(crate) fn comment(&self) -> String {
        let interval = self.interval().map(|told| match self.known() {
            Known::Within(..) => format!("{told} (95 %)"),
            _ => format!("interval {told}"),
        });
        let rows = (self.rows > 0).then(|| rows(self.rows));
        let parts = interval.into_iter().chain(rows).chain([self.method.clone()]);
        parts.collect::<Vec<_>>().join(", ")
    }

    /// A value of it as a person reads it.
    #[must_use]
    pub fn written(&self, value: f64) -> String {
        match self.unit {
            Unit::Seconds => told(value),
            Unit::Share => percent(value),
            Unit::PerSecond => format!("{}/s", digits(value, 4)),
            Unit::Number => digits(value, 4),
        }
    }

    /// A value of it as the scenario has it.
    pub(crate) fn toml(&self) -> String {
        match self.unit {
            Unit::Seconds => format!("\"{}\"", span(self.value)),
            Unit::Share | Unit::Number => digits(self.value, 5),
            Unit::PerSecond => format!("\"{}/s\"", digits(self.value, 6)),
        }
    }

    /// Its uncertainty, on the scale of its kind; `None` where it is known exactly.
    pub(crate) fn uncertain(&self) -> Option<Uncertain> {
        let (low, high, value) = (self.low, self.high, self.value);
        let (kind, scale): (Kind, fn(f64) -> f64) = match self.unit {
            Unit::Share if value > 0.0 && value < 1.0 => {
                (Kind::Share, |share: f64| libm::log(share / (1.0 - share)))
            }
            Unit::PerSecond if value > 0.0 => (Kind::Rate, libm::log),
            Unit::Seconds if value > 0.0 => (Kind::Time, libm::log),
            _ => return None,
        };
        let width = scale(high) - scale(low);
        let deviation = width / (2.0 * normal_quantile(0.975));
        (deviation.is_finite() && deviation > 0.0).then(|| Uncertain {
            path: self.path.clone(),
            kind,
            at: vec![scale(value)],
            covariance: vec![vec![deviation * deviation]],
            also: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(value: f64, low: f64, high: f64) -> Parameter {
        let (path, method) = ("carrier.acme.latency".to_owned(), "by hand".to_owned());
        Parameter { path, value, low, high, rows: 7, method, unit: Unit::Seconds }
    }

    #[test]
    fn ends_that_say_nothing_are_not_told() {
        let known = seconds(3.0, 2.0, 4.0);
        assert_eq!(known.known(), Known::Within(2.0, 4.0));
        assert_eq!(known.comment(), "2 s to 4 s (95 %), 7 rows, by hand");
        for wide in [
            seconds(3.0, 0.0, f64::INFINITY),
            seconds(3.0, f64::NAN, 4.0),
            seconds(3.0, 1e-20, 1e50),
            seconds(3.0, 0.0, 1e50),
            seconds(30.0, 1.0, 1_001.0),
        ] {
            assert_eq!(wide.known(), Known::Not, "{wide:?}");
            assert_eq!(wide.comment(), "interval not known, 7 rows, by hand");
        }
        // All that a clock of minutes tells; what was never seen; what was set.
        assert_eq!(seconds(30.0, 0.0, 60.0).known(), Known::Within(0.0, 60.0));
        assert_eq!(seconds(0.0, 0.0, 0.5).known(), Known::Within(0.0, 0.5));
        let never = Parameter::share("carrier.acme.loss".to_owned(), 0, 10_000, "counted");
        assert!(matches!(never.known(), Known::Within(0.0, high) if high < 1e-3), "{never:?}");
        assert_eq!(seconds(2.0, 2.0, 2.0).known(), Known::Exactly);
    }
}

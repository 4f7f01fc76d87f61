//! Which way is better, by path of a report.

/// Which values of a figure are better, all else being equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The larger ones.
    Higher,
    /// The smaller ones.
    Lower,
}

impl Better {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Better::Higher => "higher",
            Better::Lower => "lower",
        }
    }
}

/// Which way the figure at `path` is better; `None` if neither is, by itself: a count that follows
/// the traffic, a utilisation, `truth.delivered_late` (late instead of on time is worse, instead
/// of never is not).
#[must_use]
pub fn better(path: &str) -> Option<Better> {
    use Better::{Higher, Lower};
    let mut parts = path.splitn(2, '.');
    let (section, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let last = rest.rsplit('.').next().unwrap_or_default();
    match section {
        "divergence" | "duplicates" => Some(Lower),
        "within" | "of_requested" => Some(Higher),
        "truth" => match rest {
            "delivered_on_time" => Some(Higher),
            "delivered_late" => None,
            _ => Some(Lower),
        },
        "layers" => match rest {
            "execution_success" | "outcome_success" | "outcome_on_time" => Some(Higher),
            _ => None,
        },
        "requests" => (!matches!(rest, "total" | "accepted")).then_some(Lower),
        "latency" => (last != "count").then_some(Lower),
        "attempts" => Some(Lower),
        "throughput" => matches!(rest, "delivered_per_s" | "on_time_per_s").then_some(Higher),
        "traffic" => better(rest.split_once('.').map_or("", |(_, inside)| inside)),
        "queues" => {
            matches!(last, "mean_depth" | "max_depth" | "expired" | "discarded").then_some(Lower)
        }
        "providers" => (!matches!(
            last,
            "submits"
                | "accepted"
                | "truly_accepted"
                | "window_utilisation"
                | "server_utilisation"
                | "throttle_utilisation"
        ))
        .then_some(Lower),
        "carriers" => {
            (!matches!(last, "arrived" | "delivered" | "throttle_utilisation")).then_some(Lower)
        }
        "cost" => match rest {
            "wasted" | "per_delivered" | "per_on_time" | "billed" => Some(Lower),
            "margin" => Some(Higher),
            _ => None,
        },
        "incidents" => match last {
            "on_time_during" => Some(Higher),
            "recovery_s" => Some(Lower),
            _ => None,
        },
        _ => None,
    }
}

/// What a figure is measured in, as far as it matters for reading one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share of something.
    Share,
    /// A difference of shares, in percentage points.
    Points,
    /// Seconds.
    Seconds,
    /// Things per second.
    PerSecond,
    /// Whole units of the account.
    Money,
    /// Anything else.
    Number,
}

impl Unit {
    /// What differences of such figures are measured in.
    pub(super) fn of_differences(self) -> Unit {
        if self == Unit::Share { Unit::Points } else { self }
    }
}

/// The unit of the figure at `path`.
#[must_use]
pub fn unit(path: &str) -> Unit {
    let (section, rest) = path.split_once('.').unwrap_or((path, ""));
    if section == "traffic" {
        return unit(rest.split_once('.').map_or("", |(_, inside)| inside));
    }
    let last = rest.rsplit('.').next().unwrap_or_default();
    match section {
        "divergence" | "within" | "of_requested" => Unit::Share,
        "cost" | "account" => Unit::Money,
        // Filters have names of any sort.
        "carriers" if rest.contains(".filtered.") => Unit::Number,
        "queues" | "providers" | "carriers" if last.ends_with("utilisation") => Unit::Share,
        "incidents" if last == "on_time_during" => Unit::Share,
        _ if last.ends_with("_per_s") => Unit::PerSecond,
        _ if last.ends_with("_s") => Unit::Seconds,
        _ => Unit::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::Better::{Higher, Lower};
    use super::*;

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
}

//! Figures that a run answers: those of its report, and ratios of them.

use crate::chain::spec::Spec;
use crate::chain::{Group, Rejection, Results, Stage, Truth};
use crate::experiment::{metrics, share};
use crate::kernel::in_seconds;

/// A number of the report, by the names of [`super::Setup`]: stream `t`, queue `main`, provider `p`,
/// carrier `c`, filter `f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// `latency.<stage>.mean_s`
    Mean(Stage),
    /// `latency.<stage>.p99_s`
    P99(Stage),
    /// `latency.<stage>.max_s`
    Max(Stage),
    /// `traffic.t.latency.delivery.mean_s`
    StreamMean,
    /// `traffic.t.latency.delivery.sd_s`
    StreamDeviation,
    /// `traffic.t.latency.delivery.max_s`
    StreamMax,
    /// `requests.total`
    Requests,
    /// `requests.rejected.queue_full`
    RejectedFull,
    /// `messages.accepted`
    Accepted,
    /// `throughput.accepted_per_s`
    AcceptedPerSecond,
    /// `divergence.api_vs_on_time`
    NotOnTime,
    /// `attempts.mean`
    Attempts,
    /// `truth.<outcome>`
    Truth(Truth),
    /// `queues.main.mean_depth`
    Depth,
    /// `queues.main.mean_busy_workers`
    Busy,
    /// `queues.main.utilisation`
    Workers,
    /// `providers.p.submits`
    Submits,
    /// `providers.p.queue_full`
    ProviderFull,
    /// `providers.p.window_utilisation`
    Window,
    /// `providers.p.server_utilisation`
    Servers,
    /// `providers.p.mean_backlog`
    Backlog,
    /// `carriers.c.arrived`
    Arrived,
    /// `carriers.c.throttled`
    Throttled,
    /// `carriers.c.throttle_utilisation`
    Throttle,
    /// `carriers.c.filtered.f`
    Filtered,
    /// Copies waiting at the throttle, time-weighted like the depth of a queue. The one quantity
    /// that the report doesn't print; its time series has samples of it.
    CarrierDepth,
    /// `duplicates.copies`
    Duplicates,
}

/// The source of quantities.
#[derive(Debug)]
pub struct Observed<'run> {
    spec: &'run Spec,
    results: &'run Results,
    total: Group,
}

impl<'run> Observed<'run> {
    /// One replication's.
    #[must_use]
    pub fn new(spec: &'run Spec, results: &'run Results) -> Self {
        Observed { spec, results, total: results.total() }
    }

    /// Seconds from warm-up to `duration`.
    fn seconds(&self) -> f64 {
        in_seconds(self.spec.duration - self.spec.warmup)
    }

    fn level(&self, area: u128) -> f64 {
        area as f64 / 1e9 / self.seconds()
    }

    /// A level as a share of its limit.
    fn used(&self, area: u128, limit: Option<u32>) -> Option<f64> {
        limit.map(|limit| self.level(area) / f64::from(limit))
    }
}

impl Quantity {
    /// Its path in the report.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Quantity::Mean(stage) => format!("latency.{}.mean_s", stage.name()),
            Quantity::P99(stage) => format!("latency.{}.p99_s", stage.name()),
            Quantity::Max(stage) => format!("latency.{}.max_s", stage.name()),
            Quantity::Truth(truth) => format!("truth.{}", truth.name()),
            other => other.name().to_owned(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Quantity::StreamMean => "traffic.t.latency.delivery.mean_s",
            Quantity::StreamDeviation => "traffic.t.latency.delivery.sd_s",
            Quantity::StreamMax => "traffic.t.latency.delivery.max_s",
            Quantity::Requests => "requests.total",
            Quantity::RejectedFull => "requests.rejected.queue_full",
            Quantity::Accepted => "messages.accepted",
            Quantity::AcceptedPerSecond => "throughput.accepted_per_s",
            Quantity::NotOnTime => "divergence.api_vs_on_time",
            Quantity::Attempts => "attempts.mean",
            Quantity::Depth => "queues.main.mean_depth",
            Quantity::Busy => "queues.main.mean_busy_workers",
            Quantity::Workers => "queues.main.utilisation",
            Quantity::Submits => "providers.p.submits",
            Quantity::ProviderFull => "providers.p.queue_full",
            Quantity::Window => "providers.p.window_utilisation",
            Quantity::Servers => "providers.p.server_utilisation",
            Quantity::Backlog => "providers.p.mean_backlog",
            Quantity::Arrived => "carriers.c.arrived",
            Quantity::Throttled => "carriers.c.throttled",
            Quantity::Throttle => "carriers.c.throttle_utilisation",
            Quantity::Filtered => "carriers.c.filtered.f",
            Quantity::CarrierDepth => "(mean copies waiting at carrier c)",
            Quantity::Duplicates => "duplicates.copies",
            Quantity::Mean(_) | Quantity::P99(_) | Quantity::Max(_) | Quantity::Truth(_) => "",
        }
    }

    /// Its value in a replication; `None` where it isn't defined.
    #[must_use]
    pub fn of(self, observed: &Observed<'_>) -> Option<f64> {
        let (spec, results) = (observed.spec, observed.results);
        let latency = |stage: Stage| &observed.total.latency[stage as usize];
        let layers = &observed.total.layers;
        let (queue, provider, carrier) =
            (results.queues.first()?, results.providers.first()?, results.carriers.first()?);
        let count = |count: u64| Some(count as f64);
        match self {
            Quantity::Mean(stage) => latency(stage).mean_s(),
            Quantity::P99(stage) => latency(stage).quantile_s(0.99),
            Quantity::Max(stage) => latency(stage).max_s(),
            // Streams are in the order of their names; `t` is the last.
            Quantity::StreamMean => results.traffic.last()?.delivery.mean_s(),
            Quantity::StreamDeviation => results.traffic.last()?.delivery.deviation_s(),
            Quantity::StreamMax => results.traffic.last()?.delivery.max_s(),
            Quantity::Requests => count(results.requests.total),
            Quantity::RejectedFull => {
                count(results.requests.rejected[Rejection::QueueFull as usize])
            }
            Quantity::Accepted => count(layers.accepted),
            Quantity::AcceptedPerSecond => {
                Some(results.happened.accepted as f64 / observed.seconds())
            }
            Quantity::NotOnTime => {
                let gaps = metrics::divergence(layers);
                gaps.iter().find(|(name, _)| *name == "api_vs_on_time").and_then(|gap| gap.1)
            }
            Quantity::Attempts => {
                let had = (0_u64..).zip(&results.attempts).skip(1);
                let (messages, submits) =
                    had.fold((0, 0), |sum, (n, count)| (sum.0 + count, sum.1 + n * count));
                share(submits, messages)
            }
            Quantity::Truth(truth) => count(results.truth()[truth as usize]),
            Quantity::Depth => Some(observed.level(queue.depth.area)),
            Quantity::Busy => Some(observed.level(queue.busy.area)),
            Quantity::Workers => observed.used(queue.busy.area, spec.queues.first()?.workers),
            Quantity::Submits => count(provider.submits),
            Quantity::ProviderFull => {
                count(provider.results[crate::chain::AttemptResult::QueueFull as usize])
            }
            Quantity::Window => {
                observed.used(provider.outstanding.area, spec.providers.first()?.window)
            }
            Quantity::Servers => {
                observed.used(provider.serving.area, spec.providers.first()?.servers)
            }
            Quantity::Backlog => Some(observed.level(provider.backlog.area)),
            Quantity::Arrived => count(carrier.arrived),
            Quantity::Throttled => count(carrier.throttled),
            Quantity::Throttle => {
                let rate = spec.carriers.first()?.throttle.first()?.allowance.rate();
                Some(*carrier.throttle_taken.first()? as f64 / observed.seconds() / rate)
            }
            Quantity::Filtered => count(*carrier.filtered.first()?),
            Quantity::CarrierDepth => Some(observed.level(carrier.waiting.area)),
            Quantity::Duplicates => count(results.duplicate_copies),
        }
    }
}

/// A product of quantities over a product of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Multiplied.
    pub over: Vec<Quantity>,
    /// Divided by.
    pub under: Vec<Quantity>,
}

impl From<Quantity> for Figure {
    fn from(quantity: Quantity) -> Figure {
        Figure { over: vec![quantity], under: Vec::new() }
    }
}

impl Figure {
    /// One quantity for each of another.
    #[must_use]
    pub fn ratio(over: Quantity, under: Quantity) -> Figure {
        Figure { over: vec![over], under: vec![under] }
    }

    /// L/(λW): 1 by Little's law.
    #[must_use]
    pub fn little(level: Quantity, stage: Stage) -> Figure {
        let under = vec![Quantity::AcceptedPerSecond, Quantity::Mean(stage)];
        Figure { over: vec![level], under }
    }

    /// The formula, of paths of the report.
    #[must_use]
    pub fn name(&self) -> String {
        let product = |quantities: &[Quantity]| {
            quantities.iter().map(|quantity| quantity.path()).collect::<Vec<_>>().join(" × ")
        };
        match self.under.as_slice() {
            [] => product(&self.over),
            [one] => format!("{} / {}", product(&self.over), one.path()),
            several => format!("{} / ({})", product(&self.over), product(several)),
        }
    }

    /// Its value in a replication; `None` where it isn't defined.
    #[must_use]
    pub fn of(&self, observed: &Observed<'_>) -> Option<f64> {
        let product = |quantities: &[Quantity]| {
            quantities.iter().try_fold(1.0, |product, quantity| {
                quantity.of(observed).map(|value| product * value)
            })
        };
        let value = product(&self.over)? / product(&self.under)?;
        value.is_finite().then_some(value)
    }
}

//! The time series' gauges: levels at the end of each sample.

use crate::chain::books::results::{Gauges, SAMPLES_MAX, Sample};
use crate::chain::model::Chain;
use crate::chain::model::engine::{Engine, Unrecorded};
use crate::chain::spec::Spec;
use crate::chain::trace::observer::Listener as _;
use crate::kernel::Nanos;
use crate::stats::TimeWeighted;

/// The gauges of a chain's time series, in the order [`Chain::take_samples`] reads them.
pub(crate) fn columns(spec: &Spec) -> Gauges {
    let mut columns = vec!["in_flight".to_owned()];
    if spec.account.is_some() {
        columns.push("balance".to_owned());
    }
    for queue in &spec.queues {
        columns.push(format!("queue.{}.depth", queue.name));
        columns.push(format!("queue.{}.busy", queue.name));
        if queue.autoscale.is_some() {
            columns.push(format!("queue.{}.workers", queue.name));
        }
        if queue.prefetch > 1 {
            columns.push(format!("queue.{}.fetched", queue.name));
        }
    }
    for provider in &spec.providers {
        columns.push(format!("provider.{}.outstanding", provider.name));
        columns.push(format!("provider.{}.backlog", provider.name));
    }
    columns.extend(spec.carriers.iter().map(|carrier| format!("carrier.{}.waiting", carrier.name)));
    let changing = spec.routes.iter().zip(spec.weights_that_change());
    let changing = changing.filter(|&(_, changes)| changes);
    columns.extend(changing.map(|(route, _)| format!("route.{}.weight", route.id)));
    Gauges { columns }
}

/// The levels that [`Observer::sampled`](crate::chain::Observer::sampled) is told: the gauges of the time series, then the
/// tokens of each throttle (of several buckets, those of the emptiest).
#[must_use]
pub fn gauges(spec: &Spec) -> Vec<String> {
    let mut names = columns(spec).columns;
    names.extend(spec.api.rate_limit.iter().map(|_| "api.tokens".to_owned()));
    let providers = spec.providers.iter().filter(|provider| !provider.throttle.is_empty());
    names.extend(providers.map(|provider| format!("provider.{}.tokens", provider.name)));
    let carriers = spec.carriers.iter().filter(|carrier| !carrier.throttle.is_empty());
    names.extend(carriers.map(|carrier| format!("carrier.{}.tokens", carrier.name)));
    names
}

impl<E: Engine> Chain<'_, E> {
    /// Reads the gauges at the end of every sample before `now`: since the last event they have
    /// not changed.
    #[cold]
    #[inline(never)]
    pub(crate) fn take_samples(&mut self, now: Nanos, s: &mut E::Scheduler) {
        E::catches_up(self, s);
        let every = self.spec.sample_every.max(1);
        while self.next_sample <= now {
            let index = self.next_sample / every - 1;
            if index + 1 >= SAMPLES_MAX {
                // The last one goes on to the run's end.
                let series = &mut self.ledger.results.series;
                series.resize(SAMPLES_MAX as usize, Sample::default());
                self.next_sample = Nanos::MAX;
                return;
            }
            let index = index as usize;
            let gauges = self.read_gauges(self.next_sample);
            self.tell_levels(self.next_sample, &gauges);
            let series = &mut self.ledger.results.series;
            if index >= series.len() {
                series.resize(index + 1, Sample::default());
            }
            series[index].gauges = gauges;
            self.next_sample = self.next_sample.saturating_add(every);
        }
    }

    /// Closes the series, every sample before `now` having been taken: what is left has the levels of the run's
    /// end.
    pub(crate) fn close_samples(&mut self, now: Nanos) {
        self.engine.run_ends();
        let levels = self.read_gauges(now);
        for sample in &mut self.ledger.results.series {
            if sample.gauges.is_empty() {
                sample.gauges.clone_from(&levels);
            }
        }
    }

    fn tell_levels(&mut self, now: Nanos, gauges: &[u64]) {
        if self.listener.hears_stories() {
            let mut levels: Vec<f64> = gauges.iter().map(|&level| level as f64).collect();
            levels.extend(self.api.tokens(now));
            levels.extend(self.providers.iter().filter_map(|provider| provider.least_tokens(now)));
            levels.extend(self.carriers.iter().filter_map(|carrier| carrier.least_tokens(now)));
            self.listener.sampled(now, &levels);
        }
    }

    fn read_gauges(&mut self, now: Nanos) -> Vec<u64> {
        let Unrecorded { without_record, not_accepted } = self.engine.in_flight(now);
        let mut levels = vec![self.messages.len() as u64 - not_accepted + without_record];
        if self.spec.account.is_some() {
            self.account.advance(now);
            let balance = self.account.balance().unwrap_or(0).max(0) / 1_000_000_000;
            levels.push(u64::try_from(balance).unwrap_or(u64::MAX));
        }
        for queue in &self.queues {
            levels.extend([queue.depth().level(), queue.busy().level()]);
            levels.extend(queue.scaled().map(|[there, _]| there.level()));
            levels.extend(queue.behind().map(TimeWeighted::level));
        }
        for provider in &self.providers {
            levels.extend([provider.outstanding().level(), provider.backlog().level()]);
        }
        levels.extend(self.carriers.iter().map(|carrier| carrier.waiting().level()));
        levels.extend(self.slow_routes.points());
        levels
    }
}

use super::*;
use crate::experiment::{Run, sample};

/// Every path of the interface, for the chain of [`sample`]; `{a,b}` is either.
const PATHS: &str = "
schema engine.version scenario.{name,fingerprint,has_deadline} seed replications seeds digest
requests.{total,accepted,client_timeouts,client_retries,resends}
requests.rejected.{rate_limited,invalid,no_route,insufficient_balance,queue_full,internal,quiet_hours}
messages.{requested,accepted} segments.{sent,delivered}
layers.{requested,api_success,execution_success,outcome_success,outcome_on_time,observed_delivered}
divergence.{api_vs_execution,api_vs_outcome,api_vs_on_time,observed_vs_outcome,outcome_vs_observed,client_error_vs_outcome}
within.{5s,1m} of_requested.{accepted,delivered,on_time,within.5s,within.1m}
truth.{TRUTH} quiet.held opt_outs.{refused,dropped,delivered}
observed.{TRUTH}.{queued,sent,delivered,undelivered,rejected,expired,failed,unknown}
latency.{STAGE}.{count,mean_s,sd_s,p50_s,p90_s,p95_s,p99_s,p999_s,max_s}
attempts.{mean,max}
throughput.{offered,accepted,delivered,on_time}_per_s throughput.peak_segments_per_s
traffic.otp.layers.{requested,api_success,execution_success,outcome_success,outcome_on_time,observed_delivered}
traffic.otp.divergence.{api_vs_execution,api_vs_outcome,api_vs_on_time,observed_vs_outcome,outcome_vs_observed,client_error_vs_outcome}
traffic.otp.within.{5s,1m} traffic.otp.of_requested.{accepted,delivered,on_time,within.5s,within.1m}
traffic.otp.truth.{TRUTH} traffic.otp.quiet.held traffic.otp.opt_outs.{refused,dropped,delivered}
traffic.otp.latency.delivery.{count,mean_s,sd_s,p50_s,p90_s,p95_s,p99_s,p999_s,max_s}
routes.{5,6}.{copies,share,late,slowed,restored,mean_weight,weight}
queues.main.{mean_depth,max_depth,mean_busy_workers,utilisation,expired,discarded,quiet_held,quiet_refused,mean_workers,max_workers,worker_hours,mean_fetched,leases_ended}
providers.{alpha,beta}.{submits,accepted,throttled,queue_full,transient,permanent,timeout,lost,window_utilisation,server_utilisation,throttle_utilisation,mean_backlog,max_backlog,truly_accepted}
carriers.northwind.{arrived,filtered.spam,throttled,capped,held,quiet_held,quiet_refused,delivered,expired,unknown_subscriber,lost,throttle_utilisation,max_depth}
duplicates.{copies,delivered_twice}
on_receipt.{acted,attempts,called_off,delivered,duplicates}
on_receipt.seen.{undelivered,expired,rejected,failed,unknown}
parts.{messages,total,submitted,accepted,delivered,not_accepted,lost,filtered,throttled_out,expired}
parts.{unknown_subscriber,unresolved,repeated,complete,incomplete,incomplete_seen_delivered,out_of_order}
no_interval account.{opening,topped_up,balance} cost.{charged,refunded,wasted,per_delivered,per_on_time,billed,margin}
";
const TRUTHS: &str = "delivered_on_time,delivered_late,filtered_silent,filtered_explicit,\
    rejected_by_provider,retries_exhausted,discarded_by_queue,expired_in_queue,lost_by_sender,\
    lost_by_provider,throttled_out,expired_at_carrier,unknown_subscriber,lost_by_carrier,unresolved";
const STAGES: &str =
    "api,queue_wait,window_wait,submit,hand_off,carrier_wait,delivery,receipt,parts";

fn expand(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return vec![pattern.to_owned()];
    };
    let (choices, after) = rest.split_once('}').unwrap();
    choices.split(',').flat_map(|choice| expand(&format!("{before}{choice}{after}"))).collect()
}

fn interface() -> Vec<String> {
    let patterns = PATHS.replace("TRUTH", TRUTHS).replace("STAGE", STAGES);
    patterns.split_whitespace().flat_map(expand).collect()
}

fn leaves(run: &Run) -> Vec<(String, Value)> {
    let spec = sample::spec();
    let mut leaves = Vec::new();
    let report = report(&Facts::new(&spec, "f00d", 7, run));
    crate::report::leaves(&report, &mut |path, value| {
        leaves.push((path.to_owned(), value.clone()))
    });
    leaves
}

fn at(run: &Run, path: &str) -> Value {
    leaves(run).into_iter().find(|(name, _)| name == path).unwrap_or_else(|| panic!("{path}")).1
}

#[test]
fn the_paths_are_those_of_the_interface() {
    for run in [sample::nothing(), sample::run()] {
        let paths: Vec<String> = leaves(&run)
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| {
                !path.starts_with("estimates.") && !path.starts_with("attempts.histogram")
            })
            .collect();
        assert_eq!(paths.len(), interface().len());
        for path in interface() {
            assert!(paths.contains(&path), "{path} is missing");
        }
    }
}

#[test]
fn every_divergence_within_and_latency_has_an_estimate() {
    let spec = sample::spec();
    let run = sample::run();
    let report = report(&Facts::new(&spec, "f00d", 7, &run));
    let estimates = report.get("estimates").unwrap();
    let estimated = |path: &String| {
        path.starts_with("divergence.")
            || path.starts_with("within.")
            || path.starts_with("of_requested.")
            || path.starts_with("latency.")
                && !["count", "sd_s", "max_s"].iter().any(|end| path.ends_with(end))
    };
    for path in interface().iter().filter(|path| estimated(path)) {
        let entry = estimates.get(path).unwrap_or_else(|| panic!("{path}"));
        for key in ["mean", "half_width", "n", "method"] {
            assert!(entry.get(key).is_some(), "{path}.{key}");
        }
    }
}

#[test]
fn a_share_of_nothing_is_null() {
    let run = sample::nothing();
    for path in [
        "divergence.api_vs_on_time",
        "divergence.observed_vs_outcome",
        "within.5s",
        "attempts.mean",
        "latency.delivery.p50_s",
        "latency.delivery.max_s",
        "cost.per_delivered",
        "traffic.otp.divergence.api_vs_outcome",
        "providers.beta.window_utilisation",
        "providers.beta.throttle_utilisation",
        "account.balance",
    ] {
        assert_eq!(at(&run, path), Value::Null, "{path}");
    }
    assert_eq!(at(&run, "layers.api_success"), Value::from(0));
    assert_eq!(at(&run, "providers.alpha.window_utilisation"), Value::from(0.0));
    assert_eq!(at(&run, "cost.charged"), Value::from(0.0));
}

#[test]
fn levels_and_rates_are_of_the_time_from_warm_up() {
    // 3000 s are observed.
    let run = sample::run();
    assert_eq!(at(&run, "queues.main.mean_depth"), Value::from(1.0));
    assert_eq!(at(&run, "queues.main.utilisation"), Value::from(2.0 / 64.0));
    assert_eq!(at(&run, "providers.alpha.window_utilisation"), Value::from(0.1));
    assert_eq!(at(&run, "providers.alpha.throttle_utilisation"), Value::from(0.5));
    assert_eq!(at(&run, "throughput.accepted_per_s"), Value::from(20_000.0 / 3000.0));
    assert_eq!(at(&run, "within.5s"), Value::from(0.7));
    assert_eq!(at(&run, "attempts.max"), Value::from(3));
    assert_eq!(at(&run, "attempts.histogram.2"), Value::from(900));
    assert_eq!(at(&run, "digest"), Value::String("00000000000000000000000000000abc".into()));
    assert_eq!(at(&run, "observed.filtered_silent.delivered"), Value::from(600));
}

#[test]
fn over_replications_levels_are_means() {
    let mut run = sample::run();
    let again = run.results.clone();
    run.results.merge(&again);
    assert_eq!(at(&run, "queues.main.mean_depth"), Value::from(1.0));
    assert_eq!(at(&run, "throughput.accepted_per_s"), Value::from(20_000.0 / 3000.0));
    assert_eq!(at(&run, "layers.api_success"), Value::from(40_000));
    assert_eq!(at(&run, "queues.main.max_depth"), Value::from(17));
}

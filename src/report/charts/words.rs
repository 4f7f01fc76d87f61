//! Figures in words that a person reads.

/// The path whose words are true of a result in which nothing has a deadline: what is on time is what
/// is delivered.
pub(super) fn truly(path: &str, has_deadline: bool) -> &str {
    match path {
        "divergence.api_vs_on_time" if !has_deadline => "divergence.api_vs_outcome",
        "cost.per_on_time" if !has_deadline => "cost.per_delivered",
        "throughput.on_time_per_s" if !has_deadline => "throughput.delivered_per_s",
        _ => path,
    }
}

/// The same in a word or two.
pub(super) fn short(path: &str) -> String {
    let words = match path {
        "divergence.api_vs_on_time" => "gap",
        "divergence.api_vs_outcome" => "not delivered",
        "latency.delivery.p50_s" => "p50 to delivery",
        "latency.delivery.p95_s" => "p95 to delivery",
        "latency.delivery.p99_s" => "p99 to delivery",
        "attempts.mean" => "attempts",
        "cost.per_on_time" => "cost per on time",
        "cost.per_delivered" => "cost per delivered",
        "duplicates.copies" => "copies too many",
        _ => path,
    };
    words.to_owned()
}

/// A figure of the report in a person's words.
pub(super) fn figure(path: &str) -> String {
    let words = match path {
        "divergence.api_vs_on_time" => "accepted, but not delivered on time",
        "divergence.api_vs_outcome" => "accepted, but not delivered",
        "divergence.api_vs_execution" => "accepted, but not executed",
        "latency.delivery.p50_s" => "median time to delivery",
        "latency.delivery.p95_s" => "95 % delivered after",
        "latency.delivery.p99_s" => "99 % delivered after",
        "latency.delivery.mean_s" => "mean time to delivery",
        "attempts.mean" => "attempts a message",
        "duplicates.delivered_twice" => "delivered twice",
        "duplicates.copies" => "copies too many",
        "cost.per_on_time" => "cost per message on time",
        "cost.per_delivered" => "cost per message delivered",
        "throughput.on_time_per_s" => "delivered on time",
        _ => match path.strip_prefix("within.") {
            Some(time) => return format!("delivered within {time}, of those accepted"),
            None => path,
        },
    };
    words.to_owned()
}

//! A scenario's keys in a person's words: `12 workers`, `a window of 50 at provider alpha`.

/// The load.
const SCALE: &str = "scale";

/// A key with its value, as the object of a sentence: `with …`, `… are enough`.
#[must_use]
pub fn setting(path: &str, value: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let value = value.trim();
    match parts.as_slice() {
        [SCALE] => format!("{value}× today’s load"),
        ["queue", name, "workers"] => format!("{}{}", several(value, "worker"), of_queue(name)),
        ["queue", name, "discipline"] => format!("{value} order in queue {name}"),
        ["queue", name, "capacity"] => format!("room for {value} in queue {name}"),
        ["provider", name, "servers"] => format!("{} at provider {name}", several(value, "server")),
        ["provider", name, "window"] => format!("a window of {value} at provider {name}"),
        [kind @ ("provider" | "carrier"), name, "throttle", "rate"] => {
            format!("a throttle of {value} at {kind} {name}")
        }
        ["api", "rate_limit", "rate"] => format!("an API limit of {value}"),
        ["retry", "policy"] => format!("policy {value}"),
        ["retry", "max_attempts"] => several(value, "attempt"),
        [kind, name, keys @ ..]
            if !keys.is_empty() && matches!(*kind, "provider" | "carrier" | "queue") =>
        {
            format!("{} {value} at {kind} {name}", words(keys))
        }
        ["traffic", name, keys @ ..] if !keys.is_empty() => {
            format!("{} {value} of traffic {name}", words(keys))
        }
        keys => format!("{} {value}", words(keys)),
    }
}

/// The name of a key, without a value: `workers`, `window of provider alpha`.
#[must_use]
pub fn setting_name(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        [SCALE] => "load".to_owned(),
        ["queue", name, "workers"] => format!("workers{}", of_queue(name)),
        [kind @ ("provider" | "carrier"), name, "throttle", "rate"] => {
            format!("throttle of {kind} {name}")
        }
        ["api", "rate_limit", "rate"] => "API limit".to_owned(),
        ["retry", "policy"] => "policy".to_owned(),
        ["retry", "max_attempts"] => "attempts".to_owned(),
        [kind @ ("provider" | "carrier" | "queue" | "traffic"), name, keys @ ..]
            if !keys.is_empty() =>
        {
            format!("{} of {kind} {name}", words(keys))
        }
        keys => words(keys),
    }
}

/// True if several of it are meant: `12 workers are enough`.
#[must_use]
pub fn is_plural(path: &str, value: &str) -> bool {
    let counted =
        path.ends_with(".workers") || path.ends_with(".servers") || path == "retry.max_attempts";
    counted && value.trim() != "1"
}

/// True if the key is the traffic itself, so that counts at its values aren't comparable.
#[must_use]
pub fn is_load(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    path == SCALE
        || path == "scenario.scale"
        || (path.starts_with("traffic.")
            && path.contains(".arrivals.")
            && matches!(last, "rate" | "count" | "high" | "low"))
}

fn several(value: &str, one: &str) -> String {
    if value == "1" { format!("1 {one}") } else { format!("{value} {one}s") }
}

/// The queue that is there without having been asked for has no name worth telling.
fn of_queue(name: &str) -> String {
    if name == "main" { String::new() } else { format!(" of queue {name}") }
}

fn words(keys: &[&str]) -> String {
    keys.join(" ").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_in_words() {
        for (path, value, said) in [
            ("scale", "4", "4× today’s load"),
            ("queue.main.workers", "12", "12 workers"),
            ("queue.main.workers", "1", "1 worker"),
            ("queue.bulk.workers", "2", "2 workers of queue bulk"),
            ("queue.main.discipline", "priority", "priority order in queue main"),
            ("provider.alpha.window", "1", "a window of 1 at provider alpha"),
            ("provider.alpha.throttle.rate", "5/s", "a throttle of 5/s at provider alpha"),
            ("retry.policy", "full-jitter", "policy full-jitter"),
            ("retry.max_attempts", "3", "3 attempts"),
            ("provider.alpha.submit_timeout", "2s", "submit timeout 2s at provider alpha"),
            ("traffic.otp.deadline", "30s", "deadline 30s of traffic otp"),
            ("client.timeout", "2s", "client timeout 2s"),
        ] {
            assert_eq!(setting(path, value), said);
        }
        assert_eq!(setting_name("provider.alpha.window"), "window of provider alpha");
        assert_eq!(setting_name("queue.main.workers"), "workers");
        assert!(is_plural("queue.main.workers", "12") && !is_plural("queue.main.workers", "1"));
        assert!(is_load("scale") && is_load("traffic.otp.arrivals.poisson.rate"));
        assert!(!is_load("traffic.otp.deadline") && !is_load("provider.alpha.throttle.rate"));
    }
}

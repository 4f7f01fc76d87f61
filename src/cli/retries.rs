//! Settings that a whole retry policy does not change, or undoes.

use super::arguments::Changes;
use crate::chain::spec::Spec;

/// The retries that no policy replaces: those of streams and queues that have their own.
pub(super) fn untouched(spec: &Spec) -> Option<String> {
    let streams = spec.traffic.iter().filter(|stream| stream.retry.is_some());
    let streams = streams.map(|stream| format!("traffic.{}", stream.name));
    let queues = spec.queues.iter().filter(|queue| queue.retry.is_some());
    let queues = queues.map(|queue| format!("queue.{}", queue.name));
    let own: Vec<String> = streams.chain(queues).collect();
    let have = match own.len() {
        0 => return None,
        1 => "has a retry of its own, which goes",
        _ => "have retries of their own, which go",
    };
    Some(format!("note: {} {have} before [retry]: no policy here changes that", own.join(", ")))
}

/// The first flag that changes `[retry]`, which a policy set after it replaces.
pub(super) fn changed(changes: &Changes) -> Option<String> {
    let of_retry = |flag: &&String| {
        let path = flag.split('=').next().unwrap_or_default().trim();
        path == "retry" || path.starts_with("retry.")
    };
    let set = changes.set.iter().find(of_retry).map(|flag| format!("--set {flag}"));
    let unset = changes.unset.iter().find(of_retry).map(|path| format!("--unset {path}"));
    set.or(unset)
}

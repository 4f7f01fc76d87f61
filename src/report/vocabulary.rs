//! Words of the field that are no keys: what they are called here, and where to look.

/// A word, or several for one thing.
#[derive(Debug)]
pub struct Term {
    /// The word as it is typed; `_` stands for blanks and hyphens, too. The first is the one to show.
    pub names: &'static [&'static str],
    /// Its meaning here.
    pub meaning: &'static str,
    /// Keys of a scenario that are about it.
    pub keys: &'static [&'static str],
    /// Figures of a report that are.
    pub figures: &'static [&'static str],
}

/// The term of that name.
#[must_use]
pub fn term(name: &str) -> Option<&'static Term> {
    let plain = plain(name);
    TERMS.iter().find(|term| term.names.contains(&plain.as_str()))
}

/// All names, for what is near to one.
pub fn terms() -> impl Iterator<Item = &'static str> {
    TERMS.iter().flat_map(|term| term.names.iter().copied())
}

fn plain(name: &str) -> String {
    let plain = |c: char| if c == '-' || c.is_whitespace() { '_' } else { c.to_ascii_lowercase() };
    name.trim().chars().map(plain).collect()
}

macro_rules! term {
    ([$($name:literal),+], $meaning:expr, [$($key:literal),*], [$($figure:literal),*]) => {
        Term {
            names: &[$($name),+],
            meaning: $meaning,
            keys: &[$($key),*],
            figures: &[$($figure),*],
        }
    };
}

/// The words, by subject.
static TERMS: &[Term] = &[
    term!(
        ["tps", "mps", "throughput", "transactions_per_second", "messages_per_second"],
        "Messages per second that somebody lets through. A limit is a throttle, in segments per \
         second (the API's: in requests); what truly went through are figures.",
        ["provider.throttle.rate", "carrier.throttle.rate", "api.rate_limit.rate"],
        ["throughput.delivered_per_s", "throughput.peak_segments_per_s"]
    ),
    term!(
        ["throttling", "rate_limiting", "pacing", "token_bucket", "fixed_window"],
        "A limit to a rate: a token bucket that holds `burst` and fills at `rate`, or a fixed window, \
         `limit` in each `per` of the clock; several hold together. The API refuses what is above \
         it, a provider refuses it or paces the sender, a carrier lets it wait.",
        ["api.rate_limit", "provider.throttle.on_excess", "carrier.throttle.on_excess"],
        ["providers.<name>.throttle_utilisation", "carriers.<name>.throttle_utilisation"]
    ),
    term!(
        ["dlr", "delivery_receipt", "delivery_report", "receipt", "deliver_sm", "drs"],
        "What a provider tells the sender afterwards about a message. It may be late, lost or not \
         true: what it says is the observed state, what happened is the truth.",
        ["provider.receipts", "provider.receipts.false_delivered", "provider.receipts.meaning"],
        [
            "divergence.observed_vs_outcome",
            "divergence.outcome_vs_observed",
            "latency.receipt.p95_s"
        ]
    ),
    term!(
        ["delivrd", "undeliv", "rejectd", "acceptd", "stat"],
        "A receipt's state. The observed states here are queued, sent, delivered (DELIVRD), \
         undelivered (UNDELIV), rejected (REJECTD), expired (EXPIRED), failed and unknown.",
        ["provider.receipts"],
        ["observed.delivered_on_time.delivered"]
    ),
    term!(
        ["esme_rthrottled", "0x58", "0x00000058", "throttling_error"],
        "SMPP's answer to a submit above the agreed rate. Here the result `throttled`, which a \
         retry policy may try again.",
        ["provider.throttle.on_excess", "provider.failures.throttled", "retry.on"],
        ["providers.<name>.throttled"]
    ),
    term!(
        ["esme_rmsgqful", "0x14", "0x00000014", "message_queue_full"],
        "SMPP's answer of a provider whose queue is full. Here the result `queue_full`.",
        ["provider.queue_capacity", "provider.failures.queue_full", "retry.on"],
        ["providers.<name>.queue_full"]
    ),
    term!(
        ["esme_rsyserr", "0x08", "0x00000008", "system_error"],
        "SMPP's answer when the provider has a fault of its own. Here the result `transient`.",
        ["provider.failures.transient", "retry.on"],
        ["providers.<name>.transient"]
    ),
    term!(
        ["esme_rinvdstadr", "0x0b", "0x0000000b", "invalid_destination"],
        "SMPP's answer that a submit will never be taken. Here the result `permanent`; no policy \
         tries it again unless told to.",
        ["provider.failures.permanent"],
        ["providers.<name>.permanent"]
    ),
    term!(
        ["esme_rok", "command_status"],
        "How an SMPP answer begins: ESME_ROK is accepted, anything else a failed attempt.",
        ["provider.failures", "retry.on"],
        ["providers.<name>.accepted", "layers.execution_success"]
    ),
    term!(
        ["window_size", "smpp_window", "outstanding", "unacknowledged", "in_flight_window"],
        "Submits that may be without an answer at once. Here of all binds to a provider together.",
        ["provider.window"],
        ["providers.<name>.window_utilisation", "latency.window_wait.p95_s"]
    ),
    term!(
        ["prefetch", "prefetch_count", "basic_qos", "qos"],
        "How many messages a consumer takes from its queue ahead of its work: they wait with it, \
         though others be free.",
        ["queue.prefetch", "queue.lease"],
        ["queues.<name>.mean_fetched", "latency.queue_wait.p95_s"]
    ),
    term!(
        ["executed", "execution", "execution_success"],
        "A provider truly accepted the message: the layer between the API's success and the \
         handset.",
        [],
        ["layers.execution_success", "divergence.api_vs_execution", "latency.hand_off.p95_s"]
    ),
    term!(
        ["outcome", "outcome_success", "truth"],
        "What truly became of a message, whatever the API or a receipt said: one of fifteen ends.",
        [],
        ["layers.outcome_success", "truth.delivered_on_time", "divergence.api_vs_outcome"]
    ),
    term!(
        ["on_time", "outcome_on_time", "sla", "slo", "service_level"],
        "Delivered before the message's deadline. A level to be kept is an objective: `run --slo \
         'within.30s >= 97%'`, and `capacity` finds the load that keeps it.",
        ["traffic.deadline", "scenario.deadline", "scenario.within"],
        ["divergence.api_vs_on_time", "within.30s"]
    ),
    term!(
        ["variance", "variability", "spread", "standard_deviation", "confidence_interval"],
        "How much results differ by chance. One seed is one day: `run -n 20` makes twenty, and \
         intervals are over those. Of latencies the spread within a run is a figure.",
        ["scenario.seed"],
        ["latency.delivery.sd_s", "latency.delivery.p99_s"]
    ),
    term!(
        ["latency", "p50", "p95", "p99", "percentile", "quantile", "tail_latency"],
        "Times, in seconds: what stages take are settings, what messages took are figures.",
        ["provider.latency", "carrier.latency", "api.latency"],
        ["latency.delivery.p95_s", "latency.submit.p95_s", "latency.queue_wait.p95_s"]
    ),
    term!(
        ["mt", "mobile_terminated", "a2p"],
        "A message to a handset: everything simulated here is one. Messages from handsets (MO) are \
         not modelled.",
        ["traffic"],
        ["messages.requested"]
    ),
    term!(
        ["mo", "mobile_originated", "inbound", "two_way"],
        "A message from a handset. It isn't modelled; people who ask again for a message that \
         doesn't come are.",
        ["traffic.resend"],
        ["requests.resends"]
    ),
    term!(
        ["smsc", "aggregator", "gateway", "vendor", "upstream", "supplier"],
        "Who takes submits and passes them on to the carrier: here a provider. A route says for \
         which carriers, at which price.",
        ["provider", "route"],
        ["providers.<name>.submits"]
    ),
    term!(
        ["mno", "operator", "network", "mobile_network"],
        "Who has the handsets: here a carrier, with its throttle, caps, filters and tries.",
        ["carrier", "traffic.carriers"],
        ["carriers.<name>.delivered"]
    ),
    term!(
        ["esme", "consumer", "sender_worker"],
        "Who submits: here the workers of a queue.",
        ["queue.workers", "queue.overhead"],
        ["queues.<name>.utilisation"]
    ),
    term!(
        ["submit_sm", "submit", "submit_sm_resp", "submit_multi"],
        "A message offered to a provider, and its answer: an attempt.",
        ["provider.latency", "provider.submit_timeout", "retry.max_attempts"],
        ["latency.submit.p95_s", "attempts.mean", "providers.<name>.submits"]
    ),
    term!(
        ["enquire_link", "bind", "bind_transceiver", "bind_transmitter", "unbind", "session"],
        "SMPP sessions are not modelled one by one: no bind drops, none is kept alive. A provider's \
         window is that of all its binds together; a lost link is an incident with `outage`.",
        ["provider.window", "incident.outage"],
        []
    ),
    term!(
        ["tlv", "optional_parameters", "message_payload"],
        "SMPP's optional parameters are not modelled: they change nothing about when and whether a \
         message arrives.",
        [],
        []
    ),
    term!(
        ["validity_period", "time_to_live", "expiry"],
        "How long a message may be tried: of the message from its acceptance, of a queue from when \
         it came there.",
        ["traffic.validity", "queue.ttl", "retry.give_up"],
        ["truth.expired_in_queue", "truth.expired_at_carrier"]
    ),
    term!(
        ["ucs_2", "gsm7", "gsm_7", "data_coding", "dcs", "encoding", "unicode"],
        "How a text is written: GSM-7 has 160 characters in one segment, UCS-2 has 70.",
        ["traffic.body.ucs2", "traffic.body.chars"],
        ["segments.sent"]
    ),
    term!(
        ["segments", "segment", "concatenation", "udh", "long_message", "multipart"],
        "Parts of a long text: 153 characters each in GSM-7, 67 in UCS-2. Throttles and prices \
         count them; they travel together, or each on its own.",
        ["traffic.body.chars", "api.max_segments", "route.price", "provider.parts"],
        ["segments.sent", "segments.delivered"]
    ),
    term!(
        ["sender_id", "source_addr", "originator", "short_code", "long_code", "alphanumeric"],
        "From whom a message seems to come. Throttles and caps may count by it.",
        ["traffic.sender", "traffic.senders", "carrier.throttle.scope"],
        []
    ),
    term!(
        ["msisdn", "destination_addr", "phone_number", "subscriber"],
        "To whom a message goes: a person, drawn for each message unless a trace says who.",
        ["traffic.recipients", "traffic.invalid", "carrier.unknown_subscriber"],
        ["truth.unknown_subscriber"]
    ),
    term!(
        ["10dlc", "tcr", "trust_score", "daily_limit", "tpm"],
        "Limits by registered brand and campaign, as carriers of the United States have them: a \
         throttle and a daily cap with their scope.",
        ["traffic.brand", "traffic.campaign", "carrier.throttle.scope", "carrier.daily_cap"],
        ["carriers.<name>.capped"]
    ),
    term!(
        ["spam", "spam_filter", "grey_route", "gray_route", "firewall", "content_filter"],
        "What a carrier takes away, with or without a word, and with a true or a false receipt.",
        ["carrier.filter", "carrier.filter.action", "carrier.filter.receipt"],
        ["truth.filtered_silent", "truth.filtered_explicit"]
    ),
    term!(
        ["visibility_timeout", "visibility", "ack_deadline", "consumer_timeout"],
        "How long a message is its worker's alone. If it runs out first, another worker takes it: \
         the person may get two.",
        ["queue.lease", "queue.crash.visibility_timeout"],
        ["queues.<name>.leases_ended", "duplicates.copies"]
    ),
    term!(
        ["autoscaler", "autoscaling", "hpa", "keda", "scaling"],
        "Workers that come and go by what waits in their queue: how late they are, and what they \
         cost.",
        ["queue.autoscale", "queue.workers"],
        ["queues.<name>.mean_workers", "queues.<name>.worker_hours", "latency.queue_wait.p95_s"]
    ),
    term!(
        ["nack", "redelivery", "poison_message"],
        "A message that comes back to its queue: of a retry, after a lease or a crash.",
        ["queue.requeue", "retry"],
        ["attempts.mean", "latency.queue_wait.p95_s"]
    ),
    term!(
        ["exponential_backoff", "retry_policy"],
        "When and how often a failed attempt is made again. `smschain policies` lists the known \
         ones, `smschain compare` says which is best here.",
        ["retry", "retry.backoff", "retry.jitter", "retry.max_attempts"],
        ["attempts.mean", "truth.retries_exhausted"]
    ),
    term!(
        ["retry_storm", "thundering_herd", "retry_amplification"],
        "Retries that make the overload which causes them. A budget, a breaker and jitter are \
         against it; docs/comparing.md measures them.",
        ["retry.budget", "retry.breaker", "retry.jitter"],
        ["attempts.mean", "attempts.max"]
    ),
    term!(
        ["circuit_breaker", "half_open"],
        "Stops attempts at a provider that fails, and probes it after a while: one for each \
         provider.",
        ["retry.breaker", "retry.breaker.open_for", "retry.breaker.probes"],
        []
    ),
    term!(
        ["dead_letter", "dlq", "dead_letter_queue"],
        "There is none: a message that can't be sent any more ends, as an end that says why.",
        ["queue.overflow", "retry.max_attempts"],
        ["truth.retries_exhausted", "truth.discarded_by_queue"]
    ),
    term!(
        ["backpressure", "back_pressure", "load_shedding"],
        "What happens to more than can be done: a full queue refuses, fails or discards, the API's \
         limit answers 429.",
        ["queue.capacity", "queue.overflow", "api.rate_limit"],
        ["requests.rejected.queue_full", "requests.rejected.rate_limited"]
    ),
    term!(
        ["429", "too_many_requests", "http_429"],
        "The API's answer above one of its limits: `rate_limited`.",
        ["api.rate_limit", "api.limits", "api.concurrency", "api.retry_after", "client.retry"],
        ["requests.rejected.rate_limited"]
    ),
    term!(
        ["sms_pumping", "ait", "artificially_inflated_traffic", "otp_abuse", "toll_fraud"],
        "Codes asked for by bots, to numbers that pay them. Against it stand limits by recipient \
         and by range of numbers.",
        ["api.limits", "api.limits.scope", "traffic.recipients"],
        ["requests.rejected.rate_limited"]
    ),
    term!(
        ["utilization", "load_factor", "occupancy", "erlang"],
        "How much of a station is used: 1 is all of it all the time.",
        ["queue.workers", "provider.window", "provider.servers"],
        ["queues.<name>.utilisation", "providers.<name>.window_utilisation"]
    ),
    term!(
        ["dlr_timeout", "dlr_retry", "channel_failover", "fallback"],
        "What the sender does about a receipt of failure, or about none for too long: it sends again, by \
         another route perhaps.",
        ["on_receipt.on", "on_receipt.after", "on_receipt.route"],
        ["on_receipt.acted", "on_receipt.delivered", "on_receipt.duplicates"]
    ),
    term!(
        ["load_balancing", "provider_switching", "traffic_shaping", "slow_provider"],
        "Which provider gets how much of the traffic: by the weights of routes of one rank, from which a rule takes \
         while messages are seen to arrive late.",
        ["route.weight", "route.rank", "route.slow", "route.choose"],
        ["routes.<name>.share", "routes.<name>.late", "routes.<name>.mean_weight"]
    ),
    term!(
        ["least_cost_routing", "routing_rule", "dedicated_route"],
        "Which messages go by which provider: by carrier, stream, sender, brand, campaign and priority.",
        ["route.carriers", "route.only", "route.price"],
        ["routes.<name>.share", "requests.rejected.no_route"]
    ),
    term!(
        ["quiet_hours", "do_not_disturb", "tcpa", "sending_window", "calendar"],
        "Times of the week at which nothing is sent on: held until they end, or refused.",
        ["traffic.quiet", "queue.quiet", "carrier.quiet", "scenario.start_day"],
        ["quiet.held", "requests.rejected.quiet_hours"]
    ),
    term!(
        ["stop", "opt_out", "unsubscribe", "consent"],
        "People who don't want messages any more: from the beginning, or in the course of the run.",
        ["traffic.opted_out", "traffic.opts_out"],
        ["opt_outs.refused", "opt_outs.dropped", "opt_outs.delivered"]
    ),
    term!(
        ["maintenance", "maintenance_window", "cron", "recurring"],
        "What comes again every day or week: an incident with `repeat`.",
        ["incident.repeat"],
        ["incidents.<name>.on_time_during", "incidents.<name>.every_s"]
    ),
    term!(
        ["parts", "concatenated", "segmentation", "sar"],
        "A message of several segments goes as one, or each segment on its own: submitted, lost, late and \
         reported by itself, and shown when the handset has them all.",
        ["provider.parts", "provider.receipts.whole"],
        ["parts.incomplete", "parts.out_of_order", "latency.parts.p95_s"]
    ),
    term!(
        ["hold_out", "kept_out", "held_out", "judgement", "verdict", "passes", "predicted", "seen"],
        "The last part of a log, by time, that `fit` doesn't fit: a fifth, or what `--hold-out` says. The \
         fitted scenario is run over it, and what it predicts is compared with what was seen there. The \
         verdict is yes if all figures lie in their intervals, and isn't known where the log leaves a \
         headline figure open.",
        ["scenario.duration"],
        []
    ),
    term!(
        ["headline", "headline_figure"],
        "The figure that is asked for first. Of a run it is the share of API successes that weren't \
         delivered on time. Of a fit the headline figures are the delivered share, the shares within a \
         time, median and p95: they have half of the verdict's error.",
        ["scenario.deadline", "scenario.within"],
        ["divergence.api_vs_on_time"]
    ),
    term!(
        ["dispersion", "over_dispersion", "index_of_dispersion"],
        "How much more something varies than chance makes it. Of arrivals 1 is a Poisson process's. Of a \
         figure of `fit`: the variance over parts of the log in that over parts of the runs, and \
         intervals are wider by its root.",
        ["traffic.arrivals"],
        []
    ),
    term!(
        ["delivered", "delivery"],
        "On the handset. In a log it is what receipts say; in a run the truth, which a receipt may not \
         tell.",
        ["provider.receipts.false_delivered"],
        ["layers.outcome_success", "within.30s", "divergence.observed_vs_outcome"]
    ),
    term!(
        ["assumption", "assumptions", "assumed", "not_known"],
        "What a log can't tell and a fitted scenario has all the same. `fit` lists each with how far the \
         headline moves if it is otherwise: put in what you know.",
        [],
        []
    ),
    term!(
        ["bic", "by_bic", "information_criterion"],
        "The Bayesian information criterion: of the families tried for a latency the one with the smallest \
         is taken, which is the likeliest for its number of parameters.",
        ["carrier.latency", "provider.latency"],
        []
    ),
    term!(
        ["wasserstein", "wasserstein_distance", "distance", "distances"],
        "How far two distributions are apart: by how much what is in one has to be moved to make the other, \
         in the unit of what is measured. `fit` gives it beside that between its own runs, which chance \
         makes.",
        [],
        []
    ),
    term!(
        ["change_point", "change_points", "by_change_points", "spells", "pelt"],
        "When a share or a level begins to be another: between two of these lies a spell, which is an \
         incident, or `degraded` where spells come again and again.",
        ["incident", "provider.degraded"],
        []
    ),
    term!(
        ["pending", "under_way", "censored"],
        "Without a final state. In a log that was cut by an export such a message is known to take longer \
         than so far; in one in which all was over it is lost.",
        ["carrier.loss"],
        ["observed.<truth>.<state>"]
    ),
    term!(
        ["idempotency_key", "deduplication", "duplicates"],
        "A message more than once: a call that is repeated without idempotency, a hedge, a retry \
         after a time-out that was accepted, a crash.",
        ["client.idempotency", "provider.timeout_accepted", "queue.crash.guarantee"],
        ["duplicates.copies", "duplicates.delivered_twice"]
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::meaning;
    use crate::scenario::explain;

    #[test]
    fn every_term_leads_to_what_there_is() {
        let mut seen = std::collections::BTreeSet::new();
        for Term { names, meaning: what, keys, figures } in TERMS {
            for name in *names {
                assert!(seen.insert(*name), "{name} twice");
                assert_eq!(plain(name), *name);
            }
            for key in *keys {
                assert!(explain(key).is_ok(), "{}: {key}", names[0]);
            }
            for figure in *figures {
                assert!(meaning(figure).is_some(), "{}: {figure}", names[0]);
            }
            assert!(what.ends_with('.'), "{what}");
        }
        for word in ["tps", "MPS", "DLR", "ESME_RTHROTTLED", "window size", "window-size"] {
            assert!(term(word).is_some(), "{word}");
        }
        assert!(term("elephant").is_none() && term("").is_none());
    }
}

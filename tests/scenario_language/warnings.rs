//! What is legal but suspicious.

use super::{good, swap};

#[test]
fn suspicious_settings_are_warned_of() {
    let serves = "carriers = [\"northwind\", \"acme\"]";
    let text = swap(serves, "carriers = [\"acme\"]").replacen(serves, "carriers = [\"acme\"]", 1);
    let shown = good(&text).render_warnings(false);
    assert!(
        shown.contains("northwind is 60 % of traffic `otp`, but no route serves it"),
        "{shown}"
    );
    assert!(shown.starts_with("warning: "), "{shown}");
    let shown = good(&swap("provider = \"beta\"", "provider = \"alpha\"")).render_warnings(false);
    assert!(shown.contains("no route leads to provider `beta`"), "{shown}");
    let incident = "[[incident]]\nname = \"i\"\nat = \"2h\"\nfor = \"2m\"\n\
                    target = \"carrier.northwind.filter.spam\"\nenable_filter = true\n\n[[queue]]";
    let shown = good(&swap("[[queue]]", incident)).render_warnings(false);
    assert!(shown.contains("switched on all the time"), "{shown}");
    assert!(shown.contains("begins after the last request"), "{shown}");
}

#[test]
fn settings_of_what_never_happens_are_warned_of() {
    let shown = |more: &str| good(&chain(&format!("[[provider]]\nname = \"p\"\n{more}")));
    let warns = |more: &str, said: &str| shown(more).render_warnings(false).contains(said);
    let refusal = "refusal_latency = \"5ms\"\n";
    let nothing = "provider `p` refuses nothing";
    assert!(warns(refusal, nothing));
    for source in [
        "failures = { throttled = 0.1 }",
        "servers = 20\nqueue_capacity = 5",
        "throttle = { rate = \"200/s\", on_excess = \"refuse\" }",
        "[[incident]]\nname = \"i\"\nat = \"1m\"\nfor = \"1m\"\ntarget = \"provider.p\"\n\
         outage = \"refused\"",
    ] {
        assert!(!warns(&format!("{refusal}{source}\n"), nothing), "{source}");
    }
    let blind = "[[queue]]\nname = \"main\"\nworkers = 90\nexpire_at_submit = false\n";
    let expires = "in queue `main` nothing expires";
    assert!(warns(blind, expires));
    assert!(!warns(&format!("{blind}ttl = \"1h\"\n"), expires));
}

#[test]
fn what_nobody_looks_at_is_warned_of() {
    let named = "sender = \"12345\"\npriority = 2\nbrand = \"shop\"\ncampaign = \"offers\"\n";
    let shown = |more: &str| {
        let text = chain(&format!("{more}[[provider]]\nname = \"p\"\n"));
        let text = text.replacen("sender = \"12345\"\n", named, 1);
        good(&text).render_warnings(false)
    };
    let said = |key: &str| format!("`{key}` of traffic `otp` changes nothing");
    let cap = |scope: &str| {
        format!(
            "[[carrier]]\nname = \"d\"\ndaily_cap = {{ limit = 9000000, scope = \"{scope}\" }}\n"
        )
    };
    let route = |asks: &str| {
        format!("[[route]]\nid = 9\nrank = 2\nprovider = \"p\"\nonly = {{ {asks} }}\n")
    };
    let queue =
        "[[queue]]\nname = \"main\"\nworkers = 9000\ndiscipline = \"priority\"\n".to_owned();
    for (key, lookers) in [
        ("priority", [queue, route("priority_at_least = 1")]),
        ("brand", [cap("brand"), route("brands = [\"shop\"]")]),
        ("campaign", [cap("campaign"), route("campaigns = [\"offers\"]")]),
    ] {
        assert!(shown("").contains(&said(key)), "{key}: {}", shown(""));
        for looker in lookers {
            assert!(!shown(&looker).contains(&said(key)), "{looker}: {}", shown(&looker));
        }
    }
    let refusal = "nobody waits for a refusal of the API";
    let api = "[api]\nrate_limit = { rate = \"200/s\" }\nrefusal_latency = \"5ms\"\n";
    assert!(shown(api).contains(refusal), "{}", shown(api));
    for waits in ["concurrency = 9000\n", "[client]\ntimeout = \"2s\"\n"] {
        let waited = shown(&format!("{api}{waits}"));
        assert!(!waited.contains(refusal), "{waited}");
    }
}

/// One stream, one provider, one carrier, and what the test is about.
fn chain(more: &str) -> String {
    format!(
        "[scenario]\nduration = \"1h\"\n\
         [[traffic]]\nname = \"otp\"\nsender = \"12345\"\narrivals.poisson = {{ rate = \"120/s\" }}\n\
         [[route]]\nid = 1\nprovider = \"p\"\n[[carrier]]\nname = \"c\"\n{more}"
    )
}

#[test]
fn a_station_that_is_offered_more_than_it_passes_is_named_with_its_sum() {
    let provider = "[[provider]]\nname = \"p\"\nlatency = \"90ms\"\n";
    for (more, said) in [
        (
            format!("{provider}[[queue]]\nname = \"main\"\nworkers = 8\n"),
            "offered load 120/s × 90 ms needs 10.8 workers; 8 are set: the queue will grow for ever",
        ),
        (
            format!("{provider}[[queue]]\nname = \"main\"\nworkers = 10\ncapacity = 500\n"),
            "needs 10.8 workers; 10 are set: the queue grows until it holds 500",
        ),
        (
            format!("{provider}window = 10\n"),
            "needs a window of 10.8; 10 is set: what waits for it will grow for ever",
        ),
        (format!("{provider}servers = 1\n"), "needs 10.8 servers; 1 is set"),
        (
            format!("{provider}throttle = {{ rate = \"1/s\" }}\n"),
            "provider `p` passes 1 segment/s, 120/s are offered",
        ),
        (
            format!("{provider}throttle = {{ rate = \"100/s\" }}\n"),
            "provider `p` passes 100 segments/s, 120/s are offered: what waits for its pace will",
        ),
        (
            format!("{provider}throttle = {{ rate = \"60/s\", on_excess = \"refuse\" }}\n"),
            "about 50 % of first attempts are refused",
        ),
        (
            format!("throttle = {{ rate = \"100/s\", scope = \"sender\" }}\n{provider}"),
            "carrier `c` passes 100 segments/s of sender `12345`, 120/s are offered: its queue will",
        ),
        (
            format!("throttle = {{ rate = \"90/s\", on_excess = \"drop\" }}\n{provider}"),
            "about 25 % are dropped",
        ),
        (
            format!("{provider}[api]\nrate_limit = {{ rate = \"100/s\" }}\n"),
            "the API takes 100 requests/s, 120/s are offered: about 17 % are rejected",
        ),
    ] {
        let shown = good(&chain(&more)).render_warnings(false);
        assert!(shown.contains(said), "{said}:\n{shown}");
        assert_eq!(shown.matches("warning: ").count(), 1, "{shown}");
    }
}

#[test]
fn what_expires_does_not_wait_for_ever() {
    let chain = chain("[[provider]]\nname = \"p\"\nlatency = \"90ms\"\nwindow = 10\n");
    let valid = chain.replace("arrivals", "validity = \"60s\"\narrivals");
    let shown = good(&valid).render_warnings(false);
    assert!(shown.contains("what waits for it will grow until messages expire"), "{shown}");
    let queue = "[[queue]]\nname = \"main\"\nworkers = 8\n";
    let ttl = format!("{chain}{queue}ttl = \"60s\"\n");
    let shown = good(&ttl).render_warnings(false);
    assert!(shown.contains("the queue will grow until messages expire"), "{shown}");
    // Nobody looks at the end of the wait.
    let shown = good(&format!("{valid}{queue}expire_at_submit = false\n")).render_warnings(false);
    assert!(shown.contains("grow for ever"), "{shown}");
    // Servers are the provider's.
    let shown = good(&valid.replace("window = 10", "servers = 10")).render_warnings(false);
    assert!(shown.contains("what waits for it will grow for ever"), "{shown}");
}

#[test]
fn a_station_is_offered_what_those_before_it_pass() {
    let enough = "[[provider]]\nname = \"p\"\nlatency = \"90ms\"\nwindow = 11\n\
                  [[queue]]\nname = \"main\"\nworkers = 11\n";
    assert_eq!(good(&chain(enough)).render_warnings(false), "");
    // 8 workers pass 88.9/s: the provider's window of 8 is enough for those.
    let fewer = enough.replace("workers = 11", "workers = 8").replace("window = 11", "window = 8");
    let shown = good(&chain(&fewer)).render_warnings(false);
    assert_eq!(shown.matches("warning: ").count(), 1, "{shown}");
    // 200 characters are two segments.
    let long = chain("throttle = { rate = \"200/s\" }\n[[provider]]\nname = \"p\"\n")
        .replace("arrivals", "body = { chars = 200 }\narrivals");
    let shown = good(&long).render_warnings(false);
    assert!(shown.contains("passes 200 segments/s, 240/s are offered"), "{shown}");
}

/// One stream with these arrivals (and more of it), one provider with more, and what else there is.
fn peaks(arrivals: &str, provider: &str, more: &str) -> String {
    format!(
        "[scenario]\nduration = \"6h\"\n[[traffic]]\nname = \"camp\"\narrivals.{arrivals}\n\
         [[route]]\nid = 1\nprovider = \"p\"\n[[carrier]]\nname = \"c\"\n\
         [[provider]]\nname = \"p\"\n{provider}\n{more}"
    )
}

#[test]
fn a_peak_is_warned_of_where_it_keeps_somebody_waiting_too_long() {
    let workers = "[[queue]]\nname = \"main\"\nworkers = 1\n";
    for (arrivals, provider, more, said) in [
        // 20,000 at 1/s take 5.56 h.
        (
            "campaign = { count = 20000 }",
            "throttle = { rate = \"1/s\" }",
            format!("{workers}ttl = \"4h\""),
            "provider `p` passes 1 segment/s, 20,000 come at once: the last one waits 5.56 h, \
             longer than the ttl of queue `main`, 4 h",
        ),
        // 20/s more than it passes for 10 min are 12,000, which take 2.5 min at 80/s.
        (
            "campaign = { count = 60000, at = \"1h\", over = \"10m\" }\ndeadline = \"30s\"",
            "throttle = { rate = \"80/s\" }",
            String::new(),
            "provider `p` passes 80 segments/s, up to 100/s are offered, and for 10 min more \
             than it passes: 12,000 are left waiting, the last for 2.5 min, longer than the deadline \
             of traffic `camp`, 30 s",
        ),
        // 40/s over the peak hour: 144,000, and no deadline says how long is too long.
        (
            "profile = { points = [[\"0s\", \"20/s\"], [\"1h\", \"140/s\"], [\"2h\", \"20/s\"]], \
             interpolate = \"step\" }",
            "throttle = { rate = \"100/s\" }",
            String::new(),
            "up to 140/s are offered, and for 60 min more than it passes: 144,000 are left \
             waiting, the last for 24 min",
        ),
        (
            "onoff = { high = \"200/s\", low = \"5/s\", mean_high = \"2m\", mean_low = \"10m\" }\n\
             deadline = \"30s\"",
            "window = 10\nlatency = \"100ms\"",
            String::new(),
            "the window of provider `p` passes 100 messages/s, up to 200/s are offered, and for 2 min \
             more than it passes: 12,000 are left waiting, the last for 2 min",
        ),
        // Four workers of 100 ms bring 40/s.
        (
            "campaign = { count = 6000 }",
            "latency = \"100ms\"\nthrottle = { rate = \"5/s\", burst = 10, on_excess = \"refuse\" }",
            "[[queue]]\nname = \"main\"\nworkers = 4\n".to_owned(),
            "provider `p` passes 5 segments/s, up to 40/s are offered, and for 2.5 min more \
             than it passes: about 5,240 (87 %) of first attempts are refused",
        ),
    ] {
        let shown = good(&peaks(arrivals, provider, &more)).render_warnings(false);
        assert!(shown.contains(said), "{said}:\n{shown}");
        assert_eq!(shown.matches("warning: ").count(), 1, "{shown}");
    }
}

#[test]
fn a_peak_that_is_worked_off_in_time_is_no_matter() {
    for (arrivals, provider) in [
        // It takes 200 s, and has 5 min.
        ("campaign = { count = 20000 }\ndeadline = \"5m\"", "throttle = { rate = \"100/s\" }"),
        // Nobody said when it has to be there.
        ("campaign = { count = 20000 }", "throttle = { rate = \"1/s\" }"),
        // The bucket holds all of it.
        (
            "campaign = { count = 500 }\ndeadline = \"5s\"",
            "throttle = { rate = \"10/s\", burst = 500, on_excess = \"refuse\" }",
        ),
        (
            "onoff = { high = \"90/s\", low = \"5/s\", mean_high = \"2m\", mean_low = \"10m\" }\n\
             deadline = \"5s\"",
            "window = 10\nlatency = \"100ms\"",
        ),
    ] {
        let shown = good(&peaks(arrivals, provider, "")).render_warnings(false);
        assert_eq!(shown, "", "{arrivals}");
    }
}

#[test]
fn what_is_made_of_receipts_may_be_for_nothing() {
    let shown = |receipts: &str, more: &str| {
        let provider = format!("[[provider]]\nname = \"p\"\nreceipts.{receipts}\n{more}");
        good(&chain(&provider)).render_warnings(false)
    };
    let last = "several = \"last_wins\"";
    assert!(shown(last, "").contains("`several` is for nothing"));
    assert_eq!(shown(last, "[retry]\nmax_attempts = 2\n"), "");
    assert_eq!(shown("several = \"delivered_wins\"", ""), "");
    assert!(shown("forgotten_after = \"74h\"", "").contains("`forgotten_after` is for nothing"));
    assert_eq!(shown("forgotten_after = \"24h\"", ""), "");
}

/// Keys of queues that do nothing, or more than was meant.
#[test]
fn keys_of_queues_without_effect_are_warned_of() {
    let shown = |queue: &str, more: &str| {
        let queue =
            format!("[[queue]]\nname = \"main\"\n{queue}\n[[provider]]\nname = \"p\"\n{more}");
        good(&chain(&queue)).render_warnings(false)
    };
    let never = "`lease` never runs out";
    let lease = |more: &str| shown("lease = \"30s\"", more);
    assert!(lease("latency = \"30s\"\n").contains(never));
    assert!(lease("").contains("no worker holds a message for longer than 0s"));
    for longer in [
        "latency = \"31s\"\nsubmit_timeout = \"32s\"\n",
        "latency = \"1s\"\nwindow = 500\n",
        "latency = \"1s\"\nthrottle = { rate = \"500/s\" }\n",
        "latency.exponential = { mean = \"1s\" }\n",
        "latency = \"1s\"\n[[incident]]\nname = \"i\"\nat = \"1m\"\nfor = \"1m\"\ntarget = \"provider.p\"\n\
         latency_factor = 40\n",
    ] {
        assert!(!lease(longer).contains(never), "{longer}");
    }
    assert!(lease("latency = \"31s\"\n").contains("and again, for ever"));
    assert!(
        shown("ttl = \"1h\"\nworkers = 9000\nlease = \"30s\"", "latency = \"31s\"\n")
            .contains("until ttl")
    );
    let back = "`requeue` is for nothing";
    let head = "workers = 90\nrequeue = \"head\"";
    assert!(shown(head, "").contains(back));
    assert_eq!(shown(head, "[retry]\nmax_attempts = 2\n"), "");
    let crash = |more: &str| format!("{head}\ncrash = {{ mean_time_between = \"12h\"{more} }}");
    assert_eq!(shown(&crash(""), ""), "");
    assert!(shown(&crash(", guarantee = \"at_most_once\""), "").contains(back));
    let full = "workers = 90\ncapacity = 0\nprefetch = 10";
    assert!(shown(full, "").contains("finds nothing to fetch"));
    assert!(!shown(full, "[retry]\nmax_attempts = 2\n").contains("finds nothing to fetch"));
    let scale = |rule: &str| {
        shown(&format!("ttl = \"30s\"\ncapacity = 1000\nautoscale = {{ {rule} }}"), "")
    };
    let stays = "the workers of queue `main` never change";
    assert_eq!(scale("target_depth = 100, min = 90, max = 200"), "");
    assert!(scale("target_depth = 100, min = 90, max = 90").contains(stays));
    assert!(scale("target_depth = 1000, min = 90, max = 200").contains(stays));
    assert!(scale("target_age = \"30s\", min = 90, max = 200").contains(stays));
    assert!(scale("target_age = \"5s\", min = 90, max = 200, every = \"10d\"").contains(stays));
}

/// Each key of a rule for acting on receipts that does nothing, and what is said of it.
#[test]
fn a_rule_for_receipts_without_effect_is_warned_of() {
    let provider = "[[provider]]\nname = \"p\"\n";
    let shown = |rule: &str, more: &str| {
        let rule = format!("[on_receipt]\n{rule}\n{provider}{more}");
        good(&chain(&rule)).render_warnings(false)
    };
    let bounded = |rule: &str| {
        let text = chain(&format!("[on_receipt]\n{rule}\n{provider}"));
        let valid = text.replacen("sender =", "validity = \"5m\"\nsender =", 1);
        good(&valid).render_warnings(false)
    };
    let nothing = "nothing sets a further attempt going";
    let silent = shown("", "");
    assert!(silent.contains(nothing) && silent.contains("without `after` silence"), "{silent}");
    assert_eq!(shown("after = \"60s\"", ""), "");
    assert_eq!(shown("on = \"failed\"", ""), "");
    assert_eq!(shown("policy = \"none\"", ""), "");
    // What may say so.
    let filter = "[[carrier]]\nname = \"d\"\nunknown_subscriber = 0.1\n[[carrier.filter]]\nname = \"f\"\n\
                  rule.random = {}\naction = \"block\"\n";
    assert_eq!(shown("on = \"undelivered\"", filter), "");
    assert_eq!(shown("on = \"rejected\"", filter), "");
    assert!(shown("on = \"expired\"", filter).contains(nothing));
    assert!(!bounded("on = \"expired\"").contains(nothing));
    let carrier = "receipts.meaning = \"carrier\"\n";
    let text = chain(&format!("[on_receipt]\non = \"expired\"\n{provider}{carrier}"));
    let valid = text.replacen("sender =", "validity = \"5m\"\nsender =", 1);
    assert!(good(&valid).render_warnings(false).contains(nothing));
    let lost = "receipts.loss = 1\n";
    assert!(shown("on = \"undelivered\"", &format!("{lost}{filter}")).contains(nothing));
    // Keys beside them.
    let idle = shown("on = [\"failed\"]\nafter = \"60s\"", "");
    assert!(idle.contains("`after` is for nothing"), "{idle}");
    let late = bounded("after = \"5m\"");
    assert!(late.contains("no further attempt is made 5m after acceptance"), "{late}");
    assert!(bounded("after = \"1m\"\nwithin = \"5m\"").contains("`within` is for nothing"));
    let alone = shown("after = \"60s\"\nroute = \"next\"", "");
    assert!(alone.contains("`route` has nowhere to go"), "{alone}");
    let other =
        "[[carrier]]\nname = \"d\"\n[[route]]\nid = 2\nprovider = \"p\"\ncarriers = [\"d\"]\n";
    let elsewhere = shown("after = \"60s\"\nroute = 2", other);
    assert!(elsewhere.contains("messages to c stay on the route they go by"), "{elsewhere}");
    let own = chain(&format!("[on_receipt]\nafter = \"60s\"\n{provider}"));
    let own = own.replacen("sender =", "on_receipt.after = \"9s\"\nsender =", 1);
    assert!(good(&own).render_warnings(false).contains("`[on_receipt]` holds for no traffic"));
}

#[test]
fn limits_that_never_bind_or_nobody_falls_under_are_warned_of() {
    let provider = "[[provider]]\nname = \"p\"\n";
    let tight = "{ rate = \"200/s\", scope = \"sender\" }";
    let list = |others: &str| format!("{provider}throttle = [{others}, {tight}]\n");
    let warn = |more: &str, said: &str| {
        let shown = good(&chain(more)).render_warnings(false);
        assert!(shown.contains(said), "{said}:\n{shown}");
    };
    // One sender's 200 a second are all there are.
    warn(
        &list("{ rate = \"300/s\", burst = 9 }"),
        "a throttle of provider `p` is for nothing: `provider`",
    );
    warn(&list(tight), "a throttle of provider `p` is for nothing: `sender_2`");
    warn(
        &format!(
            "throttle = [{{ limit = 9000, per = \"1min\" }}, {{ limit = 150, per = \"1s\" }}]\n{provider}"
        ),
        "a throttle of carrier `c` is for nothing: `carrier_1min`",
    );
    let fine = format!(
        "throttle = [{{ limit = 8000, per = \"1min\" }}, {{ limit = 150, per = \"1s\" }}]\n{provider}"
    );
    assert_eq!(good(&chain(&fine)).render_warnings(false), "");
    // The load is held against the tightest of them.
    warn(
        &format!("{provider}throttle = [{{ limit = 6000, per = \"1min\" }}, {tight}]\n"),
        "provider `p` passes 100 segments/s, 120/s are offered: what waits for its pace will",
    );
    let held = "daily_cap = { limit = 9, on_excess = \"hold\", resets_at = \"23:00\" }\n";
    let over = chain(&format!("{held}{provider}"));
    let short = over.replace("duration = \"1h\"", "duration = \"1h\"\ndrain = \"2h\"");
    let shown = good(&short).render_warnings(false);
    assert!(shown.contains("what carrier `c` holds over its daily cap never goes on"), "{shown}");
    let shown = good(&over.replace("arrivals", "validity = \"4h\"\narrivals"));
    let shown = shown.render_warnings(false);
    assert!(shown.contains("longer than the validity of traffic `otp`, 4h"), "{shown}");
    for (limits, said) in [
        ("{ scope = \"recipient\", rate = \"1/s\" }", "no recipient is called for twice"),
        ("{ scope = \"prefix\", rate = \"1/s\" }", "no traffic has numbers that share a prefix"),
        ("{ scope = \"stream\", limit = 60, per = \"1s\" }", "about 50 % of the calls of traffic"),
    ] {
        warn(&format!("{provider}[api]\nlimits = [{limits}]\n"), said);
    }
    warn(&format!("{provider}[api]\nconcurrency = 5\n"), "`concurrency` is for nothing");
    warn(
        &format!("{provider}[api]\nlatency = \"100ms\"\nconcurrency = 6\n"),
        "the API works on 12.0 calls at once, 6 are allowed",
    );
    let incident = "[[incident]]\nname = \"i\"\nat = \"5m10s\"\nfor = \"30s\"\ntarget = \"carrier.c\"\n\
                    throttle_factor = 0.5\n";
    warn(
        &format!("throttle = {{ limit = 9000, per = \"1min\" }}\n{provider}{incident}"),
        "`throttle_factor` is for nothing: carrier `c` counts by windows",
    );
}

/// Each effect of an incident that changes nothing, and why.
#[test]
fn effects_that_change_nothing_are_warned_of() {
    let shown = |provider: &str, target: &str, effect: &str| {
        let incident = format!(
            "[[incident]]\nname = \"i\"\nat = \"1m\"\nfor = \"1m\"\ntarget = \"{target}\"\n{effect}\n"
        );
        let text = chain(&format!("[[provider]]\nname = \"p\"\n{provider}\n{incident}"));
        good(&text).render_warnings(false)
    };
    for (target, effect, why) in [
        ("api", "latency_factor = 2", "the API has no latency"),
        ("queue.main", "overhead_factor = 2", "the queue's workers have no overhead"),
        ("provider.p", "latency_factor = 2", "the provider has no latency"),
        ("provider.p", "relay_factor = 2", "the provider has no `relay`"),
        ("provider.p", "receipt_delay_factor = 2", "the provider's receipts have no delay"),
        ("provider.p", "receipt_loss = 0", "a share of 0 is none"),
        ("provider.p", "cost_factor = 2", "its routes have no cost"),
        ("carrier.c", "latency_factor = 2", "the carrier has no latency"),
        ("traffic.otp", "traffic_factor = 1", "a factor of 1 leaves all as it is"),
        ("route.1", "price_factor = 2", "the route has no price"),
        ("route.1", "cost_factor = 2", "the route has no cost"),
        ("provider.p", "lose_receipts = true\nrepeat = \"daily\"", "it would come again at 1d1m"),
    ] {
        let said = shown("", target, effect);
        let key =
            if effect.contains("repeat") { "repeat" } else { &effect[..effect.find(' ').unwrap()] };
        let expected = format!("`{key}` of incident `i` changes nothing");
        assert!(said.contains(&expected) && said.contains(why), "{effect}: {said}");
        assert_eq!(said.matches("warning: ").count(), 1, "{effect}: {said}");
    }
    let mute = "receipts.loss = 1";
    for effect in ["lose_receipts = true", "hold_receipts = true", "receipt_loss = \"5%\""] {
        let said = shown(mute, "provider.p", effect);
        assert!(said.contains("none of the provider's receipts ever comes"), "{effect}: {said}");
        assert_eq!(shown("", "provider.p", effect), "", "{effect}");
    }
}

#[test]
fn calendars_and_opt_outs_without_effect_are_warned_of() {
    let shown = |carrier: &str, provider: &str, traffic: &str| {
        let text = chain(&format!("{carrier}\n[[provider]]\nname = \"p\"\n{provider}\n"));
        let sender = "sender = \"12345\"";
        let said = good(&text.replace(sender, &format!("{sender}\n{traffic}")));
        // A long label is set in several lines.
        let said = said.render_warnings(false);
        said.split_whitespace().collect::<Vec<&str>>().join(" ")
    };
    let factors = "latency_by_day = [[\"00:00\", 1.0], [\"12:00\", 2.0]]";
    let said = "`latency_by_day` of provider `p` changes nothing";
    assert!(shown("", factors, "").contains(said));
    assert_eq!(shown("", &format!("latency = \"1ms\"\n{factors}"), ""), "");
    let flat = "latency = \"1ms\"\nlatency_by_day = [[\"00:00\", 1.0]]";
    assert!(shown("", flat, "").contains("a factor of 1 leaves all as it is"));
    let failures = factors.replace("latency", "failures");
    assert!(shown("", &failures, "").contains("it has no `failures`"));
    assert!(shown(factors, "", "").contains("`latency_by_day` of carrier `c` changes nothing"));
    let opts_out = "opts_out = { share = 0.1 }";
    let said = shown("", "", opts_out);
    assert!(said.contains("give the traffic `recipients`"), "{said}");
    assert_eq!(shown("", "", &format!("{opts_out}\nrecipients = 1000")), "");
    let late = "recipients = 5\nopts_out = { share = 0.1, after = \"74h\" }";
    assert!(shown("", "", late).contains("the run is over by then"));
    let nobody = "recipients = 5\nopts_out = { share = 0 }";
    assert!(shown("", "", nobody).contains("a share of 0 is nobody"));
    // From Monday midnight for an hour, and three days after that: no Sunday.
    let sunday = "quiet = { days = [\"sun\"] }";
    assert!(shown("", "", sunday).contains("never reaches the quiet hours of traffic `otp`"));
    let monday = "quiet = [{ to = \"00:30\" }, { days = [\"sat\"] }]";
    let said = "never reaches the quiet hours of carrier `c`";
    assert!(shown(monday, "", "").contains(said));
    assert!(!shown("quiet = { to = \"00:30\" }", "", "").contains(said));
    let whole = "quiet = { to = \"02:00\" }";
    assert!(
        shown("", "", whole).contains("the whole run lies in the quiet hours of traffic `otp`")
    );
    let long = shown("quiet = { to = \"00:30\" }", "", "validity = \"10m\"");
    let said =
        "carrier `c` holds messages for up to 30m, longer than the validity of traffic `otp`";
    assert!(long.contains(said), "{long}");
}

/// Parts of what has none, and a rule for parts' receipts where there are none.
#[test]
fn parts_without_effect_are_warned_of() {
    let shown = |provider: &str, stream: &str| {
        let text = chain(&format!("[[provider]]\nname = \"p\"\n{provider}\n"));
        let text = text.replacen("sender =", &format!("{stream}\nsender ="), 1);
        good(&text).render_warnings(false)
    };
    let each = "parts = \"each\"";
    assert!(shown(each, "").contains("no message to provider `p` has parts"));
    assert!(shown(each, "body.chars = 160").contains("no message to provider `p` has parts"));
    for long in [
        "body.chars = 161",
        "body = { chars = 80, ucs2 = 0.1 }",
        "body.chars.exponential = { mean = 50 }",
    ] {
        assert_eq!(shown(each, long), "", "{long}");
    }
    let rule = "receipts.whole = \"last\"";
    assert!(shown(rule, "body.chars = 300").contains("`whole` is for nothing"));
    assert_eq!(shown(&format!("{each}\n{rule}"), "body.chars = 300"), "");
    let lost = format!("{each}\n{rule}\nreceipts.loss = 1");
    assert!(shown(&lost, "body.chars = 300").contains("no receipt ever comes"));
}

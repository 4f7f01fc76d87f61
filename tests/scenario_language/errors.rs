//! Every sort of error: its place, what was expected, the nearest name; and only once.

use super::{RUNNABLE, bad, read, swap};

/// The example with `from` replaced by `to` has one error, and its picture has all of `parts`.
fn one(from: &str, to: &str, parts: &[&str]) {
    let text = swap(from, to);
    let errors = read(&text).err().unwrap_or_else(|| panic!("no error with {to}"));
    let shown = errors.to_string();
    assert_eq!(errors.diagnostics().len(), 1, "{shown}");
    for part in parts {
        assert!(shown.contains(part), "no `{part}` in:\n{shown}");
    }
}

#[test]
fn an_error_shows_the_line_underlined() {
    let shown = bad(&swap("window = 50 ", "windw = 50 "));
    let expected = "\
error: unknown key `windw` in [[provider]]
  --> dir/shop.toml:83:1
   |
83 | windw = 50                             # all its binds together
   | ^^^^^ did you mean `window`?";
    assert_eq!(shown, expected);
}

#[test]
fn one_slip_is_one_error() {
    let hour = "duration = \"1h\"";
    one("[[provider]]", "[[provder]]", &["did you mean `provider`?", ":81:3"]);
    one("[scenario]", "[scenaro]", &["did you mean `scenario`?"]);
    one(hour, "duraton = \"1h\"", &["did you mean `duration`?"]);
    one("arrivals.poisson", "arrivals.poison", &["did you mean `poisson`?"]);
    one("arrivals.poisson", "arivals.poisson", &["did you mean `arrivals`?"]);
    one("provider = \"alpha\"", "provider = \"alhpa\"", &["did you mean `alpha`?", ":51:12"]);
    one("queue = \"main\"", "queue = \"mian\"", &["did you mean `main`?"]);
    let side = "[[queue]]\nname = \"side\"\noverflow = \"fial\"\n\n[retry]";
    one("[retry]", side, &["did you mean \"fail\"?"]);
    one("northwind = 0.6", "northwnd = 0.6", &["did you mean `northwind`?"]);
    one("median = \"40ms\"", "medain = \"40ms\"", &["did you mean `median`?"]);
    one("name = \"alpha\"", "nam = \"alpha\"", &["did you mean `name`?"]);
    one("jitter = \"full\"", "jitter = \"ful\"", &["did you mean \"full\"?"]);
    one("action = \"silent\"", "acton = \"silent\"", &["`action`?", "in [[carrier.filter]]"]);
}

#[test]
fn what_is_never_closed_is_one_error_where_it_begins() {
    let on = "on = [\"throttled\", \"queue_full\", \"transient\", \"timeout\"]";
    one(
        on,
        &on.replace(']', ""),
        &["this list is never closed", "expected `]` before line 79", ":78:6"],
    );
    one(on, &on.replace("out\"]", "out"), &["expected `\"`", ":78:"]);
    let burst = ", burst = 1000 }";
    one(burst, burst.trim_end_matches(" }"), &["this inline table is never closed", "before line"]);
    one(
        "summary = \"",
        "summary = \"\"\"",
        &["this text is never closed", "before the end", ":3:11"],
    );
    let within = "within = [\"5s\", \"10s\", \"30s\", \"60s\", \"5m\", \"1h\"]";
    one(within, "within = [\n  \"5s\"\n  \"10s\",\n]", &["missing comma", "\"10s\","]);
}

#[test]
fn units_are_asked_for() {
    let rate = "rate = \"50/s\"";
    let hour = "duration = \"1h\"";
    one(rate, "rate = \"5/fortnight\"", &["rates are per s, min, h or day", ":18:29"]);
    one(rate, "rate = 50", &["`50` has no unit", "did you mean \"50/s\"?"]);
    one(hour, "duration = 60", &["`60` has no unit", "did you mean \"60s\"?"]);
    one(hour, "duration = \"1 hour\"", &["did you mean \"1h\"?"]);
    one(hour, "duration = \"11000d\"", &["too long", "10 years"]);
    one("loss = 0.0005", "loss = 3", &["`3` is not a share", "did you mean \"3%\"?"]);
    one("loss = 0.0005", "loss = nan", &["`nan` is not a share"]);
    one("loss = 0.0005", "loss = inf", &["`inf` is not a share"]);
}

#[test]
fn types_and_ranges_are_checked() {
    one("window = 50 ", "window = \"x\" ", &["a whole number from 1 to 1000000"]);
    one("window = 50 ", "window = 0 ", &["`0` is out of range"]);
    one("window = 50 ", "window = 99999999999999999999999999999999999999999999 ", &["range"]);
    one("seed = 7", "seed = 9007199254740992", &["9007199254740991"]);
    one("name = \"alpha\"", "name = \"al pha\"", &["is not a name", "1 to 64 letters"]);
    one("start = \"09:00\"", "start = \"25:00\"", &["is not a time of day"]);
    one("idempotency = true", "idempotency = 1", &["expected true or false"]);
    one("summary = \"", "summary = \"\\u0007", &["in one line"]);
    one("overflow = \"reject\"", "overflow = \"explode\"", &["\"reject\", \"fail\", \"discard\""]);
    one("body = { chars = 70", "body = { chars = \"x\"", &["a number from"]);
    one("p95 = \"120ms\"", "p95 = \"20ms\"", &["these settings make no distribution"]);
}

#[test]
fn choices_and_pairs_are_exclusive() {
    one(
        "[api]\nlatency.lognormal",
        "[api]\nlatency.exponential = { mean = \"5ms\" }\nlatency.lognormal",
        &["`latency` is both `exponential` and `lognormal`"],
    );
    one("sender = \"12345\"", "sender = \"1\"\nsenders = { count = 2 }", &["both `sender` and"]);
    one("arrivals.poisson = { rate = \"50/s\" }", "arrivals = {}", &["names no kind"]);
    one("id = 6", "id = 5", &["two route entries have the id `5`", "the first one is here"]);
    one("name = \"beta\"", "name = \"alpha\"\n", &["two provider entries have the name"]);
}

#[test]
fn settings_must_fit_together() {
    one("warmup = \"5m\"", "warmup = \"1h\"", &["nothing is left to count"]);
    one("sample_every = \"10s\"", "sample_every = \"1ms\"", &["at least 36ms"]);
    one("throttled = 0.0,", "throttled = 0.99,", &["add up to 1.017"]);
    one("submit_timeout = \"10s\"\n", "", &["a `timeout` share without `submit_timeout`"]);
    let shown = bad(&swap("workers = 64\n", ""));
    for part in [
        "`crash` without `workers`",
        "`capacity`, `ttl` of a queue in which nothing ever waits",
        "give the queue `workers`, such as 64",
        "or `dispatch = \"provider\"`",
    ] {
        assert!(shown.contains(part), "no `{part}` in:\n{shown}");
    }
    one("workers = 64\n", "dispatch = \"provider\"\n", &["`crash` without `workers`"]);
    one(
        "rate_limit = { rate = \"500/s\", burst = 1000 }",
        "retry_after = \"1s\"",
        &["`retry_after` without `rate_limit`", "nothing is answered 429"],
    );
    one(
        ", visibility_timeout = \"60s\" }",
        " }\nprefetch = 10\ndispatch = \"provider\"",
        &["`prefetch` with `dispatch = \"provider\"`"],
    );
    one("ttl = \"4h\"", "ttl = \"4h\"\nlease = \"5m\"", &["`visibility_timeout` beside `lease`"]);
    one(
        "guarantee = \"at_least_once\", visibility_timeout = \"60s\" }",
        "guarantee = \"at_most_once\" }\nlease = \"5m\"",
        &["`at_most_once` beside `lease`", "expected \"at_least_once\", or no `lease`"],
    );
    let scaled = |rule: &str, parts: &[&str]| {
        let text = swap("guarantee = \"at_least_once\", visibility_timeout = \"60s\" }", "}");
        let crash = "crash = { mean_time_between = \"12h\", restart = \"30s\", }";
        assert!(text.contains(crash));
        let shown = bad(&text.replace(crash, &format!("autoscale = {{ {rule} }}")));
        for part in parts {
            assert!(shown.contains(part), "no `{part}` in:\n{shown}");
        }
    };
    scaled("target_depth = 5, max = 32", &["`workers` beside `autoscale`", "expected 1 to 32"]);
    scaled("target_depth = 5, min = 80, max = 70", &["`max` is below `min`"]);
    scaled("max = 64", &["`autoscale` without a target", "`target_depth`, such as 100"]);
    scaled("target_depth = 5, target_age = \"1s\", max = 64", &["`target_age`"]);
    one(
        "ttl = \"4h\"",
        "ttl = \"4h\"\nautoscale = { target_depth = 5, max = 64 }",
        &["`crash` beside `autoscale`"],
    );
    one("\"at_least_once\"", "\"at_most_once\"", &["`visibility_timeout` with `at_most_once`"]);
    one("on_excess = \"refuse\"", "on_excess = \"pace\"", &["`retry_after` without"]);
    one("on_excess = \"queue\"", "on_excess = \"drop\"", &["`queue_capacity` without"]);
    one("scope = \"provider\"", "scope = \"carrier\"", &["not among the choices"]);
    one("balance = 100000.0\n", "", &["`top_up` without `balance`"]);
    one("every = \"1h\"", "every = \"0s\"", &["too short"]);
    one("rate = \"50/s\"", "rate = \"1000000000/s\"", &["messages would be requested"]);
    one(
        "max_attempts = 5\nbackoff.exponential = { base = \"1s\", factor = 2, cap = \"5m\" }",
        "max_attempts = \"unlimited\"",
        &["an endless loop"],
    );
    one(
        "backoff.exponential = { base = \"1s\", factor = 2, cap = \"5m\" }",
        "backoff.decorrelated = { base = \"1s\", cap = \"5m\" }",
        &["`decorrelated` takes no `jitter`"],
    );
}

#[test]
fn profiles_ascend_in_one_sort_of_time() {
    let profile = |points: &str, more: &str, part: &str| {
        let to = format!("arrivals.profile = {{ points = [{points}]{more} }}");
        one("arrivals.poisson = { rate = \"50/s\" }", &to, &[part]);
    };
    profile("[\"09:00\", \"1/s\"], [\"08:00\", \"2/s\"]", "", "not in order");
    profile("[\"09:00\", \"1/s\"], [\"10h\", \"2/s\"]", "", "in one profile");
    profile("[\"1h\", \"1/s\"]", ", repeat = \"daily\"", "needs times of day");
    profile("[\"1h\"]", "", "not a point of a profile");
    profile("", "", "`points` is empty");
}

#[test]
fn incidents_must_fit_their_target() {
    let incident = |body: &str, parts: &[&str]| {
        let table =
            format!("[[incident]]\nname = \"i\"\nat = \"1m\"\nfor = \"2m\"\n{body}\n\n[[queue]]");
        one("[[queue]]", &table, parts);
    };
    let at = |target: &str, effect: &str, parts: &[&str]| {
        incident(&format!("target = \"{target}\"\n{effect}"), parts);
    };
    at("provider.alpah", "outage = true", &["no provider `alpah`", "did you mean `alpha`?"]);
    at("traffic.opt", "traffic_factor = 2", &["no traffic `opt`", "did you mean `otp`?"]);
    at("carier.acme", "outage = true", &["is not a target", "did you mean `carrier.acme`?"]);
    at("nowhere", "outage = true", &["is not a target", "`carrier.X.filter.Y`"]);
    at("carrier.northwind.filter.spma", "enable_filter = true", &["did you mean `spam`?"]);
    at("carrier.acme.filter.spam", "enable_filter = true", &["has no filter `spam`"]);
    at("queue.main", "outage = true", &["does not apply to `queue.main`", "`provider.X`"]);
    at("api", "workers_lost = 0.5", &["does not apply to `api`", "it applies to `queue.X`"]);
    at("carrier.acme", "throttle_factor = 0.5", &["`carrier.acme` has no `throttle`"]);
    at("provider.beta", "failures = { timeout = 0.1 }", &["without `submit_timeout`"]);
    at("provider.beta", "failures = { transient = 0.7, permanent = 0.7 }", &["add up to 1.4"]);
    at(
        "provider.beta",
        "outage = true",
        &[
            "an outage of a provider without `submit_timeout`",
            "the sender would wait for ever",
            "outage = \"refused\"",
        ],
    );
    at("api", "outage = \"refused\"", &["`outage = \"refused\"` is for providers"]);
    at("provider.beta", "outage = \"refusd\"", &["did you mean \"refused\"?"]);
    at("api", "", &["the incident has no effect", "`outage`"]);
    at("api", "outage = true\nramp = \"61s\"", &["longer than the incident", "1m"]);
    at("api", "outge = true", &["did you mean `outage`?"]);
    incident("outage = true", &["has no `target`"]);
    let freeze = "[[incident]]\nname = \"i\"\nat = \"1m\"\nfor = \"2m\"\ntarget = \"account\"\n\
                  freeze_balance = true\n";
    let shown = bad(&format!("{}{freeze}", super::SMALLEST));
    assert!(shown.contains("`account` has no `balance`"), "{shown}");
    let rush = freeze
        .replace("account", "traffic.otp")
        .replace("freeze_balance = true", "traffic_factor = 2");
    let campaign =
        super::SMALLEST.replace("poisson = { rate = \"1/s\" }", "campaign = { count = 5 }");
    let shown = bad(&format!("{campaign}{rush}"));
    assert!(shown.contains("`traffic_factor` of a campaign"), "{shown}");
    let strike = freeze
        .replace("account", "queue.main")
        .replace("freeze_balance = true", "workers_lost = 0.5");
    let shown = bad(&format!("{}{strike}", super::SMALLEST));
    assert!(shown.contains("`queue.main` has no `workers`"), "{shown}");
}

#[test]
fn missing_parts_are_named() {
    let shown = bad("");
    for part in ["[scenario]", "[[traffic]]", "[[route]]", "[[provider]]", "[[carrier]]"] {
        assert!(shown.contains(&format!("a scenario has no {part}")), "{shown}");
    }
    one("duration = \"1h\"", "# ", &["has no `duration`", "for example `duration = \"1h\"`"]);
}

/// The text with what the first error's help shows written where it is missing.
fn mended(text: &str) -> Option<String> {
    let errors = read(text).err()?;
    let (error, at) = (&errors.diagnostics()[0], &errors.located()[0]);
    let help = error.help.first().unwrap_or_else(|| panic!("no help: {errors}"));
    let example = help.strip_prefix("for example").expect("an example").trim();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if error.message.starts_with("a scenario has no") {
        lines.push(example.to_owned());
        return Some(lines.join("\n"));
    }
    let line = &mut lines[at.line - 1];
    let key = format!("{}, ", example.trim_matches('`'));
    match &line[at.column - 1..] {
        brace if brace.starts_with('{') => line.insert_str(at.column, &key),
        _ => lines.insert(at.line, key.trim_end_matches(", ").to_owned()),
    }
    Some(lines.join("\n"))
}

#[test]
fn what_the_help_shows_can_be_pasted_where_it_is_missing() {
    let some = "[[traffic]]\nresend = {}\nsenders = {}\narrivals.onoff = {}\n\
        spam_score.mixture = { parts = [{}] }\n[[route]]\n[[provider]]\nname = \"twilio\"\n\
        throttle = {}\ndegraded = {}\nlatency.gamma = {}\nrelay.lognormal = { median = \"9s\" }\n\
        receipts = { delay.empirical = {} }\n[[carrier]]\nabsent = {}\ndaily_cap = {}\n\
        [[carrier.filter]]\nrule.velocity = {}\n[[queue]]\nworkers = 3\ncrash = {}\n[retry]\n\
        backoff.exponential = {}\nhedge = {}\nrules = [{}]\n[[incident]]\n[[incident]]\n\
        name = \"second\"\ntarget = \"queue.main\"\n";
    let whole = |text: &str| {
        let (mut text, mut steps) = (text.to_owned(), 0);
        while let Some(next) = mended(&text) {
            (text, steps) = (next, steps + 1);
            assert!(steps < 60, "no end of errors in\n{text}");
        }
        text
    };
    whole("");
    let text = whole(some);
    // What refers to a provider names the one that is there.
    for part in ["provider = \"twilio\"", "target = \"provider.twilio\""] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn syntax_errors_come_all_and_alone() {
    one("seed = 7", "seed = ", &[":4:8"]);
    let text = swap("seed = 7", "seed = ").replacen("[api]", "[api", 1);
    let errors = read(&text).err().unwrap_or_else(|| panic!("no error"));
    assert_eq!(errors.located().iter().map(|e| e.line).collect::<Vec<_>>(), [4, 31]);
}

#[test]
fn all_errors_come_at_once_in_order() {
    let text = RUNNABLE
        .replacen("seed = 7", "seed = -7", 1)
        .replacen("window = 50 ", "windw = 50 ", 1)
        .replacen("provider = \"beta\"", "provider = \"gamma\"", 1)
        .replacen("loss = 0.0005", "loss = 3", 1);
    let errors = read(&text).err().unwrap_or_else(|| panic!("no error"));
    let lines: Vec<usize> = errors.located().iter().map(|error| error.line).collect();
    assert_eq!(lines, [4, 59, 83, 93]);
}

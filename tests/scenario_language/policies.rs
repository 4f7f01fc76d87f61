//! Retry policies by name: what they bring, what goes over them, how they combine.

use smschain::chain::spec::{
    Backoff, Budget, Charged, GiveUp, Jitter, Policy, Retry, TokenBudget, Window,
};
use smschain::scenario::policies::{BUILT_IN, markdown};

use super::{RUNNABLE, SMALLEST, bad, good, with};

const SECOND: u64 = 1_000_000_000;

fn retry(tables: &str) -> Retry {
    good(&format!("{SMALLEST}\n{tables}")).spec.retry
}

/// The smallest scenario with these tables has one error, and its picture has all of `parts`.
fn one(tables: &str, parts: &[&str]) {
    let text = format!("{SMALLEST}\n{tables}");
    let errors = super::read(&text).err().unwrap_or_else(|| panic!("no error with {tables}"));
    let shown = errors.to_string();
    assert_eq!(errors.diagnostics().len(), 1, "{shown}");
    for part in parts {
        assert!(shown.contains(part), "no `{part}` in:\n{shown}");
    }
}

#[test]
fn every_built_in_policy_is_what_its_settings_say_and_reads_back() {
    let names: Vec<&str> = BUILT_IN.iter().map(|policy| policy.name).collect();
    let planned = "none, immediate, fixed, exponential, full-jitter, equal-jitter, decorrelated, \
                   aws-standard, grpc, finagle-budget, envoy-budget, polly, resilience4j, kannel, \
                   jasmin, nowsms, twilio";
    assert_eq!(names.join(", "), planned);
    for policy in BUILT_IN {
        let named = format!("{SMALLEST}\n[retry]\npolicy = \"{}\"\n", policy.name);
        let scenario = good(&named);
        let said = good(&format!("{SMALLEST}\n[retry]\n{}", policy.settings));
        assert_eq!(scenario.spec, said.spec, "{}", policy.name);
        assert_eq!(scenario.render_warnings(false), "", "{}", policy.name);
        let resolved = scenario.resolved_toml();
        assert!(!resolved.contains("policy"), "{resolved}");
        let again = good(&resolved);
        assert_eq!(again.spec, scenario.spec, "{resolved}");
        assert_eq!(again.fingerprint, scenario.fingerprint);
        assert_eq!(again.resolved_toml(), resolved);
        // For a client, too.
        let client = good(&format!("{SMALLEST}\n[client.retry]\npolicy = \"{}\"\n", policy.name));
        assert_eq!(good(&client.resolved_toml()).spec, client.spec);
        assert_eq!(client.spec.client.retry.tries, scenario.spec.retry.policy.tries);
    }
}

#[test]
fn sources_are_followed_to_the_letter() {
    let named = |name: &str| retry(&format!("[retry]\npolicy = \"{name}\"")).policy;
    let aws = named("aws-standard");
    assert_eq!((aws.tries.max_attempts, aws.tries.jitter), (Some(3), Jitter::FullBeforeCap));
    let bucket = TokenBudget {
        capacity: 500_000,
        cost: 5_000,
        timeout_cost: 10_000,
        throttled_cost: 5_000,
        refund: 1_000,
        returns_cost: true,
        charged: Charged::Retry,
        reserve: 0,
    };
    assert_eq!(aws.budget, Some(Budget::Bucket(bucket)));
    let Some(Budget::Bucket(bucket)) = named("grpc").budget else { panic!("no bucket") };
    assert_eq!((bucket.capacity, bucket.refund, bucket.reserve), (10_000, 100, 5_000));
    assert_eq!(bucket.charged, Charged::Failure);
    let kannel = named("kannel");
    assert_eq!((kannel.tries.max_attempts, kannel.tries.give_up), (None, GiveUp::Validity));
    assert_eq!(kannel.rules[0].pauses_link, Some(SECOND));
    assert_eq!(kannel.rules[0].tries, kannel.tries);
    let jasmin = named("jasmin");
    let tries: Vec<_> = jasmin
        .rules
        .iter()
        .map(|rule| (rule.tries.max_attempts, rule.tries.backoff.clone()))
        .collect();
    let wait = |backoff: &Backoff| format!("{backoff:?}").contains("180000000000");
    assert_eq!((tries[0].0, wait(&tries[0].1)), (Some(20), false));
    assert_eq!((tries[1].0, wait(&tries[1].1)), (Some(2), true));
    let breaker = named("resilience4j").breaker.unwrap_or_else(|| panic!("no breaker"));
    assert_eq!((breaker.window, breaker.open_for), (Window::Calls(100), 60 * SECOND));
    assert!(!named("twilio").on.timeout && named("full-jitter").on.timeout);
}

#[test]
fn keys_beside_a_policy_go_over_it_whole() {
    let mixed = retry("[retry]\npolicy = \"aws-standard\"\nmax_attempts = 7\nbudget.ratio = {}");
    assert_eq!(mixed.policy.tries.max_attempts, Some(7));
    assert_eq!(mixed.policy.tries.jitter, Jitter::FullBeforeCap);
    let finagle = retry("[retry]\npolicy = \"finagle-budget\"").policy.budget;
    assert_eq!(mixed.policy.budget, finagle);
    // An inherited jitter makes no sense of waits that are spread already.
    let spread = "backoff.decorrelated = { base = \"1s\", cap = \"20s\" }";
    let own = retry(&format!("[retry]\npolicy = \"full-jitter\"\n{spread}"));
    assert_eq!(own, retry("[retry]\npolicy = \"decorrelated\""));
    let back = retry("[retry]\npolicy = \"decorrelated\"\nbackoff.fixed.delay = \"1s\"");
    assert_eq!(back, retry("[retry]\npolicy = \"fixed\""));
    // What a rule leaves out is the policy's as it now is.
    let jasmin = retry("[retry]\npolicy = \"jasmin\"\nbackoff.fixed.delay = \"7s\"").policy;
    assert_eq!(jasmin.rules[0].tries.backoff, jasmin.tries.backoff);
}

#[test]
fn a_scenario_has_policies_of_its_own() {
    let policies = "[policy.eager]\npolicy = \"patient\"\nbackoff.immediate = {}\n\
                    [policy.patient]\nmax_attempts = 5\nbackoff.fixed.delay = \"9s\"\n";
    let eager = retry(&format!("{policies}[retry]\npolicy = \"eager\""));
    assert_eq!(eager, retry("[retry]\npolicy = \"immediate\""));
    let text = format!("{SMALLEST}\n{policies}[retry]\npolicy = \"eager\"");
    let scenario = good(&text);
    assert_eq!(good(&scenario.resolved_toml()).spec, scenario.spec);
    // Unused ones change nothing, not even the fingerprint.
    let unused = good(&format!("{SMALLEST}\n{policies}"));
    assert_eq!(unused.fingerprint, good(SMALLEST).fingerprint);
    let set = with(&text, &["policy.patient.max_attempts=3"], &[]);
    let set = set.unwrap_or_else(|errors| panic!("{errors}")).spec;
    assert_eq!(set.retry.policy.tries.max_attempts, Some(3));
    let (mut queue, mut stream) = (text.clone(), text);
    queue.push_str("\n[[queue]]\nname = \"main\"\nretry = { policy = \"patient\" }\n");
    assert!(good(&queue).spec.queues[0].retry.is_some());
    stream = stream.replacen("name = \"otp\"", "name = \"otp\"\nretry.policy = \"polly\"", 1);
    assert!(
        good(&stream).spec.traffic[0].retry.as_ref().is_some_and(|r| r.policy.breaker.is_some())
    );
}

#[test]
fn a_client_has_words_of_its_own() {
    let client = |name: &str| -> Policy<_> {
        good(&format!("{SMALLEST}\n[client.retry]\npolicy = \"{name}\"")).spec.client.retry
    };
    let twilio = client("twilio").on;
    assert!(twilio.rate_limited && twilio.internal && twilio.queue_full && !twilio.timeout);
    assert!(!twilio.invalid && !twilio.no_route && !twilio.insufficient_balance);
    let kannel = client("kannel");
    assert!(kannel.rules[0].on.rate_limited && kannel.rules[0].pauses_link.is_none());
    assert!(kannel.on.timeout);
    let own = "[policy.x]\nmax_attempts = 2\non = \"permanent\"\nfailover.attempts = 1\n\
               hedge.after = \"1s\"\nrules = [{ on = \"permanent\", max_attempts = 9 }]\n\
               [client.retry]\npolicy = \"x\"";
    let own = good(&format!("{SMALLEST}\n{own}")).spec.client.retry;
    assert!(own.rules.is_empty() && !own.on.internal && !own.on.invalid);
}

#[test]
fn policies_that_are_not_there_or_go_round_are_errors() {
    one(
        "[retry]\npolicy = \"full-jiter\"",
        &["no policy `full-jiter`", "did you mean `full-jitter`?"],
    );
    one("[retry]\npolicy = \"full-jiter\"", &["`smschain policies`", "shop.toml:16:10"]);
    one("[client.retry]\npolicy = \"x\"", &["expected a built-in policy"]);
    one("[retry]\npolicy = 7", &["the name of a retry policy"]);
    one("[policy.fixed]\nmax_attempts = 2", &["`fixed` is a built-in policy", "its own"]);
    one("[policy.\"a b\"]\nmax_attempts = 2", &["`a b` is not a name"]);
    one("[policy.a]\npolicy = \"a\"", &["start from each other", "`a` from `a`"]);
    one(
        "[policy.a]\npolicy = \"b\"\n[policy.b]\npolicy = \"c\"\n[policy.c]\npolicy = \"b\"\n\
         [retry]\npolicy = \"a\"",
        &["`b` from `c` from `b`"],
    );
    one("[policy.a]\nmax_atempts = 2", &["in [policy.a]", "did you mean `max_attempts`?"]);
    one("[policy.a]\nmax_attempts = \"unlimited\"", &["an endless loop"]);
    one("[retry]\npolicy = \"decorrelated\"\njitter = \"full\"", &["takes no `jitter`"]);
    one(
        "[retry]\npolicy = \"kannel\"\nbackoff.immediate = {}",
        &["an endless loop", "shop.toml:16:10"],
    );
    let shown = bad(&format!("policy = 3\n{SMALLEST}"));
    assert!(shown.contains("expected tables by name: [policy.NAME]"), "{shown}");
}

#[test]
fn budgets_breakers_and_rules_are_checked() {
    let retry = |body: &str, parts: &[&str]| one(&format!("[retry]\n{body}"), parts);
    let bucket = |body: &str, parts: &[&str]| {
        retry(&format!("budget.bucket = {{ capacity = 10, refund = 1, {body} }}"), parts);
    };
    retry("budget = 5", &["a budget: one of `ratio`, `bucket`, `concurrency`"]);
    retry("budget.ratio.share = 2", &["is not a share"]);
    retry("budget.bucket.capacity = 5", &["no `refund`"]);
    bucket("cost = 0.0001", &["too fine", "at most three decimals"]);
    bucket("reserve = 10", &["never allows a retry"]);
    bucket("reserve = 6, cost = 5", &["`cost` is more than the bucket ever has"]);
    bucket("timeout_cost = 11", &["`timeout_cost` is more"]);
    bucket("charged = \"failure\", returns_cost = true", &["`returns_cost` with"]);
    retry("breaker.window = 0", &["range"]);
    retry("breaker.window = \"0s\"", &["too short"]);
    retry("breaker = { window = 50, min_calls = 60 }", &["never opens"]);
    retry("breaker.failure_share = 0", &["open without a failure"]);
    retry("failover = {}", &["no `attempts`"]);
    retry("hedge.after = 5", &["did you mean \"5s\"?"]);
    retry("rules = [{ max_attempts = 2 }]", &["no `on`"]);
    retry("rules = [{ on = [] }]", &["`on` is empty"]);
    retry("rules = [{ on = \"throtled\" }]", &["did you mean \"throttled\"?"]);
    retry(
        "rules = [{ on = \"timeout\", backoff.decorrelated = { base = \"1s\", cap = \"2s\" }, \
         jitter = \"full\" }]",
        &["takes no `jitter`"],
    );
    let client = |body: &str, parts: &[&str]| one(&format!("[client.retry]\n{body}"), parts);
    client("failover.attempts = 2", &["`failover` makes no sense", "nowhere to fail over to"]);
    client("hedge.after = \"1s\"", &["nowhere to hedge to"]);
    client("rules = [{ on = \"internal\", pauses_link = \"1s\" }]", &["no link of its own"]);
    client("rules = [{ on = \"throttled\" }]", &["\"rate_limited\""]);
}

#[test]
fn small_windows_need_fewer_calls() {
    let calls = |window: &str| {
        let breaker = retry(&format!("[retry]\nbreaker.window = {window}")).policy.breaker;
        breaker.map(|breaker| breaker.min_calls)
    };
    assert_eq!((calls("20"), calls("500"), calls("\"1s\"")), (Some(20), Some(100), Some(100)));
}

#[test]
fn set_replaces_the_whole_table() {
    let set = |list: &[&str]| {
        with(RUNNABLE, list, &[]).unwrap_or_else(|errors| panic!("{errors}")).spec.retry
    };
    assert_eq!(set(&["retry.policy=fixed"]), retry("[retry]\npolicy = \"fixed\""));
    assert_eq!(
        set(&["retry.policy=fixed", "retry.max_attempts=2", "retry.breaker.window=7"]),
        retry("[retry]\npolicy = \"fixed\"\nmax_attempts = 2\nbreaker.window = 7")
    );
    assert_eq!(set(&["retry.max_attempts=2", "retry.policy=fixed"]), set(&["retry.policy=fixed"]));
    assert!(!set(&["retry.on=transient"]).policy.on.timeout);
    let rules = set(&["retry.rules=[{ on = \"timeout\", max_attempts = 1 }]"]).policy.rules;
    assert_eq!(rules[0].tries.max_attempts, Some(1));
    let wrong = with(RUNNABLE, &["policy.mine.max_attempts=2"], &[]).err();
    let shown = wrong.unwrap_or_else(|| panic!("no error")).to_string();
    assert!(shown.contains("there is no policy `mine` in the scenario"), "{shown}");
}

#[test]
fn what_does_nothing_is_warned_of() {
    let warned = |body: &str, part: &str| {
        let shown = good(&format!("{SMALLEST}\n[retry]\n{body}")).render_warnings(false);
        assert!(shown.contains(part), "no `{part}` in:\n{shown}");
    };
    warned("max_attempts = 3\nfailover.attempts = 1", "`failover` has nowhere to go");
    warned("max_attempts = 3\nhedge.after = \"1s\"", "`hedge` has nowhere to go");
    warned("failover.attempts = 1", "`failover` comes too late");
    warned("budget.ratio = {}", "`budget` without a retry");
    warned(
        "max_attempts = 2\nrules = [{ on = \"timeout\" }, { on = [\"timeout\"] }]",
        "the rule never holds",
    );
}

#[test]
fn the_page_of_policies_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policies.md");
    let page = markdown();
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page, "docs/policies.md is out of date: run this test with SMSCHAIN_BLESS=1");
    // Its examples are read like any scenario.
    for example in page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let table = if example.starts_with('[') {
            example.to_owned()
        } else {
            format!("[retry]\n{example}")
        };
        good(&format!("{SMALLEST}\n{table}"));
    }
}

//! The page of the built-in policies, written from their table.

use super::{BUILT_IN, BuiltIn, ON_RECEIPT, SLOW};

/// docs/policies.md, whole.
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for policy in BUILT_IN {
        page.push_str(&told(policy, "##", ""));
    }
    page.push_str(END);
    page.push_str(REACTIONS);
    for policy in ON_RECEIPT {
        page.push_str(&told(policy, "###", "[on_receipt]\n"));
    }
    page.push_str(SLOW_ROUTES);
    for policy in SLOW {
        page.push_str(&told(policy, "###", "[route.slow]\n"));
    }
    page
}

/// A policy under a heading, its settings after the head of their table.
fn told(policy: &BuiltIn, heading: &str, head: &str) -> String {
    let mut told = format!("\n{heading} {}\n\n{}\n\n", policy.name, policy.about);
    told.push_str(&format!("- wait and limit: {}\n", policy.formula));
    told.push_str(&format!("- source: {}\n", policy.source));
    if !policy.assumed.is_empty() {
        told.push_str(&format!("- assumption: {}\n", policy.assumed));
    }
    told.push_str(&format!("\n```toml\n{head}{}```\n", policy.settings));
    told
}

const REACTIONS: &str = "
## Acting on receipts

Rules that `[on_receipt]`, or that of a stream, may start from: `policy = \"NAME\"`. The keys beside it go \
before its own, a whole key each; `sweep --vary on_receipt.policy=none,va-notify` compares them on the same \
messages.
";

const SLOW_ROUTES: &str = "
## Slow routes

Rules that a route's `slow` may start from: `slow.policy = \"NAME\"` in a `[[route]]`, most often in each of those \
that share their traffic. The keys beside it go before its own, a whole key each; the table stands under the \
`[[route]]` it belongs to.
";

const INTRODUCTION: &str = "\
# The built-in retry policies

Written from the program's own table; a test keeps this page up to date. `smschain policies` prints \
the same, `smschain policies NAME` one of them with a table to change it in. What the keys mean is in [scenario.md](scenario.md), what they do in [model.md](model.md).

A retry table starts from a policy and says what it wants otherwise, a whole key each:

```toml
[retry]
policy = \"full-jitter\"
max_attempts = 8
budget.ratio = { share = 0.1 }
```

- `--set retry.policy=NAME` replaces the whole `[retry]`; a `--set retry.KEY=VALUE` after it adds keys.
- A scenario's own policies are tables with the keys of `[retry]`. They may start from another one, \
and can't take the name of a built-in one, so that a name means the same in every report:

```toml
[policy.eager]
policy = \"immediate\"
max_attempts = 3
```

- A backoff that spreads itself (`decorrelated`) drops the jitter of the policy it starts from.
- In `[client.retry]` the words of a policy are translated: throttled → rate_limited, transient → \
internal, queue_full and timeout as they are, permanent → nothing. Its `failover`, `hedge` and \
`pauses_link` are dropped: a client calls one API.
- `smschain check --resolved` shows what becomes of it.

n counts retries from 1; U(a, b) is uniform. Attempts count the first one.
";

const END: &str = "
## Variants

Not built in, but said in the scenario's language.

The AWS SDKs' standard mode as revised in 2026 starts from 50 ms (1 s after a throttle) and takes 14 \
tokens for a transient failure, 5 for a throttle:

```toml
[policy.aws-2026]
policy = \"aws-standard\"
backoff.exponential = { base = \"50ms\", factor = 2, cap = \"20s\" }
budget.bucket = { capacity = 500, cost = 14, throttled_cost = 5, refund = 1, returns_cost = true }
rules = [{ on = \"throttled\", backoff.exponential = { base = \"1s\", factor = 2, cap = \"20s\" } }]
```

gRPC before 2025 spread its waits over U(0, w):

```toml
[policy.grpc-2024]
policy = \"grpc\"
jitter = \"full\"
```
";

//! The top of a scenario.

use super::{Field, Kind, Table};
use super::{account, api, carrier, incident, provider, queue, retry, route, scenario, traffic};

/// The whole language.
pub static ROOT: Table = Table::new(&[
    Field::new(
        "scenario",
        Kind::Table(&scenario::SCENARIO),
        "The run: its time, length and marks.",
    )
    .required(),
    Field::new("traffic", Kind::Tables(&traffic::TRAFFIC), "A stream of requests; at least one.")
        .required(),
    Field::new("api", Kind::Table(&api::API), "The request boundary.").filled(),
    Field::new("client", Kind::Table(&api::CLIENT), "Who calls the API.").filled(),
    Field::new("account", Kind::Table(&account::ACCOUNT), "The prepaid account.")
        .absent("a balance without limit, charged at accept, never refunded"),
    Field::new("route", Kind::Tables(&route::ROUTE), "A way to a provider; at least one.")
        .required(),
    Field::new("queue", Kind::Tables(&queue::QUEUE), "A queue and its workers.")
        .absent("one queue named `main`, without limits"),
    Field::new(
        "retry",
        Kind::Table(&retry::RETRY),
        "How attempts are repeated towards a provider; a queue's or a stream's own goes before it.",
    )
    .filled(),
    Field::new(
        "provider",
        Kind::Tables(&provider::PROVIDER),
        "A provider, its connection and its relay to the carriers; at least one.",
    )
    .required(),
    Field::new(
        "carrier",
        Kind::Tables(&carrier::CARRIER),
        "A carrier and its subscribers' handsets; at least one.",
    )
    .required(),
    Field::new(
        "policy",
        Kind::Named(&retry::RETRY),
        "Retry policies of the scenario's own, with the keys of `[retry]`; a name that is built in \
         can't be taken.",
    )
    .absent("none"),
    Field::new(
        "incident",
        Kind::Tables(&incident::INCIDENT),
        "Something that goes wrong for a while.",
    )
    .absent("none"),
]);

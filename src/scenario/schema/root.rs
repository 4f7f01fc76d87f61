//! The top of a scenario.

use super::retry::retry;
use super::{Kind, Table, account, incident, of, scenario, traffic};
use crate::chain::spec::{Api, Carrier, Client, OnReceipt, Provider, Queue, Retry, Route};

/// The whole language.
pub static ROOT: Table = Table::new(root::TABLE.fields);

table! {
    root {
        /// The run: its time, length and marks.
        scenario: () = of::kind(Kind::Table(&scenario::scenario::TABLE)).required(),
        /// A stream of requests; at least one.
        traffic: () = of::kind(Kind::Tables(&traffic::traffic::TABLE)).required(),
        /// The request boundary.
        api: Api = of::table().filled(),
        /// The client, which calls the API.
        client: Client = of::table().filled(),
        /// The prepaid account.
        account: () = of::kind(Kind::Table(&account::account::TABLE))
            .none("a balance without limit, charged at accept, never refunded"),
        /// A way to a provider; at least one.
        route: Vec<Route> = of::tables().required(),
        /// A queue and its workers.
        queue: Vec<Queue> = of::tables().follows("one queue named `main`, without limits"),
        /// Repeated attempts towards a provider; a queue's or a stream's own goes before
        /// it.
        retry: Retry = of::table().filled(),
        /// What the sender does about what it sees of its messages: further attempts, for a receipt or for
        /// none; a stream's own goes before it.
        on_receipt: Option<OnReceipt> = of::table().absent("nothing"),
        /// A provider, its connection and its relay to the carriers; at least one.
        provider: Vec<Provider> = of::tables().required(),
        /// A carrier and its subscribers' handsets; at least one.
        carrier: Vec<Carrier> = of::tables().required(),
        /// Retry policies of the scenario's own, with the keys of `[retry]`; a name that is built
        /// in can't be taken.
        policy: () = of::kind(Kind::Named(&retry::TABLE)).none("none"),
        /// Something that goes wrong for a while.
        incident: () = of::kind(Kind::Tables(&incident::incident::TABLE)).none("none"),
    }
}

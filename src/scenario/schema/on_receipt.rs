//! `on_receipt`: of the scenario and of a stream.

use super::{Backoff, Kind, Of, Word, Words, of, retry};
use crate::chain::spec::{FurtherRoute, Jitter, OnReceipt, SeenStates, Tries, words};
use crate::kernel::Nanos;
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::lower::{Lowering, Setting};
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// The rules to start from, by name: the names of `policies::ON_RECEIPT`.
static POLICIES: [Word; 2] = [
    Word::new("none", "the sender does nothing about receipts"),
    Word::new(
        "va-notify",
        "again 60 s after a receipt of failure, then 600 s, each ± 10 %, within three days",
    ),
];

/// The largest id of a route.
const LAST_ID: u64 = (1 << 53) - 1;

/// `true` of the key that names a rule to start from: set alone, it takes the place of the whole table.
pub(crate) fn is_policy(kind: &Kind) -> bool {
    matches!(kind, Kind::Words(words) if std::ptr::eq(*words, &POLICIES[..]))
}

table! {
    on_receipt => OnReceipt by lower {
        /// A rule to start from (`smschain policies`); the keys beside it go before its own. `--set` of it
        /// replaces the whole table.
        policy: () = of::kind(Kind::Words(&POLICIES)).none("none of them"),
        /// What the sender acts on, where it sees it of a message.
        on: SeenStates = of::kind(Kind::OneOrMore(&Kind::Words(SeenStates::WORDS), 1))
            .later(r#"`["undelivered", "expired", "rejected", "unknown"]`"#),
        /// Without a receipt for so long, from the acceptance by a provider that the sender saw, a
        /// message counts as `unknown` here.
        after: Option<Nanos> = of::duration(1).example("60s").absent("silence is no reason"),
        /// Number and times of further attempts.
        retry: Tries = of::kind(Kind::Table(&further::TABLE)).later("`{ max_attempts = 1 }`"),
        /// The route of a further attempt: another channel is a route, too.
        route: FurtherRoute = of::kind(Kind::WordsOrInteger(Way::WORDS, 0, LAST_ID))
            .example("next").later("`same`"),
        /// From so long after the API's acceptance on no further attempt is made; nor is one once the
        /// validity has ended.
        within: Option<Nanos> = of::duration(1).example("3d").absent("the validity alone"),
    }
}

table! {
    further {
        /// Further attempts, the first not included; 0: none.
        max_attempts: Option<u32> = FURTHER.default("1"),
        /// The wait before each.
        backoff: Backoff = of::choice().default("immediate"),
        /// Spread of the wait.
        jitter: Jitter = of::words().none("none"),
    }
}

const FURTHER: Of<Option<u32>> = of::kind(Kind::Integer(0, 1_000_000)).example("2");

words! {
    /// Route of a further attempt, by name.
    pub(crate) enum Way {
        /// the route it goes by
        Same = "same",
        /// the next by rank that has another provider and no open breaker; the last one stays
        Next = "next",
    }
}

impl Setting for FurtherRoute {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Integer(id) => cx.route_of_id(id, item.place).map(FurtherRoute::By),
            Value::Word(word) => Way::of_word(word).map(|way| match way {
                Way::Same => FurtherRoute::Same,
                Way::Next => FurtherRoute::Next,
            }),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        FurtherRoute::Same
    }
}

impl Setting for Tries {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match &item.value {
            Value::Table(record) => Some(retry::tries(cx, record)),
            _ => None,
        }
    }

    fn nothing(cx: &mut Lowering<'_, '_>, place: Place) -> Self {
        retry::tries(cx, &Record::new(place))
    }
}

fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> OnReceipt {
    OnReceipt {
        on: cx.read(record, &on_receipt::on),
        after: cx.read(record, &on_receipt::after),
        retry: cx.read(record, &on_receipt::retry),
        route: cx.read(record, &on_receipt::route),
        within: cx.read(record, &on_receipt::within),
    }
}

impl Lowering<'_, '_> {
    /// The index of the route with that id; `None` if there is none, which is an error.
    fn route_of_id(&mut self, id: u64, place: Place) -> Option<usize> {
        let index = self.route_ids.iter().position(|&known| known == id);
        if index.is_none() {
            let ids: Vec<String> = self.route_ids.iter().take(10).map(u64::to_string).collect();
            let more = if self.route_ids.len() > 10 { ", …" } else { "" };
            let error =
                Diagnostic::new(DiagnosticKind::Dangling, place, format!("there is no route {id}"))
                    .label("expected the id of a [[route]], \"same\" or \"next\"");
            self.errors.push(error.help(format!("routes: {}{more}", ids.join(", "))));
        }
        index
    }
}

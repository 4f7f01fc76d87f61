//! Ways of counting that throttles and the API's limits share: a token bucket, or a fixed window.

use super::of;
use crate::chain::spec::{Allowance, ApiLimit, ApiScope, Bucket, FixedWindow, Per};
use crate::scenario::checked::Record;
use crate::scenario::lower::Lowering;
use crate::scenario::{Diagnostic, DiagnosticKind};

/// Keys of a token bucket, which a fixed window has not.
pub(super) const BUCKET: &[&str] = &["rate", "burst"];
/// Keys of a fixed window.
pub(super) const WINDOW: &[&str] = &["limit", "per"];

table! {
    api_limit => ApiLimit by of_api {
        /// Owner of the calls, or recipients, that are counted together.
        scope: ApiScope = of::words().required(),
        /// A token bucket: tokens per time, of which each call takes one, or each of its recipients.
        rate: Option<f64> =
            of::rate(true).example("5/day").excludes(WINDOW).absent("a fixed window, by `limit`"),
        /// Tokens the bucket holds.
        burst: Option<u64> =
            of::integer(1, 1_000_000_000).example("5").excludes(WINDOW).absent("1, with `rate`"),
        /// A fixed window: tokens in each.
        limit: Option<u64> = of::integer(1, 1_000_000_000_000)
            .example("5")
            .excludes(BUCKET)
            .absent("a token bucket, by `rate`"),
        /// Length of a fixed window, which begins with one of the clock.
        per: Option<Per> = of::words().example("1day").excludes(BUCKET).absent("no window"),
        /// With `prefix`: so many numbers in a row share one; the `recipients` of a traffic are
        /// numbered.
        block: Option<u64> =
            of::integer(1, 1_000_000_000).example("100").absent("1000, with `prefix`"),
    }
}

/// Numbers of a prefix, unless said otherwise.
const BLOCK: u64 = 1_000;

fn of_api(cx: &mut Lowering<'_, '_>, record: &Record) -> ApiLimit {
    let scope = cx.read(record, &api_limit::scope);
    if scope != ApiScope::Prefix && record.is_sure_of(&api_limit::scope) {
        let why = "only prefixes are blocks of numbers: take this out";
        cx.idle(record, &api_limit::block, "without `scope = \"prefix\"`", why);
    }
    ApiLimit {
        allowance: allowance(cx, record),
        scope,
        block: cx.find(record, &api_limit::block).flatten().unwrap_or(BLOCK),
    }
}

/// The way of counting of a table with these keys: those of a bucket, or those of a window.
pub(super) fn allowance(cx: &mut Lowering<'_, '_>, record: &Record) -> Allowance {
    let rate = cx.find(record, &api_limit::rate).flatten();
    let limit = cx.find(record, &api_limit::limit).flatten();
    let per = cx.find(record, &api_limit::per).flatten();
    let lacks = |key: &str| record.get(key).is_none() && !record.doubtful.contains(&key);
    if lacks("rate") && (lacks("limit") || lacks("per")) {
        let place = record.place;
        let (message, help) = match (lacks("limit"), lacks("per")) {
            (true, true) => ("neither `rate` nor `limit`", "for example `rate = \"1/s\"`"),
            (true, false) => ("`per` without `limit`", "for example `limit = 75`"),
            (false, _) => ("`limit` without `per`", "for example `per = \"1min\"`"),
        };
        let label = "expected a token bucket (`rate`, `burst`), or a fixed window (`limit`, `per`)";
        let error =
            Diagnostic::new(DiagnosticKind::Missing, place, message).label(label).help(help);
        cx.errors.push(error);
    }
    match (limit, per) {
        (Some(limit), Some(per)) => Allowance::Window(FixedWindow { limit, per }),
        _ => {
            let burst = cx.find(record, &api_limit::burst).flatten().unwrap_or(1);
            Allowance::Bucket(Bucket { rate: rate.unwrap_or(1.0), burst })
        }
    }
}

/// Reports a list that is too long.
pub(super) fn at_most<T>(cx: &mut Lowering<'_, '_>, record: &Record, key: &str, list: &[T]) {
    let most = crate::chain::spec::THROTTLES_MAX;
    if list.len() > most {
        let message = format!("`{key}` has {} entries", list.len());
        cx.conflict(record.at(key), &message, &format!("expected at most {most}"));
    }
}

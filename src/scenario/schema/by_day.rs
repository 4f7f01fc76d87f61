//! Factors by time of day: what their points have to be.

use super::{Key, Kind};
use crate::kernel::Nanos;
use crate::scenario::DiagnosticKind;
use crate::scenario::checked::{Record, Value};
use crate::scenario::lower::Lowering;

/// A point: a time of day and a factor.
pub(super) static POINT: Kind = Kind::DayPoint;

/// Points of an example, written as after `--set KEY=`.
pub(super) const EXAMPLE: &str = r#"[["06:00", 1.0], ["19:00", 2.5], ["23:00", 1.0]]"#;

/// Checks that the points follow one another.
pub(super) fn in_order(cx: &mut Lowering<'_, '_>, record: &Record, key: &Key<Vec<(Nanos, f64)>>) {
    let mut last = None;
    for item in record.list(key.name()) {
        let Value::DayPoint(at, _) = item.value else {
            continue;
        };
        if last.is_some_and(|last| at <= last) {
            cx.error(
                DiagnosticKind::Conflict,
                item.place,
                "the points are not in order",
                "expected a later time of day than that of the point before",
            );
        }
        last = Some(at);
    }
}

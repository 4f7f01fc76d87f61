//! From a key's checked value to the chain's setting.

use super::{Item, Lowering, Record, Value};
use crate::chain::spec::{AttemptResults, CallErrors, Days, Delay, Nanounits, SeenStates, Words};
use crate::kernel::Nanos;
use crate::random::Variate;
use crate::scenario::Place;
use crate::scenario::schema::{Choice, Key, Kind, Table, random};
use crate::scenario::units::clock;

/// A setting of the chain that a key becomes.
pub(crate) trait Setting: Sized {
    /// The setting that a value of this kind says; `None` if it is wrong, which has been reported.
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, kind: &Kind) -> Option<Self>;

    /// Value for nothing, and for what is wrong: then the spec as a whole is never used.
    fn nothing(cx: &mut Lowering<'_, '_>, place: Place) -> Self;
}

/// Settings that a table becomes.
pub(crate) trait Section: Sized {
    /// Its keys.
    const TABLE: &'static Table;

    fn lower(cx: &mut Lowering<'_, '_>, record: &Record) -> Self;
}

/// Reads a table.
pub(crate) fn section<T: Section>(cx: &mut Lowering<'_, '_>, item: &Item) -> Option<T> {
    match &item.value {
        Value::Table(record) => Some(T::lower(cx, record)),
        _ => None,
    }
}

/// Settings that a choice of one kind becomes.
pub(crate) trait Alternatives: Sized {
    /// The kinds.
    const CHOICE: &'static Choice;
}

/// Settings whose value for nothing is their type's own, each with the values that say one.
macro_rules! settings {
    ($( $type:ty: $value:pat => $made:expr; )*) => {$(
        impl Setting for $type {
            fn of(_: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
                match &item.value {
                    $value => $made,
                    _ => None,
                }
            }

            fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
                Self::default()
            }
        }
    )*};
}

settings! {
    u64: Value::Duration(number) | Value::Clock(number) | Value::Integer(number)
        | Value::Thousandths(number) => Some(*number);
    u32: Value::Integer(number) => u32::try_from(*number).ok();
    u8: Value::Integer(number) => u8::try_from(*number).ok();
    f64: Value::Number(number) | Value::Rate(number) => Some(*number);
    Nanounits: Value::Money(amount) => Some(*amount);
    bool: Value::Flag(flag) => Some(*flag);
    String: Value::Text(text) => Some(text.clone());
    (String, Nanos): Value::Label(label, nanos) => Some((label.clone(), *nanos));
    Days: Value::List(words) => Some(Days::of(|word| named(words, word)));
    (Nanos, f64): Value::DayPoint(at, factor) => Some((*at, *factor));
    AttemptResults: Value::List(words) => Some(AttemptResults::of(|word| named(words, word)));
    SeenStates: Value::List(words) => Some(SeenStates::of(|word| named(words, word)));
    CallErrors: Value::List(words) => Some(CallErrors::of(|word| named(words, word)));
}

/// `true` if a list has the word.
fn named(words: &[Item], word: &str) -> bool {
    words.iter().any(|item| matches!(item.value, Value::Word(known) if known == word))
}

/// A time of the run, since its start or by the clock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moment {
    /// Since t = 0.
    pub(crate) at: Nanos,
    /// It was written as a time of day.
    pub(crate) by_clock: bool,
}

impl Setting for Moment {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Duration(at) => Some(Moment { at, by_clock: false }),
            Value::Clock(of_day) => {
                Some(Moment { at: clock::since(of_day, cx.start), by_clock: true })
            }
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Self::default()
    }
}

impl<T: Setting> Setting for Option<T> {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, kind: &Kind) -> Option<Self> {
        Some(T::of(cx, item, kind))
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        None
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, kind: &Kind) -> Option<Self> {
        let inner = match kind {
            Kind::List(inner, _) | Kind::OneOrMore(inner, _) => inner,
            _ => kind,
        };
        match &item.value {
            Value::List(items) => {
                Some(items.iter().filter_map(|item| T::of(cx, item, inner)).collect())
            }
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Vec::new()
    }
}

/// A name of another entry, as its index.
impl Setting for usize {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, kind: &Kind) -> Option<Self> {
        match (&item.value, kind) {
            (Value::Text(name), Kind::Reference(owner)) => cx.look_up(*owner, name, item.place),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        0
    }
}

/// Names of other entries, as their indices, each with a weight.
impl Setting for Vec<(usize, f64)> {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, kind: &Kind) -> Option<Self> {
        let (Value::Weights(weights), Kind::Weights(owner)) = (&item.value, kind) else {
            return None;
        };
        let known = weights.iter().filter_map(|(name, place, weight)| {
            cx.look_up(*owner, name, *place).map(|index| (index, *weight))
        });
        Some(known.collect())
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Vec::new()
    }
}

impl Alternatives for Delay {
    const CHOICE: &'static Choice = &random::DURATION;
}

impl Alternatives for Variate {
    const CHOICE: &'static Choice = &random::NUMBER;
}

impl Setting for Delay {
    fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Duration(nanos) => Some(Delay::Constant(nanos)),
            _ => cx.distribution(item).map(Delay::Random),
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Delay::Constant(0)
    }
}

/// One of several words; the first stands for nothing.
impl<T: Words> Setting for T {
    fn of(_: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Word(word) => T::of_word(word),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        T::ALL[0]
    }
}

impl Lowering<'_, '_> {
    /// The setting of a key; `None` if it is left out, or wrong.
    pub(crate) fn find<T: Setting>(&mut self, record: &Record, key: &Key<T>) -> Option<T> {
        T::of(self, record.item(key)?, key.kind())
    }

    /// The setting of a key. One that is missing without having been reported is reported now.
    pub(crate) fn read<T: Setting>(&mut self, record: &Record, key: &Key<T>) -> T {
        if !key.optional && record.lacks(key) {
            self.gaps.push((record.place, key.name()));
        }
        self.find(record, key).unwrap_or_else(|| T::nothing(self, record.place))
    }

    /// Reports a key that another setting, or its absence, leaves without effect.
    pub(crate) fn idle<T>(&mut self, record: &Record, key: &Key<T>, beside: &str, way_out: &str) {
        if let Some(item) = record.item(key) {
            let message = format!("`{}` {beside}", key.name());
            self.conflict(item.place, &message, way_out);
        }
    }
}

impl Record {
    /// The value of a key, and where it was written.
    pub(crate) fn item<T>(&self, key: &Key<T>) -> Option<&Item> {
        self.get(key.name())
    }

    /// The value of a word's key.
    pub(crate) fn word_of<T: Words>(&self, key: &Key<T>) -> Option<T> {
        match self.item(key)?.value {
            Value::Word(word) => T::of_word(word),
            _ => None,
        }
    }

    /// The table under a key.
    pub(crate) fn inner<T>(&self, key: &Key<T>) -> Option<&Record> {
        self.table(key.name())
    }

    /// `true` if nothing is said of the key, not even something wrong.
    pub(crate) fn lacks<T>(&self, key: &Key<T>) -> bool {
        self.item(key).is_none() && self.is_sure_of(key)
    }

    /// `true` if the key is neither wrong nor misspelt.
    pub(crate) fn is_sure_of<T>(&self, key: &Key<T>) -> bool {
        !self.doubtful.contains(&key.name())
    }

    /// The place of the key's value, or of the table.
    pub(crate) fn place_of<T>(&self, key: &Key<T>) -> Place {
        self.at(key.name())
    }
}

//! Keys with the type of what they become in the chain's settings.

use std::marker::PhantomData;

use super::{Field, Kind, Need};

/// A key of a table. What it becomes in the chain's settings is a `T`.
pub(crate) struct Key<T> {
    pub(super) field: Field,
    /// It may be left out, and then is `T`'s value for nothing.
    pub(crate) optional: bool,
    becomes: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The key as it is written.
    pub(crate) const fn name(&self) -> &'static str {
        self.field.key
    }

    /// Kind of value.
    pub(crate) const fn kind(&self) -> &Kind {
        &self.field.kind
    }

    /// Its name and meaning, unless it has them already.
    pub(super) const fn named(mut self, key: &'static str, comment: &'static str) -> Self {
        if self.field.key.is_empty() {
            self.field.key = key;
        }
        if !comment.is_empty() {
            self.field.about = crate::chain::spec::documented(comment);
        }
        self
    }
}

/// A key in the making: what it holds, not yet what its absence means.
pub(super) struct Of<T> {
    field: Field,
    becomes: PhantomData<fn() -> T>,
}

impl<T> Of<T> {
    /// A value it may have, written as after `--set KEY=`.
    pub(super) const fn example(mut self, text: &'static str) -> Self {
        self.field.example = text;
        self
    }

    /// The key, where it is not the name of its setting.
    pub(super) const fn written(mut self, key: &'static str) -> Self {
        self.field.key = key;
        self
    }

    /// Its meaning, where several tables have it.
    pub(super) const fn about(mut self, about: &'static str) -> Self {
        self.field.about = about;
        self
    }

    /// Keys that can't be given together with it.
    pub(super) const fn excludes(mut self, keys: &'static [&'static str]) -> Self {
        self.field.excludes = keys;
        self
    }

    const fn key<U>(mut self, need: Need, optional: bool) -> Key<U> {
        self.field.need = need;
        Key { field: self.field, optional, becomes: PhantomData }
    }

    /// It must be given.
    pub(super) const fn required(self) -> Key<T> {
        self.key(Need::Required, false)
    }

    /// Left out, it is this, written as after `--set KEY=`.
    pub(super) const fn default(self, text: &'static str) -> Key<T> {
        self.key(Need::Default(text), false)
    }

    /// A table that is always there: left out, its keys have their defaults.
    pub(super) const fn filled(self) -> Key<T> {
        self.key(Need::Filled, false)
    }

    /// Left out, it is nothing; what that means.
    pub(super) const fn absent(self, meaning: &'static str) -> Key<Option<T>> {
        self.key(Need::Absent(meaning), true)
    }

    /// Left out, it is `T`'s value for nothing: 0, `false`, an empty list; what that means.
    pub(super) const fn none(self, meaning: &'static str) -> Key<T> {
        self.key(Need::Absent(meaning), true)
    }

    /// Left out, it follows from other settings, which `defaults` sees to; from which.
    pub(super) const fn follows(self, meaning: &'static str) -> Key<T> {
        self.key(Need::Absent(meaning), false)
    }

    /// Left out, and not set by a policy either, it is this default, in backticks.
    pub(super) const fn later(mut self, default: &'static str) -> Key<T> {
        self.field.is_late = true;
        self.key(Need::Absent(default), true)
    }

    /// It makes no sense here, although a similar table elsewhere has it; the reason.
    pub(super) const fn senseless(mut self, reason: &'static str) -> Key<T> {
        self.field.senseless = Some(reason);
        self.key(Need::Absent(""), true)
    }
}

/// Kinds of keys, each with the type that it becomes.
pub(super) mod of {
    use std::marker::PhantomData;

    use super::Of;
    use crate::chain::spec::{Nanounits, Scope, Word, Words};
    use crate::kernel::Nanos;
    use crate::scenario::lower::{Alternatives, Moment, Section};
    use crate::scenario::schema::{Field, Kind, Owner};

    /// A whole number of some size.
    pub(crate) trait Whole {
        const MOST: u64;
    }

    impl Whole for u8 {
        const MOST: u64 = u8::MAX as u64;
    }

    impl Whole for u32 {
        const MOST: u64 = u32::MAX as u64;
    }

    impl Whole for u64 {
        const MOST: u64 = u64::MAX;
    }

    /// Keys of a kind that needs no more said, each with what it becomes.
    macro_rules! plain {
        ($( $name:ident($($bound:ident: $type:ty),*) -> $becomes:ty = $kind:expr; )*) => {$(
            #[doc = concat!("A key of `", stringify!($kind), "`.")]
            pub(crate) const fn $name($($bound: $type),*) -> Of<$becomes> {
                kind($kind)
            }
        )*};
    }

    plain! {
        duration(least: Nanos) -> Nanos = Kind::Duration(least);
        rate(above: bool) -> f64 = Kind::Rate(above);
        share() -> f64 = Kind::Share;
        number(least: f64, most: f64) -> f64 = Kind::Number(least, most);
        positive(most: f64) -> f64 = Kind::Positive(most);
        thousandths(most: u64) -> u64 = Kind::Thousandths(most);
        money() -> Nanounits = Kind::Money;
        text() -> String = Kind::Text;
        prose() -> String = Kind::Prose;
        name() -> String = Kind::Name;
        file() -> String = Kind::File;
        policy() -> String = Kind::Policy;
        clock() -> Nanos = Kind::Clock;
        moment() -> Moment = Kind::Moment;
        flag() -> bool = Kind::Flag;
        reference(owner: Owner) -> usize = Kind::Reference(owner);
        weights(owner: Owner) -> Vec<(usize, f64)> = Kind::Weights(owner);
        scopes(words: &'static [Word]) -> Scope = Kind::Words(words);
        anything() -> () = Kind::Anything;
    }

    /// A whole number, which must fit what it becomes.
    pub(crate) const fn integer<T: Whole>(least: u64, most: u64) -> Of<T> {
        assert!(most <= T::MOST, "it does not fit");
        kind(Kind::Integer(least, most))
    }

    /// A whole number, or nothing for `unlimited`.
    pub(crate) const fn count<T: Whole>(least: u64, most: u64) -> Of<Option<T>> {
        assert!(most <= T::MOST, "it does not fit");
        kind(Kind::Count(least, most))
    }

    /// A word.
    pub(crate) const fn words<T: Words>() -> Of<T> {
        kind(Kind::Words(T::WORDS))
    }

    /// A key of some kind, for which there is no more special function here.
    pub(crate) const fn kind<T>(kind: Kind) -> Of<T> {
        Of { field: Field::new("", kind, ""), becomes: PhantomData }
    }

    /// A list with at least so many items.
    pub(crate) const fn list<T>(item: &'static Kind, least: usize) -> Of<Vec<T>> {
        kind(Kind::List(item, least))
    }

    /// A table.
    pub(crate) const fn table<T: Section>() -> Of<T> {
        kind(Kind::Table(T::TABLE))
    }

    /// An array of tables.
    pub(crate) const fn tables<T: Section>() -> Of<Vec<T>> {
        kind(Kind::Tables(T::TABLE))
    }

    /// Exactly one of several kinds.
    pub(crate) const fn choice<T: Alternatives>() -> Of<T> {
        kind(Kind::Choice(T::CHOICE))
    }
}

/// Declares a table, a key a line: its meaning, its name, what it becomes, what it holds and what
/// its absence means.
///
/// `table! { queue { … } }` makes a module `queue` of its keys, and the table itself.
/// `table! { queue => Queue { … } }` also reads a `Queue` from it, whose fields are named as the
/// keys; `then check` looks at what was read; `by lower` reads it in a way of its own.
macro_rules! table {
    ($name:ident {
        $( $(#[doc = $about:literal])* $key:ident : $type:ty = $kind:expr ),* $(,)?
    }) => {
        #[allow(non_upper_case_globals, unused_imports, reason = "keys, as they are written")]
        pub(crate) mod $name {
            use super::*;
            $(
                pub(crate) const $key: $crate::scenario::schema::Key<$type> =
                    $kind.named(stringify!($key), concat!($($about),*));
            )*
            pub(crate) static TABLE: $crate::scenario::schema::Table =
                $crate::scenario::schema::Table::new(&[$( $key.field ),*]);
        }
    };
    ($name:ident => $made:ident { $($fields:tt)* }) => {
        table! { $name { $($fields)* } }
        table! { @section $name $made record cx {
            made!(cx, record, $name, [] $made { $($fields)* })
        } }
    };
    ($name:ident => $made:ident then $check:ident { $($fields:tt)* }) => {
        table! { $name { $($fields)* } }
        table! { @section $name $made record cx {
            let made = made!(cx, record, $name, [] $made { $($fields)* });
            $check(cx, record, &made);
            made
        } }
    };
    ($name:ident => $made:ident by $lower:ident { $($fields:tt)* }) => {
        table! { $name { $($fields)* } }
        table! { @section $name $made record cx { $lower(cx, record) } }
    };
    (@section $name:ident $made:ident $record:ident $cx:ident $body:block) => {
        const _: () = {
            use $crate::scenario::checked::{Item, Record};
            use $crate::scenario::lower::{Lowering, Section, Setting, section};
            use $crate::scenario::schema::{Kind, Table};

            impl Section for $made {
                const TABLE: &'static Table = &$name::TABLE;

                fn lower($cx: &mut Lowering<'_, '_>, $record: &Record) -> Self $body
            }

            impl Setting for $made {
                fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
                    section(cx, item)
                }

                fn nothing(cx: &mut Lowering<'_, '_>, place: $crate::scenario::Place) -> Self {
                    Self::lower(cx, &Record::new(place))
                }
            }
        };
    };
}

/// Declares a choice: its noun, an example, and its kinds, each a table of keys; `kind => Variant`
/// reads that variant from it, `kind by lower` reads one in a way of its own.
macro_rules! choice {
    ($name:ident => $made:ident, $noun:literal, $example:literal {
        $(
            $(#[doc = $about:literal])+
            $kind:ident $(=> $variant:ident)? $(by $lower:ident)? { $($fields:tt)* }
        )+
    }) => {
        #[allow(unused_imports, reason = "what the keys of some kinds need")]
        pub(crate) mod $name {
            use super::*;
            $( table! { $kind { $($fields)* } } )+
            use $crate::scenario::schema::{Choice, Variant};
            pub(crate) static CHOICE: Choice = Choice {
                noun: $noun,
                plain: None,
                example: $example,
                variants: &[$(
                    Variant::new(
                        stringify!($kind),
                        $kind::TABLE.fields,
                        $crate::chain::spec::documented(concat!($($about),+)),
                    ),
                )+],
            };
        }

        const _: () = {
            use $crate::scenario::checked::{Item, Record, Value};
            use $crate::scenario::lower::{Alternatives, Lowering, Setting};
            use $crate::scenario::schema::{Choice, Kind};

            impl Alternatives for $made {
                const CHOICE: &'static Choice = &$name::CHOICE;
            }

            impl Setting for $made {
                fn of(cx: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
                    let Value::Chosen(kind, record) = &item.value else {
                        return None;
                    };
                    $(
                        if *kind == stringify!($kind) {
                            return Some(made!(
                                cx, record, $name::$kind,
                                [$($lower)?] $($made::$variant)? { $($fields)* }
                            ));
                        }
                    )+
                    None
                }

                #[allow(unused_variables, reason = "a first kind without keys reads nothing")]
                fn nothing(cx: &mut Lowering<'_, '_>, place: $crate::scenario::Place) -> Self {
                    let record = &Record::new(place);
                    choice!(
                        @first cx record $name $made
                        $($kind [$($lower)?] [$($variant)?] { $($fields)* })+
                    )
                }
            }
        };
    };
    // What stands for a choice that is wrong: the first kind, without settings.
    (@first $cx:ident $record:ident $name:ident $made:ident
        $kind:ident [$($lower:ident)?] [$($variant:ident)?] { $($fields:tt)* } $($rest:tt)*
    ) => {
        made!($cx, $record, $name::$kind, [$($lower)?] $($made::$variant)? { $($fields)* })
    };
}

/// Reads a struct or a variant from a table's keys.
macro_rules! made {
    ($cx:ident, $record:ident, $($keys:ident)::+, [$lower:ident] $($rest:tt)*) => {
        $lower($cx, $record)
    };
    ($cx:ident, $record:ident, $($keys:ident)::+, [] $made:ident $(:: $variant:ident)? {
        $( $(#[$about:meta])* $key:ident : $type:ty = $kind:expr ),* $(,)?
    }) => {{
        #[allow(unused_imports, reason = "some kinds have no keys")]
        use $($keys)::+ as keys;
        $made $(:: $variant)? { $( $key: $cx.read($record, &keys::$key) ),* }
    }};
}

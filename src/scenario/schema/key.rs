//! Keys with the type of what they become in the chain's settings.

use std::marker::PhantomData;

use super::{Field, Kind};

/// A key of a table. What it becomes in the chain's settings is a `T`.
pub(in crate::scenario) struct Key<T> {
    pub(super) field: Field,
    /// It may be left out, and then is `T`'s value for nothing.
    pub(in crate::scenario) optional: bool,
    becomes: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    const fn new(field: Field, optional: bool) -> Self {
        Self { field, optional, becomes: PhantomData }
    }

    /// The key as it is written.
    pub(in crate::scenario) const fn name(&self) -> &'static str {
        self.field.key
    }

    /// What it holds.
    pub(in crate::scenario) const fn kind(&self) -> &Kind {
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
    pub(super) const fn new(kind: Kind) -> Self {
        Self { field: Field::new("", kind, ""), becomes: PhantomData }
    }

    /// A value it may have, written as after `--set KEY=`.
    pub(super) const fn example(mut self, text: &'static str) -> Self {
        self.field = self.field.example(text);
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
        self.field = self.field.excludes(keys);
        self
    }

    /// It must be given.
    pub(super) const fn required(self) -> Key<T> {
        Key::new(self.field.required(), false)
    }

    /// Left out, it is this, written as after `--set KEY=`.
    pub(super) const fn default(self, text: &'static str) -> Key<T> {
        Key::new(self.field.default(text), false)
    }

    /// A table that is always there: left out, its keys have their defaults.
    pub(super) const fn filled(self) -> Key<T> {
        Key::new(self.field.filled(), false)
    }

    /// Left out, it is nothing; what that means.
    pub(super) const fn absent(self, meaning: &'static str) -> Key<Option<T>> {
        Key::new(self.field.absent(meaning), true)
    }

    /// Left out, it is `T`'s value for nothing: 0, `false`, an empty list; what that means.
    pub(super) const fn none(self, meaning: &'static str) -> Key<T> {
        Key::new(self.field.absent(meaning), true)
    }

    /// Left out, it follows from other settings, which the defaults see to; from which.
    pub(super) const fn follows(self, meaning: &'static str) -> Key<T> {
        Key::new(self.field.absent(meaning), false)
    }

    /// Left out, and not set by a policy either, it is this default, in backticks.
    pub(super) const fn later(self, default: &'static str) -> Key<T> {
        Key::new(self.field.later(default), true)
    }

    /// It makes no sense here, though a like table elsewhere has it; why not.
    pub(super) const fn senseless(self, reason: &'static str) -> Key<T> {
        Key::new(self.field.senseless(reason), true)
    }
}

/// What a key may hold, and what each becomes.
pub(super) mod of {
    use super::Of;
    use crate::chain::spec::{Nanounits, Scope, Word, Words};
    use crate::kernel::Nanos;
    use crate::scenario::lower::{Alternatives, Moment, Section};
    use crate::scenario::schema::{Kind, Owner};

    /// A whole number of some size.
    pub(in super::super) trait Whole {
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
            #[doc = concat!("A key of [`", stringify!($kind), "`].")]
            pub(in super::super) const fn $name($($bound: $type),*) -> Of<$becomes> {
                Of::new($kind)
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
    pub(in super::super) const fn integer<T: Whole>(least: u64, most: u64) -> Of<T> {
        assert!(most <= T::MOST, "it does not fit");
        Of::new(Kind::Integer(least, most))
    }

    /// A whole number, or nothing for `unlimited`.
    pub(in super::super) const fn count<T: Whole>(least: u64, most: u64) -> Of<Option<T>> {
        assert!(most <= T::MOST, "it does not fit");
        Of::new(Kind::Count(least, most))
    }

    /// A word.
    pub(in super::super) const fn words<T: Words>() -> Of<T> {
        Of::new(Kind::Words(T::WORDS))
    }

    /// A kind of which several go together, such as a word or a duration.
    pub(in super::super) const fn kind<T>(kind: Kind) -> Of<T> {
        Of::new(kind)
    }

    /// A list with at least so many items.
    pub(in super::super) const fn list<T>(item: &'static Kind, least: usize) -> Of<Vec<T>> {
        Of::new(Kind::List(item, least))
    }

    /// A table.
    pub(in super::super) const fn table<T: Section>() -> Of<T> {
        Of::new(Kind::Table(T::TABLE))
    }

    /// An array of tables.
    pub(in super::super) const fn tables<T: Section>() -> Of<Vec<T>> {
        Of::new(Kind::Tables(T::TABLE))
    }

    /// Exactly one of several kinds.
    pub(in super::super) const fn choice<T: Alternatives>() -> Of<T> {
        Of::new(Kind::Choice(T::CHOICE))
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
        pub(in crate::scenario) mod $name {
            use super::*;
            $(
                pub(in crate::scenario) const $key: $crate::scenario::schema::Key<$type> =
                    $kind.named(stringify!($key), concat!($($about),*));
            )*
            pub(in crate::scenario) static TABLE: $crate::scenario::schema::Table =
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
        impl $crate::scenario::lower::Section for $made {
            const TABLE: &'static $crate::scenario::schema::Table = &$name::TABLE;
            fn lower(
                $cx: &mut $crate::scenario::lower::Lowering<'_, '_>,
                $record: &$crate::scenario::checked::Record,
            ) -> Self $body
        }

        impl $crate::scenario::lower::Setting for $made {
            fn of(
                cx: &mut $crate::scenario::lower::Lowering<'_, '_>,
                item: &$crate::scenario::checked::Item,
                _: &$crate::scenario::schema::Kind,
            ) -> Option<Self> {
                $crate::scenario::lower::section(cx, item)
            }

            fn nothing(
                cx: &mut $crate::scenario::lower::Lowering<'_, '_>,
                place: $crate::scenario::Place,
            ) -> Self {
                <$made as $crate::scenario::lower::Section>::lower(
                    cx,
                    &$crate::scenario::checked::Record::new(place),
                )
            }
        }
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
        pub(in crate::scenario) mod $name {
            use super::*;
            $( table! { $kind { $($fields)* } } )+
            pub(in crate::scenario) static CHOICE: $crate::scenario::schema::Choice =
                $crate::scenario::schema::Choice {
                    noun: $noun,
                    plain: None,
                    example: $example,
                    variants: &[$(
                        $crate::scenario::schema::Variant::new(
                            stringify!($kind),
                            $kind::TABLE.fields,
                            $crate::chain::spec::documented(concat!($($about),+)),
                        ),
                    )+],
                };
        }

        impl $crate::scenario::lower::Alternatives for $made {
            const CHOICE: &'static $crate::scenario::schema::Choice = &$name::CHOICE;
        }

        impl $crate::scenario::lower::Setting for $made {
            fn of(
                cx: &mut $crate::scenario::lower::Lowering<'_, '_>,
                item: &$crate::scenario::checked::Item,
                _: &$crate::scenario::schema::Kind,
            ) -> Option<Self> {
                let $crate::scenario::checked::Value::Chosen(kind, record) = &item.value else {
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
            fn nothing(
                cx: &mut $crate::scenario::lower::Lowering<'_, '_>,
                place: $crate::scenario::Place,
            ) -> Self {
                let record = &$crate::scenario::checked::Record::new(place);
                choice!(@first cx record $name $made $($kind [$($lower)?] [$($variant)?] { $($fields)* })+)
            }
        }
    };
    // What stands for a choice that is wrong: the first kind, without settings.
    (@first $cx:ident $record:ident $name:ident $made:ident
        $kind:ident [$($lower:ident)?] [$($variant:ident)?] { $($fields:tt)* } $($rest:tt)*
    ) => {
        made!($cx, $record, $name::$kind, [$($lower)?] $($made::$variant)? { $($fields)* })
    };
}

/// What is read from a table's keys.
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

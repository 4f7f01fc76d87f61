//! Parts of a table of the language.

use super::Kind;

/// A table: its keys in the order in which they are documented and printed.
#[derive(Debug)]
pub struct Table {
    /// The keys.
    pub fields: &'static [Field],
}

impl Table {
    /// A table of these keys.
    pub const fn new(fields: &'static [Field]) -> Self {
        Self { fields }
    }

    /// The field of that key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The keys it must have.
    pub fn required(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| matches!(field.need, Need::Required))
    }
}

/// A key of a table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// Kind of value.
    pub kind: Kind,
    /// Need of it, and the default that holds without it.
    pub need: Need,
    /// Meaning, one sentence.
    pub about: &'static str,
    /// Keys of the same table that can't be given together with it.
    pub excludes: &'static [&'static str],
    /// Reason why it makes no sense here, although a similar table elsewhere has it.
    pub senseless: Option<&'static str>,
    /// A value it may have, written as after `--set KEY=`; empty: any of its kind.
    pub example: &'static str,
    /// Its absence means a default, in backticks, which waits until the policy that its
    /// table starts from has been put in.
    pub(super) is_late: bool,
}

impl Field {
    /// A key that may be left out; nothing holds then.
    pub const fn new(key: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            key,
            kind,
            need: Need::Absent(""),
            about,
            excludes: &[],
            senseless: None,
            example: "",
            is_late: false,
        }
    }

    /// The default that waits for policies, written as after `--set KEY=`.
    pub fn late(&self) -> Option<&'static str> {
        match self.need {
            Need::Absent(default) if self.is_late => Some(default.trim_matches('`')),
            _ => None,
        }
    }

    /// It must be given.
    pub const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    /// Meaning of its absence, in words.
    pub const fn absent(mut self, meaning: &'static str) -> Self {
        self.need = Need::Absent(meaning);
        self
    }

    /// Keys that can't be given together with it.
    pub const fn excludes(mut self, keys: &'static [&'static str]) -> Self {
        self.excludes = keys;
        self
    }

    /// A value it may have, written as after `--set KEY=`.
    pub const fn example(mut self, text: &'static str) -> Self {
        self.example = text;
        self
    }
}

/// Need of a key.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// It must.
    Required,
    /// Else this holds, written as after `--set KEY=`.
    Default(&'static str),
    /// Else nothing holds; what that means, or empty.
    Absent(&'static str),
    /// A table whose keys then have their defaults.
    Filled,
}

/// Exactly one of several kinds, each a key with its own settings.
#[derive(Debug)]
pub struct Choice {
    /// Noun for errors: `an arrival process`.
    pub noun: &'static str,
    /// Kind of a value that may stand for it alone: a constant.
    pub plain: Option<Kind>,
    /// The kinds.
    pub variants: &'static [Variant],
    /// One of them, written as after `--set KEY=`.
    pub example: &'static str,
}

impl Choice {
    /// The kind of that key.
    pub fn variant(&self, key: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.key == key)
    }
}

/// One kind of a choice.
#[derive(Debug)]
pub struct Variant {
    /// Its key.
    pub key: &'static str,
    /// Its settings.
    pub table: Table,
    /// Meaning, one sentence.
    pub about: &'static str,
    /// Settings that make one; empty: those it must have.
    pub example: &'static str,
}

impl Variant {
    /// A kind with these settings.
    pub const fn new(key: &'static str, fields: &'static [Field], about: &'static str) -> Self {
        Self { key, table: Table::new(fields), about, example: "" }
    }

    /// Settings that make one, written as after `--set KEY=`.
    pub const fn example(mut self, text: &'static str) -> Self {
        self.example = text;
        self
    }
}

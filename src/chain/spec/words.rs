//! Enums with the word that a scenario writes for each value.

/// A word that may be chosen.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// Its meaning.
    pub about: &'static str,
}

impl Word {
    /// A word and its meaning.
    pub const fn new(word: &'static str, about: &'static str) -> Self {
        Self { word, about }
    }
}

/// A setting with a word for each of its values.
pub trait Words: Copy + PartialEq + 'static {
    /// The values, in the order of their words.
    const ALL: &'static [Self];
    /// The words and their meanings.
    const WORDS: &'static [Word];

    /// The value of that word.
    fn of_word(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|known| known.word == word)?;
        Self::ALL.get(at).copied()
    }
}

/// A doc comment's text: without the space that it begins with.
pub const fn documented(comment: &'static str) -> &'static str {
    comment.split_at(1).1
}

/// Declares an enum by its words; the comment of each value is its meaning in the scenario
/// language's documentation, too.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        $visible:vis enum $name:ident {
            $( $(#[doc = $meaning:literal])+ $value:ident = $word:literal, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visible enum $name {
            $( $(#[doc = $meaning])+ $value, )+
        }

        impl $name {
            /// The word for it.
            #[allow(dead_code, reason = "not every word is printed")]
            $visible const fn word(self) -> &'static str {
                <Self as $crate::chain::spec::Words>::WORDS[self as usize].word
            }
        }

        impl $crate::chain::spec::Words for $name {
            const ALL: &'static [Self] = &[$( Self::$value, )+];
            const WORDS: &'static [$crate::chain::spec::Word] = &[$(
                $crate::chain::spec::Word::new(
                    $word,
                    $crate::chain::spec::documented(concat!($($meaning),+)),
                ),
            )+];
        }
    };
}

/// Declares a set of failures: a flag for each word, whose comment is its meaning.
macro_rules! set {
    (
        $(#[doc = $about:literal])+
        $visible:vis struct $name:ident {
            $( $(#[doc = $meaning:literal])+ $word:ident, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        $visible struct $name {
            $( $(#[doc = $meaning])+ pub $word: bool, )+
        }

        impl $name {
            /// The words and their meanings.
            pub const WORDS: &'static [$crate::chain::spec::Word] = &[$(
                $crate::chain::spec::Word::new(
                    stringify!($word),
                    $crate::chain::spec::documented(concat!($($meaning),+)),
                ),
            )+];

            /// The set of those whose word is in it.
            pub fn of(has: impl Fn(&str) -> bool) -> Self {
                Self { $( $word: has(stringify!($word)), )+ }
            }
        }
    };
}

pub(crate) use {set, words};

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::chain::spec::{AttemptResults, Jitter};

    #[test]
    fn a_word_and_its_value_belong_together() {
        for (value, word) in Jitter::ALL.iter().zip(Jitter::WORDS) {
            assert_eq!(value.word(), word.word);
            assert_eq!(Jitter::of_word(word.word), Some(*value));
        }
        assert_eq!(Jitter::of_word("fool"), None);
        assert_eq!(Jitter::WORDS[2].about, "w/2 and uniform from 0 to w/2");
    }

    #[test]
    fn a_set_has_what_is_named() {
        let set = AttemptResults::of(|word| word == "transient");
        assert!(set.transient && !set.timeout);
        assert_eq!(AttemptResults::WORDS[1].word, "queue_full");
    }
}

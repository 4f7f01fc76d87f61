//! Names of a log by numbers; those beyond the first so many go together.

use crate::fit::compose::name as plain;
use crate::scenario::is_label;

/// The name of all those beyond the ones that are kept.
pub(crate) const OTHERS: &str = "others";

/// Names in the order in which they came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    names: Vec<String>,
    /// Names as the log writes them, with their numbers.
    known: Vec<(String, u16)>,
    most: usize,
    /// As a scenario takes them: the log's own that become the same are one.
    plain: bool,
}

impl Names {
    /// At most so many.
    pub(crate) fn new(most: usize) -> Names {
        Names { names: Vec::new(), known: Vec::new(), most, plain: false }
    }

    /// The same of names that a scenario has for its tables.
    pub(crate) fn plain(most: usize) -> Names {
        Names { plain: true, ..Names::new(most) }
    }

    /// The number of a name, `without` standing where the log has none.
    pub(crate) fn number(&mut self, name: Option<&str>, without: &str) -> u16 {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(without);
        if let Some((_, number)) = self.known.iter().find(|(known, _)| known == name) {
            return *number;
        }
        // A sender in whose name something is not what it seems goes by what is left of it.
        let own = if self.plain || !is_label(name) { plain(name) } else { name.to_owned() };
        let own = match self.names.contains(&own) {
            false if self.names.len() + 1 >= self.most => OTHERS.to_owned(),
            _ => own,
        };
        let number = match self.names.iter().position(|known| *known == own) {
            Some(number) => number,
            None => {
                self.names.push(own);
                self.names.len() - 1
            }
        } as u16;
        if self.known.len() < 2 * self.most {
            self.known.push((name.to_owned(), number));
        }
        number
    }

    pub(crate) fn get(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or(OTHERS, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_goes_together() {
        let mut names = Names::new(3);
        let found = ["a", "b", "c", "a", "d"].map(|name| names.number(Some(name), "none"));
        assert_eq!(found, [0, 1, 2, 0, 2]);
        assert_eq!((names.get(1), names.get(2)), ("b", OTHERS));
        assert_eq!(Names::new(3).number(None, "none"), 0);
        let mut names = Names::plain(3);
        let found = ["a b", "a-b", "a/b", "c"].map(|name| names.number(Some(name), "none"));
        assert_eq!((found, names.get(0)), ([0, 0, 0, 1], "a-b"), "what becomes the same is one");
    }
}

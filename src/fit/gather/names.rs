//! Names of a log by numbers; those beyond the first so many go together.

use crate::fit::compose::name as plain;
use crate::scenario::is_label;

/// The name of all those beyond the ones that are kept.
pub(crate) const OTHERS: &str = "others";
/// The name of what has none, where others have one.
const UNNAMED: &str = "unnamed";

/// Names in the order in which they came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    names: Vec<String>,
    /// Names as the log writes them, with their numbers.
    known: Vec<(String, u16)>,
    most: usize,
    /// The name of all that has none, where nothing has one; and its number, once there is such.
    without: &'static str,
    unnamed: Option<u16>,
    /// As a scenario takes them.
    plain: bool,
    /// Names that are alike as a scenario takes them: that of the first, and that of a later one.
    alike: Vec<(u16, u16)>,
    /// The last name asked for.
    last: u16,
}

impl Names {
    /// At most so many; `without` is the name of all that has none.
    pub(crate) fn new(most: usize, without: &'static str) -> Names {
        let (names, known, alike) = (Vec::new(), Vec::new(), Vec::new());
        Names { names, known, most, without, unnamed: None, plain: false, alike, last: 0 }
    }

    /// The same of names that a scenario has for its tables.
    pub(crate) fn plain(most: usize, without: &'static str) -> Names {
        Names { plain: true, ..Names::new(most, without) }
    }

    /// The number of a name, or of having none.
    pub(crate) fn number(&mut self, name: Option<&str>) -> u16 {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            let next = self.names.len() as u16;
            return *self.unnamed.get_or_insert_with(|| {
                // It gets its name when all others are known.
                self.names.push(String::new());
                next
            });
        };
        let is = |known: Option<&(String, u16)>| {
            known.filter(|(known, _)| known == name).map(|(_, number)| *number)
        };
        if let Some(number) = is(self.known.get(usize::from(self.last))) {
            return number;
        }
        if let Some(place) = self.known.iter().position(|known| is(Some(known)).is_some()) {
            self.last = place as u16;
            return self.known[place].1;
        }
        // A sender in whose name something is not what it seems goes by what is left of it.
        let own = if self.plain || !is_label(name) { plain(name) } else { name.to_owned() };
        let first = self.names.iter().position(|known| *known == own);
        let own = if first.is_some() { self.another(&own) } else { own };
        let is_full = self.names.len() + 1 >= self.most;
        let own = if is_full { OTHERS.to_owned() } else { own };
        let number = match self.names.iter().position(|known| *known == own) {
            Some(number) => number,
            None => {
                self.names.push(own);
                self.names.len() - 1
            }
        } as u16;
        if let Some(first) = first.filter(|_| !is_full) {
            self.alike.push((first as u16, number));
        }
        if self.known.len() < 2 * self.most {
            self.known.push((name.to_owned(), number));
        }
        number
    }

    /// A name with a number at its end, which none has.
    fn another(&self, own: &str) -> String {
        let numbered = |number: usize| {
            let end = format!("-{number}");
            let head: String = own.chars().take(64 - end.len()).collect();
            head + &end
        };
        let free = |name: &String| !self.names.contains(name);
        (2..).map(numbered).find(free).unwrap_or_else(|| own.to_owned())
    }

    /// Names that only a number at the end tells apart: as the first has it, and as the other.
    pub(crate) fn alike(&self) -> impl Iterator<Item = (&str, &str)> {
        self.alike.iter().map(|&(first, other)| (self.get(first), self.get(other)))
    }

    pub(crate) fn get(&self, number: u16) -> &str {
        match self.names.get(usize::from(number)).map(String::as_str) {
            Some("") => self.without,
            Some(name) => name,
            None => OTHERS,
        }
    }

    /// The number of what has no name, with the first that has one, where there are both.
    pub(crate) fn unnamed(&self) -> Option<(u16, u16)> {
        let unnamed = self.unnamed?;
        let named = u16::from(unnamed == 0);
        (self.names.len() > 1).then_some((unnamed, named))
    }

    /// `true` if anything has a name.
    pub(crate) fn are_any(&self) -> bool {
        self.names.len() > usize::from(self.unnamed.is_some())
    }

    /// Gives one number the name of another.
    pub(crate) fn rename(&mut self, number: u16, like: u16) {
        let name = self.get(like).to_owned();
        if let Some(own) = self.names.get_mut(usize::from(number)) {
            *own = name;
        }
    }

    /// Gives what has no name one that no other has; `None` unless there are both.
    pub(crate) fn name_unnamed(&mut self) -> Option<&str> {
        let (unnamed, _) = self.unnamed()?;
        let is_taken = self.names.iter().any(|own| own == UNNAMED);
        let name = if is_taken { self.another(UNNAMED) } else { UNNAMED.to_owned() };
        let own = self.names.get_mut(usize::from(unnamed))?;
        *own = name;
        Some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_goes_together() {
        let mut names = Names::new(3, "none");
        let found = ["a", "b", "c", "a", "d"].map(|name| names.number(Some(name)));
        assert_eq!(found, [0, 1, 2, 0, 2]);
        assert_eq!((names.get(1), names.get(2)), ("b", OTHERS));
        let mut names = Names::plain(3, "none");
        let found = ["a b", "a-b", "a b", "c"].map(|name| names.number(Some(name)));
        assert_eq!((found, names.get(0), names.get(1)), ([0, 1, 0, 2], "a-b", "a-b-2"));
        assert_eq!(names.alike().collect::<Vec<_>>(), [("a-b", "a-b-2")]);
    }

    #[test]
    fn what_has_no_name_gets_one_that_none_has() {
        let mut names = Names::plain(9, "none");
        assert_eq!((names.number(None), names.name_unnamed()), (0, None));
        assert_eq!((names.number(None), names.get(0)), (0, "none"));
        let found = [Some("none"), Some("Unnamed"), None].map(|name| names.number(name));
        assert_eq!((found, names.unnamed()), ([1, 2, 0], Some((0, 1))));
        assert_eq!(names.name_unnamed(), Some("unnamed"));
        assert_eq!([0, 1, 2].map(|number| names.get(number)), ["unnamed", "none", "Unnamed"]);
    }
}

//! Names of a log by numbers; those beyond the first so many go together.

/// The name of all those beyond the ones that are kept.
pub(crate) const OTHERS: &str = "others";

/// Names in the order in which they came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    names: Vec<String>,
    most: usize,
}

impl Names {
    /// At most so many.
    pub(crate) fn new(most: usize) -> Names {
        Names { names: Vec::new(), most }
    }

    /// The number of a name, `without` standing where the log has none.
    pub(crate) fn number(&mut self, name: Option<&str>, without: &str) -> u16 {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(without);
        if let Some(known) = self.names.iter().position(|known| known == name) {
            return known as u16;
        }
        let name = if self.names.len() + 1 >= self.most { OTHERS } else { name };
        match self.names.iter().position(|known| known == name) {
            Some(others) => others as u16,
            None => {
                self.names.push(name.to_owned());
                (self.names.len() - 1) as u16
            }
        }
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
    }
}

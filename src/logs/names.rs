//! Names of senders and others, kept once.

use std::collections::BTreeMap;

/// Names that are told apart; further ones go by one name together.
const MOST: usize = 1 << 16;
/// Digits from which a number is someone's: a short code has fewer.
const DIGITS: usize = 8;

/// Senders, and others where they are numbers: names and short codes as they are, numbers by the order in which they
/// come.
#[derive(Default)]
pub(super) struct Senders {
    names: Names,
    /// The last one, as it is written: most logs have few.
    last: Option<(String, usize)>,
    numbers: BTreeMap<String, usize>,
}

impl Senders {
    pub(super) fn place(&mut self, sender: &str) -> usize {
        if let Some((last, place)) = &self.last
            && last == sender
        {
            return *place;
        }
        let place = if is_number(sender) {
            match self.numbers.get(sender) {
                Some(place) => *place,
                None if self.numbers.len() >= MOST => self.names.place("number-other"),
                None => {
                    let name = format!("number-{}", self.numbers.len() + 1);
                    let place = self.names.place(&name);
                    self.numbers.insert(sender.to_owned(), place);
                    place
                }
            }
        } else {
            self.names.place(sender)
        };
        self.last = Some((sender.to_owned(), place));
        place
    }

    pub(super) fn name(&self, place: usize) -> &str {
        self.names.name(place)
    }
}

/// `true` if a sender may be a telephone number, however it is written: a short code has fewer digits, and so has a
/// name.
fn is_number(sender: &str) -> bool {
    let digits = || sender.chars().filter(|c| c.is_numeric()).count();
    // `4.91511234567E+11` is one, too, and so is `tel:+491511234567` or what a spreadsheet protects.
    sender.len() >= DIGITS && digits() >= DIGITS
}

/// `true` if the name of a provider or a carrier has a telephone number in it: as many digits as one without a
/// letter between, or hardly any letters at all, as in `4.91511234567E+11`.
pub(super) fn is_telephone(name: &str) -> bool {
    const LETTERS: usize = 3;
    let letters = || name.chars().filter(|c| c.is_alphabetic()).count();
    is_number(name) && (letters() <= LETTERS || name.split(char::is_alphabetic).any(is_number))
}

/// A carrier's name in a log as scenarios may have it: of letters, digits, `_` and `-`, in lower case.
pub fn carrier_name(name: &str) -> String {
    const LONGEST: usize = 64;
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() || c == '_' {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    plain.truncate(LONGEST);
    let plain = plain.trim_end_matches('-');
    if plain.is_empty() { "other".to_owned() } else { plain.to_owned() }
}

/// Names, each kept once.
#[derive(Default)]
pub(super) struct Names {
    places: BTreeMap<Box<str>, usize>,
    names: Vec<Box<str>>,
}

impl Names {
    pub(super) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let name = if self.names.len() + 1 < MOST { name } else { "other" };
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.names.push(name.into());
        self.places.insert(name.into(), self.names.len() - 1);
        self.names.len() - 1
    }

    pub(super) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", |name| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_senders_go_by_their_order() {
        let mut senders = Senders::default();
        let named =
            ["12345", "ACME", "+1 (555) 010-0199", "+44 7700 900123", "ACME"].map(|sender| {
                let place = senders.place(sender);
                senders.name(place).to_owned()
            });
        assert_eq!(named, ["12345", "ACME", "number-1", "number-2", "ACME"]);
        let numbers =
            ["whatsapp:+4915112345678", "client 0151 2223344 T-Mobile", "4.91511234567E+11"];
        assert!(numbers.into_iter().all(is_telephone));
        let names = ["310-260", "smsc1.eu-west-2", "route 12 of 345 (67)", "a1b2c3d4e5f6g7h8"];
        assert!(!names.into_iter().any(is_telephone));
        let place = senders.place("+1 (555) 010-0199");
        assert_eq!(senders.name(place), "number-1");
    }
}

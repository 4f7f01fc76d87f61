//! Meanings of a log's columns.

/// The meaning of a column, whatever a log calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// The message's id.
    Id,
    /// The time at which it was asked for.
    Submitted,
    /// The day on which it was asked for, where the time of day has a column of its own.
    Day,
    /// The time at which the provider took it.
    Sent,
    /// The time at which its last state was reported.
    Done,
    /// The time at which its receipt came, beside that at which it was done.
    Received,
    /// The word for what became of it.
    Status,
    /// The error code.
    Error,
    /// The provider, or the link to it.
    Provider,
    /// The carrier or network.
    Carrier,
    /// The sender's name or number.
    Sender,
    /// The recipient's number.
    Recipient,
    /// Segments.
    Segments,
    /// Characters of the body.
    Chars,
    /// The route.
    Route,
    /// Price of the whole message.
    Price,
    /// Attempts made.
    Attempts,
    /// The body, of which only the length is taken.
    Body,
    /// The direction in which it went.
    Direction,
    /// Kind of message: text, picture, voice.
    Kind,
    /// Country of the network.
    Mcc,
    /// Network in its country.
    Mnc,
    /// Milliseconds from submission until the provider had it.
    SentAfterMs,
    /// Milliseconds from submission until it was done.
    DoneAfterMs,
    /// `true` if no other state follows.
    Final,
    /// The network's own code, of which no table tells the meaning.
    NetworkError,
    /// `true` if trying again is in vain.
    Permanent,
    /// The text of an SMPP receipt.
    Receipt,
    /// Kannel's bits of what a receipt says.
    Mask,
    /// The id under which attempts at it go.
    AttemptId,
    /// The number of the attempt, in lists that have a row for each.
    Attempt,
    /// `true` if a receipt was asked for.
    Asked,
    /// The replication, in lists of several.
    Replication,
}

/// Number of meanings.
pub(super) const COUNT: usize = Meaning::Replication as usize + 1;

impl Meaning {
    /// Meanings that a user can give a column, by their names.
    pub const NAMED: [(&'static str, Meaning); 18] = [
        ("id", Meaning::Id),
        ("submitted", Meaning::Submitted),
        ("date", Meaning::Day),
        ("sent", Meaning::Sent),
        ("done", Meaning::Done),
        ("received", Meaning::Received),
        ("status", Meaning::Status),
        ("error", Meaning::Error),
        ("provider", Meaning::Provider),
        ("carrier", Meaning::Carrier),
        ("sender", Meaning::Sender),
        ("recipient", Meaning::Recipient),
        ("segments", Meaning::Segments),
        ("chars", Meaning::Chars),
        ("route", Meaning::Route),
        ("price", Meaning::Price),
        ("attempts", Meaning::Attempts),
        ("attempt", Meaning::Attempt),
    ];

    /// The meaning of a name in `COLUMN=NAME`.
    pub fn named(name: &str) -> Option<Meaning> {
        Meaning::NAMED.iter().find(|(own, _)| *own == name).map(|(_, meaning)| *meaning)
    }

    /// Name; those without one of their own go by what they tell about.
    pub fn name(self) -> &'static str {
        match Meaning::NAMED.iter().find(|(_, meaning)| *meaning == self) {
            Some((name, _)) => name,
            None => match self {
                Meaning::Body => "chars",
                Meaning::Mcc | Meaning::Mnc => "carrier",
                Meaning::SentAfterMs => "sent",
                Meaning::DoneAfterMs => "done",
                Meaning::Permanent | Meaning::NetworkError => "error",
                Meaning::Final | Meaning::Receipt | Meaning::Mask | Meaning::Asked => "status",
                Meaning::AttemptId => "id",
                _ => "selection",
            },
        }
    }
}

/// The texts of a record, by what they mean; empty where there is none.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a>([&'a str; COUNT]);

impl<'a> Cells<'a> {
    pub(super) fn new() -> Self {
        Cells([""; COUNT])
    }

    pub(super) fn get(&self, meaning: Meaning) -> Option<&'a str> {
        let text = self.0[meaning as usize];
        if text.is_empty() { None } else { Some(text) }
    }

    /// Takes a cell of a table, without the blanks around it.
    #[inline]
    pub(super) fn set_cell(&mut self, meaning: Meaning, cell: &'a str) {
        // Most cells have no blanks around them and begin as no word for nothing does.
        let plain = |byte: Option<&u8>| byte.is_some_and(|byte| PLAIN[usize::from(*byte)]);
        let bytes = cell.as_bytes();
        if plain(bytes.first()) && bytes.last().is_some_and(u8::is_ascii_graphic) {
            self.0[meaning as usize] = cell;
        } else if !cell.is_empty() {
            self.set_odd(meaning, cell);
        }
    }

    #[inline(never)]
    fn set_odd(&mut self, meaning: Meaning, cell: &'a str) {
        self.set(meaning, unquoted(cell.trim_ascii()));
    }

    /// The same, done when its receipt came.
    pub(super) fn by_receipt(&self) -> Cells<'a> {
        let mut own = *self;
        own.0[Meaning::Done as usize] = self.0[Meaning::Received as usize];
        own.0[Meaning::Received as usize] = "";
        own
    }

    /// Takes a text, unless it is a word for nothing.
    pub(super) fn set(&mut self, meaning: Meaning, text: &'a str) {
        if !is_nothing(text) {
            self.0[meaning as usize] = text;
        }
    }
}

/// Texts of a record that are put together from others.
pub(super) struct Owned([String; COUNT]);

impl Default for Owned {
    fn default() -> Owned {
        Owned(std::array::from_fn(|_| String::new()))
    }
}

impl Owned {
    pub(super) fn clear(&mut self) {
        self.0.iter_mut().for_each(String::clear);
    }

    /// The text of a meaning, to be written.
    pub(super) fn text(&mut self, meaning: Meaning) -> &mut String {
        &mut self.0[meaning as usize]
    }

    /// `true` if one has what stands for bytes that are no text.
    pub(super) fn are_damaged(&self) -> bool {
        self.0.iter().any(|text| text.contains(char::REPLACEMENT_CHARACTER))
    }

    pub(super) fn cells(&self) -> Cells<'_> {
        let mut cells = Cells::new();
        for (cell, text) in cells.0.iter_mut().zip(&self.0) {
            if !is_nothing(text) {
                *cell = text;
            }
        }
        cells
    }
}

/// The letters and digits with which no word for nothing begins.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let is_nothing = matches!(byte, b'n' | b'N' | b'u');
        plain[byte as usize] = byte.is_ascii_alphanumeric() && !is_nothing;
        byte += 1;
    }
    plain
};

/// A cell without the apostrophe that our own lists put before what a spreadsheet would take for a
/// formula.
fn unquoted(cell: &str) -> &str {
    if !cell.starts_with('\'') {
        return cell;
    }
    let formula =
        |rest: &str| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    cell.strip_prefix('\'').filter(|rest| formula(rest)).unwrap_or(cell)
}

/// `true` if a text is one of those that exports write where there is nothing.
fn is_nothing(text: &str) -> bool {
    // Most cells are told apart by how they begin.
    match text.as_bytes().first() {
        None => true,
        // R, pandas, spreadsheets and databases have their own.
        Some(b'-' | b'\\' | b'n' | b'N' | b'u' | b'<' | b'#' | b'(') => matches!(
            text,
            "-" | "--"
                | "\\N"
                | "null"
                | "NULL"
                | "Null"
                | "None"
                | "none"
                | "nil"
                | "N/A"
                | "n/a"
                | "NaN"
                | "nan"
                | "NaT"
                | "NA"
                | "<NA>"
                | "<null>"
                | "(null)"
                | "#N/A"
                | "undefined"
        ),
        Some(_) => false,
    }
}

/// A column's name without what exports differ in: case, blanks, `_` and `-`.
pub(super) fn normal(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '\u{feff}'));
    kept.flat_map(char::to_lowercase).collect()
}

/// `true` if the name of a column may be shown: a log without a header is not quoted, and a name is
/// made of words, with digits at their ends at most, as no number, key or token is.
pub(crate) fn is_plain(name: &str) -> bool {
    /// Bytes of a name, and of a word in it.
    const LONGEST: (usize, usize) = (40, 20);
    let is_word = |word: &str| {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        word.len() <= LONGEST.1 && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    name.len() <= LONGEST.0
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.split(['_', '-', '.', ' ']).all(is_word)
}

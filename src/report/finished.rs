//! A finished run as a line of text: exact, so that what is made of lines is made of the runs; with
//! a check, so that a torn or changed line is none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::scenario::Hash;

/// The beginning of headings: name and version of the form.
const FORM: &str = "smschain.runs/2";
/// A hash of what the program is made of.
const BUILD: &str = env!("SMSCHAIN_BUILD");
/// A figure that isn't defined.
const UNDEFINED: &str = "-";

/// The contents of the lines below it, and the version and build that made them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading(String);

impl Heading {
    /// Of every figure of a report, in its order.
    #[must_use]
    pub fn metrics() -> Heading {
        Heading::of(["every-number-of-the-report"])
    }

    /// Of the figures at these paths.
    #[must_use]
    pub fn of<'path>(paths: impl IntoIterator<Item = &'path str>) -> Heading {
        let mut line = format!("{FORM} {} {BUILD}", env!("CARGO_PKG_VERSION"));
        for path in paths {
            line.push(' ');
            line.push_str(path);
        }
        Heading(line)
    }

    /// Its line.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.0
    }

    /// The number of this build: of what the program is made of.
    #[must_use]
    pub fn build() -> &'static str {
        BUILD
    }

    /// The version, the build and the contents that a line tells which is a heading of this form.
    #[must_use]
    pub fn told(line: &str) -> Option<(&str, &str, Vec<&str>)> {
        let mut words = line.split(' ');
        (words.next()? == FORM).then_some(())?;
        Some((words.next()?, words.next()?, words.collect()))
    }

    /// True if a line is a heading, this one or another.
    #[must_use]
    pub fn is_one(line: &str) -> bool {
        line.starts_with("smschain.runs/")
    }
}

/// The kept figures of one run: one replication of one design point.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The fingerprint of the scenario as it was run.
    pub fingerprint: String,
    /// The run's own seed.
    pub seed: u64,
    /// Its figures, in the order that the heading tells; `None` where undefined.
    pub figures: Vec<Option<f64>>,
}

impl Finished {
    /// Its line under a heading.
    #[must_use]
    pub fn to_line(&self, heading: &Heading) -> String {
        let mut line = format!("{} {}", self.fingerprint, self.seed);
        for figure in &self.figures {
            // Writing to a String can't fail. An exponent keeps it short, and it is read back as
            // the same number.
            match figure {
                Some(figure) => drop(write!(line, " {figure:e}")),
                None => drop(write!(line, " {UNDEFINED}")),
            }
        }
        let check = check(&line, heading);
        format!("{line} {check}")
    }

    /// The run of the line at a place of a file, where it begins and how long it is.
    #[must_use]
    pub fn at(
        file: &mut (impl Read + Seek),
        (start, length): (u64, usize),
        heading: &Heading,
    ) -> Option<Finished> {
        let mut line = vec![0; length];
        file.seek(SeekFrom::Start(start)).ok()?;
        file.read_exact(&mut line).ok()?;
        Finished::from_line(std::str::from_utf8(&line).ok()?, heading)
    }

    /// The run of a line under a heading; `None` if it isn't whole, or not of that heading.
    #[must_use]
    pub fn from_line(line: &str, heading: &Heading) -> Option<Finished> {
        let (line, told) = line.rsplit_once(' ')?;
        if told != check(line, heading) {
            return None;
        }
        let mut words = line.split(' ');
        let (fingerprint, seed) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        let figure = |word: &str| match word {
            UNDEFINED => Some(None),
            number => number.parse().ok().map(Some),
        };
        let figures = words.map(figure).collect::<Option<_>>()?;
        Some(Finished { fingerprint, seed, figures })
    }
}

/// Contents of a file of finished runs, as far as they can be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The places where the lines of known runs begin, and how long they are; by fingerprint and seed.
    pub known: BTreeMap<(String, u64), (u64, usize)>,
    /// Lines that aren't what was written.
    pub damaged: u64,
    /// Headings of lines that belong to another version or question, the first few.
    pub foreign: Vec<String>,
    /// True if there are more of them.
    pub more_foreign: bool,
    /// The last line has no end.
    pub torn: bool,
}

impl Kept {
    /// Reads a file, of which the lines under `heading` count.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn read(mut file: impl BufRead, heading: &Heading) -> io::Result<Kept> {
        let mut kept = Kept::default();
        let (mut start, mut under) = (0, String::new());
        let mut bytes = Vec::new();
        loop {
            let (read, whole) = line(&mut file, &mut bytes)?;
            if read == 0 {
                return Ok(kept);
            }
            kept.torn = !whole;
            match String::from_utf8_lossy(&bytes) {
                // Longer than any: its end isn't looked at.
                _ if bytes.len() > LONGEST => kept.damaged += 1,
                line if Heading::is_one(&line) => under = line.into_owned(),
                line if !line.is_empty() => kept.take(&line, start, &under, heading),
                _ => {}
            }
            start += read;
        }
    }

    fn take(&mut self, line: &str, start: u64, under: &str, heading: &Heading) {
        if under == heading.line() {
            match Finished::from_line(line, heading) {
                Some(run) => {
                    self.known.insert((run.fingerprint, run.seed), (start, line.len()));
                }
                None => self.damaged += 1,
            }
        } else if !self.foreign.iter().any(|known| known == under) {
            if self.foreign.len() < FOREIGN {
                self.foreign.push(under.to_owned());
            } else {
                self.more_foreign = true;
            }
        }
    }
}

/// Bytes of a line, at most: a file without any isn't read into memory.
const LONGEST: usize = 64 << 20;
/// So many headings of other questions are told.
const FOREIGN: usize = 3;

/// Reads a line without its end, of one that is too long a byte more than it may have; says how long
/// it is with its end, and whether it has one.
fn line(file: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<(u64, bool)> {
    bytes.clear();
    let mut read = 0;
    loop {
        let part = file.fill_buf()?;
        let end = part.iter().position(|byte| *byte == b'\n');
        let text = &part[..end.unwrap_or(part.len())];
        let room = (LONGEST + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&text[..text.len().min(room)]);
        let taken = text.len() + usize::from(end.is_some());
        file.consume(taken);
        read += taken as u64;
        if end.is_some() || taken == 0 {
            return Ok((read, end.is_some()));
        }
    }
}

fn check(line: &str, heading: &Heading) -> String {
    let mut hash = Hash::new();
    hash.write(heading.0.as_bytes());
    hash.write(b"\n");
    hash.write(line.as_bytes());
    hash.hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Finished {
        let figures = vec![
            Some(0.1),
            None,
            Some(-0.0),
            Some(1e300),
            Some(f64::from_bits(16)),
            Some(20_000.0),
            Some(f64::from_bits(0x3fd5_5555_5555_5555)),
        ];
        Finished { fingerprint: "efd01f60ba992926".to_owned(), seed: 7, figures }
    }

    #[test]
    fn a_line_gives_the_same_run() {
        let heading = Heading::of(["a.b", "c"]);
        let line = run().to_line(&heading);
        let again = Finished::from_line(&line, &heading).unwrap();
        assert_eq!(again, run());
        let bits = |run: &Finished| -> Vec<u64> {
            run.figures.iter().map(|figure| figure.unwrap_or(0.5).to_bits()).collect()
        };
        assert_eq!(bits(&again), bits(&run()));
        assert_eq!(again.to_line(&heading), line);
    }

    #[test]
    fn a_torn_a_changed_and_a_foreign_line_is_none() {
        let heading = Heading::metrics();
        let line = run().to_line(&heading);
        for end in 0..line.len() {
            assert_eq!(Finished::from_line(&line[..end], &heading), None);
        }
        for (from, to) in [(" 7 ", " 8 "), ("1e300", "2e300"), ("efd", "dfe"), (" - ", " 0e0 ")] {
            assert_eq!(Finished::from_line(&line.replacen(from, to, 1), &heading), None);
        }
        assert_eq!(Finished::from_line(&line, &Heading::of(["a.b"])), None);
        assert!(Heading::is_one(heading.line()) && !Heading::is_one(&line));
    }

    #[test]
    fn lines_have_places_and_a_bounded_length() {
        let heading = Heading::metrics();
        let own = run().to_line(&heading);
        let first = format!("{}\n", heading.line());
        let zeros = io::repeat(0).take(LONGEST as u64 + 10);
        let file = io::BufReader::new(
            first.as_bytes().chain(zeros).chain(b"\n\n".as_slice()).chain(own.as_bytes()),
        );
        let kept = Kept::read(file, &heading).unwrap();
        assert_eq!((kept.damaged, kept.torn), (1, true));
        let start = first.len() as u64 + LONGEST as u64 + 12;
        let key = ("efd01f60ba992926".to_owned(), 7);
        assert_eq!(kept.known.get(&key), Some(&(start, own.len())));
    }

    /// With a look at each for each it would take minutes.
    #[test]
    fn of_foreign_headings_the_first_are_told() {
        let text: String =
            (0..200_000).map(|index| format!("smschain.runs/2 {index}\nx 1 y\n")).collect();
        let kept = Kept::read(text.as_bytes(), &Heading::metrics()).unwrap();
        assert_eq!(kept.foreign, ["smschain.runs/2 0", "smschain.runs/2 1", "smschain.runs/2 2"]);
        assert!(kept.more_foreign);
    }
}

//! Files of finished runs: what isn't a line as it was written is none.

use smschain::report::{Finished, Heading, Kept};

/// The word at the head of a line for which a run is written: seed and bits of its figures follow.
const RUN: &str = "run ";

/// Reads a file of finished runs, in which lines that begin with `run ` stand for whole ones, and
/// `heading` for the right heading; fails if what comes of it can't be trusted.
pub(crate) fn sound(bytes: &[u8]) {
    let heading = Heading::of(["a.b", "c"]);
    let text = String::from_utf8_lossy(bytes);
    let (mut file, mut offset_of) = (String::new(), Vec::new());
    let mut under = false;
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        if line == "heading" {
            under = true;
            file += heading.line();
        } else if let Some(run) = line.strip_prefix(RUN).and_then(run) {
            let line = run.to_line(&heading);
            let again = Finished::from_line(&line, &heading).expect("a line that was written");
            assert_eq!(bits(&again), bits(&run), "{line}");
            assert_eq!(again.to_line(&heading), line);
            if under {
                offset_of.push((run, file.len() as u64, line.len()));
            }
            file += &line;
        } else {
            under &= !Heading::is_one(line);
            file += line;
            // A line by itself is none, unless it has the check of one.
            if let Some(run) = Finished::from_line(line, &heading) {
                assert_eq!(Finished::from_line(&run.to_line(&heading), &heading), Some(run));
            }
        }
        file += end;
    }
    let kept = Kept::read(file.as_bytes(), &heading).expect("bytes can be read");
    assert_eq!(kept.torn, !file.is_empty() && !file.ends_with('\n'));
    for (start, length) in kept.known.values() {
        let (start, length) = (usize::try_from(*start).expect("an offset"), *length);
        let line = &file[start..start + length];
        assert!(Finished::from_line(line, &heading).is_some(), "{line}");
    }
    for (run, _, _) in &offset_of {
        let key = (run.fingerprint.clone(), run.seed);
        let last = offset_of
            .iter()
            .rfind(|(other, _, _)| (&other.fingerprint, other.seed) == (&key.0, key.1));
        let (start, length) = kept.known[&key];
        let (_, own, own_length) = last.expect("itself");
        assert!(start >= *own && (start > *own || length == *own_length));
    }
}

/// `SEED BITS…`, the bits in hexadecimal digits, `-` for a figure that isn't defined.
fn run(line: &str) -> Option<Finished> {
    let mut words = line.split_ascii_whitespace();
    let seed = words.next()?.parse().ok()?;
    let figure = |word: &str| match word {
        "-" => Some(None),
        word => {
            let figure = f64::from_bits(u64::from_str_radix(word, 16).ok()?);
            (!figure.is_nan()).then_some(Some(figure))
        }
    };
    let figures = words.map(figure).collect::<Option<Vec<_>>>()?;
    Some(Finished { fingerprint: "efd01f60ba992926".to_owned(), seed, figures })
}

fn bits(run: &Finished) -> (u64, Vec<Option<u64>>) {
    (run.seed, run.figures.iter().map(|figure| figure.map(f64::to_bits)).collect())
}

//! One message's story: a line a step, what the sender saw beside what was true.

use super::super::document::{Ink, Paint};
use super::super::text::{cut, plain, width, wrapped};
use super::super::trace::{Line, Reached, Relation, Traced, clock, counted, kin, lines};
use crate::chain::{Observed, Truth};
use crate::experiment::tracing::End;
use crate::kernel::{Nanos, SECOND};
use crate::report::number::length;

/// The component's name is cut beyond this.
const WHO: usize = 22;
/// Room that the words of a line need at least. Where there is less, the component's name has no
/// column of its own; where there is still less, lines aren't broken.
const WORDS: usize = 48;
const FEW_WORDS: usize = 24;

/// The width and colour of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoryLook {
    /// Columns to break lines at; `None`: a step stays on one line.
    pub width: Option<usize>,
    /// Colour it.
    pub colour: bool,
}

/// The story as a person reads it: it opens with the message's id and ends with truth and observed
/// state. `again`: the command that repeats it.
#[must_use]
pub fn story_table(traced: &Traced<'_>, look: StoryLook, again: &str) -> String {
    let paint = Paint { colour: look.colour };
    let mut table = head(traced, paint, again);
    let lines = lines(traced);
    let end = traced.story.end();
    let begun = end.map_or_else(|| lines.first().map_or(0, |line| line.time), |end| end.requested);
    let columns = Columns::new(traced, &lines, begun, look);
    table.push('\n');
    table.push_str(&paint.ink(Ink::Faint, columns.heading().trim_end()));
    table.push('\n');
    for line in &lines {
        table.push_str(&columns.line(traced, line, begun, end, paint));
    }
    table.push('\n');
    table.push_str(&ending(traced, end, paint));
    table
}

fn head(traced: &Traced<'_>, paint: Paint, again: &str) -> String {
    let (spec, story) = (traced.spec, traced.story);
    let mut head = match story.end() {
        Some(end) => paint.ink(Ink::Bold, &end.bx_message_id()),
        None => paint.ink(Ink::Bold, &format!("request {} (no message)", story.request)),
    };
    head.push('\n');
    let mut push = |text: String| {
        head.push_str(&paint.ink(Ink::Faint, &format!("  {}", plain(&text))));
        head.push('\n');
    };
    if let Some(end) = story.end() {
        whose(traced, end).into_iter().for_each(&mut push);
    }
    for kin in kin(story) {
        let what = match kin.relation {
            Relation::Repeat => "another call of the request bore",
            Relation::Earlier => "the person had asked before:",
            Relation::Resend => "the person asked again:",
        };
        let (id, truth) = (kin.end.bx_message_id(), kin.end.truth.name());
        push(format!("{what} {id} · {truth}, seen as {}", kin.end.observed.name()));
    }
    if story.end().is_some_and(|end| !end.counted) {
        push("in warm-up, not counted".to_owned());
    }
    push(format!(
        "{} · seed {} · scenario {} · smschain {}",
        spec.name,
        traced.seed,
        traced.fingerprint,
        env!("CARGO_PKG_VERSION")
    ));
    push(format!("digest {:032x} · t = 0 is {}", story.digest, clock(spec, 0)));
    push(format!("again: {again}"));
    head
}

fn whose(traced: &Traced<'_>, end: &End) -> [String; 2] {
    let spec = traced.spec;
    let stream = spec.traffic.get(end.traffic);
    let route = spec.routes.get(end.route);
    let provider = route.and_then(|route| spec.providers.get(route.provider));
    let carrier = spec.carriers.get(end.carrier);
    let segments = counted(u64::from(end.segments), "segment");
    let within = |span: Option<Nanos>| span.map_or_else(|| "none".to_owned(), length);
    [
        format!(
            "{} from {} to {} by {} · request {} · {segments}",
            stream.map_or("?", |stream| &stream.name),
            end.sender,
            carrier.map_or("?", |carrier| &carrier.name),
            provider.map_or("?", |provider| &provider.name),
            end.request,
        ),
        format!(
            "deadline {} · validity {} · {}, {}",
            within(stream.and_then(|stream| stream.deadline)),
            within(stream.and_then(|stream| stream.validity)),
            counted(u64::from(end.attempts), "attempt"),
            if end.copies == 1 { "1 copy".to_owned() } else { format!("{} copies", end.copies) }
        ),
    ]
}

/// The columns: their widths, and how many there are in all to break lines at.
struct Columns {
    clock: usize,
    since: usize,
    seen: usize,
    truth: usize,
    /// `None`: the component's name goes before the words.
    who: Option<usize>,
    /// Columns that the words have; `None`: as many as they take.
    words: Option<usize>,
}

impl Columns {
    fn new(traced: &Traced<'_>, lines: &[Line], begun: Nanos, look: StoryLook) -> Columns {
        let most = |of: &dyn Fn(&Line) -> usize, least: usize| {
            lines.iter().map(of).max().unwrap_or(0).max(least)
        };
        let mut columns = Columns {
            clock: most(&|line| width(&clock(traced.spec, line.time)), 5),
            since: most(&|line| width(&since(line.time, begun)), 5),
            seen: most(&|line| line.seen.map_or(0, |seen| seen.name().len()), 8),
            truth: most(&|line| line.reached.map_or(0, |reached| reached.name().len()), 8),
            who: Some(most(&|line| width(&line.who).min(WHO), 3)),
            words: None,
        };
        let room = |columns: &Columns| look.width.map(|all| all.saturating_sub(columns.before()));
        if room(&columns).is_some_and(|room| room < WORDS) {
            columns.who = None;
        }
        columns.words = room(&columns).filter(|&room| room >= FEW_WORDS);
        columns
    }

    /// Columns before the words.
    fn before(&self) -> usize {
        let times = 2 + self.clock + 2 + self.since;
        times + 2 + self.seen + 2 + self.truth + 2 + self.who.map_or(0, |who| who + 2)
    }

    fn heading(&self) -> String {
        let Columns { clock, since, seen, truth, .. } = *self;
        let who = self.who.map_or_else(String::new, |who| format!("{:who$}  ", "who"));
        let (time, state, real) = ("clock", "seen as", "in truth");
        format!(
            "  {time:clock$}  {:>since$}  {state:seen$}  {real:truth$}  {who}what · why",
            "since"
        )
    }

    fn line(
        &self,
        traced: &Traced<'_>,
        line: &Line,
        begun: Nanos,
        end: Option<&End>,
        paint: Paint,
    ) -> String {
        let Columns { clock: clocks, since: sinces, seen: states, truth: truths, .. } = *self;
        let state = line.seen.map_or("·", Observed::name);
        let truth = line.reached.map_or("·", Reached::name);
        let mut text = format!(
            "  {}  {}  {}  {}  ",
            paint.ink(Ink::Faint, &format!("{:>clocks$}", clock(traced.spec, line.time))),
            paint.ink(Ink::Faint, &format!("{:>sinces$}", since(line.time, begun))),
            paint.ink(state_ink(line.seen, end), &format!("{state:states$}")),
            paint.ink(reached_ink(line.reached), &format!("{truth:truths$}")),
        );
        let mut what = match &line.kin {
            // A message that the head has named.
            Some(id) if !line.what.contains(id) => format!("{}: {}", short(id), line.what),
            _ => line.what.clone(),
        };
        match self.who {
            Some(whos) => {
                let who = cut(&line.who, WHO);
                text.push_str(&paint.ink(Ink::Blue, &format!("{who:whos$}")));
                text.push_str("  ");
            }
            None => what = format!("{}: {what}", line.who),
        }
        let (what, why) = (plain(&what), plain(&line.why));
        let dot = if why.is_empty() { "" } else { " · " };
        let fits = |room: usize| width(&what) + width(dot) + width(&why) <= room;
        match self.words.filter(|&room| !fits(room)) {
            None => {
                text.push_str(&what);
                text.push_str(&paint.ink(Ink::Faint, &format!("{dot}{why}")));
                text.push('\n');
            }
            Some(room) => {
                let (what, why) = (fitting(&what, room), fitting(&why, room));
                let margin = " ".repeat(self.before());
                let parts = [(&what, Ink::Plain), (&why, Ink::Faint)].map(|(words, ink)| {
                    let broken = wrapped(words, room, 0);
                    let lines = broken.lines().map(|part| paint.ink(ink, part));
                    lines.collect::<Vec<String>>()
                });
                let separator = format!("\n{margin}");
                text.push_str(&parts.concat().join(&separator));
                text.push('\n');
            }
        }
        text
    }
}

/// A text without ids longer than a line has columns: their ends stand for them.
fn fitting(text: &str, room: usize) -> String {
    let word = |word: &str| {
        let id = word.trim_end_matches([',', ';', ':']);
        let long = id.starts_with("BX-") && width(word) > room;
        if long { format!("{}{}", short(id), &word[id.len()..]) } else { word.to_owned() }
    };
    text.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

/// `…c0ffee` of an id.
fn short(id: &str) -> String {
    let digits = id.len().saturating_sub(6);
    format!("…{}", id.get(digits..).unwrap_or(id))
}

/// Seconds since the request, to the millisecond.
fn since(time: Nanos, begun: Nanos) -> String {
    let sign = if time >= begun { '+' } else { '-' };
    let span = time.abs_diff(begun);
    format!("{sign}{}.{:03}", span / SECOND, span % SECOND / 1_000_000)
}

/// A state that stands out: it contradicts the truth, or says what is true.
fn state_ink(seen: Option<Observed>, end: Option<&End>) -> Ink {
    let delivered = end.is_some_and(|end| end.truth.delivered());
    match seen {
        None | Some(Observed::Queued | Observed::Sent | Observed::Unknown) => Ink::Plain,
        Some(Observed::Delivered) if delivered => Ink::Green,
        Some(Observed::Delivered) => Ink::Vermilion,
        Some(_) if delivered => Ink::Vermilion,
        Some(_) => Ink::Orange,
    }
}

fn reached_ink(reached: Option<Reached>) -> Ink {
    match reached {
        Some(Reached::End(truth)) => truth_ink(truth),
        _ => Ink::Plain,
    }
}

fn truth_ink(truth: Truth) -> Ink {
    match truth {
        Truth::DeliveredOnTime => Ink::Green,
        Truth::DeliveredLate | Truth::Unresolved => Ink::Orange,
        _ => Ink::Vermilion,
    }
}

/// Truth and observed state, last of all.
fn ending(traced: &Traced<'_>, end: Option<&End>, paint: Paint) -> String {
    let Some(end) = end else {
        let request = traced.story.request;
        return format!("no message: the API accepted none of request {request}\n");
    };
    let place =
        if end.cause.is_empty() { String::new() } else { format!(" at {}", plain(&end.cause)) };
    format!(
        "truth: {}{place} · observed: {}\n",
        paint.ink(truth_ink(end.truth), end.truth.name()),
        paint.ink(state_ink(Some(end.observed), Some(end)), end.observed.name())
    )
}

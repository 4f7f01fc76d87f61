//! The outcome of a comparison, in one wording for the terminal, the page, the charts and the JSON.

use super::super::indifference::indifference;
use super::super::{Unit, unit};
use super::{Better, Compared, ERROR, Map, Subject, Value, Verdict};
use crate::chain::Truth;
use crate::experiment::metrics::HEADLINE;
use crate::experiment::{self, Decision, Difference, Screened, Standing, Tally, screen};
use crate::report::number::{alone, difference};
use crate::scenario::{Overload, overloads};

/// More contenders than this are counted, not named.
const NAMED: usize = 4;
/// Nobody chooses a policy for fewer points than this, even where nothing is left to lose.
const LEAST: f64 = 0.000_5;
/// The share of what isn't on time that waited or was turned away from which on too much load is what
/// no policy helps against.
const BY_LOAD: f64 = 0.5;

/// The certainty that a policy is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sureness {
    /// One is, with 95 % confidence; where it was decided, to the indifference.
    Best,
    /// One has the best mean, others may be as good.
    Tied,
    /// The figure is the same under all.
    Same,
    /// It is not defined in every replication, so that it can't be ranked.
    Undefined,
    /// It was to be decided, and isn't.
    Undecided,
}

impl Sureness {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Sureness::Best => "best",
            Sureness::Tied => "tied",
            Sureness::Same => "same",
            Sureness::Undefined => "undefined",
            Sureness::Undecided => "undecided",
        }
    }
}

/// The outcome of a comparison: which policy is the best by one figure, who may be as good, whether
/// the differences matter, and whether any policy helps.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its certainty.
    pub sureness: Sureness,
    /// The one of each policy; empty if all are the same.
    pub screened: Vec<Screened>,
    /// The policy with the best mean.
    best: Option<usize>,
    /// The one after it, and by how much it is behind, at least 0.
    next: Option<(usize, Gap)>,
    /// From the best to the worst of those whose mean is known.
    spread: f64,
    /// A difference smaller than this doesn't matter.
    indifference: f64,
    /// The overload of the chain where no policy helps; `None` where one does, or nothing
    /// is too much.
    overload: Option<Overload>,
    text: String,
}

/// A lead.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gap {
    mean: f64,
    half_width: Option<f64>,
}

/// A comparison and the values of what it is judged by.
struct Judged<'run> {
    compared: &'run Compared<'run>,
    subject: &'run Subject,
    /// By policy, then replication.
    values: Vec<Vec<Option<f64>>>,
    means: Vec<Option<f64>>,
    half_widths: Vec<Option<f64>>,
}

impl Finding {
    /// The outcome of `compared`.
    #[must_use]
    pub fn of(compared: &Compared<'_>) -> Finding {
        let judged = Judged::new(compared);
        let decision = compared.comparison.decision.as_ref();
        let standing = decision.map(|decision| decision.standing);
        let mut screened = judged.screened();
        if let Some(Standing::Best(best)) = standing {
            // What the selection found goes before what the intervals say.
            screened.iter_mut().for_each(|one| *one = Screened::Behind);
            if let Some(one) = screened.get_mut(best) {
                *one = Screened::Best;
            }
        }
        let best = screened.iter().position(|one| *one == Screened::Best);
        let tied = screened.contains(&Screened::Contender);
        let sureness = match (standing, best) {
            (Some(Standing::Open), _) => Sureness::Undecided,
            (Some(Standing::Undefined(_)), _) => Sureness::Undefined,
            (_, None) if screened.is_empty() && judged.is_known() => Sureness::Same,
            (_, None) => Sureness::Undefined,
            (_, Some(_)) if tied => Sureness::Tied,
            (_, Some(_)) => Sureness::Best,
        };
        let at = best.and_then(|best| judged.means.get(best).copied().flatten());
        let indifference = match decision {
            Some(decision) => decision.asked.indifference.zone,
            None => at.map_or(0.0, |value| {
                let floor =
                    if unit(compared.subject.path.as_str()) == Unit::Share { LEAST } else { 0.0 };
                indifference(compared.subject.path.as_str(), value).max(floor)
            }),
        };
        let mut finding = Finding {
            sureness,
            next: best.and_then(|best| judged.next(best)),
            spread: best.map_or(0.0, |best| judged.spread(best)),
            screened,
            best,
            indifference,
            overload: None,
            text: String::new(),
        };
        if !finding.helps(&judged) {
            finding.overload = judged.overload(best.unwrap_or(compared.comparison.baseline));
        }
        finding.text = finding.words(&judged, decision);
        finding
    }

    /// In words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In `compare.json`.
    pub(super) fn value(&self, compared: &Compared<'_>) -> Map {
        let name = |policy: usize| compared.policies.get(policy).map(String::as_str);
        let screened = self.screened.iter().enumerate();
        let as_good = screened.filter(|(_, one)| **one == Screened::Contender);
        let as_good = as_good.filter_map(|(policy, _)| Some(name(policy)?.into())).collect();
        let gap = self.next.map(|(_, gap)| gap);
        Map::new()
            .with("path", compared.subject.path.as_str())
            .with("sureness", self.sureness.name())
            .with("best", self.best.and_then(name))
            .with("may_be_as_good", Value::Array(as_good))
            .with("next", self.next.and_then(|(policy, _)| name(policy)))
            .with("ahead", gap.map(|gap| gap.mean))
            .with("ahead_half_width", gap.and_then(|gap| gap.half_width))
            .with("indifference", self.indifference)
            .with("matters", self.best.map(|_| self.spread >= self.indifference))
            .with("overload", self.overload.as_ref().map(Overload::sentence))
            .with("text", self.text())
    }

    /// True if the best policy does better than the baseline by as much as matters.
    fn helps(&self, judged: &Judged<'_>) -> bool {
        let baseline = judged.compared.comparison.baseline;
        let mean = |policy: usize| judged.means.get(policy).copied().flatten();
        match self.best {
            None => self.sureness != Sureness::Same,
            Some(best) if best == baseline => false,
            Some(best) => match (mean(best), mean(baseline)) {
                (Some(best), Some(baseline)) => (best - baseline).abs() >= self.indifference,
                _ => true,
            },
        }
    }

    fn words(&self, judged: &Judged<'_>, decision: Option<&Decision>) -> String {
        let mut parts = Vec::new();
        if let Some(overload) = &self.overload {
            let baseline = judged.name(judged.compared.comparison.baseline);
            let helps = match baseline {
                "none" => "No policy helps".to_owned(),
                other => format!("No policy does better than {other}"),
            };
            parts.push(format!("{helps}: {}.", overload.sentence()));
        }
        if let Some(decision) = decision {
            parts.push(judged.decided(decision));
        }
        parts.push(match self.best {
            Some(best) => self.best_words(judged, best, decision.is_some()),
            None if self.sureness == Sureness::Same => {
                format!("{} is the same under all policies.", judged.what_first())
            }
            None if judged.compared.subject.path.as_str() == HEADLINE && !judged.is_known() => {
                "No message was accepted, so there is no share of them to compare.".to_owned()
            }
            None => {
                let what = judged.what_first();
                format!("{what} is not defined in every replication of any policy.")
            }
        });
        parts.join(" ")
    }

    /// The best one, by how much it is, and who else may be.
    fn best_words(&self, judged: &Judged<'_>, best: usize, decided: bool) -> String {
        let mut text = judged.leads(best);
        let policies = judged.means.iter().flatten().count();
        let others = self.screened.iter().enumerate();
        let others = others.filter(|(_, one)| **one == Screened::Contender);
        let others: Vec<usize> = others.map(|(policy, _)| policy).collect();
        if policies > 1 && self.spread < self.indifference {
            let within = judged.amount(self.spread);
            let told = best != judged.compared.comparison.baseline;
            if !decided && others.is_empty() {
                text.push_str(" It is the best, with 95 % confidence, but ");
                text.push_str(&match policies {
                    // How much it is was said.
                    2 if told => "by less than anyone would act on.".to_owned(),
                    2 => format!("by {within}: less than anyone would act on."),
                    all => format!(
                        "all {all} are within {within} of one another: less than anyone would act \
                         on."
                    ),
                });
                return text;
            }
            if policies == 2 && told && text.ends_with('.') {
                text.pop();
                text.push_str(": less than anyone would act on.");
            } else {
                text.push_str(&match policies {
                    2 => format!(" Between the two there is {within}"),
                    all => format!(" All {all} are within {within} of one another"),
                });
                text.push_str(": less than anyone would act on.");
            }
        }
        if decided {
            return text;
        }
        let equal = others.iter().all(|&policy| judged.equal(policy, best));
        let others: Vec<&str> = others.into_iter().map(|policy| judged.name(policy)).collect();
        let made = judged.compared.comparison.replications();
        let apart = if others.len() == 1 { "" } else { " them apart" };
        text.push_str(&match others.len() {
            0 => " It is the best, with 95 % confidence".to_owned(),
            1..=NAMED if equal => {
                let does = if others.len() == 1 { "does" } else { "do" };
                format!(" {} {does} just as well.", list(&others))
            }
            1..=NAMED => {
                format!(" {} may be as good: {made} replications can’t tell{apart}.", list(&others))
            }
            many => {
                format!(" {many} others (☆) may be as good: {made} replications can’t tell{apart}.")
            }
        });
        if others.is_empty() {
            text.push_str(&match self.next {
                Some((next, gap)) if gap.mean < self.indifference => {
                    format!(
                        ", by {} over {}: less than anyone would act on.",
                        judged.amount(gap.mean),
                        judged.name(next)
                    )
                }
                _ => ".".to_owned(),
            });
        }
        text
    }
}

impl<'run> Judged<'run> {
    fn new(compared: &'run Compared<'run>) -> Judged<'run> {
        let values = compared.comparison.column(0);
        let known = |values: &Vec<Option<f64>>| {
            let mut tally = Tally::new(compared.comparison.parameters);
            values.iter().for_each(|&value| tally.push(value));
            tally.known(ERROR)
        };
        let known: Vec<_> = values.iter().map(known).collect();
        let means = known.iter().map(|known| known.mean).collect();
        let half_widths = known.iter().map(|known| known.half_width).collect();
        Judged { compared, subject: compared.subject, values, means, half_widths }
    }

    fn name(&self, policy: usize) -> &'run str {
        self.compared.policies.get(policy).map_or("", String::as_str)
    }

    /// True if the figure is defined anywhere.
    fn is_known(&self) -> bool {
        self.values.iter().flatten().any(Option::is_some)
    }

    fn screened(&self) -> Vec<Screened> {
        let common = self.values.iter().map(Vec::len).min().unwrap_or(0);
        let same = self.values.iter().all(|own| own[..common] == self.values[0][..common]);
        match self.subject.better {
            Some(better) if !same => {
                let parameters = self.compared.comparison.parameters;
                screen(&self.values, better == Better::Higher, parameters, ERROR)
            }
            _ => Vec::new(),
        }
    }

    /// True if two policies come to the same in every replication.
    fn equal(&self, policy: usize, other: usize) -> bool {
        self.values.get(policy) == self.values.get(other)
    }

    /// The difference of two policies.
    fn between(&self, policy: usize, other: usize, error: f64) -> Difference {
        let values = |policy: usize| self.values.get(policy).map_or(&[][..], Vec::as_slice);
        let parameters = self.compared.comparison.parameters;
        experiment::difference(values(policy), values(other), parameters, error)
    }

    /// The policy with the mean nearest to the best one's, and how far it is behind.
    fn next(&self, best: usize) -> Option<(usize, Gap)> {
        let others = (0..self.means.len()).filter(|&policy| policy != best);
        let gaps = others.filter_map(|policy| {
            let found = self.between(best, policy, ERROR);
            let mean = found.mean?.abs();
            Some((policy, Gap { mean, half_width: found.half_width }))
        });
        gaps.reduce(|a, b| if b.1.mean < a.1.mean { b } else { a })
    }

    fn spread(&self, best: usize) -> f64 {
        let from = self.means.get(best).copied().flatten();
        let far = self.means.iter().flatten().map(|mean| (mean - from.unwrap_or(*mean)).abs());
        far.fold(0.0, f64::max)
    }

    /// The overload of the chain, if it keeps messages from arriving in time.
    fn overload(&self, policy: usize) -> Option<Overload> {
        let mean = |path: &str| {
            let index = self.compared.metric(path)?;
            let cell = self.compared.comparison.cells.get(policy)?;
            cell.tallies().get(index)?.known(ERROR).mean
        };
        // Whom the API refuses is none of those it accepted.
        let found = overloads(self.compared.spec).into_iter().filter(|own| !own.is_api());
        let found = found.reduce(|a, b| if b.wait_s() > a.wait_s() { b } else { a })?;
        let truth = |truth: Truth| mean(&format!("truth.{}", truth.name())).unwrap_or(0.0);
        let missed = mean("layers.api_success")? - mean("layers.outcome_on_time")?;
        let by_load: f64 = [
            Truth::DeliveredLate,
            Truth::ExpiredInQueue,
            Truth::DiscardedByQueue,
            Truth::ThrottledOut,
            Truth::ExpiredAtCarrier,
            Truth::Unresolved,
        ]
        .map(truth)
        .iter()
        .sum();
        let exhausted = if found.fails_attempts() { truth(Truth::RetriesExhausted) } else { 0.0 };
        let share = missed / mean("layers.api_success")?;
        let worth = indifference(HEADLINE, share);
        let by_load = by_load + exhausted;
        (share > worth && by_load >= BY_LOAD * missed).then_some(found)
    }

    /// `full-jitter delivers most on time: 94.2 % of what the API accepted, 3.0 points more than none.`
    fn leads(&self, best: usize) -> String {
        let subject = self.subject;
        let mean = self.means.get(best).copied().flatten().unwrap_or(0.0);
        let half = self.half_widths.get(best).copied().flatten().unwrap_or(0.0);
        let value = alone(subject.unit, mean, half);
        let name = self.name(best);
        let mut text = if subject.path == HEADLINE {
            let on_time = if self.compared.spec.has_deadline() { " on time" } else { "" };
            format!("{name} delivers most{on_time}: {value} of what the API accepted")
        } else {
            let side = if subject.better == Some(Better::Higher) { "highest" } else { "lowest" };
            format!("{name} has the {side} {}: {value}", self.what())
        };
        if best != self.compared.comparison.baseline {
            text.push_str(&self.lead(best));
        }
        text.push('.');
        text
    }

    /// By how much the best one is before the baseline.
    fn lead(&self, best: usize) -> String {
        let baseline = self.compared.comparison.baseline;
        let found = self.between(best, baseline, self.compared.pair_error());
        let (Some(mean), Some(half)) = (found.mean, found.half_width) else {
            return String::new();
        };
        let (number, width) = difference(self.subject.unit, mean.abs(), half);
        let number = number.trim_start_matches('+');
        let points = if self.subject.unit == Unit::Share { " points" } else { "" };
        let more = if mean > 0.0 { "more" } else { "less" };
        let amount = format!("{number}{points} ({width})");
        let name = self.name(baseline);
        match Verdict::of(self.subject.better, &found) {
            Verdict::Undecided => format!(", {amount} {more} than {name}, which may be chance"),
            Verdict::Better | Verdict::Worse => format!(", {amount} {more} than {name}"),
        }
    }

    /// A difference, without a sign.
    fn amount(&self, size: f64) -> String {
        match self.subject.unit {
            Unit::Share if size < 0.000_05 => "less than 0.01 points".to_owned(),
            Unit::Share if size < 0.001 => format!("{:.2} points", size * 100.0),
            Unit::Share if size < 0.0095 => format!("{:.2} points", size * 100.0),
            Unit::Share => format!("{:.1} points", size * 100.0),
            measure => alone(measure, size, size / 10.0),
        }
    }

    /// The outcome of the selection.
    fn decided(&self, decision: &Decision) -> String {
        let zone = decision.asked.indifference.zone;
        let zone = match self.subject.unit {
            Unit::Share => format!("{} points", zone * 100.0),
            measure => alone(measure, zone, zone / 10.0),
        };
        let (what, made) = (self.what(), decision.replications);
        match decision.standing {
            Standing::Best(best) => {
                let gone = decision.eliminated.iter().enumerate();
                let gone = gone.filter_map(|(policy, after)| {
                    Some(format!("{} after {}", self.name(policy), (*after)?))
                });
                let gone: Vec<String> = gone.collect();
                let gone = match gone.len() {
                    0 => String::new(),
                    _ => format!(" (out: {})", gone.join(", ")),
                };
                format!(
                    "Decided after {made} replications: nothing is better than {} by {} or more \
                     in {what}, with 95 % confidence{gone}.",
                    self.name(best),
                    zone
                )
            }
            Standing::Open => {
                let left = decision.eliminated.iter().enumerate();
                let left =
                    left.filter(|(_, after)| after.is_none()).map(|(policy, _)| self.name(policy));
                let left: Vec<&str> = left.collect();
                format!(
                    "Undecided after {made} replications, the most allowed: {} may still be the \
                     best in {what} within {}. Allow more with --max-replications, or a larger \
                     --indifference.",
                    list(&left),
                    zone
                )
            }
            Standing::Undefined(policy) => format!(
                "Undecided: {what} is not defined under {} in replication {made}, so that it \
                 can’t be ranked.",
                self.name(policy)
            ),
        }
    }

    /// The judged figure, at the start of a sentence; a path stays as it is written.
    fn what_first(&self) -> &'run str {
        match self.what() {
            "what arrives on time" => "What arrives on time",
            "what is delivered" => "What is delivered",
            path => path,
        }
    }

    fn what(&self) -> &'run str {
        match self.subject.path.as_str() {
            HEADLINE if self.compared.spec.has_deadline() => "what arrives on time",
            HEADLINE => "what is delivered",
            path => path,
        }
    }
}

/// That, and why, the best was asked for and isn't known; `None` if it is, or wasn't asked for.
#[must_use]
pub fn undecided(compared: &Compared<'_>) -> Option<String> {
    let decision = compared.comparison.decision.as_ref()?;
    let open = !matches!(decision.standing, Standing::Best(_));
    open.then(|| Judged::new(compared).decided(decision))
}

/// `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

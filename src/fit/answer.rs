//! The answer to how well a fitted scenario predicts, with what leaves it open.

use super::held_out::{Judgement, Unjudged};

/// The next step where it doesn't.
const NEXT: &str = "Until then, decide nothing by figures that are off.";

/// The answer to how well a fitted scenario predicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer in a sentence.
    pub short: String,
    /// The reasons for it, a sentence each.
    pub because: Vec<String>,
    /// All of it.
    pub text: String,
    /// It does, it doesn't, or it isn't known.
    pub passes: Option<bool>,
    /// Reasons for which it isn't known, or not of everything, in words.
    pub doubts: Vec<String>,
    /// The answer in a few words, for the scenario's summary.
    pub in_short: &'static str,
}

/// The answer by a judgement, or by the reason why there is none, and by what leaves it open.
#[must_use]
pub fn answer(judged: Result<&Judgement, &Unjudged>, doubts: Vec<String>) -> Answer {
    let open = "How well it predicts isn't known";
    let besides = match doubts.as_slice() {
        [] => String::new(),
        doubts => format!(" Besides, {}.", doubts.join("; ")),
    };
    let mut because: Vec<String> = doubts.iter().map(|doubt| format!("{doubt}.")).collect();
    let (short, text, passes) = match judged {
        Err(Unjudged::Nothing) => {
            let short = "Nothing was kept out: how well it predicts isn't known.".to_owned();
            (short.clone(), short + &besides, None)
        }
        Err(other) => {
            because.insert(0, format!("{other}."));
            (format!("{open}."), format!("{open}: {other}.{besides}"), None)
        }
        Ok(own) if own.passes && !doubts.is_empty() => {
            let compared = match own.figures.len() {
                0 => "Nothing could be compared.".to_owned(),
                1 => "The one figure that could be compared agrees.".to_owned(),
                all => format!("All {all} figures that could be compared agree."),
            };
            let text = format!("{open}: {}. {compared}", doubts.join("; "));
            because.push(compared);
            because.extend(own.many.iter().cloned());
            (format!("{open}."), text, None)
        }
        Ok(own) => {
            // Which figures are off is told after how many.
            let (short, off) = match own.verdict.split_once("; ") {
                Some((short, off)) => (format!("{short}."), Some(off.to_owned())),
                None => (own.verdict.clone(), None),
            };
            because.splice(0..0, off);
            because.extend(own.many.iter().cloned());
            if !own.passes {
                because.extend(own.advice.iter().cloned());
                because.push(NEXT.to_owned());
            }
            (short, format!("{}{besides}", own.verdict), Some(own.passes))
        }
    };
    let reproduces = judged.is_ok_and(|own| own.reproduced.iter().all(|compared| compared.agrees));
    let in_short = match passes {
        Some(true) => "it predicts the part that was kept out",
        Some(false) if reproduces => "some of its figures are off: decide nothing by those",
        Some(false) => "it does not reproduce the log: decide nothing by it",
        None => "how well it predicts isn't known",
    };
    Answer { short, because, text, passes, doubts, in_short }
}

//! The answer to how well a fitted scenario predicts, with what leaves it open.

use super::held_out::{Judgement, Unjudged};

/// The answer to how well a fitted scenario predicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer in a sentence or two.
    pub text: String,
    /// It does, it doesn't, or it isn't known.
    pub passes: Option<bool>,
    /// Reasons for which it isn't known, or not of everything, in words.
    pub doubts: Vec<String>,
}

/// The answer by a judgement, or by the reason why there is none, and by what leaves it open.
#[must_use]
pub fn answer(judged: Result<&Judgement, &Unjudged>, doubts: Vec<String>) -> Answer {
    let besides = match doubts.as_slice() {
        [] => String::new(),
        doubts => format!(" Besides, {}.", doubts.join("; ")),
    };
    let (text, passes) = match judged {
        Err(Unjudged::Nothing) => {
            (format!("Nothing was kept out: how well it predicts isn't known.{besides}"), None)
        }
        Err(other) => (format!("How well it predicts isn't known: {other}.{besides}"), None),
        Ok(own) if own.passes && !doubts.is_empty() => {
            let compared = match own.figures.len() {
                0 => "Nothing could be compared.".to_owned(),
                1 => "The one figure that could be compared agrees.".to_owned(),
                all => format!("All {all} figures that could be compared agree."),
            };
            let text =
                format!("How well it predicts isn't known: {}. {compared}", doubts.join("; "));
            (text, None)
        }
        Ok(own) => (format!("{}{besides}", own.verdict), Some(own.passes)),
    };
    Answer { text, passes, doubts }
}

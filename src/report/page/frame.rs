//! What is around the page: head, policy, style, script.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::html::{allowed, held};
use super::section::{Section, contents};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What stands at the top.
#[derive(Debug, Default)]
pub(super) struct Top {
    /// Of the window, and of the page.
    pub(super) title: String,
    /// Small, under the title: how it was made.
    pub(super) facts: Vec<String>,
    /// The answer, in a sentence.
    pub(super) answer: String,
    /// What the answer's words mean.
    pub(super) meaning: String,
    /// Below the answer.
    pub(super) picture: Markup,
}

/// The whole file.
pub(super) fn frame(top: &Top, sections: &[Section]) -> String {
    // The policy names the script by its digest, which is one of lines that end as in the file.
    let script = SCRIPT.replace('\r', "");
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))
    );
    allowed(html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head { (head(top, &policy)) }
            body {
                a.skip href="#answer" { "Skip to the answer" }
                header {
                    h1 { (top.title) }
                    ul.facts { @for fact in &top.facts { li { (fact) } } }
                }
                main id="main" {
                    div id="answer" tabindex="-1" {
                        p.answer { (held(&top.answer)) }
                        @if !top.meaning.is_empty() { p.remark { (held(&top.meaning)) } }
                        (top.picture)
                    }
                    (contents(sections)) "\n"
                    @for section in sections { (section) "\n" }
                }
                footer {
                    p { "Made by smschain. This page is complete in itself: it loads nothing." }
                }
                script { (PreEscaped(script)) }
            }
        }
    })
}

fn head(top: &Top, policy: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        meta name="referrer" content="no-referrer";
        meta name="description" content=(top.answer);
        // Without one, browsers ask the server for an icon.
        link rel="icon" href="data:,";
        title { (top.title) }
        style { (PreEscaped(STYLE)) }
    }
}

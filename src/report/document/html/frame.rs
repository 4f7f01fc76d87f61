//! The frame of the page: head, policy, style, script.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::escape::allowed;
use super::{Document, Part};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole file.
pub(super) fn frame(document: &Document, answer: Markup, parts: &[Part]) -> String {
    // The policy names the script by its digest, which is one of lines that end as in the file.
    let script = SCRIPT.replace('\r', "");
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))
    );
    let title = format!("{}: {}", document.name, document.subject);
    let made = document.made_in_short();
    let made = made.iter().filter(|own| !own.starts_with("digest"));
    allowed(html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head { (head(&title, &document.answer, &policy)) }
            body {
                a.skip href="#answer" { "Skip to the answer" }
                header {
                    h1 { (title) }
                    ul.facts { @for fact in document.facts.iter().chain(made) { li { (fact) } } }
                }
                main id="main" {
                    div id="answer" tabindex="-1" { (answer) }
                    nav aria-label="On this page" {
                        ul {
                            @for part in parts { li { a href={ "#" (part.id) } { (part.heading) } } }
                        }
                    }
                    "\n"
                    @for part in parts { (part) "\n" }
                }
                footer {
                    p { "Made by smschain. This page is complete in itself: it loads nothing." }
                }
                script { (PreEscaped(script)) }
            }
        }
    })
}

fn head(title: &str, answer: &str, policy: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        meta name="referrer" content="no-referrer";
        meta name="description" content=(answer);
        // Without one, browsers ask the server for an icon.
        link rel="icon" href="data:,";
        title { (title) }
        style { (PreEscaped(STYLE)) }
    }
}

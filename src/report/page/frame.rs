//! What is around the page: head, policy, style, script.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};

use super::html::{Html, held};
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
    /// Of our own making, below the answer.
    pub(super) picture: String,
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
    let mut html = Html::new();
    html.raw("<!DOCTYPE html>\n");
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| head(html, top, &policy));
        html.element("body", &[], |html| {
            html.leaf("a", &[("class", "skip"), ("href", "#answer")], "Skip to the answer");
            html.element("header", &[], |html| {
                html.leaf("h1", &[], &top.title);
                html.element("ul", &[("class", "facts")], |html| {
                    top.facts.iter().for_each(|fact| html.leaf("li", &[], fact));
                });
            });
            html.element("main", &[("id", "main")], |html| {
                html.element("div", &[("id", "answer"), ("tabindex", "-1")], |html| {
                    html.leaf("p", &[("class", "answer")], &held(&top.answer));
                    if !top.meaning.is_empty() {
                        html.leaf("p", &[("class", "remark")], &held(&top.meaning));
                    }
                    html.raw(&top.picture);
                });
                contents(html, sections);
                sections.iter().for_each(|section| section.write(html));
            });
            html.element("footer", &[], |html| {
                html.leaf(
                    "p",
                    &[],
                    "Made by smschain. This page is complete in itself: it loads nothing.",
                );
            });
            html.element("script", &[], |html| html.raw(&script));
        });
    });
    html.finish()
}

fn head(html: &mut Html, top: &Top, policy: &str) {
    html.void("meta", &[("charset", "utf-8")]);
    html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
    html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    html.void("meta", &[("name", "description"), ("content", &top.answer)]);
    // Without one, browsers ask the server for an icon.
    html.void("link", &[("rel", "icon"), ("href", "data:,")]);
    html.leaf("title", &[], &top.title);
    html.element("style", &[], |html| html.raw(STYLE));
}

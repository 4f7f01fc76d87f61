//! What was run.

use super::super::Facts;
use super::Page;
use super::paint::Ink;
use super::per_run::beside;
use super::text::{listed, plain, wrapped};
use crate::chain::spec::Spec;
use crate::report::number::{count, length};

pub(super) fn title(facts: &Facts<'_>, page: &Page) -> String {
    let (spec, results) = (facts.spec, facts.results());
    let mut parts = vec![format!("seed {}", facts.seed)];
    if results.replications > 1 {
        parts.push(format!("{} replications", count(results.replications)));
    }
    if spec.scale != 1.0 {
        parts.push(format!("load × {}", spec.scale));
    }
    let asked = facts.total.layers.requested;
    let each = beside(asked, results.replications);
    let messages = if asked == 1 { "message" } else { "messages" };
    parts.push(format!("{} {messages} asked for{each}", count(asked)));
    let mut time = length(spec.duration);
    if results.ended_at > spec.duration {
        time.push_str(&format!(" + {} drain", length(results.ended_at - spec.duration)));
    }
    if spec.warmup > 0 {
        time.push_str(&format!(", the first {} not counted", length(spec.warmup)));
    }
    parts.push(time);
    heading(spec, &parts, page)
}

/// The scenario's name and summary, and under it how it was run.
pub(super) fn heading(spec: &Spec, parts: &[String], page: &Page) -> String {
    let mut first = plain(&spec.name);
    if !spec.summary.trim().is_empty() {
        first.push_str(&format!(" · {}", plain(spec.summary.trim())));
    }
    let mut title = String::new();
    for line in wrapped(&first, page.width, 0).lines() {
        title.push_str(&format!("{}\n", page.paint.ink(Ink::Bold, line)));
    }
    for line in listed(parts, page.width) {
        title.push_str(&format!("{}\n", page.paint.ink(Ink::Faint, &line)));
    }
    title
}

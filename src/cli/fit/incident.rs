//! `fit --incident`: the demand of a span as a trace, a scenario that replays it with what went wrong,
//! and its bundle, for `replay --what-if`.

use super::asked::Asked;
use crate::cli::bundle;
use crate::cli::caller::Heeding;
use crate::cli::ending::{Ending, Exit};
use crate::cli::folder::ResultFolder;
use crate::experiment::{Replications, Trail, Workers, replicate_with};
use crate::fit::{Composed, Demand, Gathered, MOST_OF_A_SPAN, Plan, compose_span};
use crate::scenario::{Bundle, Overrides, Scenario, Source, load};

/// The files of a span.
pub(super) struct Span {
    name: String,
    trace: String,
    csv: String,
    composed: Composed,
}

impl Span {
    /// The span that was asked for.
    pub(super) fn of(
        demand: Option<Demand>,
        log: &Gathered,
        plan: &Plan,
    ) -> Result<Option<Span>, Ending> {
        let Some(demand) = demand else { return Ok(None) };
        let input = |text: String| Ending::new(Exit::Input, text);
        if demand.rows() == 0 {
            return Err(input(
                "no request of the log lies in the span of `--incident`: see `from` and `to` of its \
                 fit.json, and `--zone`"
                    .to_owned(),
            ));
        }
        if demand.is_cut() {
            return Err(input(format!(
                "more than {MOST_OF_A_SPAN} requests lie in the span of `--incident`: name a shorter one"
            )));
        }
        let name = of_a_span(&plan.name);
        let trace = format!("{name}.csv");
        let rows = demand.rows();
        let plan = Plan {
            summary: format!("{rows} requests of {}, replayed with what went wrong", plan.name),
            name: name.clone(),
            ..plan.clone()
        };
        let span = demand.span();
        let composed = compose_span(log, &plan, span, &trace)
            .ok_or_else(|| input("the log has no rows".to_owned()))?;
        Ok(Some(Span { name, trace, csv: demand.csv(log), composed }))
    }

    /// The names its files may have.
    pub(super) fn names(name: &str, seed: u64) -> [String; 3] {
        let own = of_a_span(name);
        [format!("{own}.csv"), format!("{own}.toml"), bundle::name(&own, seed)]
    }

    /// Trace and scenario.
    pub(super) fn files(&self) -> [(String, String); 2] {
        let scenario = (format!("{}.toml", self.name), self.composed.text.clone());
        [(self.trace.clone(), self.csv.clone()), scenario]
    }

    /// A remark on what was found in it.
    pub(super) fn remark(&self) -> String {
        let found = self.composed.text.matches("[[incident]]").count();
        match found {
            0 => "nothing unusual was found in that span: its demand is replayed alone".to_owned(),
            1 => "one incident was found in that span".to_owned(),
            more => format!("{more} incidents were found in that span"),
        }
    }

    /// The bundle of one run, made when trace and scenario lie in `out`.
    pub(super) fn bundle(
        &self,
        out: &ResultFolder,
        seed: u64,
    ) -> Result<Vec<(String, String)>, Ending> {
        let file = out.path().join(format!("{}.toml", self.name));
        let source = Source {
            name: file.display().to_string(),
            text: self.composed.text.clone(),
            base: out.path().to_owned(),
        };
        let scenario: Scenario = load(&source, &Overrides::default()).map_err(|errors| {
            let text =
                format!("internal fault: the scenario of a span is none\n{}", errors.render(false));
            Ending::rendered(Exit::Fault, text)
        })?;
        let plan = Replications::of(&scenario.spec, seed, 1);
        let (run, trails) =
            replicate_with(&Workers::new(1), plan, |_| Trail::to_keep(), &Heeding::new())
                .map_err(|failure| Ending::new(Exit::Fault, failure.to_string()))?;
        let made = Bundle {
            digest: Some(format!("{:032x}", run.results.digest)),
            trail: trails.first().map(bundle::marks),
            ..bundle::of(&scenario, seed)
        };
        let name = bundle::name(&self.name, seed);
        let found = [
            format!(
                "{}.",
                self.composed.text.lines().next().unwrap_or_default().trim_start_matches("# ")
            ),
            "What another policy would have made of it:".to_owned(),
            format!("  smschain replay {name} --what-if retry.policy=full-jitter"),
        ];
        Ok(bundle::files(&scenario, &made, &name, &found))
    }
}

/// The demand to be collected while the log is read.
pub(super) fn demand(asked: &Asked) -> Option<Demand> {
    asked.span.map(|(from, to)| Demand::new(from, to))
}

/// The name of a span's scenario, no longer than names are.
fn of_a_span(name: &str) -> String {
    let own: String = name.chars().take(55).collect();
    format!("{own}-incident")
}

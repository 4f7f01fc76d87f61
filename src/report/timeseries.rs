//! `timeseries.csv`: a row a sample.

use super::csv_line::{push_count, push_field, push_seconds};
use super::{Facts, clock};
use crate::kernel::SECOND;

/// Columns `time_s` (the start of the span), the counts of what happened in it, then the levels at
/// its end. Over replications: means. Not limited to counted messages. A scenario with incidents
/// has a column `incidents`: the names of those that are on at some time of the span, joined by `+`;
/// one with a `start` other than midnight a last column `clock`: the time of day of `time_s`.
#[must_use]
pub fn timeseries(facts: &Facts<'_>) -> String {
    let results = facts.results();
    let mut lines = String::from(
        "time_s,requests,accepted,cohort_delivered,cohort_on_time,cohort_observed,rejected,\
         submits,handed_off,deliveries",
    );
    for column in &results.gauges.columns {
        lines.push(',');
        push_field(&mut lines, column);
    }
    let incidents = &facts.spec.incidents;
    if !incidents.is_empty() {
        lines.push_str(",incidents");
    }
    let by_clock = facts.spec.start > 0;
    // All of them alike.
    let whole = |nanos: u64| nanos.is_multiple_of(SECOND);
    let clock = if whole(facts.spec.start) && whole(facts.spec.sample_every) {
        clock::to_the_second
    } else {
        clock::to_the_millisecond
    };
    if by_clock {
        lines.push_str(",clock");
    }
    lines.push('\n');
    let mut time = 0_u64;
    let last = results.series.len().saturating_sub(1);
    for (index, sample) in results.series.iter().enumerate() {
        push_seconds(&mut lines, time);
        let counts = [
            sample.requests,
            sample.accepted,
            sample.cohort_delivered,
            sample.cohort_on_time,
            sample.cohort_observed,
            sample.rejected,
            sample.submits,
            sample.handed_off,
            sample.deliveries,
        ];
        let gauges = (0..results.gauges.columns.len())
            .map(|index| sample.gauges.get(index).copied().unwrap_or(0));
        for sum in counts.into_iter().chain(gauges) {
            lines.push(',');
            push_mean(&mut lines, sum, results.replications);
        }
        let next = time.saturating_add(facts.spec.sample_every);
        if !incidents.is_empty() {
            // The last one may go on for longer than the others.
            let end = if index == last { next.max(results.ended_at) } else { next };
            let on = incidents.iter().filter(|on| on.meets(time, end));
            let names: Vec<&str> = on.map(|on| on.name.as_str()).collect();
            lines.push(',');
            lines.push_str(&names.join("+"));
        }
        if by_clock {
            lines.push(',');
            lines.push_str(&clock(facts.spec, time));
        }
        lines.push('\n');
        time = next;
    }
    lines
}

/// A count, or over several replications a mean: those have a decimal point even when whole, so that
/// a reader who looks at the first rows alone takes the column for what it is.
fn push_mean(line: &mut String, sum: u64, of: u64) {
    if of <= 1 {
        push_count(line, sum);
    } else {
        line.push_str(&format!("{:?}", sum as f64 / of as f64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Effects, Incident, Target};
    use crate::experiment::sample;
    use crate::kernel::SECOND;

    #[test]
    fn sums_over_replications_become_means() {
        let (spec, mut run) = (sample::spec(), sample::run());
        run.results.replications = 4;
        assert_eq!(
            timeseries(&Facts::new(&spec, "", 7, &run)),
            "time_s,requests,accepted,cohort_delivered,cohort_on_time,cohort_observed,rejected,\
             submits,handed_off,deliveries,in_flight,queue.main.depth\n\
             0,25.0,24.75,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,0.5\n\
             10,22.5,22.5,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.25,0.0\n"
        );
    }

    #[test]
    fn incidents_are_named_where_they_are_on() {
        let (mut spec, run) = (sample::spec(), sample::run());
        let incident = |name: &str, at, span| Incident {
            name: name.into(),
            summary: String::new(),
            at: at * SECOND,
            span: span * SECOND,
            ramp: 0,
            repeat: None,
            target: Target::Api,
            effects: Effects::default(),
        };
        spec.incidents = vec![incident("a", 3, 7), incident("b", 9, 5)];
        let text = timeseries(&Facts::new(&spec, "", 7, &run));
        let last = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.rsplit(',').next().unwrap().to_owned()).collect()
        };
        assert_eq!(last(&text), ["incidents", "a+b", "b"]);
        // The clock stands beside the seconds where there is one.
        spec.start = 86_395 * SECOND;
        let clocked = timeseries(&Facts::new(&spec, "", 7, &run));
        assert_eq!(last(&clocked), ["clock", "23:59:55", "+1d 00:00:05"]);
        for (with, without) in clocked.lines().zip(text.lines()) {
            assert_eq!(with.rsplit_once(',').unwrap().0, without);
        }
        spec.start += SECOND / 4;
        let clocked = timeseries(&Facts::new(&spec, "", 7, &run));
        assert_eq!(last(&clocked)[1], "23:59:55.250");
    }
}

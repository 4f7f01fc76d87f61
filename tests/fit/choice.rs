//! What is chosen when no simple family will do, and what is said when nothing can be.

use crate::drawn::{Clock, EXACT, Uniform, log, seen};
use smschain::fit::{
    Chosen, Collector, Curve, Distribution, Family, Observation, Sample, Unfit, best, fit,
    goodness, quantile_pairs,
};

const LATENCY: Distribution = Distribution::LogNormal { median: 3.0, p95: 9.0 };

#[test]
fn the_test_rejects_the_truth_as_often_as_it_says() {
    for clock in [EXACT, Clock { export: 15.0, ..EXACT }, Clock { start: 1.0, end: 1.0, ..EXACT }] {
        let logs = 200;
        let rejected = (0..logs).filter(|&seed| {
            let sample = log(&LATENCY, 500, clock, seed);
            let fit = fit(Family::LogNormal, &sample).unwrap();
            // The curve doesn't matter here, and is quick of exact values.
            let curve = Curve::of(&[1.0].into_iter().map(Observation::exact).collect(), &fit);
            goodness(&fit, &sample, &curve).p_value < 0.05
        });
        let share = rejected.count() as f64 / logs as f64;
        assert!((0.01..0.10).contains(&share), "{share}");
    }
}

#[test]
fn two_kinds_of_messages_are_a_mixture() {
    let truth =
        Distribution::LogNormals { weights: [0.8, 0.2], medians: [2.0, 40.0], p95s: [5.0, 120.0] };
    for clock in [EXACT, Clock { end: 1.0, ..EXACT }] {
        let choice = best(&log(&truth, 3_000, clock, 5)).unwrap();
        assert_eq!(choice.fit().family(), Family::LogNormals);
        assert!(!choice.goodness().rejected(), "{:?}", choice.goodness());
        for share in [0.5, 0.95] {
            let interval = choice.fit().quantile(share);
            assert!((interval.value / truth.quantile(share) - 1.0).abs() < 0.15, "{interval:?}");
        }
        assert!(choice.fit().parts_told_apart());
        let named = choice.fit().parameters();
        let (_, weight) = named.iter().find(|(name, _)| *name == "parts[0].weight").unwrap();
        assert!(weight.low < 0.8 && 0.8 < weight.high, "{weight:?}");
    }
}

#[test]
fn what_only_looks_like_two_kinds_is_known_as_a_whole() {
    // An answer and what comes before it: their sum is no log-normal, and no two of them.
    let parts = [(0.04, 0.12), (0.15, 0.6)];
    let parts =
        parts.map(|(median, p95)| Distribution::LogNormal { median, p95 }.variate().unwrap());
    let mut draws = Uniform::new(7);
    let mut sum = || parts.iter().map(|part| part.quantile(draws.next().unwrap())).sum::<f64>();
    let sample: Sample = (0..5_000).map(|_| Observation::exact(sum())).collect();
    let choice = best(&sample).unwrap();
    let fit = choice.fit();
    assert_eq!(fit.family(), Family::LogNormals);
    assert!(!fit.parts_told_apart(), "{:?}", fit.parameters());
    let simple = choice.fits().iter().find(|own| own.family() == Family::LogNormal).unwrap();
    assert!(goodness(simple, &sample, choice.curve()).contradicted());
    let mut seen: Vec<f64> = sample.observations().iter().map(|own| own.low).collect();
    seen.sort_by(f64::total_cmp);
    for (share, most) in [(0.5, 0.02), (0.95, 0.04)] {
        let whole = fit.quantile(share);
        assert!((whole.high / whole.low - 1.0) < 4.0 * most, "{whole:?}");
        let empirical = seen[(share * seen.len() as f64) as usize];
        assert!((whole.value / empirical - 1.0).abs() < most, "{whole:?} {empirical}");
    }
}

#[test]
fn a_mixture_whose_parts_nobody_can_tell_gives_way() {
    // Two rates so near one another that a single law does as well.
    let truth = Distribution::Hyperexponential { weights: [0.5, 0.5], means: [1.0, 4.0] };
    let mut gave_way = 0;
    for seed in 0..60 {
        let sample = log(&truth, 400, EXACT, seed);
        let choice = best(&sample).unwrap();
        let least = choice.fits().iter().map(|own| own.bic()).fold(f64::INFINITY, f64::min);
        gave_way += u32::from(choice.fit().bic() > least);
        let contradicted = choice.fits().iter().all(|own| {
            !Family::SIMPLE.contains(&own.family())
                || goodness(own, &sample, choice.curve()).contradicted()
        });
        let stays = choice.fit().parts_told_apart() || contradicted;
        assert!(stays, "{:?}", choice.fit().parameters());
    }
    assert!(gave_way > 0);
}

#[test]
fn two_rates_are_hyperexponential() {
    let truth = Distribution::Hyperexponential { weights: [0.9, 0.1], means: [1.0, 20.0] };
    let choice = best(&log(&truth, 3_000, EXACT, 2)).unwrap();
    assert_eq!(choice.fit().family(), Family::Hyperexponential);
    let nested = choice.nested();
    assert_eq!(nested.len(), 3);
    assert!(nested.iter().all(|test| test.p_value < 1e-6), "{nested:?}");
}

#[test]
fn an_exponential_is_not_made_more_of() {
    let truth = Distribution::Exponential { mean: 5.0 };
    let right = (0..25).filter(|&seed| {
        let choice = best(&log(&truth, 500, EXACT, seed)).unwrap();
        choice.fit().family() == Family::Exponential
    });
    let right = right.count();
    assert!(right >= 23, "{right}");
}

#[test]
fn what_no_family_describes_is_its_own_values() {
    // Retries at 60 and 300 s after a first try that takes about a second.
    let steps = [1.0, 61.0, 301.0];
    let mut draws = Uniform::new(9);
    let sample: Sample = (0..3_000)
        .map(|i| Observation::exact(steps[i % 3] + 0.5 * draws.next().unwrap()))
        .collect();
    let choice = best(&sample).unwrap();
    assert!(choice.goodness().rejected(), "{:?} {:?}", choice.fit(), choice.goodness());
    let Chosen::Empirical(values) = choice.chosen() else { panic!("{choice:?}") };
    let near = |step: f64| values.iter().filter(|v| **v >= step && **v <= step + 0.5).count();
    for step in steps {
        assert!(near(step).abs_diff(values.len() / 3) <= 3, "{step}: {}", near(step));
    }
}

#[test]
fn clocks_far_finer_than_what_they_time_leave_values_where_they_are() {
    // Evenly from 1 to 6 s, which no family describes: the curve is what a scenario takes values from.
    for tick in [1e-3, 1e-6, 0.1] {
        let rounded = |n: u32| {
            // Begun anywhere within a tick: the golden ratio spreads them evenly.
            let (begun, seconds) = (f64::from(n) * 0.618_034 % 1.0, 1.0 + f64::from(n) * 0.0025);
            Observation::rounded((begun + seconds / tick).floor() * tick, tick, tick)
        };
        let sample: Sample = (0..2_000).map(rounded).collect();
        let curve = Curve::of(&sample, &fit(Family::LogNormal, &sample).unwrap());
        for share in [0.1, 0.25, 0.5, 0.75, 0.9, 0.95] {
            let (wanted, seen) = (1.0 + 5.0 * share, curve.quantile(share).unwrap());
            assert!((seen / wanted - 1.0).abs() < 0.02, "{tick} s, {share}: {seen}, not {wanted}");
        }
    }
}

#[test]
fn a_large_log_is_told_that_what_is_off_does_not_matter() {
    // A tenth of the rows a little slower: contradicted by 200,000 rows, and off by less than a point.
    let slower = Distribution::LogNormal { median: 3.6, p95: 11.0 };
    let mut collector = Collector::new();
    let mut draws = Uniform::new(4);
    let variates = [LATENCY.variate().unwrap(), slower.variate().unwrap()];
    for i in 0..200_000 {
        let x = variates[usize::from(i % 4 == 0)].quantile(draws.next().unwrap());
        // No call takes longer than its timeout of a minute, or less than half a second.
        collector.add(Observation::exact(x.max(0.5)));
    }
    let sample = collector.finish();
    let choice = best(&sample).unwrap();
    let judged = choice.goodness();
    assert!(judged.practically_equivalent() && !judged.rejected(), "{judged:?}");
    assert!(matches!(choice.chosen(), Chosen::Fit(_)));
}

#[test]
fn zeros_have_a_share_of_their_own() {
    // Exact ones are seen as such; of rounded ones, more are below a second than the family explains.
    let variate = LATENCY.variate().unwrap();
    for clock in [EXACT, Clock { end: 1.0, ..EXACT }] {
        let mut draws = Uniform::new(11);
        let mut draw = move || draws.next().unwrap();
        let sample: Sample = (0..4_000)
            .map(|_| {
                let at = 1000.0 * draw();
                let zero = draw() < 0.25;
                seen(at, if zero { 0.0 } else { variate.quantile(draw()) }, clock)
            })
            .collect();
        let choice = best(&sample).unwrap();
        let zero = choice.fit().zero_interval();
        assert!(zero.low < 0.25 && 0.25 < zero.high, "{zero:?}");
        assert_eq!(choice.fit().family(), Family::LogNormal);
        let median = choice.fit().distribution().quantile(0.5);
        assert!((median - 3.0).abs() < 0.2, "{median}");
        assert_eq!(choice.fit().quantile(0.1).value, 0.0);
    }
    // And none where there are none.
    let sample = log(&LATENCY, 4_000, Clock { end: 1.0, ..EXACT }, 3);
    assert_eq!(best(&sample).unwrap().fit().zero_share(), 0.0);
}

#[test]
fn quantiles_lie_in_their_band() {
    for clock in [EXACT, Clock { export: 20.0, ..EXACT }, Clock { end: 1.0, ..EXACT }] {
        let choice = best(&log(&LATENCY, 2_000, clock, 8)).unwrap();
        let pairs = quantile_pairs(choice.fit(), choice.curve(), 40);
        assert!(pairs.len() >= 25, "{}", pairs.len());
        let inside = pairs.iter().filter(|pair| {
            pair.low <= pair.fitted && pair.high.is_none_or(|high| pair.fitted <= high)
        });
        assert!(inside.count() * 10 >= pairs.len() * 8, "{pairs:?}");
    }
}

#[test]
fn kaplan_and_meier_as_in_the_book() {
    // Times 1, 2⁺, 3, 3, 4⁺: S is 4/5 after 1, 4/5 · 1/3 after 3.
    let sample: Sample = [
        Observation::exact(1.0),
        Observation::pending(2.0, 0.0),
        Observation::exact(3.0).times(2),
        Observation::pending(4.0, 0.0),
        Observation::exact(0.5).times(5),
    ]
    .into_iter()
    .collect();
    let fit = fit(Family::Exponential, &sample).unwrap();
    let curve = Curve::of(&sample, &fit);
    // Five of ten at 0.5 first.
    for (x, share) in [(0.4, 0.0), (0.5, 0.5), (1.0, 0.6), (2.9, 0.6), (3.0, 1.0 - 0.4 / 3.0)] {
        assert!((curve.cdf(x) - share).abs() < 1e-12, "{x}: {}", curve.cdf(x));
    }
    assert_eq!(curve.quantile(0.9), None);
    // Greenwood: S² Σ d/(n (n − d)).
    let error = 0.4 * libm::sqrt(5.0 / (10.0 * 5.0) + 1.0 / (5.0 * 4.0));
    assert!((curve.error_at(1.0) - error).abs() < 1e-12);
}

fn refusal(observations: impl IntoIterator<Item = Observation>) -> Unfit {
    best(&observations.into_iter().collect()).unwrap_err()
}

#[test]
fn what_cannot_be_fitted_is_refused_with_its_reason() {
    assert_eq!(refusal([]), Unfit::TooFew { ended: 0, least: 5 });
    assert_eq!(
        refusal([1.0, 2.0, 3.0, 4.0].map(Observation::exact)),
        Unfit::TooFew { ended: 4, least: 5 }
    );
    assert_eq!(refusal([Observation::pending(9.0, 0.0).times(30)]), Unfit::AllPending { rows: 30 });
    assert_eq!(refusal([Observation::exact(0.0).times(30)]), Unfit::AllZero { rows: 30 });
    assert_eq!(
        refusal([Observation::exact(2.5).times(30), Observation::pending(9.0, 0.0)]),
        Unfit::AllEqual { seconds: 2.5 }
    );
    assert_eq!(
        refusal([Observation::rounded(0.0, 60.0, 60.0).times(30)]),
        Unfit::OneInterval { low: 0.0, high: 60.0 }
    );
    assert!(refusal([]).to_string().contains("at least 5"));
}

#[test]
fn odd_samples_give_numbers_or_a_reason() {
    let mut draws = Uniform::new(6);
    let mut draw = move || draws.next().unwrap();
    for _ in 0..50 {
        let scale = libm::exp(30.0 * draw() - 15.0);
        let spread = 8.0 * draw();
        let ticks = [0.0, 0.001, 1.0, 60.0];
        let clock = Clock {
            start: ticks[(4.0 * draw()) as usize],
            end: ticks[(4.0 * draw()) as usize],
            export: if draw() < 0.5 { f64::INFINITY } else { scale * 3.0 },
        };
        let rows = 3 + (40.0 * draw()) as usize;
        let sample: Sample = (0..rows)
            .map(|_| {
                let duration =
                    if draw() < 0.05 { 0.0 } else { scale * libm::exp(spread * (draw() - 0.5)) };
                seen(draw() * scale.min(1e6), duration, clock)
            })
            .collect();
        let Ok(choice) = best(&sample) else { continue };
        let judged = choice.goodness();
        assert!((0.0..=1.0).contains(&judged.p_value), "{sample:?} {judged:?}");
        assert!((0.0..=1.0).contains(&judged.distance), "{sample:?} {judged:?}");
        for fit in choice.fits() {
            assert!(fit.bic().is_finite());
            for (name, interval) in fit.parameters() {
                let ordered = interval.low <= interval.value && interval.value <= interval.high;
                assert!(interval.value.is_finite() && ordered, "{name} {interval:?} {fit:?}");
            }
            for share in [0.01, 0.5, 0.99] {
                let interval = fit.quantile(share);
                assert!(interval.value >= 0.0 && interval.low <= interval.high, "{interval:?}");
            }
            assert!(fit.distribution().variate().is_ok(), "{fit:?}");
        }
    }
}

#[test]
fn nothing_is_put_where_no_message_ever_came() {
    let mut draws = Uniform::new(9);
    let mut group = |from: f64, to: f64| from + (to - from) * draws.next().unwrap();
    for (many, few) in [(1_400, 600), (1_000, 1_000)] {
        let quick = (0..many).map(|_| group(1.0, 3.0)).collect::<Vec<f64>>();
        let slow = (0..few).map(|_| group(60.0, 80.0)).collect::<Vec<f64>>();
        for tick in [0.001, 0.25] {
            let rounded = |at: &f64| Observation::rounded((at / tick).floor() * tick, tick, tick);
            let sample: Sample = quick.iter().chain(&slow).map(rounded).collect();
            let choice = best(&sample).unwrap();
            let rejected = matches!(choice.chosen(), Chosen::Empirical(_));
            assert!(rejected || many == few, "{:?}", choice.fit());
            let values = choice.curve().values(400);
            let apart = |value: &&f64| (3.0 + 2.0 * tick..60.0 - 2.0 * tick).contains(*value);
            let between: Vec<&f64> = values.iter().filter(apart).collect();
            assert!(between.is_empty() && values[0] > 1.0 - 2.0 * tick, "{between:?} {values:?}");
            let share = values.iter().filter(|value| **value > 30.0).count() as f64 / 400.0;
            assert!((share - few as f64 / 2_000.0).abs() < 0.01, "{share}");
        }
    }
}

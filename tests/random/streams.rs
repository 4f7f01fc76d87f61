//! Streams of chance that lie beside one another are independent: those of neighbouring seeds,
//! replications, messages, purposes, attempts and owners, and a block's two words.
//!
//! Each test gives a p-value, the chance that true randomness is as far off as this or further, in
//! either direction: too regular is as wrong as too wild. One below [`BOUND`] fails. Keys and seeds
//! are fixed, so that the answer is always the same; that any of the tests would have failed for a
//! perfect generator had a chance of about 1 in 20,000 (8 families × 6 tests × [`BOUND`]).
//! Generators that look random and are not fail them: see the last test.

use smschain::random::{Chance, Key, Owner, Purpose, Site, mix};
use smschain::special::{gamma_p, gamma_q, normal_cdf};

/// The least p-value that passes.
const BOUND: f64 = 1e-6;
/// Draws of a family, about.
const DRAWS: u64 = 1 << 18;

/// Streams beside one another.
struct Family {
    name: &'static str,
    streams: usize,
    /// The first draw of each stream, then the second of each, …
    words: Vec<u64>,
}

/// So many streams; `draw` gives the `i`-th draw of the `n`-th.
fn family(name: &'static str, streams: u64, draw: impl Fn(u64, u64) -> u64) -> Family {
    let words = (0..DRAWS / streams).flat_map(|i| (0..streams).map(move |n| (n, i)));
    let words = words.map(|(n, i)| draw(n, i)).collect();
    Family { name, streams: streams as usize, words }
}

/// What the chain asks for: the key of a stream's `n`-th request.
fn message(n: u64) -> Key {
    Key::named("traffic.otp").child(n)
}

fn word(chance: Chance, thing: Key, owner: Owner, purpose: u8, ordinal: u64) -> u64 {
    chance.block(Site { thing, owner, purpose: Purpose(purpose), ordinal: ordinal as u32 }).first()
}

/// Neighbours of every sort; the other parts of the key are alike.
fn families() -> Vec<Family> {
    let owner = Key::named("provider.alpha").owner();
    let chance = Chance::new(7);
    let owners: Vec<Owner> =
        (0..64).map(|n| Key::named(&format!("provider.p{n}")).owner()).collect();
    vec![
        family("seeds", 512, move |n, i| word(Chance::new(n), message(i), owner, 13, 0)),
        family("replications", 512, move |n, i| {
            word(Chance::new(Chance::replication_seed(7, n)), message(i), owner, 13, 0)
        }),
        family("messages", 4096, move |n, i| word(chance, message(n), owner, 13, i)),
        family("purposes", 24, move |n, i| word(chance, message(i), owner, 1 + n as u8, 0)),
        family("attempts", 16, move |n, i| word(chance, message(i), owner, 13, n)),
        family("owners", 64, move |n, i| word(chance, message(i), owners[n as usize], 13, 0)),
        family("words", 2, move |n, i| {
            let block =
                chance.block(Site { thing: message(i), owner, purpose: Purpose(13), ordinal: 0 });
            if n == 0 { block.first() } else { block.second() }
        }),
    ]
}

impl Family {
    /// Draws of neighbouring streams, each draw in one pair: (0, 1), (2, 3) … and (1, 2), (3, 4) …
    /// in turn.
    fn pairs(&self) -> impl Iterator<Item = (u64, u64)> {
        self.words
            .chunks_exact(self.streams)
            .enumerate()
            .flat_map(|(i, round)| round[i % 2..].chunks_exact(2).map(|pair| (pair[0], pair[1])))
    }

    /// Every test's name and p-value.
    fn judge(&self) -> [(&'static str, f64); 6] {
        [
            ("uniformity", self.uniformity()),
            ("serial pairs", self.serial_pairs()),
            ("low bits", self.low_bits()),
            ("correlation", self.correlation()),
            ("gaps", self.gaps()),
            ("avalanche", self.avalanche()),
        ]
    }

    fn uniformity(&self) -> f64 {
        let mut cells = [0; 256];
        self.words.iter().for_each(|word| cells[(word >> 56) as usize] += 1);
        equally_likely(&cells)
    }

    /// Pairs of neighbours in a square of 32 × 32 (Knuth, TAOCP 2, §3.3.2, B).
    fn serial_pairs(&self) -> f64 {
        let mut cells = [0; 1024];
        self.pairs().for_each(|(one, two)| cells[(one >> 59 << 5 | two >> 59) as usize] += 1);
        equally_likely(&cells)
    }

    /// The same of the lowest bits of the 53 that make a uniform number.
    fn low_bits(&self) -> f64 {
        let mut cells = [0; 1024];
        let low = |word: u64| word >> 11 & 31;
        self.pairs().for_each(|(one, two)| cells[(low(one) << 5 | low(two)) as usize] += 1);
        equally_likely(&cells)
    }

    /// Of independent uniform numbers the sum of (u − ½)(v − ½) has mean 0 and variance n / 144.
    fn correlation(&self) -> f64 {
        let centred = |word: u64| (word >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
        let (mut sum, mut pairs) = (0.0, 0.0);
        for (one, two) in self.pairs() {
            sum += centred(one) * centred(two);
            pairs += 1.0;
        }
        either(normal_cdf(12.0 * sum / f64::sqrt(pairs)))
    }

    /// Lengths of the gaps between numbers below 1/8 (Knuth, TAOCP 2, §3.3.2, D).
    fn gaps(&self) -> f64 {
        let mut cells = [0; 33];
        let (mut gap, mut gaps) = (0, 0.0);
        for &word in &self.words {
            if word >> 61 == 0 {
                cells[gap] += 1;
                gaps += 1.0;
                gap = 0;
            } else {
                gap = (gap + 1).min(32);
            }
        }
        if gaps == 0.0 {
            return 0.0;
        }
        let mut tail = gaps;
        let expected: Vec<f64> = (0..33)
            .map(|length| {
                let here = if length < 32 { tail / 8.0 } else { tail };
                tail -= here;
                here
            })
            .collect();
        chi_square(&cells, &expected)
    }

    /// Each of the 64 bits differs between neighbours half of the time.
    fn avalanche(&self) -> f64 {
        let mut differs = [0_u64; 64];
        let mut pairs = 0.0;
        for (one, two) in self.pairs() {
            let other = one ^ two;
            differs.iter_mut().enumerate().for_each(|(bit, count)| *count += other >> bit & 1);
            pairs += 1.0;
        }
        let squares = differs.iter().map(|&count| {
            let away = count as f64 - 0.5 * pairs;
            4.0 * away * away / pairs
        });
        quantile_of_chi_square(squares.sum(), 64.0)
    }
}

fn equally_likely(cells: &[u64]) -> f64 {
    let each = cells.iter().sum::<u64>() as f64 / cells.len() as f64;
    chi_square(cells, &vec![each; cells.len()])
}

/// Pearson's test.
fn chi_square(cells: &[u64], expected: &[f64]) -> f64 {
    let terms = cells.iter().zip(expected).map(|(&count, &expected)| {
        let away = count as f64 - expected;
        away * away / expected
    });
    quantile_of_chi_square(terms.sum(), (cells.len() - 1) as f64)
}

fn quantile_of_chi_square(sum: f64, degrees: f64) -> f64 {
    2.0 * gamma_p(0.5 * degrees, 0.5 * sum).min(gamma_q(0.5 * degrees, 0.5 * sum))
}

/// As far off as this share of all outcomes, in either direction.
fn either(share: f64) -> f64 {
    2.0 * share.min(1.0 - share)
}

#[test]
fn neighbours_are_independent() {
    for family in families() {
        for (test, p) in family.judge() {
            assert!(p > BOUND, "{}, {test}: p = {p:e}", family.name);
        }
    }
}

#[test]
fn seeds_of_replications_are_spread_evenly() {
    // 53 bits, of neighbouring runs and replications alike.
    let seeds = family("seeds", 64, |n, i| {
        Chance::replication_seed(n, i + 1) << 11 | mix(n + i * 64) >> 53
    });
    for (test, p) in seeds.judge() {
        assert!(p > BOUND, "{test}: p = {p:e}");
    }
}

/// Generators with a fault of a known kind are found out, and each test finds one.
#[test]
fn bad_generators_fail() {
    let good = |i: u64| mix(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let bad = [
        // One stream for all, by a key left out.
        (family("the same stream", 64, move |_, i| good(i)), "correlation"),
        // Half of it is shared.
        (
            family("a shared half", 64, move |n, i| good(i) >> 32 << 32 | good(n << 32 | i) >> 32),
            "serial pairs",
        ),
        // Counters without a mix: as regular as a comb.
        (family("Weyl", 64, |n, i| (i * 64 + n).wrapping_mul(0x9E37_79B9_7F4A_7C15)), "gaps"),
        // Seeds that are laid over the output instead of into the state.
        (family("exclusive or", 64, move |n, i| good(i) ^ n << 11), "avalanche"),
        // A linear congruential generator (Knuth's MMIX) seeded with neighbouring numbers: its
        // lower bits have short periods.
        (
            family("neighbouring LCGs", 64, |n, i| {
                const A: u64 = 6_364_136_223_846_793_005;
                let first = (n + (i << 40)).wrapping_mul(A).wrapping_add(1_442_695_040_888_963_407);
                first.wrapping_mul(A).wrapping_add(1_442_695_040_888_963_407)
            }),
            "low bits",
        ),
        // One value in fifty too few.
        (
            family("a biased byte", 64, move |n, i| {
                let word = good(n << 32 | i);
                if word >> 56 == 7 && word % 2 == 0 { word ^ 1 << 63 } else { word }
            }),
            "uniformity",
        ),
    ];
    for (family, test) in &bad {
        let judged = family.judge();
        let p = judged.iter().find(|(name, _)| name == test).map_or(1.0, |(_, p)| *p);
        assert!(p < BOUND, "{}, {test}: {judged:?}", family.name);
    }
}

//! Special functions against published values, closed forms and sums carried out in sixty-digit
//! arithmetic, and there and back.

use smschain::special::{
    beta_p, beta_p_inverse, beta_q, gamma_p, gamma_p_inverse, gamma_q, gamma_q_inverse, ln_gamma,
    normal_cdf, normal_quantile, student_t_cdf, student_t_quantile,
};

fn assert_near(what: &str, value: f64, expected: f64, relative: f64) {
    let error = (value / expected - 1.0).abs();
    assert!(error <= relative, "{what}: {value:e}, not {expected:e}; off by {error:.1e}");
}

/// (a, x, P, Q).
const GAMMA: [(f64, f64, f64, f64); 19] = [
    (0.01, 1e-100, 0.1005706528500385, 0.8994293471499615),
    (0.01, 0.5, 0.994373243806033, 0.005626756193967184),
    (0.1, 3.0, 0.9984347282528857, 0.0015652717471143537),
    (0.5, 0.001, 0.03567059172967989, 0.9643294082703201),
    (0.75, 20.0, 0.9999999992140115, 7.85988534141884e-10),
    (1.5, 1.0, 0.4275932955291202, 0.5724067044708798),
    (2.5, 40.0, 0.9999999999999992, 8.39182511483161e-16),
    (9.9, 5.0, 0.03447433035425408, 0.9655256696457459),
    (10.0, 10.0, 0.5420702855281478, 0.4579297144718522),
    (21.0, 15.0, 0.08297091003146025, 0.9170290899685398),
    (25.0, 25.5, 0.5659060650189364, 0.4340939349810637),
    (50.0, 90.0, 0.9999983505014983, 1.6494985017178249e-6),
    (100.0, 60.0, 1.4815276326460468e-6, 0.9999985184723674),
    (100.0, 100.0, 0.5132987982791487, 0.4867012017208513),
    (1000.0, 1100.0, 0.9989406767460701, 0.0010593232539299773),
    (1000.0, 900.0, 0.0005499022657117829, 0.9994500977342882),
    (10000.0, 10005.0, 0.5212634681357696, 0.4787365318642303),
    (1000000.0, 998000.0, 0.022696114006736802, 0.9773038859932632),
    (1000000.0, 1003000.0, 0.9986382593537824, 0.0013617406462175915),
];

#[test]
fn incomplete_gamma_equals_its_series_in_sixty_digits() {
    for (a, x, p, q) in GAMMA {
        assert_near(&format!("P({a}, {x})"), gamma_p(a, x), p, 1e-13);
        assert_near(&format!("Q({a}, {x})"), gamma_q(a, x), q, 1e-13);
    }
}

#[test]
fn incomplete_gamma_equals_its_closed_forms() {
    // Abramowitz and Stegun (1964), 6.5.16 and 6.5.12: P(½, x²) = erf x; P(1, x) = 1 − e⁻ˣ.
    for x in [1e-8, 0.01, 0.3, 1.0, 1.7, 2.5, 4.0, 5.5] {
        assert_near("P(1/2, x²)", gamma_p(0.5, x * x), libm::erf(x), 1e-14);
        assert_near("Q(1/2, x²)", gamma_q(0.5, x * x), libm::erfc(x), 1e-13);
        assert_near("P(1, x)", gamma_p(1.0, x), -libm::expm1(-x), 1e-14);
        assert_near("Q(1, x)", gamma_q(1.0, x), libm::exp(-x), 1e-14);
    }
    // 26.4.21: Q(k, x) is the Poisson distribution function below k.
    for x in [0.5_f64, 7.0, 25.0, 30.0, 33.0] {
        let mut term = libm::exp(-x);
        let mut sum = term;
        for j in 1..30 {
            term *= x / f64::from(j);
            sum += term;
        }
        assert_near("Q(30, x)", gamma_q(30.0, x), sum, 1e-13);
    }
}

#[test]
fn incomplete_gamma_has_no_step_where_methods_meet() {
    // P(a, x) = P(a+1, x) + xᵃe⁻ˣ/Γ(a+1) (6.5.21), across a = 20 and along the edge of |η| < 1.
    for a in [19.5, 20.0, 25.0, 80.0, 300.0] {
        for r in [0.2_f64, 0.3, 0.31, 0.5, 0.9, 1.0, 1.1, 2.0, 2.3, 2.4, 2.5, 3.0] {
            let x = a * r;
            let step = libm::exp(a * libm::log(x) - x - ln_gamma(a + 1.0));
            let expected = if r < 1.0 {
                gamma_p(a, x) / (gamma_p(a + 1.0, x) + step)
            } else {
                gamma_q(a + 1.0, x) / (gamma_q(a, x) + step)
            };
            assert_near(&format!("a = {a}, x = {x}"), expected, 1.0, 1e-12);
        }
    }
}

/// (a, b, x, I, 1 − I).
const BETA: [(f64, f64, f64, f64, f64); 11] = [
    (0.01, 0.02, 1e-50, 0.2108863932322216, 0.7891136067677784),
    (0.1, 0.1, 0.3, 0.462804186115552, 0.537195813884448),
    (0.5, 0.5, 0.001, 0.02013504163337749, 0.9798649583666225),
    (2.0, 12.0, 0.1, 0.3786550197418, 0.6213449802582),
    (2.0, 12.0, 0.9, 0.9999999999882, 1.1799999999999968e-11),
    (0.3, 7.0, 0.75, 0.9999938779504911, 6.122049508849513e-6),
    (5.0, 0.05, 0.99, 0.12165506011174182, 0.8783449398882582),
    (20.0, 30.0, 0.4, 0.507700199657648, 0.492299800342352),
    (100.0, 200.0, 0.25, 0.0006588924984657823, 0.9993411075015342),
    (1000.0, 1000.0, 0.51, 0.8144473405684886, 0.18555265943151145),
    (3.0, 5000.0, 0.001, 0.8756426259625864, 0.12435737403741358),
];

#[test]
fn incomplete_beta_equals_its_series_in_sixty_digits() {
    for (a, b, x, p, q) in BETA {
        assert_near(&format!("I({x}; {a}, {b})"), beta_p(a, b, x), p, 1e-13);
        assert_near(&format!("1 − I({x}; {a}, {b})"), beta_q(a, b, x), q, 1e-13);
    }
}

#[test]
fn incomplete_beta_equals_its_closed_forms() {
    for x in [1e-9, 0.03, 0.25, 0.5, 0.8, 0.99] {
        // I(x; a, 1) = xᵃ; the arcsine law.
        assert_near("I(x; 3.5, 1)", beta_p(3.5, 1.0, x), libm::pow(x, 3.5), 1e-14);
        let arcsine = libm::asin(libm::sqrt(x)) * 2.0 / core::f64::consts::PI;
        assert_near("I(x; 1/2, 1/2)", beta_p(0.5, 0.5, x), arcsine, 1e-13);
    }
}

#[test]
fn normal_quantile_equals_the_values_published_with_it() {
    // Wichura (1988), AS 241, the check values of PPND16.
    assert_near("z(0.25)", normal_quantile(0.25), -0.674_489_750_196_081_7, 4e-16);
    assert_near("z(0.001)", normal_quantile(0.001), -3.090_232_306_167_814, 4e-16);
    assert_near("z(1e-20)", normal_quantile(1e-20), -9.262_340_089_798_408, 4e-16);
    // Abramowitz and Stegun (1964), table 26.1: P(1), P(2).
    assert_near("Φ(1)", normal_cdf(1.0), 0.841_344_746_068_543, 1e-14);
    assert_near("Φ(2)", normal_cdf(2.0), 0.977_249_868_051_821, 1e-14);
}

#[test]
fn normal_goes_there_and_back() {
    for p in [1e-300, 1e-100, 1e-12, 1e-5, 0.05, 0.074, 0.076, 0.3, 0.5, 0.7, 0.924, 0.999] {
        let z = normal_quantile(p);
        // The tail is as exact as z, whose rounding it multiplies by z².
        assert_near(&format!("{p}"), normal_cdf(z), p, 4e-16 * (2.0 + z * z));
    }
    assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal_quantile(1.0), f64::INFINITY);
    assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
}

#[test]
fn gamma_goes_there_and_back() {
    for a in [1e-3, 0.05, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0, 19.0, 21.0, 150.0, 1e4, 1e7] {
        for p in [1e-100, 1e-12, 1e-6, 0.01, 0.3, 0.5, 0.77, 0.99] {
            let x = gamma_p_inverse(a, p);
            // Where x is too small for a number there is no way back.
            if x > 1e-300 {
                let digits = 1e-15 * (100.0 + a.sqrt() * 40.0);
                assert_near(&format!("P⁻¹({a}, {p})"), gamma_p(a, x), p, digits);
            }
            let x = gamma_q_inverse(a, p);
            if x > 1e-300 {
                let digits = 1e-15 * (200.0 + a.sqrt() * 40.0);
                assert_near(&format!("Q⁻¹({a}, {p})"), gamma_q(a, x), p, digits);
            }
        }
    }
    assert_eq!(gamma_p_inverse(2.0, 0.0), 0.0);
    assert_eq!(gamma_p_inverse(2.0, 1.0), f64::INFINITY);
    assert!(gamma_p_inverse(-1.0, 0.5).is_nan() && gamma_p(0.0, 1.0).is_nan());
}

#[test]
fn chi_square_quantiles_equal_the_table() {
    // Abramowitz and Stegun (1964), table 26.8: χ² = 2 Q⁻¹(ν/2, q).
    for (df, q, expected) in
        [(1.0, 0.05, 3.84146), (2.0, 0.01, 9.21034), (10.0, 0.05, 18.307_0), (30.0, 0.975, 16.7908)]
    {
        assert_near("χ²", 2.0 * gamma_q_inverse(0.5 * df, q), expected, 4e-6);
    }
}

#[test]
fn beta_goes_there_and_back() {
    let sizes = [0.01, 0.2, 0.7, 1.0, 1.3, 3.0, 12.0, 200.0, 5e3];
    for a in sizes {
        for b in sizes {
            for p in [1e-30, 1e-12, 1e-6, 0.01, 0.3, 0.5, 0.77, 0.99] {
                let x = beta_p_inverse(a, b, p);
                // Near 1 the spacing of numbers is what limits the way back.
                if x > 1e-300 && x <= 0.5 {
                    let digits = 2e-12;
                    assert_near(&format!("I⁻¹({p}; {a}, {b})"), beta_p(a, b, x), p, digits);
                }
                assert!((0.0..=1.0).contains(&x), "{a} {b} {p}");
            }
        }
    }
    assert_eq!(beta_p_inverse(2.0, 3.0, 0.0), 0.0);
    assert_eq!(beta_p_inverse(2.0, 3.0, 1.0), 1.0);
    assert!(beta_p_inverse(2.0, 3.0, f64::NAN).is_nan() && beta_p(0.0, 1.0, 0.5).is_nan());
}

/// (p, degrees of freedom, t).
const STUDENT: [(f64, f64, f64); 11] = [
    (0.975, 1.0, 12.706204736174692),
    (0.975, 3.0, 3.182446305283708),
    (0.995, 7.0, 3.4994832973504932),
    (0.95, 10.0, 1.8124611228116758),
    (0.975, 29.0, 2.045229642132704),
    (0.9, 2.5, 1.7302509288071768),
    (0.0005, 4.0, -8.610301581379275),
    (0.6, 100.0, 0.2540221824582278),
    (0.975, 1e6, 1.9599663568141068),
    (1e-12, 5.0, -393.95695957760375),
    (0.975, 0.3, 6582.035699400758),
];

#[test]
fn student_quantiles_equal_sixty_digit_ones() {
    for (p, df, t) in STUDENT {
        assert_near(&format!("t({p}, {df})"), student_t_quantile(p, df), t, 2e-13);
        assert_near(&format!("P(T ≤ {t})"), student_t_cdf(t, df), p, 1e-12);
    }
}

#[test]
fn student_quantiles_equal_the_table() {
    // Abramowitz and Stegun (1964), table 26.10, at A = 0.95 and 0.99 of both sides.
    for (df, t95, t99) in [
        (1.0, 12.706, 63.657),
        (2.0, 4.303, 9.925),
        (5.0, 2.571, 4.032),
        (20.0, 2.086, 2.845),
        (120.0, 1.980, 2.617),
    ] {
        assert_near("t 95 %", student_t_quantile(0.975, df), t95, 3e-4);
        assert_near("t 99 %", student_t_quantile(0.995, df), t99, 3e-4);
    }
}

#[test]
fn student_has_its_closed_forms_and_limits() {
    for p in [1e-9, 0.01, 0.2, 0.49, 0.5, 0.6, 0.975] {
        let cauchy = -1.0 / libm::tan(core::f64::consts::PI * p);
        let error = (student_t_quantile(p, 1.0) - cauchy).abs();
        assert!(error <= 1e-13 * cauchy.abs() + 1e-16, "{p}");
        let two = (2.0 * p - 1.0) / libm::sqrt(2.0 * p * (1.0 - p));
        assert!((student_t_quantile(p, 2.0) - two).abs() <= 2e-13 * two.abs());
        let normal = normal_quantile(p);
        for df in [1e13, 1e16, 1e20, f64::INFINITY] {
            assert!((student_t_quantile(p, df) - normal).abs() <= 1e-11 * normal.abs(), "{p} {df}");
        }
        assert_eq!(student_t_quantile(p, 9.0).to_bits(), student_t_quantile(p, 9.0).to_bits());
    }
    assert_eq!(student_t_quantile(0.0, 4.0), f64::NEG_INFINITY);
    assert_eq!(student_t_quantile(1.0, 4.0), f64::INFINITY);
    assert_eq!(student_t_cdf(f64::INFINITY, 4.0), 1.0);
    assert!(student_t_quantile(0.5, -1.0).is_nan() && student_t_quantile(2.0, 4.0).is_nan());
}

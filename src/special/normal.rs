//! The normal distribution.

/// Φ(z), the standard normal distribution function.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

/// Φ⁻¹(p) for p in (0, 1); −∞ at 0, ∞ at 1, NaN outside. Relative error about 1e-16.
///
/// Wichura (1988), *Algorithm AS 241: The percentage points of the normal distribution*, PPND16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRE { centre(q) } else { tail(p) }
}

/// Φ⁻¹ of many numbers in (0, 1), each what [`normal_quantile`] makes of it.
// Most lie in the centre. Worked out for all of them, that becomes a loop of vectors.
#[inline(never)]
pub fn normal_quantiles(ps: &[f64], zs: &mut [f64]) {
    for (z, p) in zs.iter_mut().zip(ps) {
        *z = centre(p - 0.5);
    }
    for (z, &p) in zs.iter_mut().zip(ps) {
        if (p - 0.5).abs() > CENTRE {
            *z = tail(p);
        }
    }
}

/// The reach of the centre from ½.
const CENTRE: f64 = 0.425;

#[inline(always)]
fn centre(q: f64) -> f64 {
    q * ratio(0.180625 - q * q, &CENTRE_TOP, &CENTRE_BOTTOM)
}

/// Outside the centre.
fn tail(p: f64) -> f64 {
    let q = p - 0.5;
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 || tail.is_nan() {
        return if p == 0.0 || p == 1.0 { q * f64::INFINITY } else { f64::NAN };
    }
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE_TOP, &MIDDLE_BOTTOM)
    } else {
        ratio(r - 5.0, &FAR_TOP, &FAR_BOTTOM)
    };
    if q < 0.0 { -z } else { z }
}

/// By Estrin's scheme: in pairs, which do not wait for each other.
#[inline(always)]
fn ratio(r: f64, top: &[f64; 8], bottom: &[f64; 8]) -> f64 {
    let (r2, r4) = (r * r, r * r * (r * r));
    let polynomial = |&[c0, c1, c2, c3, c4, c5, c6, c7]: &[f64; 8]| {
        let low = (c0 + c1 * r) + (c2 + c3 * r) * r2;
        let high = (c4 + c5 * r) + (c6 + c7 * r) * r2;
        low + high * r4
    };
    polynomial(top) / polynomial(bottom)
}

// |p − ½| ≤ 0.425, in 0.180625 − (p − ½)².
const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_545,
];
// √(−ln tail) ≤ 5, less 1.6.
const MIDDLE_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
// Beyond, less 5.
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BOTTOM: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

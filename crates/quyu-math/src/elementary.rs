//! Elementary functions with the same bits on every processor: the `libm` crate, which is plain Rust arithmetic.

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident = $f:path;)*) => {
        $($(#[$doc])* #[inline] pub fn $name(x: f64) -> f64 { $f(x) })*
    };
}

unary! {
    /// Natural logarithm: -inf at 0, NaN below.
    ln = libm::log;
    /// ln(1 + x), exact to the last digits near 0.
    ln_1p = libm::log1p;
    /// Logarithm to base 2.
    log2 = libm::log2;
    /// Logarithm to base 10.
    log10 = libm::log10;
    /// e^x.
    exp = libm::exp;
    /// 2^x.
    exp2 = libm::exp2;
    /// e^x - 1, exact to the last digits near 0.
    exp_m1 = libm::expm1;
    /// Square root, correctly rounded.
    sqrt = libm::sqrt;
    /// Cube root.
    cbrt = libm::cbrt;
    /// Sine of an angle in radians.
    sin = libm::sin;
    /// Cosine of an angle in radians.
    cos = libm::cos;
    /// Tangent of an angle in radians.
    tan = libm::tan;
    /// Arc sine in radians.
    asin = libm::asin;
    /// Arc cosine in radians.
    acos = libm::acos;
    /// Arc tangent in radians.
    atan = libm::atan;
    /// Hyperbolic sine.
    sinh = libm::sinh;
    /// Hyperbolic cosine.
    cosh = libm::cosh;
    /// Hyperbolic tangent.
    tanh = libm::tanh;
    /// Error function.
    erf = libm::erf;
    /// 1 - erf(x), without cancellation for large x.
    erfc = libm::erfc;
    /// Logarithm of the absolute value of the gamma function.
    ln_gamma = libm::lgamma;
}

/// x^y.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The angle of the point (x, y) in radians, in (-pi, pi].
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// sqrt(x^2 + y^2) without overflow on the way.
#[inline]
pub fn hypot(x: f64, y: f64) -> f64 {
    libm::hypot(x, y)
}

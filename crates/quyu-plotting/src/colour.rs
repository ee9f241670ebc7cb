//! Colours: roles, categories, ramps, and the text that is readable on them.

use quyu_core::figure::Role;

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const WHITE: Rgb = Rgb(255, 255, 255);
/// Titles and labels.
pub(crate) const INK: Rgb = Rgb(34, 34, 34);
/// Axis titles, tick labels and the source line.
pub(crate) const MUTED: Rgb = Rgb(89, 89, 89);
/// Lines of the grid.
pub(crate) const GRID: Rgb = Rgb(228, 228, 228);
/// The line at zero and other base lines.
pub(crate) const BASE: Rgb = Rgb(120, 120, 120);
/// Hatching of what has no data.
pub(crate) const HATCH: Rgb = Rgb(196, 196, 196);

/// The palette of Okabe and Ito, in an order that keeps vermillion, the accent, for late categories.
const CATEGORIES: [Rgb; 8] = [
    Rgb(0, 114, 178),
    Rgb(230, 159, 0),
    Rgb(0, 158, 115),
    Rgb(204, 121, 167),
    Rgb(86, 180, 233),
    Rgb(213, 94, 0),
    Rgb(240, 228, 66),
    Rgb(0, 0, 0),
];

/// One hue from light to dark, in equal steps of lightness (OKLab).
const RAMP: [Rgb; 8] = [
    Rgb(0xE6, 0xF2, 0xFE),
    Rgb(0xB4, 0xD8, 0xFF),
    Rgb(0x8C, 0xBE, 0xF1),
    Rgb(0x68, 0xA3, 0xDF),
    Rgb(0x48, 0x89, 0xC8),
    Rgb(0x2F, 0x6F, 0xAC),
    Rgb(0x1C, 0x56, 0x8C),
    Rgb(0x12, 0x3F, 0x68),
];

/// Blue below the centre, from the centre outwards, in equal steps of lightness (OKLab).
const BELOW: [Rgb; 5] = [
    Rgb(0xF1, 0xF4, 0xF6),
    Rgb(0xB1, 0xCD, 0xEB),
    Rgb(0x75, 0xA7, 0xDA),
    Rgb(0x3E, 0x80, 0xC0),
    Rgb(0x02, 0x5A, 0x9C),
];

/// Orange above the centre, as [`BELOW`].
const ABOVE: [Rgb; 5] = [
    Rgb(0xF6, 0xF3, 0xF1),
    Rgb(0xE7, 0xC1, 0xAC),
    Rgb(0xD1, 0x92, 0x6C),
    Rgb(0xB3, 0x65, 0x31),
    Rgb(0x8A, 0x40, 0x00),
];

/// The n-th category. After eight the palette starts again, half as strong.
pub(crate) fn category(n: usize) -> Rgb {
    let base = CATEGORIES[n % CATEGORIES.len()];
    if n < CATEGORIES.len() {
        base
    } else {
        mix(base, WHITE, 0.5)
    }
}

/// The colour of a bar, line or point.
pub(crate) fn role(role: Role) -> Rgb {
    match role {
        Role::Focus => Rgb(213, 94, 0),
        Role::Peer => Rgb(82, 82, 82),
        Role::Other => Rgb(190, 190, 190),
        Role::Reference => Rgb(20, 20, 20),
        Role::Category(n) => category(n),
    }
}

/// The colour of a label that belongs to something of that role.
pub(crate) fn label(of: Role) -> Rgb {
    match of {
        Role::Other => MUTED,
        Role::Peer | Role::Reference => INK,
        other => ink(role(other)),
    }
}

/// The colour itself where text in it is readable on white, otherwise a darker one.
pub(crate) fn ink(colour: Rgb) -> Rgb {
    let mut dark = colour;
    while contrast(dark, WHITE) < 4.5 {
        dark = mix(dark, Rgb(0, 0, 0), 0.05);
    }
    dark
}

/// Text on a filled cell: dark or white, whichever has more contrast.
pub(crate) fn on(fill: Rgb) -> Rgb {
    let dark = Rgb(16, 16, 16);
    if contrast(dark, fill) >= contrast(WHITE, fill) {
        dark
    } else {
        WHITE
    }
}

/// A colour of the ramp for quantities; `t` runs from 0 (least, light) to 1 (most, dark).
pub(crate) fn ramp(t: f64) -> Rgb {
    along(&RAMP, t)
}

/// A colour of the diverging ramp; `t` runs from -1 (furthest below the centre) to 1.
pub(crate) fn diverging(t: f64) -> Rgb {
    if t < 0.0 {
        along(&BELOW, -t)
    } else {
        along(&ABOVE, t)
    }
}

fn along(stops: &[Rgb], t: f64) -> Rgb {
    let last = stops.len() - 1;
    let place = t.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    mix(stops[below], stops[(below + 1).min(last)], place - below as f64)
}

fn mix(a: Rgb, b: Rgb, t: f64) -> Rgb {
    let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    Rgb(channel(a.0, b.0), channel(a.1, b.1), channel(a.2, b.2))
}

/// The contrast ratio of WCAG, with the square in place of the sRGB curve so that no power function is needed.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        c * c
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_get_darker_in_every_step() {
        for stops in [&RAMP[..], &BELOW[..], &ABOVE[..]] {
            assert!(
                stops
                    .windows(2)
                    .all(|pair| luminance(pair[0]) > luminance(pair[1]))
            );
        }
        assert_eq!(ramp(0.0), RAMP[0]);
        assert_eq!(ramp(1.0), RAMP[7]);
        assert_eq!(diverging(-7.0), BELOW[4]);
    }

    #[test]
    fn labels_are_readable_on_white_and_on_every_fill() {
        let roles = [Role::Focus, Role::Peer, Role::Other, Role::Reference];
        for of in roles.into_iter().chain((0..20).map(Role::Category)) {
            assert!(contrast(label(of), WHITE) >= 4.5, "{of:?}");
        }
        for step in 0..=100 {
            let t = f64::from(step) / 100.0;
            for fill in [ramp(t), diverging(t), diverging(-t)] {
                assert!(contrast(on(fill), fill) >= 3.9, "{fill:?}");
            }
        }
    }

    #[test]
    fn accent_and_greys_differ_in_greyscale() {
        let (peer, focus, other) = (
            luminance(role(Role::Peer)),
            luminance(role(Role::Focus)),
            luminance(role(Role::Other)),
        );
        assert!(
            peer + 0.1 < focus && focus + 0.2 < other,
            "{peer} {focus} {other}"
        );
    }
}

//! What is on the screen: an empty desktop with a bar at its lower edge, and a window that asks for
//! nothing.

use bytes::Bytes;

use super::pixels::Format;

pub(super) const WIDTH: u16 = 800;
pub(super) const HEIGHT: u16 = 600;

/// A rectangle of one colour.
struct Area {
    colour: [u8; 3],
    left: u16,
    top: u16,
    width: u16,
    height: u16,
}

const fn area(colour: [u8; 3], left: u16, top: u16, width: u16, height: u16) -> Area {
    Area { colour, left, top, width, height }
}

const DESKTOP: [u8; 3] = [0x2e, 0x34, 0x5c];

/// The later ones lie on the earlier ones.
const AREAS: &[Area] = &[
    area([0x24, 0x24, 0x24], 0, 572, 800, 28),
    area([0x3d, 0x7e, 0xd6], 4, 576, 60, 20),
    area([0x4a, 0x4a, 0x4a], 72, 576, 140, 20),
    area([0xd0, 0xd0, 0xd0], 736, 582, 12, 8),
    area([0xd0, 0xd0, 0xd0], 756, 582, 36, 8),
    area([0xf2, 0xf2, 0xf2], 24, 24, 40, 34),
    area([0xe0, 0xb8, 0x4c], 24, 96, 40, 30),
    area([0xe0, 0xb8, 0x4c], 24, 90, 18, 6),
    area([0x1c, 0x1c, 0x1c], 180, 96, 480, 340),
    area([0x5a, 0x5a, 0x5a], 180, 96, 480, 22),
    area([0xc8, 0x46, 0x3c], 638, 101, 12, 12),
    area([0x9a, 0xd0, 0x6a], 190, 130, 120, 9),
    area([0xd8, 0xd8, 0xd8], 318, 130, 10, 9),
];

/// The encoding of each picture (RFC 6143 §7.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    #[default]
    Raw = 0,
    Rectangles = 2,
}

impl Encoding {
    /// The shortest of those that a client knows.
    pub(super) fn of(known: &[i32]) -> Self {
        if known.contains(&2) { Self::Rectangles } else { Self::Raw }
    }
}

/// All of the screen, as one message (§7.6.1).
pub(super) fn whole(format: &Format, encoding: Encoding) -> Bytes {
    let mut message = vec![0, 0];
    message.extend(1_u16.to_be_bytes());
    for number in [0, 0, WIDTH, HEIGHT] {
        message.extend(number.to_be_bytes());
    }
    message.extend((encoding as u32).to_be_bytes());
    match encoding {
        Encoding::Raw => raw(format, &mut message),
        Encoding::Rectangles => rectangles(format, &mut message),
    }
    message.into()
}

/// A background, and what lies on it (§7.7.3).
fn rectangles(format: &Format, message: &mut Vec<u8>) {
    message.extend(u32::try_from(AREAS.len()).unwrap_or_default().to_be_bytes());
    message.extend(format.pixel(DESKTOP));
    for area in AREAS {
        message.extend(format.pixel(area.colour));
        for number in [area.left, area.top, area.width, area.height] {
            message.extend(number.to_be_bytes());
        }
    }
}

/// Pixel after pixel (§7.7.1).
fn raw(format: &Format, message: &mut Vec<u8>) {
    let background = format.pixel(DESKTOP);
    let pixels: Vec<Vec<u8>> = AREAS.iter().map(|area| format.pixel(area.colour)).collect();
    for row in 0..HEIGHT {
        let crossed: Vec<(&Area, &Vec<u8>)> =
            AREAS.iter().zip(&pixels).filter(|(area, _)| area.has_row(row)).rev().collect();
        for column in 0..WIDTH {
            let on_top = crossed.iter().find(|(area, _)| area.has_column(column));
            message.extend(on_top.map_or(&background, |(_, pixel)| pixel));
        }
    }
}

impl Area {
    const fn has_row(&self, row: u16) -> bool {
        self.top <= row && row < self.top + self.height
    }

    const fn has_column(&self, column: u16) -> bool {
        self.left <= column && column < self.left + self.width
    }
}

#[cfg(test)]
mod tests {
    use super::super::pixels::OURS;
    use super::*;

    #[test]
    fn every_area_is_on_the_screen() {
        for area in AREAS {
            assert!(area.left + area.width <= WIDTH && area.top + area.height <= HEIGHT);
        }
    }

    #[test]
    fn both_encodings_are_as_long_as_they_say() {
        let format = Format::read(OURS).unwrap();
        let head = 4 + 12;
        assert_eq!(whole(&format, Encoding::Raw).len(), head + 800 * 600 * 4);
        assert_eq!(whole(&format, Encoding::Rectangles).len(), head + 8 + AREAS.len() * 12);
        let raw = whole(&format, Encoding::Raw);
        let pixel = |row: usize, column: usize| &raw[head + (row * 800 + column) * 4..][..3];
        assert_eq!(pixel(0, 0), [0x5c, 0x34, 0x2e]);
        assert_eq!(pixel(599, 799), [0x24, 0x24, 0x24]);
        assert_eq!(pixel(100, 640), [0x5a, 0x5a, 0x5a]);
        assert_eq!(pixel(105, 640), [0x3c, 0x46, 0xc8]);
    }
}

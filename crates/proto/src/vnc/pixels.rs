//! How a client wants a pixel written (RFC 6143 §7.4).

/// The form of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    bytes: usize,
    order: Order,
    /// Red, green and blue: the largest value, and how far it is moved to the left.
    parts: [(u16, u8); 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Big,
    Little,
}

/// What we say of our own: 32 bits, little end first, red above green above blue.
pub(super) const OURS: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];

impl Format {
    /// Reads one; nothing, if it is none. One with a table of colours is taken for eight bits of
    /// the usual cut.
    pub(super) fn read(said: [u8; 16]) -> Option<Self> {
        let [bits, _, order, is_true, red, red_low, green, green_low, blue, blue_low, shifts @ ..] =
            said;
        let bytes = match bits {
            8 => 1,
            16 => 2,
            32 => 4,
            _ => return None,
        };
        let order = if order == 0 { Order::Little } else { Order::Big };
        if is_true == 0 {
            return Some(Self { bytes, order, parts: [(7, 0), (7, 3), (3, 6)] });
        }
        let [one, two, three, ..] = shifts;
        let maximum = |high, low| u16::from_be_bytes([high, low]);
        let parts = [
            (maximum(red, red_low), one),
            (maximum(green, green_low), two),
            (maximum(blue, blue_low), three),
        ];
        parts.iter().all(|(_, shift)| *shift < 32).then_some(Self { bytes, order, parts })
    }

    /// A colour as it is written.
    pub(super) fn pixel(&self, colour: [u8; 3]) -> Vec<u8> {
        let value = colour.iter().zip(self.parts).fold(0_u32, |value, (part, (maximum, shift))| {
            let scaled = u32::from(*part) * u32::from(maximum) / 255;
            value | scaled.wrapping_shl(u32::from(shift))
        });
        let (little, big) = (value.to_le_bytes(), value.to_be_bytes());
        match self.order {
            Order::Little => little.iter().take(self.bytes).copied().collect(),
            Order::Big => big.iter().skip(4 - self.bytes).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_as_it_is_wanted() {
        let colour = [255, 128, 0];
        let pixel = |said: [u8; 16]| Format::read(said).unwrap().pixel(colour);
        assert_eq!(pixel(OURS), [0, 128, 255, 0]);
        assert_eq!(
            pixel([32, 24, 1, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]),
            [0, 255, 128, 0]
        );
        assert_eq!(pixel([16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]), [0xe0, 0xfb]);
        assert_eq!(pixel([8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).len(), 1);
        assert_eq!(Format::read([24, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(Format::read([32, 0, 0, 1, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 0, 0]), None);
    }
}

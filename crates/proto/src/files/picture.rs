//! The one picture all image types show: one colour that turns into another.

use super::mark::Mark;

#[derive(Clone, Copy)]
pub(super) struct Colour {
    pub(super) red: u8,
    pub(super) green: u8,
    pub(super) blue: u8,
}

/// A picture that is `left` on its left and `right` on its right.
pub(super) struct Picture {
    pub(super) width: u16,
    pub(super) height: u16,
    left: Colour,
    right: Colour,
}

impl Picture {
    /// A small picture, too large for a counting pixel.
    pub(super) fn of(mark: &Mark<'_>) -> Self {
        Self { width: 64, height: 48, left: mark.colour("left"), right: mark.colour("right") }
    }

    /// A picture as an icon has it.
    pub(super) fn icon(mark: &Mark<'_>) -> Self {
        Self { width: 32, height: 32, ..Self::of(mark) }
    }

    /// The colours of one line; all lines are alike.
    pub(super) fn line(&self) -> Vec<Colour> {
        (0..self.width).map(|column| self.at(column)).collect()
    }

    /// The bytes of all lines, each pixel as `pixel` writes it.
    pub(super) fn bytes<const N: usize>(&self, pixel: impl Fn(Colour) -> [u8; N]) -> Vec<u8> {
        let line: Vec<u8> = self.line().into_iter().flat_map(pixel).collect();
        line.repeat(self.height.into())
    }

    fn at(&self, column: u16) -> Colour {
        let last = u32::from(self.width.saturating_sub(1).max(1));
        let between = |left: u8, right: u8| {
            let (left, right, column) = (u32::from(left), u32::from(right), u32::from(column));
            u8::try_from((left * (last - column) + right * column) / last).unwrap_or(u8::MAX)
        };
        Colour {
            red: between(self.left.red, self.right.red),
            green: between(self.left.green, self.right.green),
            blue: between(self.left.blue, self.right.blue),
        }
    }
}

impl Colour {
    pub(super) fn rgb(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    pub(super) fn bgr(self) -> [u8; 3] {
        [self.blue, self.green, self.red]
    }

    pub(super) fn opaque_bgr(self) -> [u8; 4] {
        [self.blue, self.green, self.red, u8::MAX]
    }

    /// `#a0b1c2`.
    pub(super) fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// How bright it is and how far it leans to blue and to red (ITU-R BT.601, all of 0 to 255).
    pub(super) fn brightness_and_hue(self) -> [u8; 3] {
        let [red, green, blue] = self.rgb().map(i32::from);
        let brightness = 299 * red + 587 * green + 114 * blue;
        let to_blue = 128_000 - 169 * red - 331 * green + 500 * blue;
        let to_red = 128_000 + 500 * red - 419 * green - 81 * blue;
        [brightness, to_blue, to_red]
            .map(|sum| u8::try_from((sum / 1000).clamp(0, 255)).unwrap_or_default())
    }
}

//! Fields that do not end where a byte ends.

/// Bits, in the order they are read.
#[derive(Default)]
pub(super) struct Bits {
    bits: Vec<bool>,
}

impl Bits {
    /// The `count` lowest bits of `value`, the highest of them first.
    pub(super) fn highest_first(mut self, value: u32, count: u32) -> Self {
        self.bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    /// The `count` lowest bits of `value`, the lowest of them first.
    pub(super) fn lowest_first(mut self, value: u32, count: u32) -> Self {
        self.bits.extend((0..count).map(|bit| value >> bit & 1 == 1));
        self
    }

    /// `bit` again and again, up to the end of a byte.
    pub(super) fn fill(mut self, bit: bool) -> Self {
        let end = self.bits.len().next_multiple_of(8);
        self.bits.resize(end, bit);
        self
    }

    /// Hands `self` through `step` for each of `all`.
    pub(super) fn each<T>(
        self,
        all: impl IntoIterator<Item = T>,
        step: impl FnMut(Self, T) -> Self,
    ) -> Self {
        all.into_iter().fold(self, step)
    }

    /// Bytes that are read from their highest bit.
    pub(super) fn bytes_from_highest(&self) -> Vec<u8> {
        self.bytes_from_lowest().into_iter().map(u8::reverse_bits).collect()
    }

    /// Bytes that are read from their lowest bit.
    pub(super) fn bytes_from_lowest(&self) -> Vec<u8> {
        let byte =
            |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        self.bits.chunks(8).map(byte).collect()
    }
}

//! Puts the fields of a file down one after the other, in either order of bytes.

/// A file that is being written.
#[derive(Default)]
pub(super) struct Layout {
    bytes: Vec<u8>,
}

impl Layout {
    pub(super) fn put(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.bytes.extend_from_slice(bytes.as_ref());
        self
    }

    pub(super) fn byte(self, value: u8) -> Self {
        self.put([value])
    }

    /// Lowest byte first.
    pub(super) fn le16(self, value: u16) -> Self {
        self.put(value.to_le_bytes())
    }

    /// Lowest byte first.
    pub(super) fn le32(self, value: u32) -> Self {
        self.put(value.to_le_bytes())
    }

    /// Lowest byte first.
    pub(super) fn le64(self, value: u64) -> Self {
        self.put(value.to_le_bytes())
    }

    /// Highest byte first.
    pub(super) fn be16(self, value: u16) -> Self {
        self.put(value.to_be_bytes())
    }

    /// Highest byte first.
    pub(super) fn be32(self, value: u32) -> Self {
        self.put(value.to_be_bytes())
    }

    pub(super) fn zeros(mut self, count: usize) -> Self {
        self.bytes.resize(self.bytes.len() + count, 0);
        self
    }

    /// Zeros up to the offset `end`, if it is not passed yet.
    pub(super) fn until(mut self, end: usize) -> Self {
        self.bytes.resize(self.bytes.len().max(end), 0);
        self
    }

    /// Zeros up to the next multiple of `unit`.
    pub(super) fn align(self, unit: usize) -> Self {
        let end = self.bytes.len().next_multiple_of(unit);
        self.until(end)
    }

    /// Hands `self` through `step` for each of `all`.
    pub(super) fn each<T>(
        self,
        all: impl IntoIterator<Item = T>,
        step: impl FnMut(Self, T) -> Self,
    ) -> Self {
        all.into_iter().fold(self, step)
    }

    /// How much has been written.
    pub(super) fn size(&self) -> u32 {
        size(&self.bytes)
    }

    pub(super) fn done(self) -> Vec<u8> {
        self.bytes
    }
}

impl AsRef<[u8]> for Layout {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The length of `bytes` as formats note it.
pub(super) fn size(bytes: impl AsRef<[u8]>) -> u32 {
    u32::try_from(bytes.as_ref().len()).unwrap_or(u32::MAX)
}

/// The length of `bytes` where a format has two bytes for it.
pub(super) fn size16(bytes: impl AsRef<[u8]>) -> u16 {
    u16::try_from(bytes.as_ref().len()).unwrap_or(u16::MAX)
}

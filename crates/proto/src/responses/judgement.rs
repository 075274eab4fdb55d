//! Whether something is as a rule asks, as far as that is known.

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It is not so, whatever comes.
    No,
    /// It could still be so.
    NotYet,
    /// It is so.
    Yes,
}

impl Judgement {
    /// Of something that is known.
    pub(super) fn of(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }

    /// Of both: no, if either is; certain only if both are.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::NotYet, _) | (_, Self::NotYet) => Self::NotYet,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

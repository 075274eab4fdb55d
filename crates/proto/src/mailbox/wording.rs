//! What colleagues write to each other. Gaps: `{name}` of the reader, `{number}`, `{sum}`, `{time}`.

/// One letter, but for its gaps. Either who writes it or who gets a copy keeps the office running:
/// the first of [`PEOPLE`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wording {
    /// Whose it is, by its place among [`PEOPLE`].
    pub(super) from: usize,
    /// Who gets a copy.
    pub(super) copy: usize,
    pub(super) subject: &'static str,
    pub(super) lines: &'static [&'static str],
}

/// Colleagues by first name, and the families they may be of.
pub(super) const PEOPLE: &[(&str, &[&str])] = &[
    ("Alice", &["Barnes", "Fischer", "Keller", "Moreau", "Novak", "Palmer", "Schmidt", "Winter"]),
    ("Martin", &["Berg", "Cole", "Hansen", "Hughes", "Lang", "Roth", "Sanders", "Weiss"]),
    ("Sofia", &["Costa", "Fuentes", "Greco", "Lind", "Marin", "Petrov", "Romano", "Silva"]),
    ("Daniel", &["Abel", "Brandt", "Carver", "Dunn", "Ferro", "Grant", "Novotny", "Vogel"]),
];

/// One after the other, they come.
pub(super) const WORDINGS: &[Wording] = &[
    Wording {
        from: 0,
        copy: 1,
        subject: "Invoice {number}",
        lines: &[
            "Hi {name},",
            "",
            "invoice {number} over EUR {sum} is still open on our side. Could you check whether",
            "it was paid with the last run? The customer would like to have it closed before",
            "the end of the month.",
            "",
            "Thanks,",
            "Alice",
        ],
    },
    Wording {
        from: 1,
        copy: 0,
        subject: "Re: Meeting moved to {time}",
        lines: &[
            "> Does {time} work for everybody? The small room is free, I asked.",
            "> Alice",
            "",
            "Works for me. I will bring the numbers of the last quarter, {name} please bring the",
            "list of open points.",
            "",
            "Martin",
        ],
    },
    Wording {
        from: 0,
        copy: 2,
        subject: "Access to the share",
        lines: &[
            "Hello {name},",
            "",
            "your access to the folder 'Projects' is set up, ticket {number}. Please log off and",
            "on again once, otherwise the drive will not show up. What is missing now:",
            "",
            "... the archive of last year, which is being moved tonight",
            "... printing from the new floor, from about {time} tomorrow",
            "",
            "Tell me if anything does not work.",
            "",
            "Alice",
        ],
    },
    Wording {
        from: 2,
        copy: 0,
        subject: "Offer {number}, second version",
        lines: &[
            "Dear {name},",
            "",
            "Alice and I went through the offer once more. We are at {sum} net now, without",
            "transport. If you agree I will send it out today at {time}.",
            "",
            "Best regards",
            "Sofia",
        ],
    },
    Wording {
        from: 0,
        copy: 3,
        subject: "Travel expenses",
        lines: &[
            "Hi {name},",
            "",
            "two receipts are missing in your claim {number} (hotel and taxi). Without them I can",
            "only book {sum}. A photograph is good enough.",
            "",
            "Alice",
        ],
    },
    Wording {
        from: 3,
        copy: 0,
        subject: "Delivery {number}",
        lines: &[
            "Hi {name}, hi Alice,",
            "",
            "the forwarder called: the pallet comes tomorrow between {time} and the evening.",
            "Somebody has to be at the gate and sign for it. Can one of you do that?",
            "",
            "Daniel",
        ],
    },
    Wording {
        from: 0,
        copy: 1,
        subject: "Holidays",
        lines: &[
            "Hello {name},",
            "",
            "I am putting the plan for the next months together. Please send me your dates by",
            "Friday, {time} at the latest; Martin and Sofia have already done so.",
            "",
            "Thanks and best regards",
            "Alice",
        ],
    },
];

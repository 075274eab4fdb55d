//! Programs for Linux (ELF), one for each processor a dropper asks for: each ends at once, with 0.

use super::mark::Mark;

/// How a processor wants its program, and the program: exit(0).
struct Processor {
    width: Width,
    order: Order,
    /// Its number in the format.
    machine: u16,
    flags: u32,
    code: &'static [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Bits32,
    Bits64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    HighestFirst,
    LowestFirst,
}

pub(super) fn arm(mark: &Mark<'_>) -> Vec<u8> {
    // The number is in the register for kernels of the new convention, in the call for the old.
    let code = b"\0\0\xa0\xe3\x01\x70\xa0\xe3\x01\0\x90\xef";
    little32(40, 0x0500_0002, code).written(mark)
}

pub(super) fn arm64(mark: &Mark<'_>) -> Vec<u8> {
    little64(183, 0, b"\0\0\x80\xd2\xa8\x0b\x80\xd2\x01\0\0\xd4").written(mark)
}

pub(super) fn m68k(mark: &Mark<'_>) -> Vec<u8> {
    big32(4, 0, b"\x70\x01\x72\0\x4e\x40").written(mark)
}

pub(super) fn mips(mark: &Mark<'_>) -> Vec<u8> {
    big32(8, 0x1001, b"\x24\x04\0\0\x24\x02\x0f\xa1\0\0\0\x0c").written(mark)
}

pub(super) fn mipsel(mark: &Mark<'_>) -> Vec<u8> {
    little32(8, 0x1001, b"\0\0\x04\x24\xa1\x0f\x02\x24\x0c\0\0\0").written(mark)
}

pub(super) fn power_pc(mark: &Mark<'_>) -> Vec<u8> {
    big32(20, 0, b"\x38\x60\0\0\x38\0\0\x01\x44\0\0\x02").written(mark)
}

pub(super) fn riscv64(mark: &Mark<'_>) -> Vec<u8> {
    little64(243, 0, b"\x13\x05\0\0\x93\x08\xd0\x05\x73\0\0\0").written(mark)
}

pub(super) fn sh4(mark: &Mark<'_>) -> Vec<u8> {
    little32(42, 9, b"\x01\xe3\0\xe4\x11\xc3\x09\0").written(mark)
}

pub(super) fn sparc(mark: &Mark<'_>) -> Vec<u8> {
    big32(2, 0, b"\x90\x10\x20\0\x82\x10\x20\x01\x91\xd0\x20\x10").written(mark)
}

pub(super) fn x86(mark: &Mark<'_>) -> Vec<u8> {
    little32(3, 0, b"\x31\xdb\xb8\x01\0\0\0\xcd\x80").written(mark)
}

pub(super) fn x86_64(mark: &Mark<'_>) -> Vec<u8> {
    little64(62, 0, b"\x31\xff\xb8\x3c\0\0\0\x0f\x05").written(mark)
}

fn big32(machine: u16, flags: u32, code: &'static [u8]) -> Processor {
    Processor { width: Width::Bits32, order: Order::HighestFirst, machine, flags, code }
}

fn little32(machine: u16, flags: u32, code: &'static [u8]) -> Processor {
    Processor { order: Order::LowestFirst, ..big32(machine, flags, code) }
}

fn little64(machine: u16, flags: u32, code: &'static [u8]) -> Processor {
    Processor { width: Width::Bits64, ..little32(machine, flags, code) }
}

/// Where the file lies in memory.
const BASE: u32 = 0x1_0000 * 0x40;

/// Nothing is mapped in finer steps on any of the processors.
const PAGE: u32 = 0x1_0000;

impl Processor {
    fn written(&self, mark: &Mark<'_>) -> Vec<u8> {
        let (header, program_header) = match self.width {
            Width::Bits32 => (52, 32),
            Width::Bits64 => (64, 56),
        };
        let note_at = header + 2 * program_header;
        let note = self.note(mark);
        let note_size = u32::try_from(note.len()).unwrap_or_default();
        let entry = note_at + note_size;
        let end = entry + u32::try_from(self.code.len()).unwrap_or_default();
        let all = Segment { kind: 1, flags: 5, at: 0, size: end, unit: PAGE };
        let note_segment = Segment { kind: 4, flags: 4, at: note_at, size: note_size, unit: 4 };
        let parts: [&[u8]; 5] = [
            &self.header(entry, header, program_header),
            &self.segment(&all),
            &self.segment(&note_segment),
            &note,
            self.code,
        ];
        parts.concat()
    }

    fn header(&self, entry: u32, header: u32, program_header: u32) -> Vec<u8> {
        let (class, order) = (self.width as u8 + 1, 2 - self.order as u8);
        let half = |number: u32| self.half(u16::try_from(number).unwrap_or_default());
        [
            vec![0x7f, b'E', b'L', b'F', class, order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            half(2), // a program
            self.half(self.machine),
            self.word(1),
            self.address(BASE + entry),
            self.address(header),
            self.address(0),
            self.word(self.flags),
            half(header),
            half(program_header),
            half(2),
            half(0),
            half(0),
            half(0),
        ]
        .concat()
    }

    fn segment(&self, segment: &Segment) -> Vec<u8> {
        let (kind, flags) = (self.word(segment.kind), self.word(segment.flags));
        let place = [segment.at, BASE + segment.at, BASE + segment.at, segment.size, segment.size];
        let place = place.map(|number| self.address(number)).concat();
        match self.width {
            Width::Bits32 => [kind, place, flags, self.address(segment.unit)].concat(),
            Width::Bits64 => [kind, flags, place, self.address(segment.unit)].concat(),
        }
    }

    /// The identifier of a build, as GNU's linker writes it.
    fn note(&self, mark: &Mark<'_>) -> Vec<u8> {
        let identifier = [mark.bytes("build"), mark.bytes("build, continued")].concat();
        let identifier = identifier.get(..20).unwrap_or_default();
        [&self.word(4), &self.word(20), &self.word(3), b"GNU\0".as_slice(), identifier].concat()
    }

    fn half(&self, number: u16) -> Vec<u8> {
        match self.order {
            Order::HighestFirst => number.to_be_bytes().to_vec(),
            Order::LowestFirst => number.to_le_bytes().to_vec(),
        }
    }

    fn word(&self, number: u32) -> Vec<u8> {
        match self.order {
            Order::HighestFirst => number.to_be_bytes().to_vec(),
            Order::LowestFirst => number.to_le_bytes().to_vec(),
        }
    }

    /// A number as wide as an address.
    fn address(&self, number: u32) -> Vec<u8> {
        match (self.width, self.order) {
            (Width::Bits32, _) => self.word(number),
            (Width::Bits64, Order::HighestFirst) => [self.word(0), self.word(number)].concat(),
            (Width::Bits64, Order::LowestFirst) => [self.word(number), self.word(0)].concat(),
        }
    }
}

/// A piece of the file, and how it is mapped.
struct Segment {
    kind: u32,
    flags: u32,
    at: u32,
    size: u32,
    unit: u32,
}

//! Programs and libraries for Windows (PE) that do nothing and say that all went well.

use super::layout::Layout;
use super::mark::Mark;

pub(super) fn exe(mark: &Mark<'_>) -> Vec<u8> {
    Image { width: Width::Bits32, part: Part::Program }.written(mark)
}

pub(super) fn exe64(mark: &Mark<'_>) -> Vec<u8> {
    Image { width: Width::Bits64, part: Part::Program }.written(mark)
}

pub(super) fn dll(mark: &Mark<'_>) -> Vec<u8> {
    Image { width: Width::Bits32, part: Part::Library }.written(mark)
}

pub(super) fn dll64(mark: &Mark<'_>) -> Vec<u8> {
    Image { width: Width::Bits64, part: Part::Library }.written(mark)
}

/// What of the format differs.
struct Image {
    width: Width,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Bits32,
    Bits64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Library,
    Program,
}

/// Sections begin at such offsets in the file, and there are two of them, this large.
const FILE_UNIT: u32 = 0x200;

/// Sections begin at such addresses.
const UNIT: u32 = 0x1000;

const CODE: u32 = UNIT;
const TABLES: u32 = 2 * UNIT;

/// Where in its section the addresses of imported functions are.
const ADDRESSES: u32 = 0x40;

impl Image {
    fn written(&self, mark: &Mark<'_>) -> Vec<u8> {
        let tables = match self.part {
            Part::Library => exports(),
            Part::Program => self.imports(),
        };
        Layout::default()
            .put(DOS_PROGRAM)
            .put(b"PE\0\0")
            .put(self.file_header(mark))
            .put(self.optional_header(mark))
            .put(section(b".text", CODE, 0x6000_0020))
            .put(section(b".rdata", TABLES, 0x4000_0040))
            .until(0x200)
            .put(self.code())
            .until(0x400)
            .put(tables)
            .put(mark.bytes("identity"))
            .until(0x600)
            .done()
    }

    fn file_header(&self, mark: &Mark<'_>) -> Layout {
        let (machine, flags) = match self.width {
            Width::Bits32 => (0x14c, 0x102),
            Width::Bits64 => (0x8664, 0x22),
        };
        // A program stays where it is, a library can be anywhere.
        let flags = flags | if self.part == Part::Library { 0x2000 } else { 1 };
        let header = Layout::default().le16(machine).le16(2).le32(mark.seconds()).le32(0).le32(0);
        header.le16(self.optional_size()).le16(flags)
    }

    fn optional_size(&self) -> u16 {
        match self.width {
            Width::Bits32 => 0xe0,
            Width::Bits64 => 0xf0,
        }
    }

    fn optional_header(&self, mark: &Mark<'_>) -> Layout {
        /// What a stack or a heap may take, and has from the start.
        const RESERVED: u64 = 0x10_0000;
        const COMMITTED: u64 = 0x1000;
        let linker = mark.bytes("linker").map(|byte| byte % 40)[0];
        let head = match self.width {
            Width::Bits32 => Layout::default().le16(0x10b).byte(14).byte(linker),
            Width::Bits64 => Layout::default().le16(0x20b).byte(14).byte(linker),
        };
        let head = head.le32(FILE_UNIT).le32(FILE_UNIT).le32(0).le32(CODE).le32(CODE);
        let head = match (self.width, self.part) {
            (Width::Bits32, Part::Library) => head.le32(TABLES).le32(0x1000_0000),
            (Width::Bits32, Part::Program) => head.le32(TABLES).le32(0x40_0000),
            (Width::Bits64, Part::Library) => head.le64(0x1_8000_0000),
            (Width::Bits64, Part::Program) => head.le64(0x1_4000_0000),
        };
        let system = [4, 0, 0, 0, 4, 0].into_iter();
        let sizes = [RESERVED, COMMITTED, RESERVED, COMMITTED];
        head.le32(UNIT)
            .le32(FILE_UNIT)
            .each(system, Layout::le16)
            .le32(0)
            .le32(3 * UNIT)
            .le32(FILE_UNIT)
            .le32(0)
            .le16(2) // windows, so that no console appears
            .le16(0x100)
            .each(sizes, |head, size| match self.width {
                Width::Bits32 => head.le32(u32::try_from(size).unwrap_or_default()),
                Width::Bits64 => head.le64(size),
            })
            .le32(0)
            .le32(16)
            .each(self.directories(), Layout::le32)
            .zeros(8 * 3)
    }

    /// Address and size of thirteen tables: exports come first, then imports, and last the
    /// addresses of what is imported, which the loader writes although the section is read-only.
    fn directories(&self) -> [u32; 26] {
        let mut directories = [0; 26];
        let [exports, exports_size, imports, imports_size, .., addresses, addresses_size] =
            &mut directories;
        match self.part {
            Part::Library => (*exports, *exports_size) = (TABLES, 0x80),
            Part::Program => {
                (*imports, *imports_size) = (TABLES, 40);
                (*addresses, *addresses_size) = (TABLES + ADDRESSES, 16);
            }
        }
        directories
    }

    fn code(&self) -> &'static [u8] {
        match (self.width, self.part) {
            // mov eax, 1; ret 12; and at EXPORTED: xor eax, eax; ret
            (Width::Bits32, Part::Library) => b"\xb8\x01\0\0\0\xc2\x0c\0\x31\xc0\xc3",
            // push 0; call [ExitProcess]
            (Width::Bits32, Part::Program) => b"\x6a\0\xff\x15\x40\x20\x40\0",
            (Width::Bits64, Part::Library) => b"\xb8\x01\0\0\0\xc3\x90\x90\x31\xc0\xc3",
            // sub rsp, 40; xor ecx, ecx; call [rip + to ExitProcess]
            (Width::Bits64, Part::Program) => b"\x48\x83\xec\x28\x31\xc9\xff\x15\x34\x10\0\0",
        }
    }

    /// One function of one library, by name.
    fn imports(&self) -> Layout {
        /// Where in the section the parts are.
        const NAMES: u32 = 0x30;
        const FUNCTION: u32 = 0x50;
        const LIBRARY: u32 = 0x60;
        let list = |tables: Layout| match self.width {
            Width::Bits32 => tables.le32(TABLES + FUNCTION).le32(0),
            Width::Bits64 => tables.le64((TABLES + FUNCTION).into()).le64(0),
        };
        let directory = Layout::default()
            .le32(TABLES + NAMES)
            .le32(0)
            .le32(0)
            .le32(TABLES + LIBRARY)
            .le32(TABLES + ADDRESSES);
        list(list(directory.until(0x30)).until(0x40))
            .until(0x50)
            .put(b"\0\0ExitProcess\0")
            .until(0x60)
            .put(b"KERNEL32.dll\0")
            .until(0x80)
    }
}

/// What `regsvr32` calls; it succeeds.
fn exports() -> Layout {
    const EXPORTED: u32 = CODE + 8;
    const FUNCTIONS: u32 = 0x28;
    const NAMES: u32 = 0x2c;
    const NUMBERS: u32 = 0x30;
    const LIBRARY: u32 = 0x40;
    const FUNCTION: u32 = 0x50;
    Layout::default()
        .zeros(12)
        .le32(TABLES + LIBRARY)
        .each([1, 1, 1, TABLES + FUNCTIONS, TABLES + NAMES, TABLES + NUMBERS], Layout::le32)
        .le32(EXPORTED)
        .le32(TABLES + FUNCTION)
        .le16(0)
        .until(0x40)
        .put(b"library.dll\0")
        .until(0x50)
        .put(b"DllRegisterServer\0")
        .until(0x80)
}

fn section(name: &[u8], address: u32, flags: u32) -> Layout {
    let header = Layout::default().put(name).until(8).le32(FILE_UNIT).le32(address).le32(FILE_UNIT);
    header.le32(address / UNIT * FILE_UNIT).zeros(12).le32(flags)
}

/// The head all images begin with, and the program for DOS that says it is none.
const DOS_PROGRAM: &[u8; 0x80] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\
    \xb8\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80\0\0\0\
    \x0e\x1f\xba\x0e\0\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21\
    This program cannot be run in DOS mode.\r\r\n$\0\0\0\0\0\0\0";

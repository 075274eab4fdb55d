//! An Android package: what it is, in the form of Android's own, and code without a class.

use super::checksum::{adler32, sha1};
use super::layout::Layout;
use super::mark::Mark;
use super::zip::{Member, zip};

pub(super) fn apk(mark: &Mark<'_>) -> Vec<u8> {
    let members = [
        Member { name: "AndroidManifest.xml", content: manifest(mark) },
        Member { name: "classes.dex", content: dex(mark) },
    ];
    zip(&members, mark)
}

/// Code for Dalvik, version 035: a header, one string, and the map of what is where.
fn dex(mark: &Mark<'_>) -> Vec<u8> {
    /// Where the parts are: the only string's place, the string, the map.
    const STRINGS: u32 = 0x70;
    const TEXT: u32 = 0x74;
    const MAP: u32 = 0x98;
    let map = [[0, 1, 0], [1, 1, STRINGS], [0x2002, 1, TEXT], [0x1000, 1, MAP]];
    let data = Layout::default()
        .le32(TEXT)
        .byte(32)
        .put(mark.hex("string"))
        .align(4)
        .until(usize::try_from(MAP - STRINGS).unwrap_or_default())
        .le32(4)
        .each(map.as_flattened(), |data, field| data.le32(*field));
    let total = STRINGS + data.size();
    let signed = Layout::default()
        .le32(total)
        .le32(STRINGS)
        .le32(0x1234_5678)
        .le32(0)
        .le32(0)
        .le32(MAP)
        .le32(1)
        .le32(STRINGS)
        .zeros(40)
        .le32(total - TEXT)
        .le32(TEXT)
        .put(data);
    let summed = Layout::default().put(sha1(signed.as_ref())).put(signed);
    Layout::default().put(b"dex\n035\0").le32(adler32(summed.as_ref())).put(summed).done()
}

/// `<manifest package="…" android:versionCode="…" android:versionName="…"><application …/>`
fn manifest(mark: &Mark<'_>) -> Vec<u8> {
    let number = u32::from(mark.bytes("code")[0]) + 1;
    let about = [
        [SPACE, VERSION_CODE, NOTHING, NUMBER, number],
        [SPACE, VERSION_NAME, VERSION, TEXT, VERSION],
        [NOTHING, PACKAGE, NAME, TEXT, NAME],
    ];
    let no_code = [[SPACE, HAS_CODE, NOTHING, TRUTH, 0]];
    let chunks = Layout::default()
        .put(pool(&words(mark)))
        .put(chunk(0x180, 8, Layout::default().each(ATTRIBUTES, Layout::le32)))
        .put(node(0x100, &[ANDROID, SPACE]))
        .put(element(MANIFEST, &about))
        .put(element(APPLICATION, &no_code))
        .put(node(0x103, &[NOTHING, APPLICATION]))
        .put(node(0x103, &[NOTHING, MANIFEST]))
        .put(node(0x101, &[ANDROID, SPACE]));
    chunk(3, 8, chunks).done()
}

/// What the first words mean to Android.
const ATTRIBUTES: [u32; 3] = [0x0101_021b, 0x0101_021c, 0x0101_000c];

const VERSION_CODE: u32 = 0;
const VERSION_NAME: u32 = 1;
const HAS_CODE: u32 = 2;
const ANDROID: u32 = 3;
const SPACE: u32 = 4;
const MANIFEST: u32 = 5;
const PACKAGE: u32 = 6;
const APPLICATION: u32 = 7;
const NAME: u32 = 8;
const VERSION: u32 = 9;
const NOTHING: u32 = u32::MAX;

/// What a value is.
const TEXT: u32 = 0x0300_0008;
const NUMBER: u32 = 0x1000_0008;
const TRUTH: u32 = 0x1200_0008;

/// All words of the manifest, where the constants above say.
fn words(mark: &Mark<'_>) -> [String; 10] {
    let letter =
        |digit: char| digit.to_digit(16).and_then(|digit| char::from_digit(digit + 10, 26));
    let company: String = mark.hex("company").chars().filter_map(letter).take(12).collect();
    let package = format!("com.{company}.{}", mark.title().to_ascii_lowercase());
    [
        "versionCode",
        "versionName",
        "hasCode",
        "android",
        "http://schemas.android.com/apk/res/android",
        "manifest",
        "package",
        "application",
        &package,
        &mark.version(),
    ]
    .map(str::to_owned)
}

/// The words themselves, each after its length, and before them where each begins.
fn pool(words: &[String]) -> Layout {
    let count = u32::try_from(words.len()).unwrap_or_default();
    let mut places = Layout::default();
    let mut texts = Layout::default();
    for word in words {
        places = places.le32(texts.size());
        let length = u16::try_from(word.len()).unwrap_or_default();
        texts = texts.le16(length).each(word.encode_utf16(), Layout::le16).le16(0);
    }
    let header = Layout::default().le32(count).le32(0).le32(0).le32(28 + 4 * count).le32(0);
    chunk(1, 28, header.put(places).put(texts).align(4))
}

fn element(name: u32, attributes: &[[u32; 5]]) -> Layout {
    let count = u32::try_from(attributes.len()).unwrap_or_default();
    let fields = [&[NOTHING, name, 0x14_0014, count, 0], attributes.as_flattened()].concat();
    node(0x102, &fields)
}

/// A chunk of the tree, all from line 1 and without a remark.
fn node(kind: u16, fields: &[u32]) -> Layout {
    chunk(
        kind,
        16,
        Layout::default().le32(1).le32(NOTHING).each(fields, |node, field| node.le32(*field)),
    )
}

fn chunk(kind: u16, header: u16, content: Layout) -> Layout {
    Layout::default().le16(kind).le16(header).le32(8 + content.size()).put(content)
}

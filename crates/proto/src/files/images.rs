//! Pictures without loss: PNG, GIF, BMP, ICO, TIFF, SVG.

use super::checksum::crc32;
use super::layout::{Layout, size};
use super::mark::Mark;
use super::packed::zlib;
use super::picture::Picture;

/// PNG (ISO/IEC 15948).
pub(super) fn png(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::of(mark);
    let header = Layout::default()
        .be32(picture.width.into())
        .be32(picture.height.into())
        .put([8, 2, 0, 0, 0]); // eight bits, true colour
    let colours: Vec<u8> = picture.line().into_iter().flat_map(|colour| colour.rgb()).collect();
    // Each line begins with its filter: none.
    let line = [[0].as_slice(), &colours].concat();
    let pixels = zlib(&line.repeat(picture.height.into()));
    let parts: [(&[u8; 4], &[u8]); 3] =
        [(b"IHDR", header.as_ref()), (b"IDAT", &pixels), (b"IEND", &[])];
    let file = Layout::default().put(b"\x89PNG\r\n\x1a\n");
    file.each(parts, |file, (name, content)| {
        let named = [name.as_slice(), content].concat();
        file.be32(size(content)).put(&named).be32(crc32(&named))
    })
    .done()
}

/// GIF89a. Codes are kept at eight bits by starting the table over before it grows.
pub(super) fn gif(mark: &Mark<'_>) -> Vec<u8> {
    /// With colours of seven bits: the codes that start over and that end.
    const START: u8 = 0x80;
    const END: u8 = 0x81;
    let picture = Picture::of(mark);
    let colours = picture.line();
    let palette: Vec<u8> = colours.iter().flat_map(|colour| colour.rgb()).collect();
    let line: Vec<u8> = (0..picture.width.to_le_bytes()[0]).collect();
    let pixels = line.repeat(picture.height.into());
    let mut codes: Vec<u8> =
        pixels.chunks(120).flat_map(|chunk| [&[START], chunk].concat()).collect();
    codes.push(END);
    Layout::default()
        .put(b"GIF89a")
        .le16(picture.width)
        .le16(picture.height)
        .put([0xe6, 0, 0]) // a palette of 128 colours
        .put(palette)
        .until(13 + 3 * 128)
        .put(b",\0\0\0\0")
        .le16(picture.width)
        .le16(picture.height)
        .put([0, 7])
        .each(codes.chunks(255), |file, chunk| file.byte(size(chunk).to_le_bytes()[0]).put(chunk))
        .put(b"\0;")
        .done()
}

/// A Windows bitmap.
pub(super) fn bmp(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::of(mark);
    let pixels = picture.bytes(|colour| colour.bgr());
    Layout::default()
        .put(b"BM")
        .le32(54 + size(&pixels))
        .le32(0)
        .le32(54)
        .put(bitmap_header(&picture, picture.height.into(), 24))
        .put(pixels)
        .done()
}

/// An icon: a bitmap with a mask of what is transparent, which is nothing.
pub(super) fn ico(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::icon(mark);
    let [width, height] = [picture.width, picture.height].map(|side| side.to_le_bytes()[0]);
    let mask = vec![0; usize::from(picture.width) / 8 * usize::from(picture.height)];
    let image = Layout::default()
        .put(bitmap_header(&picture, 2 * u32::from(picture.height), 32))
        .put(picture.bytes(|colour| colour.opaque_bgr()))
        .put(mask);
    Layout::default()
        .put([0, 0, 1, 0, 1, 0])
        .put([width, height, 0, 0, 1, 0, 32, 0])
        .le32(image.size())
        .le32(22)
        .put(image)
        .done()
}

/// `BITMAPINFOHEADER`.
fn bitmap_header(picture: &Picture, height: u32, bits: u16) -> Layout {
    Layout::default().le32(40).le32(picture.width.into()).le32(height).le16(1).le16(bits).zeros(24)
}

/// TIFF 6.0, one strip that is not compressed.
pub(super) fn tiff(mark: &Mark<'_>) -> Vec<u8> {
    /// Where the strip begins: behind the header, eleven fields and what does not fit into them.
    const STRIP: u32 = 8 + 2 + 11 * 12 + 4 + 6 + 16;
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const RATIO: u16 = 5;
    let picture = Picture::of(mark);
    let pixels = picture.bytes(|colour| colour.rgb());
    let (width, height) = (picture.width.into(), picture.height.into());
    let fields: [(u16, u16, u32, u32); 11] = [
        (256, SHORT, 1, width),
        (257, SHORT, 1, height),
        (258, SHORT, 3, STRIP - 22), // bits per sample
        (259, SHORT, 1, 1),          // not compressed
        (262, SHORT, 1, 2),          // red, green, blue
        (273, LONG, 1, STRIP),
        (277, SHORT, 1, 3),
        (278, SHORT, 1, height),
        (279, LONG, 1, size(&pixels)),
        (282, RATIO, 1, STRIP - 16),
        (283, RATIO, 1, STRIP - 8),
    ];
    Layout::default()
        .put(b"II*\0\x08\0\0\0\x0b\0")
        .each(fields, |file, (tag, kind, count, value)| {
            file.le16(tag).le16(kind).le32(count).le32(value)
        })
        .le32(0)
        .each([8; 3], Layout::le16)
        .each([72, 1, 72, 1], Layout::le32)
        .put(pixels)
        .done()
}

pub(super) fn svg(mark: &Mark<'_>) -> Vec<u8> {
    let (left, right) = (mark.colour("left").css(), mark.colour("right").css());
    let image = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"48\">\n\
         <defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"{left}\"/>\
         <stop offset=\"1\" stop-color=\"{right}\"/></linearGradient></defs>\n\
         <rect width=\"64\" height=\"48\" fill=\"url(#a)\"/>\n</svg>\n"
    );
    image.into_bytes()
}

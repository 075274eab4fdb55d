//! What a Java machine runs: a class whose main method returns, alone and in a jar.

use super::layout::{Layout, size, size16};
use super::mark::Mark;
use super::zip::{Member, zip};

/// `public class Main { static final long serialVersionUID = …; public static void main(String[]) {} }`
pub(super) fn class(mark: &Mark<'_>) -> Vec<u8> {
    let text = |text: &str| [[1].as_slice(), &size16(text).to_be_bytes(), text.as_bytes()].concat();
    let number = mark.number("serial").to_be_bytes();
    let constants: [Vec<u8>; 11] = [
        text("Main"),                       // 1
        vec![7, 0, 1],                      // 2: the class
        text("java/lang/Object"),           // 3
        vec![7, 0, 3],                      // 4: what it extends
        text("main"),                       // 5
        text("([Ljava/lang/String;)V"),     // 6
        text("Code"),                       // 7
        text("serialVersionUID"),           // 8
        text("J"),                          // 9
        text("ConstantValue"),              // 10
        [[5].as_slice(), &number].concat(), // 11, and 12: a long takes two
    ];
    let code = Layout::default().be16(0).be16(1).be32(1).byte(0xb1).be16(0).be16(0);
    Layout::default()
        .put(b"\xca\xfe\xba\xbe\0\0\0\x31") // for Java 5 and later
        .be16(13)
        .put(constants.concat())
        .each([0x21, 2, 4, 0], Layout::be16)
        .each([1, 0x18, 8, 9, 1, 10, 0, 2, 11], Layout::be16)
        .each([1, 9, 5, 6, 1, 7], Layout::be16)
        .be32(size(&code))
        .put(code)
        .be16(0)
        .done()
}

pub(super) fn jar(mark: &Mark<'_>) -> Vec<u8> {
    let manifest = "Manifest-Version: 1.0\r\nMain-Class: Main\r\n\r\n";
    let members = [
        Member { name: "META-INF/MANIFEST.MF", content: manifest.into() },
        Member { name: "Main.class", content: class(mark) },
    ];
    zip(&members, mark)
}

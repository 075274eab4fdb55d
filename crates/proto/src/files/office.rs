//! Documents as office programs have written them since 2007 (ECMA-376).

use super::mark::Mark;
use super::zip::{Member, zip};

/// One part of a package.
struct Part {
    name: &'static str,
    /// What it is, below `application/vnd.openxmlformats-`.
    kind: &'static str,
    content: String,
    /// What it refers to as `rId1`, `rId2` and so on: the kind of relation, and to what.
    refers: &'static [(&'static str, &'static str)],
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What all names of the standard begin with.
const STANDARD: &str = "http://schemas.openxmlformats.org";

pub(super) fn docx(mark: &Mark<'_>) -> Vec<u8> {
    let title = mark.title();
    let content = format!(
        "<w:document xmlns:w=\"{STANDARD}/wordprocessingml/2006/main\"><w:body><w:p><w:r>\
         <w:t>{title}</w:t></w:r></w:p><w:sectPr/></w:body></w:document>"
    );
    let kind = "officedocument.wordprocessingml.document.main+xml";
    package(&[Part { name: "word/document.xml", kind, content, refers: &[] }], mark)
}

pub(super) fn xlsx(mark: &Mark<'_>) -> Vec<u8> {
    let (title, amount) = (mark.title(), mark.number("amount") % 10_000);
    let main = format!("{STANDARD}/spreadsheetml/2006/main");
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{STANDARD}/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>\
         <t>{title}</t></is></c><c r=\"B1\"><v>{amount}</v></c></row></sheetData></worksheet>"
    );
    let parts = [
        Part {
            name: "xl/workbook.xml",
            kind: "officedocument.spreadsheetml.sheet.main+xml",
            content: book,
            refers: &[("worksheet", "worksheets/sheet1.xml")],
        },
        Part {
            name: "xl/worksheets/sheet1.xml",
            kind: "officedocument.spreadsheetml.worksheet+xml",
            content: sheet,
            refers: &[],
        },
    ];
    package(&parts, mark)
}

/// A slide, the layout it follows, the master that follows, and the theme of that.
pub(super) fn pptx(mark: &Mark<'_>) -> Vec<u8> {
    let parts = [
        Part {
            name: "ppt/presentation.xml",
            kind: "officedocument.presentationml.presentation.main+xml",
            content: slide_part("presentation", PRESENTATION),
            refers: &[
                ("slideMaster", "slideMasters/slideMaster1.xml"),
                ("slide", "slides/slide1.xml"),
            ],
        },
        Part {
            name: "ppt/slides/slide1.xml",
            kind: "officedocument.presentationml.slide+xml",
            content: slide_part("sld", &shapes(&title_shape(mark.title()))),
            refers: &[("slideLayout", "../slideLayouts/slideLayout1.xml")],
        },
        Part {
            name: "ppt/slideLayouts/slideLayout1.xml",
            kind: "officedocument.presentationml.slideLayout+xml",
            content: slide_part("sldLayout", &shapes("")),
            refers: &[("slideMaster", "../slideMasters/slideMaster1.xml")],
        },
        Part {
            name: "ppt/slideMasters/slideMaster1.xml",
            kind: "officedocument.presentationml.slideMaster+xml",
            content: slide_part("sldMaster", &[&shapes(""), MASTER].concat()),
            refers: &[
                ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("theme", "../theme/theme1.xml"),
            ],
        },
        Part {
            name: "ppt/theme/theme1.xml",
            kind: "officedocument.theme+xml",
            content: theme(mark),
            refers: &[],
        },
    ];
    package(&parts, mark)
}

/// The package whose main part is the first of `parts`.
fn package(parts: &[Part], mark: &Mark<'_>) -> Vec<u8> {
    let mut members = vec![
        member("[Content_Types].xml", content_types(parts)),
        member("_rels/.rels", package_relations(parts)),
        member("docProps/core.xml", properties(mark)),
    ];
    let names: Vec<String> = parts.iter().map(|part| relations_name(part.name)).collect();
    for (part, name) in parts.iter().zip(&names) {
        members.push(member(part.name, part.content.clone()));
        if !part.refers.is_empty() {
            members.push(member(name, relations(part.refers)));
        }
    }
    zip(&members, mark)
}

fn member(name: &str, content: String) -> Member<'_> {
    Member { name, content: [DECLARATION, &content].concat().into_bytes() }
}

fn content_types(parts: &[Part]) -> String {
    const KINDS: &str = "application/vnd.openxmlformats-";
    let of_parts: String = parts
        .iter()
        .map(|part| {
            format!("<Override PartName=\"/{}\" ContentType=\"{KINDS}{}\"/>", part.name, part.kind)
        })
        .collect();
    format!(
        "<Types xmlns=\"{STANDARD}/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"{KINDS}package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/>{of_parts}<Override PartName=\"/docProps/core.xml\" \
         ContentType=\"{KINDS}package.core-properties+xml\"/></Types>"
    )
}

fn package_relations(parts: &[Part]) -> String {
    let main = parts.first().map_or("", |part| part.name);
    format!(
        "<Relationships xmlns=\"{STANDARD}/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{STANDARD}/officeDocument/2006/relationships/officeDocument\" Target=\"{main}\"/>\
         <Relationship Id=\"rId2\" \
         Type=\"{STANDARD}/package/2006/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/></Relationships>"
    )
}

fn relations(refers: &[(&str, &str)]) -> String {
    let all: String = (1..)
        .zip(refers)
        .map(|(number, (kind, target))| {
            format!(
                "<Relationship Id=\"rId{number}\" \
                 Type=\"{STANDARD}/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
            )
        })
        .collect();
    format!("<Relationships xmlns=\"{STANDARD}/package/2006/relationships\">{all}</Relationships>")
}

/// `word/document.xml` has its relations in `word/_rels/document.xml.rels`.
fn relations_name(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{file}.rels")
}

fn properties(mark: &Mark<'_>) -> String {
    let (title, time, id) = (mark.title(), mark.time(), mark.guid("id"));
    format!(
        "<cp:coreProperties xmlns:cp=\"{STANDARD}/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>\
         <dc:identifier>{id}</dc:identifier>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{time}Z</dcterms:created>\
         </cp:coreProperties>"
    )
}

fn slide_part(element: &str, content: &str) -> String {
    format!(
        "<p:{element} xmlns:p=\"{STANDARD}/presentationml/2006/main\" \
         xmlns:a=\"{STANDARD}/drawingml/2006/main\" \
         xmlns:r=\"{STANDARD}/officeDocument/2006/relationships\">{content}</p:{element}>"
    )
}

/// What is on a slide, besides `more` nothing.
fn shapes(more: &str) -> String {
    format!(
        "<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/>\
         </p:nvGrpSpPr><p:grpSpPr/>{more}</p:spTree></p:cSld>"
    )
}

fn title_shape(title: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title 1\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"685800\" y=\"685800\"/><a:ext cx=\"7772400\" cy=\"1470025\"/>\
         </a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/>\
         <a:p><a:r><a:rPr lang=\"en-US\"/><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

const PRESENTATION: &str = "<p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/>\
    </p:sldMasterIdLst><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId2\"/></p:sldIdLst>\
    <p:sldSz cx=\"9144000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/>";

const MASTER: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" \
    accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" \
    accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>\
    <p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>";

/// Colours, fonts, and three of each way to fill, draw and shade.
fn theme(mark: &Mark<'_>) -> String {
    let colour =
        |name: &str, value: &str| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>");
    let accents: String = (1..=6)
        .map(|number| {
            let name = format!("accent{number}");
            colour(&name, mark.colour(&name).css().trim_start_matches('#'))
        })
        .collect();
    let fixed = [("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "1F497D"), ("lt2", "EEECE1")];
    let fixed = fixed.map(|(name, value)| colour(name, value)).concat();
    let links = [colour("hlink", "0000FF"), colour("folHlink", "800080")].concat();
    let font = |name: &str| {
        format!(
            "<a:{name}><a:latin typeface=\"Calibri\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>\
             </a:{name}>"
        )
    };
    let fonts = [font("majorFont"), font("minorFont")].concat();
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let fills = fill.repeat(3);
    let lines = format!("<a:ln w=\"9525\">{fill}</a:ln>").repeat(3);
    let effects = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "<a:theme xmlns:a=\"{STANDARD}/drawingml/2006/main\" name=\"Office\"><a:themeElements>\
         <a:clrScheme name=\"Office\">{fixed}{accents}{links}</a:clrScheme>\
         <a:fontScheme name=\"Office\">{fonts}</a:fontScheme><a:fmtScheme name=\"Office\">\
         <a:fillStyleLst>{fills}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>\
         <a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fills}</a:bgFillStyleLst>\
         </a:fmtScheme></a:themeElements></a:theme>"
    )
}

//! PDF (ISO 32000-1): one page with one line on it.

use super::mark::Mark;

pub(super) fn pdf(mark: &Mark<'_>) -> Vec<u8> {
    let (title, time) = (mark.title(), mark.time().strftime("%Y%m%d%H%M%S"));
    let drawing = format!("BT /F1 24 Tf 72 720 Td ({title}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Title ({title}) /CreationDate (D:{time}Z) >>"),
    ];
    let mut file = "%PDF-1.4\n%\u{e2}\u{e3}\u{cf}\u{d3}\n".to_owned();
    let mut places = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (at, count, id) = (file.len(), objects.len() + 1, mark.hex("id"));
    file += &format!(
        "xref\n0 {count}\n{places}trailer\n<< /Size {count} /Root 1 0 R /Info 6 0 R \
         /ID [<{id}> <{id}>] >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.into_bytes()
}

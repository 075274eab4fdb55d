//! What the server says, in the words of the one that is most widely run (Dovecot).

use model::Layer;

use crate::Cx;

/// The greeting. It is built for the same system as the mail server beside it.
pub(super) fn banner(cx: &Cx<'_>) -> String {
    format!("* OK [CAPABILITY {}] Dovecot{} ready.\r\n", before_login(cx), cx.persona.build())
}

/// What we can do as long as nobody has logged in.
pub(super) fn before_login(cx: &Cx<'_>) -> String {
    let tls = if cx.layer == Layer::Wire { " STARTTLS" } else { "" };
    let mechanisms = cx.rules.imap.offer.names().split(' ').map(|name| format!(" AUTH={name}"));
    format!("{ALWAYS}{tls}{}", mechanisms.collect::<String>())
}

/// What we can do for somebody who has logged in.
pub(super) fn after_login() -> String {
    format!("{ALWAYS} CHILDREN MOVE NAMESPACE SPECIAL-USE UIDPLUS UNSELECT")
}

const ALWAYS: &str = "IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+";

/// Who we are (RFC 2971): a server that says its name and no more.
pub(super) const ID: &str = "* ID (\"name\" \"Dovecot\")\r\n";

/// A text in quotes, or as a literal where quotes cannot hold it.
pub(super) fn string(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    if !is_plain {
        return format!("{{{}}}\r\n{text}", text.len());
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The same, where there may be none.
pub(super) fn string_or_nil(text: Option<&str>) -> String {
    text.map_or_else(|| "NIL".to_owned(), string)
}

/// The name of a folder: bare, if that can be.
pub(super) fn name(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/&+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_bare) { text.to_owned() } else { string(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_where_they_can_be() {
        assert_eq!(string("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
        assert_eq!(string("ü"), "{2}\r\nü");
        assert_eq!(string("a\r\nb"), "{4}\r\na\r\nb");
        assert_eq!(
            (name("a.b"), name("a b"), name("")),
            ("a.b".into(), "\"a b\"".into(), "\"\"".into())
        );
        assert_eq!(string_or_nil(None), "NIL");
    }
}

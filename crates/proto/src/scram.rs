//! SCRAM (RFC 5802): we ask as a server does. Who does not know a password can answer no proof of it.

use crate::Cx;
use crate::base64::encoded;
use crate::derived::{Purpose, derived};

/// What the first message of a client comes to.
#[derive(Debug)]
pub(crate) struct First {
    /// Whose login it is, if that was said.
    pub(crate) user: Option<String>,
    /// What is asked in return.
    pub(crate) asked: String,
    /// What both have said by then, without the head of the client's message: a proof is made of it.
    pub(crate) said: String,
}

/// Reads the first message (§7: a head of two fields, then `n=` and `r=`).
pub(crate) fn first(message: &str, cx: &Cx<'_>) -> Option<First> {
    let bare = message.splitn(3, ',').nth(2)?;
    let field = |name: &str| bare.split(',').find_map(|field| field.strip_prefix(name));
    let nonce = field("r=")?;
    let [high, low] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    let chance = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let (own, salt) = (encoded(&chance), encoded(&chance.map(|byte| byte ^ 0x5c)));
    let asked = format!("r={nonce}{own},s={salt},i=4096");
    let said = format!("{bare}${asked}");
    let user = field("n=").filter(|name| !name.is_empty()).map(str::to_owned);
    Some(First { user, asked, said })
}

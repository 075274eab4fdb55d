//! The names a flow gets from what is asked for on it.

use model::{Event, FlowName, NameSource};

use super::Request;
use crate::Out;

/// Names already noted for a flow.
#[derive(Debug, Default)]
pub struct Names {
    noted: Vec<String>,
}

/// How many are remembered. A proxy's client may use more; then some are noted a second time.
const REMEMBERED: usize = 64;

impl Names {
    /// Notes the host asked for, if it is a name that was not noted yet. To be called as soon as
    /// the fields are there: the body may never come.
    pub fn note(&mut self, request: &Request, out: &mut Out) {
        let Some(name) = request.site().filter(|name| !self.noted.contains(name)) else { return };
        if self.noted.len() == REMEMBERED {
            self.noted.clear();
        }
        self.noted.push(name.clone());
        let is_tunnel = request.is("connect");
        let source = if is_tunnel { NameSource::Proxy } else { NameSource::HostHeader };
        out.note(Event::Named(FlowName { name, source }));
    }
}

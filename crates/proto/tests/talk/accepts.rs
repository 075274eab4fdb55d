//! Services of which nothing is set but which logins are right.

use proto::logins::Accept;
use proto::{Responses, ldap, vnc};

/// Which logins are right, service by service.
#[derive(Default)]
pub(crate) struct Accepts {
    ldap: Accept,
    vnc: Accept,
}

impl Accepts {
    pub(crate) fn have(&self, service: &str) -> bool {
        ["ldap", "vnc"].contains(&service)
    }

    pub(crate) fn set(&mut self, service: &str, value: &str) {
        let accept = Accept::read(&[value]).unwrap();
        match service {
            "ldap" => self.ldap = accept,
            "vnc" => self.vnc = accept,
            other => panic!("not a service of these: {other}"),
        }
    }

    /// What is answered where nothing else is set.
    pub(crate) fn responses(self) -> Responses {
        Responses {
            ldap: ldap::Settings { accept: self.ldap },
            vnc: vnc::Settings { accept: self.vnc },
            ..Responses::default()
        }
    }
}

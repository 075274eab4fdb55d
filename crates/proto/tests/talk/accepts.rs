//! Services of which nothing is set but which logins are right.

use proto::ldap;
use proto::logins::Accept;

/// Which logins are right, service by service.
#[derive(Default)]
pub(crate) struct Accepts {
    pub(crate) ldap: ldap::Settings,
}

impl Accepts {
    pub(crate) fn have(&self, service: &str) -> bool {
        ["ldap"].contains(&service)
    }

    pub(crate) fn set(&mut self, service: &str, value: &str) {
        let accept = Accept::read(&[value]).unwrap();
        match service {
            "ldap" => self.ldap.accept = accept,
            other => panic!("not a service of these: {other}"),
        }
    }
}

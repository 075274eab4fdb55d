//! What databases are like in a talk: its `@ redis …` lines and the like.

use proto::logins::Accept;
use proto::redis;

#[derive(Default)]
pub(crate) struct Databases {
    pub(crate) redis: redis::Settings,
}

impl Databases {
    /// Whether this is one of them.
    pub(crate) fn have(&self, service: &str) -> bool {
        ["redis"].contains(&service)
    }

    pub(crate) fn set(&mut self, service: &str, key: &str, value: &str) {
        match (service, key) {
            ("redis", "accept") => self.redis.accept = Accept::read(&[value]).unwrap(),
            ("redis", "memory") => self.redis.memory = value.parse().unwrap(),
            other => panic!("not a setting of databases: {other:?}"),
        }
    }
}

//! What databases are like in a talk: its `@ redis …` lines and the like.

use proto::logins::Accept;
use proto::{memcached, mongodb, mysql, postgres, redis};

#[derive(Default)]
pub(crate) struct Databases {
    pub(crate) memcached: memcached::Settings,
    pub(crate) mongodb: mongodb::Settings,
    pub(crate) mysql: mysql::Settings,
    pub(crate) postgres: postgres::Settings,
    pub(crate) redis: redis::Settings,
}

impl Databases {
    /// Whether this is one of them.
    pub(crate) fn have(&self, service: &str) -> bool {
        ["memcached", "mongodb", "mysql", "postgres", "redis"].contains(&service)
    }

    pub(crate) fn set(&mut self, service: &str, key: &str, value: &str) {
        match (service, key) {
            ("memcached", "accept") => self.memcached.accept = Accept::read(&[value]).unwrap(),
            ("memcached", "memory") => self.memcached.memory = value.parse().unwrap(),
            ("mongodb", "accept") => self.mongodb.accept = Accept::read(&[value]).unwrap(),
            ("mysql", "accept") => self.mysql.accept = Accept::read(&[value]).unwrap(),
            ("mysql", "login") => self.mysql.login = mysql::Way::from_word(value).unwrap(),
            ("postgres", "accept") => self.postgres.accept = Accept::read(&[value]).unwrap(),
            ("postgres", "login") => self.postgres.login = postgres::Way::from_word(value).unwrap(),
            ("redis", "accept") => self.redis.accept = Accept::read(&[value]).unwrap(),
            ("redis", "memory") => self.redis.memory = value.parse().unwrap(),
            other => panic!("not a setting of databases: {other:?}"),
        }
    }
}

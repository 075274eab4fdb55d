//! Load: ours, and other people's.

pub(crate) mod bulk;
pub(crate) mod dnsperf;
pub(crate) mod idle;
pub(crate) mod records;
pub(crate) mod short;
pub(crate) mod tls;
pub(crate) mod wrk;

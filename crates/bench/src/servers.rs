//! Those that are measured: sinkgate, and what it is compared with.

pub(crate) mod bare_sink;
pub(crate) mod bulk_loader;
pub(crate) mod dnsmasq;
pub(crate) mod nginx;
pub(crate) mod nsd;
pub(crate) mod recipe;
pub(crate) mod sinkgate;

//! The only crate with victims' sockets. Does what machines ask; records everything.

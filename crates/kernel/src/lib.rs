//! The Linux edge: nftables, namespaces, original destinations, packet taps. Knows no protocol.

//! Records in, alerts out; the same answer for the past as for the present.

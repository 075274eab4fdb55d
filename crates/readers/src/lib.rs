//! Whoever looks: web, report, export. Reads the store, never the engine.

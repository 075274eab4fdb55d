//! Scripted peers, throwaway networks and databases, for tests only.

//! What is answered, and how that changes while we serve.

use std::sync::{Arc, Mutex, PoisonError};

use proto::Responses;
use proto::responses::Table;

/// What new flows are answered with. A flow keeps what it began with.
#[derive(Clone, Debug)]
pub struct Answering(Arc<Mutex<Arc<Responses>>>);

impl Answering {
    pub(crate) fn new(responses: Responses) -> Self {
        Self(Arc::new(Mutex::new(Arc::new(responses))))
    }

    /// What holds now.
    pub(crate) fn now(&self) -> Arc<Responses> {
        // Held for a moment, in which nothing can fail half-way.
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets these rules of the analyst's hold from now on, instead of the ones before.
    pub fn put(&self, own: Table) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(Responses { own: Arc::new(own), ..Responses::clone(&current) });
    }
}

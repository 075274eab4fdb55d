//! Section `amqp`. What brokers of queues are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[accept("amqp.accept", |config| &mut config.amqp.accept)];

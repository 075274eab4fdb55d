//! A flow and its companion: what each wants of the other.

use std::task::{Context, Poll};

use model::{Basis, Event, Layer};
use proto::{Companion as Wish, Errand, Input, News, Wrap};

use super::{Came, Connection, Drive};
use crate::companions::Principal;

impl<S: Connection> Drive<S> {
    /// Whom it was expected by it belongs to, whatever rules there are.
    pub(super) fn belong(&mut self) {
        if self.principal.is_none()
            && let Some(principal) = self.session.principal(self.port)
        {
            self.attend(principal);
        }
    }

    /// This flow belongs to another one, and waits for an errand.
    pub(super) fn attend(&mut self, principal: Principal) {
        let (of, opened_by) = (principal.flow, principal.opened_by);
        self.session.note(Event::Companion { of, opened_by });
        let protocol = proto::companion();
        self.session.recognised(protocol, Basis::Port);
        match principal.wrap {
            Wrap::None => self.start(protocol),
            Wrap::Tls => self.machine = Some(proto::tls::agreed_on(protocol)),
        }
        principal.tell_opened();
        self.principal = Some(Box::new(principal));
    }

    /// Does what the machine wants of its companion.
    pub(super) fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Expect(wanted) => {
                self.companion = None;
                self.companion = Some(Box::new(self.session.expect(wanted)));
            }
            Wish::Call(wanted) => {
                self.companion = Some(Box::new(super::calling::call(&mut self.session, wanted)));
            }
            Wish::Errand(errand) => {
                if let Some(companion) = &self.companion {
                    companion.send(errand);
                }
            }
            Wish::Leave => {
                if let Some(companion) = self.companion.take() {
                    companion.leave();
                }
            }
            Wish::Report(outcome) => {
                if let Some(principal) = &mut self.principal {
                    principal.report(outcome);
                }
            }
        }
    }

    /// What one of them says to the other.
    pub(super) fn poll_companion(&mut self, cx: &mut Context<'_>) -> Poll<Came> {
        if let Some(companion) = &mut self.companion
            && let Poll::Ready(news) = companion.poll_news(cx)
        {
            return Poll::Ready(Came::News(news));
        }
        let can_begin = self.layers.are_open();
        match &mut self.principal {
            Some(principal) if can_begin || !principal.is_waiting() => {
                // In TLS that has not begun there is nobody to do it.
                if principal.wrap == Wrap::Tls && self.session.layer() == Layer::Wire {
                    return Poll::Pending;
                }
                principal.poll_order(cx).map(Came::Order)
            }
            _ => Poll::Pending,
        }
    }

    /// Who waits for an errand has nowhere to put what comes before it.
    pub(super) fn is_held_back(&self) -> bool {
        let is_waiting = |principal: &Principal| principal.is_waiting();
        self.principal.as_deref().is_some_and(is_waiting) && !self.inbox.is_empty()
    }

    /// Tells the machine what became of its companion.
    pub(super) fn hear_of_companion(&mut self, news: News) {
        if let News::Ended(_) = news {
            self.companion = None;
        }
        if let Some(machine) = &mut self.machine {
            machine.hear_of_companion(news, &self.session.cx(), &mut self.out);
        }
        // What it had no time for until now.
        self.hand_in_bytes();
    }

    /// Begins an errand; what came before it is part of it.
    pub(super) fn begin_errand(&mut self, errand: Errand) {
        self.machine = Some(proto::errand(errand));
        self.hand_in(Input::Open);
        self.hand_in_bytes();
        if self.is_told {
            self.hand_in(Input::Eof);
        }
    }

    /// All that a companion had to send is sent.
    pub(super) fn errand_is_over(&mut self) {
        self.principal = None;
    }
}

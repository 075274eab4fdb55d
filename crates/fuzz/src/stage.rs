//! Where a machine is put to meet its input: one flow, one persona, fixed time.

use model::{
    CertificateAuthority, Flow, FlowId, Layer, OrigDst, Persona, RunId, Timestamp, Transport,
    Victim,
};
use proto::{Action, Carrier, Cx, Input, Machine, Out, PROTOCOLS, Protocol, Responses};

/// All that a machine may know of the world.
pub(crate) struct Stage {
    flow: Flow,
    persona: Persona,
    rules: Responses,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self {
            flow: Flow {
                id: FlowId::from_bytes([1; 16]),
                run: RunId::from_bytes([2; 16]),
                opened: Timestamp::default(),
                transport: Transport::Tcp,
                victim: Victim::new(([10, 0, 0, 7], 40_000).into()),
                orig_dst: OrigDst::new(([198, 51, 100, 1], 80).into()),
            },
            persona: Persona {
                seed: [3; 16],
                host: "mail".to_owned(),
                http_server: "nginx".to_owned(),
                dns_version: "9.18.1".to_owned(),
                mail_server: "Postfix".to_owned(),
                public_address: [203, 0, 113, 77].into(),
                authority: CertificateAuthority::default(),
            },
            rules: Responses {
                line_bytes: 64,
                head_bytes: 256,
                form_bytes: 256,
                decoded_bytes: 4_096,
                ..Responses::default()
            },
        }
    }

    /// What a fresh machine does about one input.
    pub(crate) fn answer(&self, row: &Protocol, input: Input<'_>) -> Vec<Action> {
        let mut machine = (row.start)();
        let mut done = self.react(machine.as_mut(), Input::Open);
        done.extend(self.react(machine.as_mut(), input));
        done
    }

    /// What a machine does about an input.
    pub(crate) fn react(&self, machine: &mut dyn Machine, input: Input<'_>) -> Vec<Action> {
        let now = Timestamp::from_micros(1_767_225_600_000_000);
        let layer = Layer::Wire;
        let cx = Cx {
            now,
            opened: self.flow.opened,
            flow: &self.flow,
            layer,
            persona: &self.persona,
            rules: &self.rules,
        };
        let mut out = Out::default();
        machine.on(input, &cx, &mut out);
        out.take_actions().collect()
    }
}

/// The protocols that this carries.
pub(crate) fn rows(carrier: Carrier) -> impl Iterator<Item = &'static Protocol> {
    PROTOCOLS.iter().filter(move |row| row.carrier == carrier)
}

//! Surroundings for tests inside this crate.

use model::{
    CertificateAuthority, Flow, FlowId, Layer, OrigDst, Persona, RunId, Timestamp, Transport,
    Victim,
};

use crate::{Cx, Responses, dns};

/// One flow, one persona, fixed time.
pub(crate) struct Stage {
    pub(crate) flow: Flow,
    persona: Persona,
    rules: Responses,
}

impl Stage {
    /// Small limits, so that tests reach them.
    pub(crate) fn new(dns: dns::Answers) -> Self {
        let flow = Flow {
            id: FlowId::from_bytes([1; 16]),
            run: RunId::from_bytes([2; 16]),
            opened: Timestamp::default(),
            transport: Transport::Tcp,
            victim: Victim::new(([10, 0, 0, 7], 40_000).into()),
            orig_dst: OrigDst::new(([198, 51, 100, 7], 53).into()),
        };
        let persona = Persona {
            seed: [7; 16],
            host: "web04".to_owned(),
            http_server: "nginx".to_owned(),
            dns_version: "9.18.28".to_owned(),
            mail_server: "Postfix".to_owned(),
            public_address: [203, 0, 113, 77].into(),
            authority: CertificateAuthority::default(),
        };
        Self {
            flow,
            persona,
            rules: Responses {
                dns: dns.into(),
                line_bytes: 64,
                head_bytes: 256,
                form_bytes: 256,
                decoded_bytes: 256,
                ..Responses::default()
            },
        }
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        let now = Timestamp::from_micros(1_767_225_600_000_000);
        Cx {
            now,
            opened: self.flow.opened,
            flow: &self.flow,
            layer: Layer::Wire,
            persona: &self.persona,
            rules: &self.rules,
        }
    }
}

//! Runs a command in a lab where every connection is taken and nothing answered: `lab CMD ARGS…`.
//! The tests of the whole use it, because a lab is made by a process with one thread only.

#![expect(clippy::print_stderr, reason = "it tells whoever tries it what happened")]

use std::error::Error;
use std::ffi::OsString;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

use kernel::lab::{Addresses, Lab, LabSettings, Outcome};
use kernel::routes;
use kernel::rules::{self, Form, RuleSettings};
use kernel::sockets::{How, tcp_listener};

const PORT: u16 = 4_711;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lab: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::from(125)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().ok_or("a command is missing")?;
    let mut lab = Lab::prepare(&settings(program, words.collect()))?;
    for warning in lab.warnings() {
        eprintln!("lab: warning: {warning}");
    }
    let interfaces = vec![lab.interface().clone()];
    routes::apply(&interfaces)?;
    rules::apply(&RuleSettings { interfaces, port: PORT, mark: 0x1516 }, Form::Open)?;
    let _listener = tcp_listener((Ipv6Addr::UNSPECIFIED, PORT).into(), How::Transparent)?;
    lab.start()?;
    Ok(code(&lab.wait()))
}

fn settings(program: OsString, arguments: Vec<OsString>) -> LabSettings {
    LabSettings {
        program,
        arguments,
        environment: vec![("ADDED".into(), "by the lab".into())],
        withheld: vec!["WITHHELD".into()],
        addresses: Addresses {
            gateway_four: Ipv4Addr::new(10, 66, 0, 1),
            victim_four: Ipv4Addr::new(10, 66, 0, 2),
            prefix_four: 24,
            gateway_six: Ipv6Addr::new(0xfd66, 0, 0, 0, 0, 0, 0, 1),
            victim_six: Ipv6Addr::new(0xfd66, 0, 0, 0, 0, 0, 0, 2),
            prefix_six: 64,
        },
        resolv_conf: "nameserver 10.66.0.1\n".to_owned(),
        replaced: Vec::new(),
        fuller: Vec::new(),
    }
}

fn code(outcome: &Outcome) -> ExitCode {
    eprintln!("lab: {outcome:?}");
    let code = match outcome {
        Outcome::Exited(code) => *code,
        Outcome::Killed(signal) => 128 + signal,
        Outcome::NotStarted(_) => 127,
        Outcome::Failed(_) | Outcome::Stopped => 125,
    };
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

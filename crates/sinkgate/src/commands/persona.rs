//! `sinkgate persona`: who this installation pretends to be, and another one in its place.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use engine::Clock;

use super::Scene;
use super::places::Places;
use crate::cli::PersonaCommand;
use crate::config;
use crate::installation::{self, Installation};
use crate::persona::system;

/// Shows it, or makes a new one.
pub(crate) fn run(asked: &PersonaCommand, scene: &Scene) -> Result<ExitCode> {
    let state = Places::of(scene)?.state;
    if let PersonaCommand::New = asked {
        let kept = installation::set_aside(&state, Clock::Real.now())?;
        show(&scene.config.persona, &state)?;
        return said(&match kept {
            Some(folder) => format!(
                "the one before  {}\nIt holds for a gateway that is started from now on. Machines that \
                 trust the authority\nbefore have to be given this one's: sinkgate ca export\n",
                folder.display()
            ),
            None => String::new(),
        });
    }
    show(&scene.config.persona, &state)
}

fn show(set: &config::Persona, state: &Path) -> Result<ExitCode> {
    let persona = Installation::load(state, set)?.persona;
    let system = system(set, persona.seed).name;
    let authority = &persona.authority;
    said(&format!(
        "template        {} ({system})\nhost            {}\nhttp server     {}\ndns version     {}\n\
         mail server     {}\npublic address  {}\nauthority       {}\nits host        {}\n\
         kept in         {}\n",
        set.template.word(),
        persona.host,
        persona.http_server,
        persona.dns_version,
        persona.mail_server,
        persona.public_address,
        authority.name,
        authority.host,
        state.display()
    ))
}

fn said(text: &str) -> Result<ExitCode> {
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to the terminal")?;
    Ok(ExitCode::SUCCESS)
}

//! `sinkgate ca`: the certificate authority of this installation, for machines that shall trust it.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use engine::Authority;

use super::Scene;
use super::places::Places;
use crate::cli::{CaCommand, CaForm};
use crate::installation::Installation;

/// Shows it, or hands out its certificate.
pub(crate) fn run(asked: &CaCommand, scene: &Scene) -> Result<ExitCode> {
    let state = Places::of(scene)?.state;
    let authority = Installation::load(&state, &scene.config.persona)?.authority;
    match asked {
        CaCommand::Show => show(&authority, &state)?,
        CaCommand::Export { form, output } => {
            let certificate = match form {
                CaForm::Pem => authority.root_pem()?,
                CaForm::Der => authority.root_der()?,
            };
            match output {
                Some(path) => fs::write(path, certificate)
                    .with_context(|| format!("cannot write {}", path.display()))?,
                None => print(&certificate, *form)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show(authority: &Authority, state: &Path) -> Result<()> {
    let about = authority.about()?;
    let folder = state.join("ca");
    let host = authority.host();
    writeln!(
        io::stdout().lock(),
        "subject      {}\nvalid until  {}\nsha256       {}\nsha1         {}\nkept in      {}\n\
         a victim finds it at  http://{host}/",
        about.subject,
        about.valid_until,
        about.sha256,
        about.sha1,
        folder.display()
    )
    .context("cannot write to the terminal")
}

fn print(certificate: &[u8], form: CaForm) -> Result<()> {
    let mut out = io::stdout().lock();
    if form == CaForm::Der && out.is_terminal() {
        bail!("the DER form is not text; name a file with --output");
    }
    out.write_all(certificate).context("cannot write the certificate")
}

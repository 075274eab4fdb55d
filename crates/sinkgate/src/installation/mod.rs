//! What is kept from one start to the next, and makes this installation unlike others.

mod aside;
mod authority;
mod seed;

use std::io;
use std::path::{Path, PathBuf};

use engine::{Authority, AuthorityError};
use model::Persona;

use crate::config;
use crate::persona::persona;

pub(crate) use aside::set_aside;
pub(crate) use seed::Seed;

/// Who this installation is.
#[derive(Debug)]
pub(crate) struct Installation {
    pub(crate) persona: Persona,
    pub(crate) authority: Authority,
}

/// Why it is not known who this installation is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InstallationError {
    /// The certificate authority is there, and cannot be used.
    #[error("cannot use the certificate authority in {path}; move it away, and a new one is made")]
    Authority {
        path: PathBuf,
        #[source]
        cause: AuthorityError,
    },
    /// A file system said no.
    #[error("cannot {attempt} {path}")]
    Io {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// A certificate authority could not be made.
    #[error("cannot make a certificate authority")]
    Make(#[source] AuthorityError),
    /// The file of the seed holds something else.
    #[error("{path} does not hold a seed (32 hexadecimal digits); remove it, and one is made")]
    NotASeed { path: PathBuf },
}

impl InstallationError {
    /// A failed attempt on this path, for `map_err`.
    fn io(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { attempt, path, cause }
    }
}

impl Installation {
    /// The installation kept in this folder; what is missing of it is made.
    pub(crate) fn load(state: &Path, set: &config::Persona) -> Result<Self, InstallationError> {
        let persona = persona(set, seed::seed(state)?);
        let authority = authority::authority(state, &persona.authority)?;
        Ok(Self { persona, authority })
    }
}

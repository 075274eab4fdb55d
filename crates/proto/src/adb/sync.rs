//! Files that are pushed, pulled and looked for.

use bytes::Bytes;
use model::{ArtifactNumber, Completeness};

use crate::shell::Shell;
use crate::{Cx, Out};

/// One stream of files.
#[derive(Debug, Default)]
pub(super) struct Sync {
    unread: Vec<u8>,
    /// The file that is being pushed: its number, and its path.
    pushed: Option<(ArtifactNumber, String)>,
}

/// What comes of requests.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) says: Vec<u8>,
    /// Requests in words.
    pub(super) asked: Vec<String>,
    pub(super) is_over: bool,
    /// A request is longer than any may be.
    pub(super) is_broken: bool,
}

/// How long a piece of a file may be, in bytes (SYNC_DATA_MAX), and so anything else.
const PIECE: usize = 1 << 16;

impl Sync {
    pub(super) fn hear(
        &mut self,
        bytes: &[u8],
        (shell, cx): (&mut Shell, &Cx<'_>),
        out: &mut Out,
    ) -> Answer {
        self.unread.extend_from_slice(bytes);
        let mut answer = Answer::default();
        while let Some((name, about)) = self.take(&mut answer) {
            match &name {
                b"SEND" => self.begin(&about, shell, &mut answer, out),
                b"DATA" => {
                    if let Some((number, _)) = &self.pushed {
                        out.keep_bytes(*number, Bytes::copy_from_slice(&about));
                    }
                }
                b"DONE" => self.done((shell, cx), &mut answer, out),
                b"QUIT" => answer.is_over = true,
                b"STAT" => answer.says.extend(stat(&about, shell, cx)),
                b"LIST" => answer.says.extend([b"DONE".as_slice(), &[0; 16]].concat()),
                _ => answer.says.extend(failed("No such file or directory")),
            }
            if let b"LIST" | b"STAT" | b"RECV" = &name {
                let (name, path) =
                    (String::from_utf8_lossy(&name), String::from_utf8_lossy(&about));
                answer.asked.push(format!("sync: {name} {path}"));
            }
        }
        answer
    }

    /// A request: its name, and what it is about. That of DONE is a time, and nothing follows it.
    fn take(&mut self, answer: &mut Answer) -> Option<([u8; 4], Vec<u8>)> {
        let (name, rest) = self.unread.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = match name {
            b"DONE" | b"QUIT" => 0,
            _ => usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX),
        };
        if length > PIECE {
            answer.is_broken = true;
            return None;
        }
        let (name, about) = (*name, rest.get(..length)?.to_vec());
        self.unread.drain(..8 + length);
        Some((name, about))
    }

    /// A path, and the mode it is to have after a comma.
    fn begin(&mut self, about: &[u8], shell: &mut Shell, answer: &mut Answer, out: &mut Out) {
        let about = String::from_utf8_lossy(about).into_owned();
        let path = about.rsplit_once(',').map_or(about.as_str(), |(path, _)| path);
        let number = shell.begin_file(path, out);
        self.pushed = Some((number, path.to_owned()));
        answer.asked.push(format!("sync: SEND {about}"));
    }

    fn done(&mut self, (shell, cx): (&mut Shell, &Cx<'_>), answer: &mut Answer, out: &mut Out) {
        if let Some((number, path)) = self.pushed.take() {
            out.keep_end(number, Completeness::Whole);
            shell.put_program(&path, cx);
        }
        answer.says.extend(b"OKAY\0\0\0\0");
    }
}

/// Mode, size and time; all are zero of what is not there.
fn stat(path: &[u8], shell: &mut Shell, cx: &Cx<'_>) -> Vec<u8> {
    let mode: u32 = if shell.has(&String::from_utf8_lossy(path), cx) { 0o100_755 } else { 0 };
    [b"STAT".as_slice(), &mode.to_le_bytes(), &[0; 8]].concat()
}

fn failed(why: &str) -> Vec<u8> {
    let length = u32::try_from(why.len()).unwrap_or_default();
    [b"FAIL".as_slice(), &length.to_le_bytes(), why.as_bytes()].concat()
}

//! Runs the Azure CLI in a process group that is killed when its caller stops waiting.

use azure_identity::Executor;
use process_wrap::tokio::{ChildWrapper, CommandWrap};
use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Output, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Maximum size in bytes of each output; a token has a few thousand.
const MOST_BYTES: u64 = berth_http::SMALL_BYTES as u64;

/// Runs commands in a process group of their own, without input.
#[derive(Debug)]
pub(crate) struct Shell {
    /// Folders to search for programs, as in `PATH`; `None` for the `PATH` of this program.
    pub(crate) path: Option<OsString>,
}

#[async_trait::async_trait]
impl Executor for Shell {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = CommandWrap::with_new(program, |command| {
            command
                .args(args)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            if let Some(path) = &self.path {
                command.env("PATH", path);
            }
        });
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        let mut running = Running {
            child: command.spawn()?,
            ended: false,
        };
        let (stdout, stderr) = (running.child.stdout().take(), running.child.stderr().take());
        let (stdout, stderr) = tokio::try_join!(read(stdout), read(stderr))?;
        let status = running.child.wait().await?;
        running.ended = true;
        Ok(Output {
            status,
            stdout,
            stderr,
        })
    }
}

struct Running {
    child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended
            && let Err(error) = self.child.start_kill()
        {
            tracing::debug!(%error, "the Azure CLI could not be ended");
        }
    }
}

async fn read(output: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    if let Some(output) = output {
        output.take(MOST_BYTES + 1).read_to_end(&mut read).await?;
    }
    if read.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it wrote more than {MOST_BYTES} bytes"),
        ));
    }
    Ok(read)
}

//! Runs `berth` against a hostile server and records its output, duration and memory.

use crate::command_line::program;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

/// How soon a command must end.
const LIMIT: Duration = Duration::from_secs(60);
/// Memory limit while responses flood in, in KiB.
const MOST_KIB: u64 = 200 * 1024;

/// The result of a command.
pub struct CommandResult {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// Peak memory, in KiB.
    pub peak_kib: u64,
    /// The arguments of the process and its child processes.
    pub arguments: BTreeSet<String>,
}

impl CommandResult {
    /// Everything the user sees.
    pub fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// Runs a command to its end; fails if it exceeds the limits of time or memory.
pub async fn berth(home: &Path, ready_file: &Path, arguments: &[&str]) -> CommandResult {
    berth_with(home, ready_file, arguments, &[]).await
}

/// Like [`berth`], with another time limit, for commands that keep the processor busy: only their memory matters.
pub async fn berth_within(
    limit: Duration,
    home: &Path,
    ready_file: &Path,
    arguments: &[&str],
) -> CommandResult {
    watched(limit, home, ready_file, arguments, &[]).await
}

/// Like [`berth`], with environment variables.
pub async fn berth_with(
    home: &Path,
    ready_file: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> CommandResult {
    watched(LIMIT, home, ready_file, arguments, variables).await
}

async fn watched(
    limit: Duration,
    home: &Path,
    ready_file: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> CommandResult {
    let began = Instant::now();
    let mut child = Command::new(program())
        .args(arguments)
        .arg("--sandbox")
        .arg(ready_file)
        .env("BERTH_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let pid = child.id().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let ended = async {
        let (_, _, status) = tokio::join!(
            out.read_to_end(&mut stdout),
            err.read_to_end(&mut stderr),
            child.wait()
        );
        status.unwrap()
    };
    let (mut seen, mut most) = (BTreeSet::new(), 0);
    let watched = async {
        let mut turns = tokio::time::interval(Duration::from_millis(10));
        loop {
            turns.tick().await;
            most = most.max(peak_kib(pid));
            see_arguments(pid, &mut seen);
            assert!(most < MOST_KIB, "{arguments:?} uses {most} KiB");
            assert!(began.elapsed() < limit, "{arguments:?} did not end in {limit:?}");
        }
    };
    let status = tokio::select! {
        status = ended => status,
        () = watched => unreachable!("watches until the command ends"),
    };
    CommandResult {
        status,
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        peak_kib: most,
        arguments: seen,
    }
}

/// Records the arguments of a process and its descendants, which every user of the machine can see.
fn see_arguments(pid: u32, seen: &mut BTreeSet<String>) {
    let Ok(arguments) = std::fs::read_to_string(format!("/proc/{pid}/cmdline")) else {
        return;
    };
    seen.insert(arguments.replace('\0', " "));
    for thread in std::fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            see_arguments(child, seen);
        }
    }
}

/// Peak memory of a process; 0 if it has ended.
fn peak_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or_default()
}

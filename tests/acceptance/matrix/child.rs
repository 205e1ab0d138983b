//! A child process that can be killed: this test executable again, with an order in an environment variable. It reports
//! on stdout that its run is recorded, and waits for a line on stdin before it sends the first request.

use super::order::Order;
use crate::harness::stepped_options;
use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::run::RunSnapshot;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

const JOB: &str = "BERTH_MATRIX_CHILD";
const MARK: &str = "matrix: ";
/// How long the child may take until its next message.
const DEADLINE: Duration = Duration::from_secs(60);

/// What the child does, and where.
#[derive(Debug, Serialize, Deserialize)]
struct Job {
    home: PathBuf,
    ready_file: PathBuf,
    order: Order,
}

/// A message from the child.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// The run is recorded; no request has been sent yet.
    Started(String),
    /// The run has ended or stopped.
    Ended(Box<RunSnapshot>),
    /// The run could not start.
    Refused(Box<Failure>),
}

/// The entry point of the child. In a normal test run it returns at once.
#[test]
fn child_process() {
    let Ok(text) = std::env::var(JOB) else { return };
    let job: Job = serde_json::from_str(&text).unwrap();
    // A single thread, so that spawned tasks start only when this one waits.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(job.run());
}

impl Job {
    async fn run(&self) {
        let berth = Berth::open(stepped_options(&self.home, &self.ready_file)).unwrap();
        let id = match self.order.give(&berth).await {
            Ok(id) => id,
            Err(failure) => return send(&Message::Refused(Box::new(failure))),
        };
        send(&Message::Started(id.clone()));
        std::io::stdin().lock().read_line(&mut String::new()).unwrap();
        send(&match berth.wait_for_run(&id).await {
            Ok(run) => Message::Ended(Box::new(run)),
            Err(failure) => Message::Refused(Box::new(failure)),
        });
    }
}

fn send(message: &Message) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{MARK}{}", serde_json::to_string(message).unwrap()).unwrap();
    out.flush().unwrap();
}

/// The child as seen by its parent.
pub struct Program {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts the child. When this returns with the run's id, the run has sent no request yet.
    pub async fn start(
        home: &Path,
        ready_file: &Path,
        ca_file: &Path,
        order: &Order,
    ) -> Result<(Self, String), String> {
        let job = Job {
            home: home.to_owned(),
            ready_file: ready_file.to_owned(),
            order: order.clone(),
        };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "matrix::child::child_process",
                "--nocapture",
                "--quiet",
            ])
            // Trusting the sandbox's CA is enough; loading the system's certificates takes longer than the run.
            .env("SSL_CERT_FILE", ca_file)
            .env_remove("SSL_CERT_DIR")
            .env(JOB, serde_json::to_string(&job).unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut program = Self { child, stdin, stdout };
        match program.receive().await? {
            Message::Started(id) => Ok((program, id)),
            other => Err(format!("the run did not start: {other:?}")),
        }
    }

    /// Allows the first request.
    pub async fn go(&mut self) {
        self.stdin.write_all(b"go\n").await.unwrap();
        self.stdin.flush().await.unwrap();
    }

    /// Waits for the end of the run.
    pub async fn end(mut self) -> Result<RunSnapshot, String> {
        match self.receive().await? {
            Message::Ended(run) => Ok(*run),
            other => Err(format!("the run did not end: {other:?}")),
        }
    }

    /// Waits for the next message.
    pub async fn receive(&mut self) -> Result<Message, String> {
        let message = async {
            while let Some(line) = self.stdout.next_line().await.unwrap() {
                if let Some(message) = line.strip_prefix(MARK) {
                    return Ok(serde_json::from_str(message).unwrap());
                }
            }
            Err("the child ended without a message".to_owned())
        };
        let late = |_| format!("the child sent nothing for {DEADLINE:?}");
        tokio::time::timeout(DEADLINE, message).await.map_err(late)?
    }

    /// SIGKILL, so the child cannot clean up.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

//! `berth-sandbox`: the sandbox as a program of its own.

use berth_sandbox::{Options, Sandbox, SandboxError, Seed, StateKey, write_ready_file};
use clap::{Parser, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// An Azure on loopback: Entra, Azure Resource Manager and Kubernetes over real HTTPS.
#[derive(Debug, Parser)]
#[command(name = "berth-sandbox", version)]
struct Arguments {
    /// Where to listen, on loopback; port 0 takes any.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// File written once the sandbox answers: addresses, certificate, sign-in, where to begin.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// File the certificate of the sandbox's authority is written to as well.
    #[arg(long)]
    ca_out: Option<PathBuf>,
    /// Folder the state is kept in; without it the state ends with the program. Keys and secrets in it are sealed with a
    /// key that is kept elsewhere, in this user's folder for application data.
    #[arg(long)]
    state_dir: Option<PathBuf>,
    /// What is there at first.
    #[arg(long, value_enum, default_value = "workspace")]
    seed: SeedName,
    /// Azure seconds per real second.
    #[arg(long, default_value_t = 60.0, value_parser = scale)]
    time_scale: f64,
    /// Time stands still until told to run: `POST /_sandbox/step`.
    #[arg(long, conflicts_with = "time_scale")]
    step: bool,
    /// Milliseconds added to each answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// File each exchange is recorded to, a JSON object per line.
    #[arg(long)]
    record: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SeedName {
    /// A subscription with nothing in it.
    Empty,
    /// Two subscriptions with workspaces, networks and two clusters.
    Workspace,
    /// An estate of years, with its troubles.
    Fleet,
    /// A thousand clusters.
    #[value(name = "fleet-1000")]
    Fleet1000,
}

impl From<SeedName> for Seed {
    fn from(name: SeedName) -> Self {
        match name {
            SeedName::Empty => Self::Empty,
            SeedName::Workspace => Self::Workspace,
            SeedName::Fleet => Self::Fleet,
            SeedName::Fleet1000 => Self::Fleet1000,
        }
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "not a number".to_string())?;
    let sensible = scale.is_finite() && (0.001..=1_000_000.0).contains(&scale);
    sensible
        .then_some(scale)
        .ok_or_else(|| "must be between 0.001 and 1000000".to_string())
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "warn,rustls=error".into()),
        )
        .init();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "a program tells why it ends")]
fn failed(error: &dyn std::error::Error) -> ExitCode {
    let links = std::iter::successors(Some(error), |link| link.source());
    let chain: Vec<String> = links.map(ToString::to_string).collect();
    eprintln!("berth-sandbox: {}", chain.join(": "));
    ExitCode::FAILURE
}

/// The key of this user; `None` where it cannot be kept.
fn state_key() -> Option<StateKey> {
    let folders = directories::ProjectDirs::from("app", "", "berth-sandbox")?;
    let file = folders.data_local_dir().join("state-key");
    StateKey::in_file(&file)
        .inspect_err(|error| tracing::warn!(file = %file.display(), %error, "keys of the state will not be found again"))
        .ok()
}

#[expect(clippy::print_stdout, reason = "a program says where it listens")]
async fn run(arguments: Arguments) -> Result<(), SandboxError> {
    let ready_file = arguments.ready_file;
    // Before anybody can know that the sandbox runs: who reads the ready file may end it at once.
    let asked_to_end = asked_to_end()?;
    let sandbox = Sandbox::start(Options {
        listen: arguments.listen,
        state_key: arguments.state_dir.is_some().then(state_key).flatten(),
        state_dir: arguments.state_dir,
        ca_out: arguments.ca_out,
        seed: arguments.seed.into(),
        time_scale: arguments.time_scale,
        step: arguments.step,
        latency: Duration::from_millis(arguments.latency_ms),
        record: arguments.record,
    })
    .await?;
    if let Some(file) = ready_file {
        write_ready_file(&file, sandbox.ready())?;
    }
    println!("berth-sandbox: listening on {}", sandbox.ready().arm);
    asked_to_end.await;
    sandbox.stop().await;
    Ok(())
}

/// What ends when the program is asked to end. It listens from the call on, not from the first wait.
#[cfg(unix)]
fn asked_to_end() -> Result<impl Future<Output = ()>, SandboxError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(SandboxError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(SandboxError::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// What ends when the program is asked to end. It listens from the call on, not from the first wait.
#[cfg(windows)]
fn asked_to_end() -> Result<impl Future<Output = ()>, SandboxError> {
    let mut interrupt = tokio::signal::windows::ctrl_c().map_err(SandboxError::Signals)?;
    Ok(async move {
        interrupt.recv().await;
    })
}

//! `berth-sandbox`: the sandbox as a standalone program.

use berth_sandbox::{Options, Sandbox, SandboxError, Seed, StateKey, write_ready_file};
use clap::{Parser, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// A simulated Azure on loopback: Entra ID, Azure Resource Manager and Kubernetes over real HTTPS.
#[derive(Debug, Parser)]
#[command(name = "berth-sandbox", version)]
struct Arguments {
    /// Loopback address to listen on; port 0 picks any.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// File to write once the sandbox is ready: addresses, certificate, credentials, starting point.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// File to write the sandbox's CA certificate to.
    #[arg(long)]
    ca_out: Option<PathBuf>,
    /// Folder to keep the state in; without it, the state is lost on exit. Keys and secrets in it are
    /// encrypted with a key that is stored elsewhere, in this user's application data folder.
    #[arg(long)]
    state_dir: Option<PathBuf>,
    /// Initial content.
    #[arg(long, value_enum, default_value = "workspace")]
    seed: SeedName,
    /// Azure seconds per real second.
    #[arg(long, default_value_t = 60.0, value_parser = scale)]
    time_scale: f64,
    /// Stop time; advance it with `POST /_sandbox/step`.
    #[arg(long, conflicts_with = "time_scale")]
    step: bool,
    /// Milliseconds to delay each answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// File to record each exchange to, one JSON object per line.
    #[arg(long)]
    record: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SeedName {
    /// An empty subscription.
    Empty,
    /// Two subscriptions with workspaces, networks and two clusters.
    Workspace,
    /// A grown estate with its problems.
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

#[expect(clippy::print_stderr, reason = "reports why the program fails")]
fn failed(error: &dyn std::error::Error) -> ExitCode {
    let links = std::iter::successors(Some(error), |link| link.source());
    let chain: Vec<String> = links.map(ToString::to_string).collect();
    eprintln!("berth-sandbox: {}", chain.join(": "));
    ExitCode::FAILURE
}

/// This user's key; `None` if it cannot be stored.
fn state_key() -> Option<StateKey> {
    let folders = directories::ProjectDirs::from("app", "", "berth-sandbox")?;
    let file = folders.data_local_dir().join("state-key");
    StateKey::in_file(&file)
        .inspect_err(|error| tracing::warn!(file = %file.display(), %error, "the key cannot be stored: a restart will lose the secrets of the state"))
        .ok()
}

#[expect(clippy::print_stdout, reason = "reports the address")]
async fn run(arguments: Arguments) -> Result<(), SandboxError> {
    let ready_file = arguments.ready_file;
    // Before anyone can know that the sandbox runs: whoever reads the ready file may stop it at once.
    let stop_requested = stop_requested()?;
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
    stop_requested.await;
    sandbox.stop().await;
    Ok(())
}

/// Completes when the program is asked to stop. It listens from the call on, not only from the first poll.
#[cfg(unix)]
fn stop_requested() -> Result<impl Future<Output = ()>, SandboxError> {
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

/// Completes when the program is asked to stop. It listens from the call on, not only from the first poll.
#[cfg(windows)]
fn stop_requested() -> Result<impl Future<Output = ()>, SandboxError> {
    let mut interrupt = tokio::signal::windows::ctrl_c().map_err(SandboxError::Signals)?;
    Ok(async move {
        interrupt.recv().await;
    })
}

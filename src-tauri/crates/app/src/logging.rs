//! The log: one file a day in Berth's folder, fourteen kept. Events carry hosts and paths, never headers, bodies or secrets.

use crate::home::Home;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Keeps the writer alive; dropping it writes out what is still queued.
#[must_use]
pub struct LogKeeper(
    #[expect(dead_code, reason = "held for its drop")] tracing_appender::non_blocking::WorkerGuard,
);

/// Starts logging. `None` when the folder cannot be written or a log runs already: Berth works without one.
pub fn start(home: &Home) -> Option<LogKeeper> {
    std::fs::create_dir_all(home.logs()).ok()?;
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("berth")
        .filename_suffix("log")
        .max_log_files(14)
        .build(home.logs())
        .ok()?;
    let (writer, keeper) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_from_env("BERTH_LOG").unwrap_or_else(|_| EnvFilter::new("warn,berth=info"));
    tracing_subscriber::registry()
        .with(filter)
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(writer),
        )
        .try_init()
        .ok()?;
    Some(LogKeeper(keeper))
}

//! The log: one file a day in Berth's folder, readable only by its owner. Events contain hosts and paths, never
//! headers, bodies or secrets.
//!
//! Only events of Berth's own crates are written, whatever `BERTH_LOG` says, because libraries log what they receive:
//! when `kube_client` cannot parse a cluster's response, it logs the whole body, including private keys.

mod files;

use berth_home::Home;
use files::LogFiles;
use tracing::Metadata;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// Keeps the log writer alive. Dropping it flushes queued events.
#[must_use]
pub struct LogGuard(
    #[expect(dead_code, reason = "held for its drop")] tracing_appender::non_blocking::WorkerGuard,
);

/// Starts logging. Returns `None` if the folder cannot be used or logging has already started; Berth works without a
/// log.
pub fn start(home: &Home) -> Option<LogGuard> {
    home.prepare().ok()?;
    let (writer, guard) = tracing_appender::non_blocking(LogFiles::open(home.logs()).ok()?);
    let level = EnvFilter::try_from_env("BERTH_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(writer);
    tracing_subscriber::registry()
        .with(lines.with_filter(filter_fn(is_ours)).with_filter(level))
        .try_init()
        .ok()?;
    Some(LogGuard(guard))
}

/// Returns whether an event or span comes from one of Berth's crates.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let name = target.split("::").next().unwrap_or_default();
    name == "berth" || name.starts_with("berth_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn library_events_are_dropped_whatever_the_filter_says() {
        for filter in [
            "trace",
            "kube_client=trace,hyper=trace,berth_app=info",
            "off,kube=trace",
        ] {
            let lines = Lines::default();
            let layer = tracing_subscriber::fmt::layer().with_writer(lines.clone());
            let layer = layer
                .with_filter(filter_fn(is_ours))
                .with_filter(EnvFilter::new(filter));
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
                let _span =
                    tracing::error_span!(target: "kube_client::client", "HTTP", body = "canary").entered();
                tracing::error!(target: "kube_client::client", "canary");
                tracing::error!(target: "kube", "canary");
                tracing::error!(target: "hyper::proto", "canary");
                tracing::error!(target: "rustls::conn", "canary");
                tracing::error!(target: "reqwest", "canary");
                tracing::error!(target: "tower::buffer", "canary");
                tracing::error!(target: "log", "canary");
                tracing::error!(target: "berthed", "canary");
                tracing::error!("ours");
            });
            let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
            assert!(!text.contains("canary"), "{filter}: {text}");
            assert_eq!(
                text.contains("ours"),
                !filter.starts_with("off"),
                "{filter}: {text}"
            );
        }
    }
}

//! Captures everything Berth's crates log in this process, at every level. Lines with a secret are kept, others
//! dropped.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{LazyLock, Mutex, PoisonError};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[derive(Default)]
struct Watched {
    secrets: BTreeSet<String>,
    caught: Vec<String>,
}

static WATCHED: LazyLock<Mutex<Watched>> = LazyLock::new(|| {
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(|| Line);
    let ours = filter_fn(|metadata| {
        let name = metadata.target().split("::").next().unwrap_or_default();
        name.starts_with("berth") && !["berth_sandbox", "berth_acceptance"].contains(&name)
    });
    tracing_subscriber::registry()
        .with(lines.with_filter(ours))
        .init();
    Mutex::default()
});

/// Watches for these secrets from now on.
pub fn watch(secrets: &[String]) {
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched.secrets.extend(secrets.iter().cloned());
}

/// Takes the lines that contain one of these secrets.
pub fn take(secrets: &[String]) -> Vec<String> {
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    let holds = |line: &mut String| secrets.iter().any(|secret| line.contains(secret));
    watched.caught.extract_if(.., holds).collect()
}

/// Writer for a single log line.
struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.secrets.iter().any(|secret| text.contains(secret)) {
            watched.caught.push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! The requests of a run, as the sandbox handled them: ARM's and those inside the cluster.

use super::end_state::without_guids;
use super::turn::Turn;
use berth_sandbox::LoggedRequest;
use std::collections::BTreeMap;
use tokio::sync::mpsc::UnboundedReceiver;

/// Requests in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace(pub Vec<Asked>);

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// Path and query without what differs from run to run.
    pub path: String,
    pub status: u16,
}

impl Trace {
    /// Those handled since the last time.
    pub fn take(requests: &mut UnboundedReceiver<LoggedRequest>) -> Self {
        let mut lines = Vec::new();
        while let Ok(line) = requests.try_recv() {
            lines.push(Asked {
                method: line.method,
                path: without_guids(&line.path),
                status: line.status,
            });
        }
        Self(lines)
    }

    /// How often each question was asked. Some are asked side by side: their order is nobody's.
    pub fn questions(&self) -> BTreeMap<String, usize> {
        tally(&self.0)
    }

    /// How often each write was handled.
    pub fn writes(&self) -> BTreeMap<String, usize> {
        tally(self.0.iter().filter(|asked| asked.is_write()))
    }

    /// The requests that are tried: every write, and the reads whose turn it is.
    pub fn tried(&self, turn: Turn) -> Vec<usize> {
        let mut reads = 0;
        let tried = self.0.iter().enumerate().filter(|(_, asked)| {
            reads += usize::from(!asked.is_write());
            asked.is_write() || turn.takes_read(reads)
        });
        tried.map(|(index, _)| index).collect()
    }

    /// How often each write was done: refused and redirected ones have changed nothing.
    pub fn writes_done(&self) -> BTreeMap<String, usize> {
        let done = |asked: &&Asked| asked.is_write() && asked.status < 300;
        tally(self.0.iter().filter(done))
    }

    /// The first of each question that is tried.
    pub fn kinds_tried(&self, turn: Turn) -> Vec<Asked> {
        let mut first: Vec<Asked> = Vec::new();
        for asked in &self.0 {
            if !first.iter().any(|other| other.words() == asked.words()) {
                first.push(asked.clone());
            }
        }
        let first = Self(first);
        let tried = first.tried(turn);
        tried.into_iter().map(|index| first.0[index].clone()).collect()
    }

    /// Both, one after the other.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

fn tally<'a>(requests: impl IntoIterator<Item = &'a Asked>) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for asked in requests {
        *tally.entry(asked.words()).or_default() += 1;
    }
    tally
}

impl Asked {
    /// Whether it changes something. Credentials are asked for with a POST.
    pub fn is_write(&self) -> bool {
        match self.method.as_str() {
            "GET" => false,
            "POST" => !["/list", "/oauth2/", "/checkpolicy"]
                .iter()
                .any(|read| self.path.to_lowercase().contains(read)),
            _ => true,
        }
    }

    /// Whether it goes to a cluster's own API.
    pub fn is_inside(&self) -> bool {
        self.path.starts_with("/clusters/")
    }

    /// Whether it asks how an operation stands.
    pub fn is_poll(&self) -> bool {
        self.method == "GET" && self.path.to_lowercase().contains("operation")
    }

    /// Whether it removes an extension: the resource goes at once, its release later.
    pub fn removes_extension(&self) -> bool {
        self.method == "DELETE" && self.path.contains("/extensions/")
    }

    /// Path and query by which the resource is read that it is about: actions have a word of their own behind it.
    pub fn resource_path(&self) -> String {
        let path = self.path.replace("/start?", "?").replace("/stop?", "?");
        path.replace("&underlyingResourceAction=Detach", "")
            .replace("&underlyingResourceAction=Delete", "")
    }

    /// Method and path.
    pub fn words(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

//! The requests of a run, as the sandbox handled them: to ARM and to the cluster's own API.

use super::end_state::without_guids;
use super::turn::Turn;
use berth_sandbox::LoggedRequest;
use std::collections::BTreeMap;
use tokio::sync::mpsc::UnboundedReceiver;

/// Requests in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace(pub Vec<Request>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, without the parts that differ between runs.
    pub path: String,
    pub status: u16,
}

impl Trace {
    /// The requests handled since the last call.
    pub fn take(requests: &mut UnboundedReceiver<LoggedRequest>) -> Self {
        let mut lines = Vec::new();
        while let Ok(line) = requests.try_recv() {
            lines.push(Request {
                method: line.method,
                path: without_guids(without_signature(&line.path)),
                status: line.status,
            });
        }
        Self(lines)
    }

    /// How often each request was sent. Some are sent concurrently, so their order varies.
    pub fn questions(&self) -> BTreeMap<String, usize> {
        tally(&self.0)
    }

    /// How often each write was handled.
    pub fn writes(&self) -> BTreeMap<String, usize> {
        tally(self.0.iter().filter(|request| request.is_write()))
    }

    /// Indexes of the requests to try: every write, and the reads whose turn it is.
    pub fn tried(&self, turn: Turn) -> Vec<usize> {
        let mut reads = 0;
        let tried = self.0.iter().enumerate().filter(|(_, request)| {
            reads += usize::from(!request.is_write());
            request.is_write() || turn.takes_read(reads)
        });
        tried.map(|(index, _)| index).collect()
    }

    /// How often each write took effect; refused and redirected ones have no effect.
    pub fn writes_done(&self) -> BTreeMap<String, usize> {
        let done = |request: &&Request| request.is_write() && request.status < 300;
        tally(self.0.iter().filter(done))
    }

    /// The first request of each kind, if it is to be tried.
    pub fn kinds_tried(&self, turn: Turn) -> Vec<Request> {
        let mut first: Vec<Request> = Vec::new();
        for request in &self.0 {
            if !first.iter().any(|other| other.words() == request.words()) {
                first.push(request.clone());
            }
        }
        let first = Self(first);
        let tried = first.tried(turn);
        tried.into_iter().map(|index| first.0[index].clone()).collect()
    }

    /// Appends the requests of another trace.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// The path without the query of a signed address, which differs between runs.
fn without_signature(path: &str) -> &str {
    match path.split_once('?') {
        Some((plain, query)) if query.contains("sig=") => plain,
        _ => path,
    }
}

fn tally<'a>(requests: impl IntoIterator<Item = &'a Request>) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for request in requests {
        *tally.entry(request.words()).or_default() += 1;
    }
    tally
}

impl Request {
    /// Whether it changes something. Credentials and containers are read with a POST, and so is an answer of a model. Uploads
    /// may be repeated: a file that is there is not written again, and artifacts get a fresh container.
    pub fn is_write(&self) -> bool {
        match self.method.as_str() {
            "GET" | "HEAD" => false,
            "PUT" => self.path.contains('?'),
            "POST" => !self.path.ends_with("/score") && !self.reads_by_post() && !self.uploads_artifacts(),
            _ => true,
        }
    }

    fn reads_by_post(&self) -> bool {
        let path = self.path.to_lowercase();
        ["/list", "/oauth2/", "/checkpolicy", "/startpendingupload"]
            .iter()
            .any(|read| path.contains(read))
    }

    /// Whether it names artifacts or groups them, for a model or service that is registered later.
    fn uploads_artifacts(&self) -> bool {
        self.path.contains("/artifacts/batch/metadata/") || self.path.ends_with("/assets")
    }

    /// Whether it goes to a cluster's own API.
    pub fn is_inside(&self) -> bool {
        self.path.starts_with("/clusters/")
    }

    /// Whether it polls an operation.
    pub fn is_poll(&self) -> bool {
        self.method == "GET" && self.path.to_lowercase().contains("operation")
    }

    /// Whether it deletes an extension: the resource disappears at once, its Helm release later.
    pub fn removes_extension(&self) -> bool {
        self.method == "DELETE" && self.path.contains("/extensions/")
    }

    /// Path and query for reading the resource it changes: actions append a word to its path.
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

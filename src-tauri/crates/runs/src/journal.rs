//! Runs on disk: `<home>/runs/<id>/` holds
//!
//! - `state.json`, the run as it stands: replaced whole or not at all, on disk before anything that relies on it;
//! - `events.jsonl`, what happened: appended, for people and for support, without poll addresses;
//! - `lock`, held by the one program that drives the run;
//! - `cancel`, there once somebody asked the driving program to stop.
//!
//! Nothing here knows what a step does.

use crate::record::RunRecord;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Version of the format of `state.json`. A file with a higher number is refused, not guessed at.
pub const SCHEMA: u32 = 1;

const STATE: &str = "state.json";
const EVENTS: &str = "events.jsonl";
const LOCK: &str = "lock";
const CANCEL: &str = "cancel";

/// What did not work with a run's files.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder could not be made.
    #[error("the folder {} could not be made", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file could not be read.
    #[error("{} could not be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{} could not be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What is in the file is no run.
    #[error("{} cannot be understood", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A newer Berth wrote it.
    #[error("{} was written by a newer version of Berth (format {schema})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        schema: u32,
    },
    /// There is no such run.
    #[error("there is no run in {}", path.display())]
    Absent {
        /// Where it would be.
        path: PathBuf,
    },
    /// There is a run of that id already.
    #[error("there is a run in {} already", path.display())]
    Taken {
        /// Where.
        path: PathBuf,
    },
    /// A program drives it.
    #[error("a program is working on the run in {}", path.display())]
    Locked {
        /// Where.
        path: PathBuf,
    },
}

#[derive(Serialize)]
struct Written<'a> {
    schema: u32,
    /// Version of the program that wrote it, for support.
    program: &'static str,
    generation: u64,
    body: &'a RunRecord,
}

#[derive(Deserialize)]
struct Head {
    schema: u32,
}

#[derive(Deserialize)]
struct Stored {
    schema: u32,
    generation: u64,
    body: RunRecord,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Rises by one.
    pub seq: u64,
    /// When.
    pub time: Timestamp,
    /// Id of the step, where it was in one.
    pub step: Option<String>,
    /// What: `run_started`, `request_leaves`, `step_done`, …, with a word or two after a colon.
    pub what: String,
}

/// A run's folder, locked. Whoever has it drives the run.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    generation: u64,
    events: File,
    next_event: u64,
    // Let go when the journal goes, by the system when the program is killed.
    _lock: File,
}

impl Journal {
    /// Makes the folder of a new run and writes its first state.
    ///
    /// # Errors
    /// [`JournalError::Taken`], [`JournalError::Folder`], [`JournalError::Write`].
    pub fn create(folder: &Path, record: &RunRecord) -> Result<Self, JournalError> {
        berth_files::create_private_folder(folder).map_err(|source| JournalError::Folder {
            path: folder.to_owned(),
            source,
        })?;
        let lock = lock(folder)?;
        if folder.join(STATE).exists() {
            return Err(JournalError::Taken {
                path: folder.to_owned(),
            });
        }
        let mut journal = Self::on(folder, lock, 0)?;
        journal.save(record)?;
        Ok(journal)
    }

    /// Takes over a run that nobody drives.
    ///
    /// # Errors
    /// [`JournalError::Locked`] while somebody does, and what [`read`] says.
    pub fn open(folder: &Path) -> Result<(Self, RunRecord), JournalError> {
        if !folder.join(STATE).exists() {
            return Err(JournalError::Absent {
                path: folder.to_owned(),
            });
        }
        let lock = lock(folder)?;
        let stored = read_stored(folder)?;
        remove(&folder.join(CANCEL))?;
        Ok((Self::on(folder, lock, stored.generation)?, stored.body))
    }

    fn on(folder: &Path, lock: File, generation: u64) -> Result<Self, JournalError> {
        let path = folder.join(EVENTS);
        let (events, next_event) =
            open_events(&path).map_err(|source| JournalError::Write { path, source })?;
        Ok(Self {
            folder: folder.to_owned(),
            generation,
            events,
            next_event,
            _lock: lock,
        })
    }

    /// Puts a state on disk. When this returns, it is there.
    ///
    /// # Errors
    /// [`JournalError::Write`].
    pub fn save(&mut self, record: &RunRecord) -> Result<(), JournalError> {
        let path = self.folder.join(STATE);
        let written = Written {
            schema: SCHEMA,
            program: env!("CARGO_PKG_VERSION"),
            generation: self.generation + 1,
            body: record,
        };
        replace(&path, &written).map_err(|source| JournalError::Write { path, source })?;
        self.generation += 1;
        Ok(())
    }

    /// Notes what happened. History only: nothing relies on it, so it is not waited for, and a full disk is for
    /// [`Self::save`] to report.
    pub fn note(&mut self, time: Timestamp, step: Option<&str>, what: impl Into<String>) {
        let event = Event {
            seq: self.next_event,
            time,
            step: step.map(str::to_owned),
            what: what.into(),
        };
        let Ok(mut line) = serde_json::to_vec(&event) else {
            return;
        };
        line.push(b'\n');
        match self.events.write_all(&line) {
            Ok(()) => self.next_event += 1,
            Err(error) => tracing::warn!(%error, "an event of a run could not be noted"),
        }
    }

    /// Whether somebody asked for the run to stop, from this or another program.
    pub fn cancel_asked(&self) -> bool {
        self.folder.join(CANCEL).exists()
    }
}

/// The run in a folder as it was last written.
///
/// # Errors
/// [`JournalError::Absent`], [`JournalError::Read`], [`JournalError::Corrupt`], [`JournalError::Newer`].
pub fn read(folder: &Path) -> Result<RunRecord, JournalError> {
    read_stored(folder).map(|stored| stored.body)
}

/// What happened in a run, as far as it can be read.
///
/// # Errors
/// [`JournalError::Read`].
pub fn events(folder: &Path) -> Result<Vec<Event>, JournalError> {
    let path = folder.join(EVENTS);
    let read = |source| JournalError::Read {
        path: path.clone(),
        source,
    };
    let mut text = Vec::new();
    File::open(&path)
        .and_then(|mut file| file.read_to_end(&mut text))
        .map_err(read)?;
    // A line that a crash left half-written is skipped.
    Ok(text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

/// Whether a program drives the run in a folder.
pub fn is_driven(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Asks the program that drives a run to stop it.
///
/// # Errors
/// [`JournalError::Write`].
pub fn ask_cancel(folder: &Path) -> Result<(), JournalError> {
    let path = folder.join(CANCEL);
    berth_files::mark(&path)
        .map(drop)
        .map_err(|source| JournalError::Write { path, source })
}

/// Path of the file in which a run's state is, for messages.
pub fn state_file(folder: &Path) -> PathBuf {
    folder.join(STATE)
}

fn read_stored(folder: &Path) -> Result<Stored, JournalError> {
    let path = folder.join(STATE);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(JournalError::Absent {
                path: folder.to_owned(),
            });
        }
        Err(source) => return Err(JournalError::Read { path, source }),
    };
    let corrupt = |source| JournalError::Corrupt {
        path: path.clone(),
        source,
    };
    let stored = serde_json::from_slice::<Stored>(&text);
    // A newer format may have another body: then the head alone tells.
    let schema = match &stored {
        Ok(stored) => stored.schema,
        Err(_) => serde_json::from_slice::<Head>(&text).map_err(corrupt)?.schema,
    };
    if schema > SCHEMA {
        return Err(JournalError::Newer { path, schema });
    }
    stored.map_err(corrupt)
}

fn lock(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join(LOCK);
    let write = |source| JournalError::Write {
        path: path.clone(),
        source,
    };
    let file = berth_files::mark(&path).map_err(write)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(write(source)),
    }
}

fn remove(path: &Path) -> Result<(), JournalError> {
    berth_files::remove(path).map_err(|source| JournalError::Write {
        path: path.to_owned(),
        source,
    })
}

fn replace(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    berth_files::write_atomic(path, &text)
}

/// Opens the history for appending and tells the next number. A half-written last line is ended.
fn open_events(path: &Path) -> io::Result<(File, u64)> {
    let mut file = berth_files::append(path)?;
    let last = BufReader::new(&file)
        .split(b'\n')
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_slice::<Event>(&line).ok())
        .last();
    let whole = match file.seek(SeekFrom::End(0))? {
        0 => true,
        length => {
            file.seek(SeekFrom::Start(length - 1))?;
            let mut byte = [0];
            file.read_exact(&mut byte)?;
            byte == *b"\n"
        }
    };
    if !whole {
        file.write_all(b"\n")?;
    }
    Ok((file, last.map_or(0, |event| event.seq + 1)))
}

/// From the files of a run.
pub(crate) fn from_journal(error: &JournalError) -> Failure {
    let failure = match error {
        JournalError::Folder { path, .. }
        | JournalError::Read { path, .. }
        | JournalError::Write { path, .. } => {
            Failure::new(FailureCode::FileProblem, Remedy::CorrectInput).with("path", path.display())
        }
        JournalError::Corrupt { path, .. } | JournalError::Newer { path, .. } => {
            Failure::new(FailureCode::CorruptState, Remedy::CorrectInput).with("path", path.display())
        }
        JournalError::Absent { path } => {
            let id = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", id)
        }
        JournalError::Taken { path } | JournalError::Locked { path } => {
            Failure::new(FailureCode::AlreadyRunning, Remedy::Wait).with("path", path.display())
        }
    };
    failure.because(error)
}

#[cfg(test)]
mod tests;

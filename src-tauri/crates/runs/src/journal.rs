//! Runs on disk: `<home>/runs/<id>/` holds
//!
//! - `state.json`, the current state of the run: replaced atomically, and on disk before anything relies on it;
//! - `events.jsonl`, what happened: appended, for people and support, without poll addresses;
//! - `lock`, held by the one program that carries out the run;
//! - `cancel`, which exists once somebody asked that program to stop;
//! - `choice`, what somebody decided about a canary, until that program acts on it.
//!
//! Nothing here knows what a step does.

mod event;

pub use event::{Event, EventKind};

use crate::record::RunRecord;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::CanaryChoice;
use berth_files::FileError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Format version of `state.json`. A file with a higher version is refused.
pub const SCHEMA: u32 = 1;

const STATE: &str = "state.json";
const EVENTS: &str = "events.jsonl";
const LOCK: &str = "lock";
const CANCEL: &str = "cancel";
const CHOICE: &str = "choice";

/// Why a run's files could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or the folder could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The state is not valid.
    #[error("{} is not a valid run", path.display())]
    Corrupt {
        /// Path of the state file.
        path: PathBuf,
        /// The parse error.
        #[source]
        source: serde_json::Error,
    },
    /// A newer version of Berth wrote the state.
    #[error("{} was written by a newer version of Berth (format {schema})", path.display())]
    Newer {
        /// Path of the state file.
        path: PathBuf,
        /// Format version of the file.
        schema: u32,
    },
    /// The folder holds no run.
    #[error("there is no run in {}", path.display())]
    Absent {
        /// The run's folder.
        path: PathBuf,
    },
    /// The folder of a new run already holds one.
    #[error("there is already a run in {}", path.display())]
    Taken {
        /// The run's folder.
        path: PathBuf,
    },
    /// Another owner holds the lock.
    #[error("a program is working on the run in {}", path.display())]
    Locked {
        /// The run's folder.
        path: PathBuf,
    },
}

#[derive(Serialize)]
struct StateToWrite<'a> {
    schema: u32,
    /// Version of Berth that wrote the file, for support.
    program: &'static str,
    generation: u64,
    body: &'a RunRecord,
}

#[derive(Deserialize)]
struct Schema {
    schema: u32,
}

#[derive(Deserialize)]
struct StoredState {
    schema: u32,
    generation: u64,
    body: RunRecord,
}

/// The locked folder of a run. Its owner carries the run out.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    generation: u64,
    events: File,
    next_event: u64,
    // Released on drop, or by the system when the program is killed.
    _lock: File,
}

impl Journal {
    /// Makes the folder of a new run and writes its first state.
    ///
    /// # Errors
    /// [`JournalError::Taken`], [`JournalError::Locked`], [`JournalError::File`].
    pub fn create(folder: &Path, record: &RunRecord) -> Result<Self, JournalError> {
        berth_files::create_private_folder(folder).map_err(FileError::folder(folder))?;
        let lock = lock(folder)?;
        if folder.join(STATE).exists() {
            return Err(JournalError::Taken {
                path: folder.to_owned(),
            });
        }
        let mut journal = Self::with_lock(folder, lock, 0)?;
        journal.save(record)?;
        Ok(journal)
    }

    /// Takes over an existing run. Removes an earlier request to cancel.
    ///
    /// # Errors
    /// [`JournalError::Locked`] while another owner has it, and the errors of [`read`].
    pub fn open(folder: &Path) -> Result<(Self, RunRecord), JournalError> {
        if !folder.join(STATE).exists() {
            return Err(JournalError::Absent {
                path: folder.to_owned(),
            });
        }
        let lock = lock(folder)?;
        let stored = read_state(folder)?;
        let cancel = folder.join(CANCEL);
        berth_files::remove(&cancel).map_err(FileError::write(cancel))?;
        Ok((Self::with_lock(folder, lock, stored.generation)?, stored.body))
    }

    fn with_lock(folder: &Path, lock: File, generation: u64) -> Result<Self, JournalError> {
        let path = folder.join(EVENTS);
        let (events, next_event) = open_events(&path).map_err(FileError::write(path))?;
        Ok(Self {
            folder: folder.to_owned(),
            generation,
            events,
            next_event,
            _lock: lock,
        })
    }

    /// Writes a state. It is on disk when this returns.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn save(&mut self, record: &RunRecord) -> Result<(), JournalError> {
        let path = self.folder.join(STATE);
        let state = StateToWrite {
            schema: SCHEMA,
            program: env!("CARGO_PKG_VERSION"),
            generation: self.generation + 1,
            body: record,
        };
        replace(&path, &state).map_err(FileError::write(path))?;
        self.generation += 1;
        Ok(())
    }

    /// Appends to the history. Nothing relies on the history, so it is not synced and errors are only logged: a full disk is
    /// reported by [`Self::save`].
    pub fn append_event(&mut self, time: Timestamp, step: Option<&str>, kind: EventKind) {
        let event = Event {
            seq: self.next_event,
            time,
            step: step.map(str::to_owned),
            kind,
        };
        let Ok(mut line) = serde_json::to_vec(&event) else {
            return;
        };
        line.push(b'\n');
        match self.events.write_all(&line) {
            Ok(()) => self.next_event += 1,
            Err(error) => tracing::warn!(%error, "an event of a run could not be written"),
        }
    }

    /// Whether this or another program asked for the run to stop.
    pub fn cancel_requested(&self) -> bool {
        self.folder.join(CANCEL).exists()
    }

    /// Takes what this or another program decided about the canary. A file with anything else is removed.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn take_choice(&self) -> Result<Option<CanaryChoice>, JournalError> {
        let path = self.folder.join(CHOICE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(FileError::Read { path, source }.into()),
        };
        berth_files::remove(&path).map_err(FileError::write(path))?;
        Ok(serde_json::from_slice(&text).ok())
    }
}

/// Reads the latest state of the run in a folder, locked or not.
///
/// # Errors
/// [`JournalError::Absent`], [`JournalError::File`], [`JournalError::Corrupt`], [`JournalError::Newer`].
pub fn read(folder: &Path) -> Result<RunRecord, JournalError> {
    read_state(folder).map(|stored| stored.body)
}

/// Reads the history of a run, oldest event first. Lines that cannot be parsed are skipped.
///
/// # Errors
/// [`JournalError::File`].
pub fn events(folder: &Path) -> Result<Vec<Event>, JournalError> {
    let path = folder.join(EVENTS);
    let mut text = Vec::new();
    File::open(&path)
        .and_then(|mut file| file.read_to_end(&mut text))
        .map_err(FileError::read(path))?;
    // A crash can leave a line half-written.
    Ok(text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

/// Whether a program is carrying out the run in a folder.
pub fn is_locked(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Asks the program that carries out a run to stop.
///
/// # Errors
/// [`JournalError::File`].
pub fn request_cancel(folder: &Path) -> Result<(), JournalError> {
    let path = folder.join(CANCEL);
    berth_files::mark(&path).map_err(FileError::write(path))?;
    Ok(())
}

/// Leaves a decision about a canary for the program that carries it out, or will.
///
/// # Errors
/// [`JournalError::File`].
pub fn leave_choice(folder: &Path, choice: CanaryChoice) -> Result<(), JournalError> {
    let path = folder.join(CHOICE);
    replace(&path, &choice).map_err(FileError::write(path))?;
    Ok(())
}

/// Path of a run's state file, for messages.
pub fn state_file(folder: &Path) -> PathBuf {
    folder.join(STATE)
}

fn read_state(folder: &Path) -> Result<StoredState, JournalError> {
    let path = folder.join(STATE);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(JournalError::Absent {
                path: folder.to_owned(),
            });
        }
        Err(source) => return Err(FileError::Read { path, source }.into()),
    };
    let corrupt = |source| JournalError::Corrupt {
        path: path.clone(),
        source,
    };
    let stored = serde_json::from_slice::<StoredState>(&text);
    // A newer format may have a body that cannot be parsed here.
    let schema = match &stored {
        Ok(stored) => stored.schema,
        Err(_) => serde_json::from_slice::<Schema>(&text).map_err(corrupt)?.schema,
    };
    if schema > SCHEMA {
        return Err(JournalError::Newer { path, schema });
    }
    stored.map_err(corrupt)
}

fn lock(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join(LOCK);
    let file = berth_files::mark(&path).map_err(FileError::write(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(FileError::Write { path, source }.into()),
    }
}

fn replace(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    berth_files::write_atomic(path, &text)
}

/// Opens the history for appending and returns the next sequence number. Terminates a half-written last line.
fn open_events(path: &Path) -> io::Result<(File, u64)> {
    let mut file = berth_files::append(path)?;
    let last = BufReader::new(&file)
        .split(b'\n')
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_slice::<Event>(&line).ok())
        .last();
    let complete = match file.seek(SeekFrom::End(0))? {
        0 => true,
        length => {
            file.seek(SeekFrom::Start(length - 1))?;
            let mut byte = [0];
            file.read_exact(&mut byte)?;
            byte == *b"\n"
        }
    };
    if !complete {
        file.write_all(b"\n")?;
    }
    Ok((file, last.map_or(0, |event| event.seq + 1)))
}

/// There is no run with this id.
pub(crate) fn no_run(id: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput)
        .with("what", id)
        .with("why", "no_run")
}

pub(crate) fn from_journal(error: &JournalError) -> Failure {
    let failure = match error {
        JournalError::File(error) => {
            Failure::new(FailureCode::FileProblem, Remedy::CorrectInput).with("path", error.path().display())
        }
        JournalError::Corrupt { path, .. } | JournalError::Newer { path, .. } => {
            Failure::new(FailureCode::CorruptState, Remedy::CorrectInput).with("path", path.display())
        }
        JournalError::Absent { path } => {
            let id = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            no_run(&id)
        }
        JournalError::Taken { path } | JournalError::Locked { path } => {
            Failure::new(FailureCode::AlreadyRunning, Remedy::Wait).with("path", path.display())
        }
    };
    failure.because(error)
}

#[cfg(test)]
mod tests;

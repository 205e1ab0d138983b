//! Log files, `berth.<day>.log`. A new one starts each day (UTC) and when the current one is too large; the oldest are
//! removed.

use jiff::Timestamp;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Most files kept.
const MAX_FILES: usize = 14;
/// Size in bytes at which a second file is started for the same day.
const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;
/// Longest line in bytes; the rest of an event is cut off.
const MAX_LINE_BYTES: usize = 8 * 1024;
const PREFIX: &str = "berth.";
const SUFFIX: &str = ".log";

/// Writes events to the current file. Each call of `write` is one event.
pub(super) struct LogFiles {
    folder: PathBuf,
    day: String,
    file: File,
    bytes: u64,
}

impl LogFiles {
    /// Opens today's file in a folder, creating the folder if needed.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        berth_files::create_private_folder(&folder)?;
        let day = today();
        let (file, bytes) = open(&folder, &day)?;
        Ok(Self {
            folder,
            day,
            file,
            bytes,
        })
    }

    fn rotate(&mut self, day: String) -> io::Result<()> {
        if day != self.day || self.bytes >= MAX_FILE_BYTES {
            (self.file, self.bytes) = open(&self.folder, &day)?;
            self.day = day;
        }
        Ok(())
    }
}

impl Write for LogFiles {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.rotate(today())?;
        let line = line(event);
        self.file.write_all(&line)?;
        self.bytes += line.len() as u64;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// Opens the first file of a day that has room and returns it with its size. Removes the oldest files.
fn open(folder: &Path, day: &str) -> io::Result<(File, u64)> {
    let names = (0u32..).map(|number| match number {
        0 => format!("{PREFIX}{day}{SUFFIX}"),
        // Zero-padded so that names sort by time.
        _ => format!("{PREFIX}{day}.{number:03}{SUFFIX}"),
    });
    for name in names {
        let file = berth_files::append(&folder.join(name))?;
        let bytes = file.metadata()?.len();
        if bytes < MAX_FILE_BYTES {
            remove_oldest(folder)?;
            return Ok((file, bytes));
        }
    }
    Err(io::ErrorKind::StorageFull.into())
}

fn remove_oldest(folder: &Path) -> io::Result<()> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
        .collect();
    // Without the suffix, `berth.<day>` sorts before `berth.<day>.001`.
    names.sort_by_key(|name| name.trim_end_matches(SUFFIX).to_owned());
    let excess = names.len().saturating_sub(MAX_FILES);
    names[..excess]
        .iter()
        .try_for_each(|name| berth_files::remove(&folder.join(name)))
}

/// Formats an event as one line and cuts it if it is too long. Control characters are escaped, so that untrusted text
/// cannot start a new line or control a terminal.
fn line(event: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(event);
    let text = text.trim_end_matches('\n');
    let mut line = String::with_capacity(text.len().min(MAX_LINE_BYTES) + 8);
    for letter in text.chars() {
        if line.len() >= MAX_LINE_BYTES {
            line.push_str(" [cut]");
            break;
        }
        if letter.is_control() && letter != '\t' {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line.push('\n');
    line.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_day_has_a_file_and_the_oldest_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFiles::open(folder.path().join("logs")).unwrap();
        for day in 10..30 {
            log.rotate(format!("2020-01-{day}")).unwrap();
            log.file.write_all(b"x\n").unwrap();
        }
        let names = names(&log.folder);
        assert_eq!(names.len(), MAX_FILES);
        assert!(names.contains(&"berth.2020-01-29.log".to_owned()), "{names:?}");
        assert!(!names.contains(&"berth.2020-01-10.log".to_owned()), "{names:?}");
        #[cfg(unix)]
        for name in names {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(log.folder.join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_full_file_is_followed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFiles::open(folder.path().to_owned()).unwrap();
        log.file.set_len(MAX_FILE_BYTES).unwrap();
        log.bytes = MAX_FILE_BYTES;
        log.write_all(b"next\n").unwrap();
        assert_eq!(
            std::fs::read(folder.path().join(format!("berth.{}.001.log", log.day))).unwrap(),
            b"next\n"
        );
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn an_event_is_one_line_of_limited_length() {
        assert_eq!(line(b"one\ntwo\x1b[31m\n"), b"one\\ntwo\\u{1b}[31m\n");
        let long = line("å".repeat(MAX_LINE_BYTES).as_bytes());
        assert!(long.len() <= MAX_LINE_BYTES + 16, "{}", long.len());
        assert!(long.ends_with(b" [cut]\n"));
    }
}

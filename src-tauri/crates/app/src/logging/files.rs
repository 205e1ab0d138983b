//! The files of the log, `berth.<day>.log`: a new one each day (UTC) and when one has grown too large, the oldest removed.

use jiff::Timestamp;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Files kept.
const KEPT: usize = 14;
/// Bytes after which a file is followed by another of the same day.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;
/// Bytes of an event that are written.
const LONGEST_LINE: usize = 8 * 1024;
const PREFIX: &str = "berth.";
const SUFFIX: &str = ".log";

/// Where events go. Each call of `write` is one event.
pub(super) struct LogFiles {
    folder: PathBuf,
    day: String,
    file: File,
    bytes: u64,
}

impl LogFiles {
    /// Opens the file of today in a folder, which is made.
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

    fn follow(&mut self, day: String) -> io::Result<()> {
        if day != self.day || self.bytes >= LARGEST_FILE {
            (self.file, self.bytes) = open(&self.folder, &day)?;
            self.day = day;
        }
        Ok(())
    }
}

impl Write for LogFiles {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.follow(today())?;
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

/// The first file of a day that has room, with its size. What is too old goes.
fn open(folder: &Path, day: &str) -> io::Result<(File, u64)> {
    let names = (0u32..).map(|number| match number {
        0 => format!("{PREFIX}{day}{SUFFIX}"),
        // Three digits, so that names are in the order of time.
        _ => format!("{PREFIX}{day}.{number:03}{SUFFIX}"),
    });
    for name in names {
        let file = berth_files::append(&folder.join(name))?;
        let bytes = file.metadata()?.len();
        if bytes < LARGEST_FILE {
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
    // `berth.<day>.log` is before `berth.<day>.001.log`.
    names.sort_by_key(|name| name.trim_end_matches(SUFFIX).to_owned());
    let over = names.len().saturating_sub(KEPT);
    names[..over]
        .iter()
        .try_for_each(|name| berth_files::remove(&folder.join(name)))
}

/// An event as one line, cut where it is too long. What came from outside cannot begin a line or steer a terminal.
fn line(event: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(event);
    let text = text.trim_end_matches('\n');
    let mut line = String::with_capacity(text.len().min(LONGEST_LINE) + 8);
    for letter in text.chars() {
        if line.len() >= LONGEST_LINE {
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
    fn each_day_has_a_file_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFiles::open(folder.path().join("logs")).unwrap();
        for day in 10..30 {
            log.follow(format!("2020-01-{day}")).unwrap();
            log.file.write_all(b"x\n").unwrap();
        }
        let names = names(&log.folder);
        assert_eq!(names.len(), KEPT);
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
    fn a_file_that_is_full_is_followed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFiles::open(folder.path().to_owned()).unwrap();
        log.file.set_len(LARGEST_FILE).unwrap();
        log.bytes = LARGEST_FILE;
        log.write_all(b"next\n").unwrap();
        assert_eq!(
            std::fs::read(folder.path().join(format!("berth.{}.001.log", log.day))).unwrap(),
            b"next\n"
        );
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn an_event_is_one_line_and_has_an_end() {
        assert_eq!(line(b"one\ntwo\x1b[31m\n"), b"one\\ntwo\\u{1b}[31m\n");
        let long = line("å".repeat(LONGEST_LINE).as_bytes());
        assert!(long.len() <= LONGEST_LINE + 16, "{}", long.len());
        assert!(long.ends_with(b" [cut]\n"));
    }
}

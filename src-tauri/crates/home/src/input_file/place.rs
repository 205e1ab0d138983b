//! Tells where a path leads from its text alone, because asking the system would access it.

use std::path::Path;

/// Who chose a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// The person, on the command line or in a dialog. May name other computers.
    Person,
    /// A document: a specification, a change, or input from the page.
    Document,
}

/// Names of devices on Windows, in every folder and with any extension
/// (learn.microsoft.com/windows/win32/fileio/naming-a-file).
const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];
/// Device names followed by a digit; superscript digits count too.
const NUMBERED: [&str; 2] = ["com", "lpt"];
/// Folders of Unix with special files.
const SPECIAL: [&str; 3] = ["dev", "proc", "sys"];

/// Whether a path leads to another computer or to a device. The rules of every system apply to a path in a document,
/// because documents are moved between systems.
pub(super) fn is_elsewhere(path: &Path, named_by: NamedBy) -> bool {
    let text = path.to_string_lossy();
    let on_windows = cfg!(windows) && (is_device(&text) || is_device_namespace(&text));
    match named_by {
        NamedBy::Person => on_windows,
        NamedBy::Document => {
            is_network(&text) || is_device_namespace(&text) || is_device(&text) || is_special_text(&text)
        }
    }
}

/// Whether a path without links is below a folder of special files.
pub(super) fn is_special(real: &Path) -> bool {
    is_special_text(&real.to_string_lossy())
}

fn is_slash(letter: char) -> bool {
    matches!(letter, '/' | '\\')
}

/// `\\host\share`, `//host/share`, and every mix of them.
fn is_network(path: &str) -> bool {
    let path = path.trim_start();
    // Verbatim paths of Windows: `\\?\C:\x` is local, `\\?\UNC\host` is not.
    if let Some(rest) = path.strip_prefix(r"\\?\") {
        let drive = rest.as_bytes().get(1) == Some(&b':');
        return !(cfg!(windows) && drive);
    }
    let mut letters = path.chars();
    letters.next().is_some_and(is_slash) && letters.next().is_some_and(is_slash)
}

/// `\\.\`, `\\?\` and `\??\`, with either slash.
fn is_device_namespace(path: &str) -> bool {
    let plain = path.trim_start().replace('/', r"\");
    [r"\\.\", r"\??\", r"\\?\GLOBALROOT", r"\\?\pipe"]
        .iter()
        .any(|start| {
            plain
                .to_ascii_lowercase()
                .starts_with(&start.to_ascii_lowercase())
        })
}

/// Whether Windows takes any part of the path for a device.
fn is_device(path: &str) -> bool {
    path.split(is_slash).any(|part| {
        let stem = part
            .split(['.', ':'])
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_lowercase();
        let numbered = NUMBERED.iter().any(|name| {
            let digits = stem
                .strip_prefix(name)
                .map(|rest| rest.chars().collect::<Vec<_>>());
            matches!(digits.as_deref(), Some(['0'..='9' | '¹' | '²' | '³']))
        });
        numbered || DEVICES.contains(&stem.as_str())
    })
}

/// Below `/dev`, `/proc` or `/sys`, after resolving `.` and `..`.
fn is_special_text(path: &str) -> bool {
    if !path.starts_with(is_slash) {
        return false;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(is_slash) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    // Shared memory has regular files (man7.org/linux/man-pages/man7/shm_overview.7.html).
    let is_memory = matches!(parts.as_slice(), ["dev", "shm", _, ..]);
    let first = parts.first().filter(|_| !is_memory);
    first.is_some_and(|first| SPECIAL.iter().any(|special| first.eq_ignore_ascii_case(special)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(path: &str) -> bool {
        is_elsewhere(Path::new(path), NamedBy::Document)
    }

    #[test]
    fn other_computers_and_devices_are_recognized() {
        for path in [
            r"\\host\share\key.pem",
            "//host/share/key.pem",
            r"/\host\share",
            r"\/host/share",
            r" \\host\share",
            r"\\?\UNC\host\share\key.pem",
            "//?/UNC/host/share",
            r"\\.\pipe\berth",
            r"\\.\COM1",
            "//./C:/key.pem",
            r"\??\UNC\host\share",
            r"\\?\GLOBALROOT\Device\Null",
            "/dev/zero",
            "/dev/stdin",
            "/DEV/zero",
            "/proc/self/environ",
            "/sys/kernel/notes",
            "/./dev/zero",
            "/tmp/../dev/zero",
            "/tmp/../../dev/./zero",
            "CON",
            "nul.pem",
            "NUL:",
            r"C:\keys\com1.pem",
            "keys/LPT9",
            "COM¹",
            "/dev/shm",
            "/dev/shm/../zero",
            "aux .txt",
            "CONIN$",
        ] {
            assert!(elsewhere(path), "{path}");
        }
        for path in [
            "/home/me/key.pem",
            "key.pem",
            "./key.pem",
            "../keys/key.pem",
            r"C:\keys\key.pem",
            "/home/dev/key.pem",
            "/home/me/proc/key.pem",
            "/device/key.pem",
            "console.pem",
            "com.pem",
            "com12.pem",
            "contoso.com.pem",
            "nullable.pem",
            "/srv/keys//key.pem",
            "/dev/shm/sample.json",
        ] {
            assert!(!elsewhere(path), "{path}");
        }
    }

    #[test]
    fn a_person_may_name_a_share() {
        for path in [r"\\host\share\key.pem", "//host/share/key.pem"] {
            assert!(!is_elsewhere(Path::new(path), NamedBy::Person), "{path}");
        }
    }
}

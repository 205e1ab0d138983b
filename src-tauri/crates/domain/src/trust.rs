//! Commands that make operating systems and programs trust a root certificate in a file.

use crate::quote::{cmd, posix};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Systems and programs with a trust store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TrustPlace {
    /// Windows: an administrator's command prompt.
    Windows,
    Macos,
    /// Debian and Ubuntu.
    Debian,
    /// Fedora and Red Hat.
    Fedora,
    /// Python with `requests`.
    Python,
    Java,
    Node,
}

/// How to make one system or program trust the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TrustCommand {
    pub place: TrustPlace,
    /// The command, or the variable to set.
    pub command: String,
}

/// Returns one command per system or program that makes it trust the root certificate at `path`. Systems for which the
/// path cannot be quoted are left out.
pub fn commands(path: &str) -> Vec<TrustCommand> {
    // Keeps programs from reading the path as an option.
    let path = if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    };
    let on_windows = cmd(&path).map(|file| format!("certutil -addstore Root {file}"));
    let on_unix = posix(&path);
    let unix = [
        (
            TrustPlace::Macos,
            "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ",
            "",
        ),
        (
            TrustPlace::Debian,
            "sudo cp ",
            " /usr/local/share/ca-certificates/berth.crt && sudo update-ca-certificates",
        ),
        (TrustPlace::Fedora, "sudo trust anchor ", ""),
        (TrustPlace::Python, "REQUESTS_CA_BUNDLE=", ""),
        (TrustPlace::Java, "keytool -importcert -cacerts -file ", ""),
        (TrustPlace::Node, "NODE_EXTRA_CA_CERTS=", ""),
    ];
    let windows = on_windows.ok().map(|command| (TrustPlace::Windows, command));
    let others = on_unix
        .ok()
        .into_iter()
        .flat_map(|file| unix.map(|(place, before, after)| (place, format!("{before}{file}{after}"))));
    let command = |(place, command)| TrustCommand { place, command };
    windows.into_iter().chain(others).map(command).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(path: &str, place: TrustPlace) -> Option<String> {
        let found = commands(path).into_iter().find(|one| one.place == place);
        found.map(|one| one.command)
    }

    #[test]
    fn a_path_is_one_argument() {
        for (path, windows, fedora) in [
            (
                "/home/me/berth-root.pem",
                Some("certutil -addstore Root /home/me/berth-root.pem"),
                Some("sudo trust anchor /home/me/berth-root.pem"),
            ),
            (
                "/home/me/it's $(id).pem",
                Some("certutil -addstore Root \"/home/me/it's $(id).pem\""),
                Some(r"sudo trust anchor '/home/me/it'\''s $(id).pem'"),
            ),
            (
                r"C:\Users\A & B\root.pem",
                Some(r#"certutil -addstore Root "C:\Users\A & B\root.pem""#),
                Some(r"sudo trust anchor 'C:\Users\A & B\root.pem'"),
            ),
            (
                "-root.pem",
                Some("certutil -addstore Root ./-root.pem"),
                Some("sudo trust anchor ./-root.pem"),
            ),
            (
                "/home/%USERNAME%/root.pem",
                None,
                Some("sudo trust anchor '/home/%USERNAME%/root.pem'"),
            ),
            ("/home/me/a\nb.pem", None, None),
        ] {
            assert_eq!(command(path, TrustPlace::Windows).as_deref(), windows, "{path}");
            assert_eq!(command(path, TrustPlace::Fedora).as_deref(), fedora, "{path}");
        }
        assert_eq!(commands("a.pem").len(), 7);
    }
}

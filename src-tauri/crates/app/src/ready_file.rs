//! The ready file of a sandbox: where it answers, and as whom to call. It may come from somebody else, so it leads nowhere but
//! to this computer.

use berth_arm::cloud::Cloud;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_sandbox::Ready;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// Largest file that is read: the ready file, and the certificate it names.
const LARGEST: u64 = 64 * 1024;

/// Reads the ready file of a sandbox that runs on its own.
///
/// # Errors
/// `FileProblem` for what cannot be read, `BadInput` for what is no ready file.
pub(crate) fn read(path: &Path) -> Result<Ready, Failure> {
    let text = contents(path)?;
    serde_json::from_slice(&text).map_err(|error| {
        // Its own words would quote the file, which has a secret in it.
        let (line, column) = (error.line(), error.column());
        unusable(&format!(
            "it is not what a sandbox writes (line {line}, column {column})"
        ))
    })
}

/// The cloud that a ready file names.
///
/// # Errors
/// `BadInput` unless every address in it is https on this computer, `FileProblem` for its certificate.
pub(crate) fn cloud(ready: &Ready) -> Result<Cloud, Failure> {
    let cloud = Cloud::custom("Sandbox", &ready.arm, &ready.authority, Vec::new());
    let mut cloud = cloud.map_err(|error| unusable(&error.to_string()))?;
    if !cloud.is_on_this_computer() {
        return Err(unusable(
            "its addresses have to be on this computer: localhost, 127.0.0.0/8 or [::1]",
        ));
    }
    let ca = ready.ca_file.to_string_lossy();
    if ca.starts_with(r"\\") || ca.starts_with("//") {
        return Err(unusable("its certificate has to be a file on this computer"));
    }
    cloud.extra_ca_pem = Some(contents(&ready.ca_file)?);
    Ok(cloud)
}

fn unusable(why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "ready file")
        .with("why", why)
}

/// What is in a small regular file.
fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        // Asked before it is opened: opening a pipe waits for somebody to write.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                "it is not a regular file",
            ));
        }
        let mut found = Vec::new();
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut found)?;
        if found.len() as u64 > LARGEST {
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                "it is larger than 64 KiB",
            ));
        }
        Ok(found)
    };
    read().map_err(|error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", path.display())
            .because(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::path::PathBuf;

    fn ready(folder: &Path) -> Value {
        let ca_file = folder.join("ca.pem");
        std::fs::write(&ca_file, "x").unwrap();
        json!({
            "arm": "https://localhost:1", "authority": "https://127.0.0.1:2", "ca_file": ca_file, "tenant_id": "t",
            "client_id": "c", "client_secret": "CANARY", "subscription_ids": [], "resource_group": "", "workspace": "",
            "cluster": "", "location": "",
        })
    }

    fn open(folder: &Path, ready: &str) -> Result<Cloud, Failure> {
        let path = folder.join("ready.json");
        std::fs::write(&path, ready).unwrap();
        read(&path).and_then(|ready| cloud(&ready))
    }

    #[test]
    fn only_https_on_this_computer_is_gone_to() {
        let folder = tempfile::tempdir().unwrap();
        let good = ready(folder.path());
        assert!(open(folder.path(), &good.to_string()).is_ok());
        for address in ["https://[::1]:3", "https://127.3.2.1", "HTTPS://LOCALHOST/"] {
            let mut other = good.clone();
            other["authority"] = json!(address);
            assert!(open(folder.path(), &other.to_string()).is_ok(), "{address}");
        }
        for address in [
            "http://localhost:1",
            "https://management.azure.com",
            "https://localhost.evil.example",
            "https://127.0.0.1.evil.example",
            "https://localhost@evil.example",
            "https://me:pw@localhost",
            "https://10.0.0.1",
            "https://0.0.0.0",
            "https://[::]",
            "https://[::ffff:10.0.0.1]",
            "https://localhost.",
            "localhost:1",
            "",
        ] {
            for member in ["arm", "authority"] {
                let mut other = good.clone();
                other[member] = json!(address);
                let failure = open(folder.path(), &other.to_string()).unwrap_err();
                assert_eq!(failure.code, FailureCode::BadInput, "{member} {address}");
                assert_eq!(failure.params["what"], "ready file");
            }
        }
        for path in [r"\\evil.example\share\ca.pem", "//evil.example/share/ca.pem"] {
            let mut other = good.clone();
            other["ca_file"] = json!(PathBuf::from(path));
            assert_eq!(
                open(folder.path(), &other.to_string()).unwrap_err().code,
                FailureCode::BadInput
            );
        }
    }

    #[test]
    fn what_is_no_small_ready_file_is_said_without_its_secret() {
        let folder = tempfile::tempdir().unwrap();
        let mut odd = ready(folder.path());
        odd["subscription_ids"] = json!("CANARY");
        let cut = ready(folder.path()).to_string();
        for text in [odd.to_string().as_str(), &cut[..cut.len() - 4], "", "[]"] {
            let failure = open(folder.path(), text).unwrap_err();
            assert_eq!(failure.code, FailureCode::BadInput, "{text}");
            assert!(!format!("{failure:?}").contains("CANARY"), "{failure:?}");
        }
        let large = format!("{}{cut}", " ".repeat(64 * 1024));
        let failure = open(folder.path(), &large).unwrap_err();
        assert_eq!(failure.code, FailureCode::FileProblem);
        assert!(failure.detail.contains("64 KiB"), "{failure:?}");
        assert_eq!(read(folder.path()).unwrap_err().code, FailureCode::FileProblem);
        let missing = read(&folder.path().join("nowhere")).unwrap_err();
        assert!(missing.params["path"].ends_with("nowhere"));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read() {
        assert!(
            read(Path::new("/dev/zero"))
                .unwrap_err()
                .detail
                .contains("regular file")
        );
    }
}

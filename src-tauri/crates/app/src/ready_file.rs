//! The ready file of a sandbox: its addresses and credentials. The file is untrusted, so it may name only addresses and
//! files on this computer.

use berth_arm::cloud::Cloud;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_home::json_file::file_problem;
use berth_sandbox::Ready;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// Most bytes read from the ready file and from the certificate it names.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads the ready file of a stand-alone sandbox.
///
/// # Errors
/// `FileProblem` if the file cannot be read, `BadInput` if it is not a ready file.
pub(crate) fn read(path: &Path) -> Result<Ready, Failure> {
    let text = contents(path)?;
    serde_json::from_slice(&text).map_err(|error| {
        // The error's own message would quote the file, which contains a secret.
        let (line, column) = (error.line(), error.column());
        unusable(&format!(
            "it is not a sandbox's ready file (line {line}, column {column})"
        ))
    })
}

/// Returns the cloud a ready file describes.
///
/// # Errors
/// `BadInput` unless every address is https on this computer, `FileProblem` if its certificate cannot be read.
pub(crate) fn cloud(ready: &Ready) -> Result<Cloud, Failure> {
    let cloud = Cloud::custom("Sandbox", &ready.arm, &ready.authority, Vec::new());
    let mut cloud = cloud.map_err(|error| unusable(&error.to_string()))?;
    if !cloud.is_on_this_computer() {
        return Err(unusable(
            "its addresses must be on this computer: localhost, 127.0.0.0/8 or [::1]",
        ));
    }
    let ca = ready.ca_file.to_string_lossy();
    if ca.starts_with(r"\\") || ca.starts_with("//") {
        return Err(unusable("its certificate must be a file on this computer"));
    }
    cloud.extra_ca_pem = Some(contents(&ready.ca_file)?);
    Ok(cloud)
}

fn unusable(why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "ready file")
        .with("why", why)
}

/// Reads a small regular file.
fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        // Checked before opening, because opening a pipe blocks until there is a writer.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                "it is not a regular file",
            ));
        }
        let mut content = Vec::new();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut content)?;
        if content.len() as u64 > MAX_BYTES {
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                "it is larger than 64 KiB",
            ));
        }
        Ok(content)
    };
    read().map_err(|error| file_problem(path, &error))
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
    fn only_https_addresses_on_this_computer_are_accepted() {
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
    fn errors_about_a_ready_file_do_not_contain_its_secret() {
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

//! Downloads a file that was uploaded as an artifact, and takes the files out of an archive of code.

use crate::UploadError;
use crate::client::Client;
use crate::container::parse;
use berth_arm::cloud::Cloud;
use berth_http::host_of;
use flate2::read::GzDecoder;
use futures::TryStreamExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use std::io::{self, Read};
use std::path::{Component, Path};
use tar::{Archive, EntryType};

/// The largest file that is downloaded, and the most that an archive may hold, in bytes.
const MOST: usize = 256 << 20;
/// Most files in an archive.
const MOST_FILES: usize = 10_000;

/// A file of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFile {
    /// Path below its folder, with slashes.
    pub path: String,
    /// Content.
    pub content: Vec<u8>,
}

/// Downloads a file from its address with a signature.
///
/// # Errors
/// [`UploadError::Elsewhere`] if the address is not one of Blob Storage in the cloud, [`UploadError::TooLarge`], and the
/// failures of requests.
pub async fn download_artifact(cloud: &Cloud, address: &SecretString) -> Result<Vec<u8>, UploadError> {
    let url = parse(address.expose_secret())?;
    if !cloud.is_blob_storage(&url) {
        return Err(UploadError::Elsewhere { host: host_of(&url) });
    }
    let client = Client::new(cloud, &url, None)?;
    let blob = client.blob(&url)?;
    let failed = |error| client.told(error, "GET", &url);
    let found = Box::pin(blob.download(None)).await.map_err(failed)?;
    let mut body = found.body;
    let mut content = Vec::new();
    while let Some(part) = body.try_next().await.map_err(failed)? {
        if content.len() + part.len() > MOST {
            return Err(UploadError::TooLarge { most: MOST });
        }
        content.extend_from_slice(&part);
    }
    Ok(content)
}

/// Takes the files below a folder out of a compressed archive; all files if the folder is empty. Links are left out.
///
/// # Errors
/// If the archive is damaged, too large, or a path in it leads out of its folder.
pub fn unpack(archive: &[u8], folder: &str) -> io::Result<Vec<CodeFile>> {
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    let mut files = Vec::new();
    // A larger archive ends in the middle, which is an error.
    let mut archive = Archive::new(GzDecoder::new(archive).take(most));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            continue;
        }
        let Some(path) = below(&entry.path()?, folder)? else {
            continue;
        };
        if files.len() == MOST_FILES {
            return Err(invalid("the archive has too many files"));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        files.push(CodeFile { path, content });
    }
    Ok(files)
}

/// The path below the folder; `None` if it is elsewhere.
fn below(path: &Path, folder: &str) -> io::Result<Option<String>> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => {
                parts.push(name.to_str().ok_or_else(|| invalid("a name is not Unicode"))?)
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => {
                return Err(invalid("a path in the archive leads out of it"));
            }
        }
    }
    let path = parts.join("/");
    if folder.is_empty() {
        return Ok(Some(path));
    }
    Ok(path.strip_prefix(&format!("{folder}/")).map(str::to_owned))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tar::{Builder, Header};

    fn archive(entries: &[(&str, EntryType)]) -> Vec<u8> {
        let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, kind) in entries {
            let mut header = Header::new_gnu();
            // `Header::set_path` refuses what a hostile archive has.
            header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(if *kind == EntryType::Regular { 2 } else { 0 });
            header.set_mode(0o644);
            header.set_cksum();
            let content: &[u8] = if *kind == EntryType::Regular { b"hi" } else { b"" };
            archive.append(&header, content).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }

    fn paths(entries: &[(&str, EntryType)], folder: &str) -> io::Result<Vec<String>> {
        let files = unpack(&archive(entries), folder)?;
        Ok(files.into_iter().map(|file| file.path).collect())
    }

    #[test]
    fn only_files_of_the_folder_are_taken() {
        let file = EntryType::Regular;
        let entries = [
            ("code/", EntryType::Directory),
            ("code/score.py", file),
            ("./code/lib/a.py", file),
            ("other/b.py", file),
            ("code/link", EntryType::Symlink),
        ];
        assert_eq!(paths(&entries, "code").unwrap(), ["score.py", "lib/a.py"]);
        assert_eq!(paths(&entries, "").unwrap().len(), 3);
    }

    #[test]
    fn a_hostile_archive_is_refused() {
        for path in ["../out.py", "/etc/out.py", "code/../../out.py"] {
            let problem = paths(&[(path, EntryType::Regular)], "").unwrap_err();
            assert!(problem.to_string().contains("leads out"), "{path}: {problem}");
        }
        assert!(unpack(b"not an archive", "").is_err());
        let whole = archive(&[("code/score.py", EntryType::Regular)]);
        assert!(unpack(&whole[..whole.len() / 2], "").is_err());
    }
}

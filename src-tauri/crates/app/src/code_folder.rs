//! The folder with a scoring script, as the Deploy wizard shows it before anything is uploaded.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::CodeListing;
use berth_domain::causes::chain;
use berth_domain::upload::UploadFile;
use berth_upload::{Kind, Listing};
use std::path::Path;

/// Most files, and most scripts, that are listed by name.
const MOST_LISTED: usize = 500;

/// Lists the files of a folder that would be uploaded.
///
/// # Errors
/// `FileProblem` if the folder cannot be read or uploaded.
pub async fn list(folder: &str) -> Result<CodeListing, Failure> {
    let listed = Listing::of(Path::new(folder), Kind::Code).await;
    let listing = listed.map_err(|error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", folder)
            .with("why", chain(&error))
    })?;
    let files: Vec<UploadFile> = listing.files().take(MOST_LISTED).cloned().collect();
    Ok(CodeListing {
        more: listing.files().count() - files.len(),
        files,
        bytes: listing.bytes(),
        ignored: listing.ignored().len(),
        ignored_by: listing.ignored_by().map(|file| file.name().to_owned()),
        scripts: scripts(&listing),
    })
}

fn scripts(listing: &Listing) -> Vec<String> {
    let is_script = |path: &&str| {
        Path::new(path)
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("py"))
    };
    let paths = listing.files().map(|file| file.path.as_str());
    let mut found: Vec<&str> = paths.filter(is_script).collect();
    found.sort_by_key(|path| path.matches('/').count());
    found.into_iter().take(MOST_LISTED).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[tokio::test]
    async fn a_folder_is_listed_with_its_scripts() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str| {
            let at = folder.path().join(path);
            fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
            fs::write(at, "a").expect("a file");
        };
        for path in ["lib/a.py", "score.py", "README.md", "data/train.csv"] {
            write(path);
        }
        fs::write(folder.path().join(".amlignore"), "data/\n").expect("a file");
        let listed = list(&folder.path().display().to_string())
            .await
            .expect("a listing");
        assert_eq!(listed.scripts, ["score.py", "lib/a.py"]);
        assert_eq!((listed.files.len(), listed.more, listed.ignored), (4, 0, 1));
        assert_eq!(listed.ignored_by.as_deref(), Some(".amlignore"));
        assert_eq!(listed.bytes, 9);
    }

    #[tokio::test]
    async fn what_cannot_be_listed_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("nowhere").display().to_string();
        let failure = list(&missing).await.expect_err("no folder");
        assert_eq!(failure.code, FailureCode::FileProblem);
        assert_eq!(failure.params.get("path"), Some(&missing));
        assert!(failure.params.contains_key("why"), "{failure:?}");
    }
}

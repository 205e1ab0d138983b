//! What is wrong with a list of files before anything is uploaded.

use super::UploadFile;
use std::collections::BTreeSet;

/// The largest file in bytes: 50,000 blocks of 4 MiB
/// (learn.microsoft.com/rest/api/storageservices/understanding-block-blobs--append-blobs--and-page-blobs; azure-ai-ml
/// sends blocks of 4 MiB).
pub const MOST_BYTES: u64 = 50_000 * (4 << 20);
/// The longest path. The name of a blob has at most 1,024 characters
/// (learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata), and Azure ML
/// puts a folder of up to 200 in front.
const LONGEST_PATH: usize = 824;

/// Why a list of files cannot be uploaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingProblem {
    #[error("there is nothing to upload: {}", nothing(*ignored))]
    Empty { ignored: usize },
    #[error("{script} is not in the folder")]
    NoScript { script: String },
    #[error("{script} is a folder; name the script in it")]
    ScriptIsFolder { script: String },
    #[error("{script} is not in the folder, but {similar} is; upper and lower case differ")]
    OtherCase { script: String, similar: String },
    #[error("{script} is ignored by {file}")]
    ScriptIgnored { script: String, file: &'static str },
    #[error("the path {path} cannot be uploaded: {why}")]
    Path { path: String, why: PathProblem },
    #[error("{path} is listed twice")]
    Twice { path: String },
    #[error("{path} has {size} bytes; a file can have at most {MOST_BYTES}")]
    TooLarge { path: String, size: u64 },
}

/// Why a path cannot be the name of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    #[error("it leaves the folder, or has an empty part")]
    Parts,
    #[error("it contains {}", letter(*.0))]
    Character(char),
    #[error("it ends with a dot")]
    Dot,
    #[error("it is longer than {LONGEST_PATH} characters")]
    Long,
}

fn nothing(ignored: usize) -> String {
    match ignored {
        0 => "the folder is empty".to_owned(),
        1 => "the only file in the folder is ignored".to_owned(),
        all => format!("all {all} files in the folder are ignored"),
    }
}

fn letter(letter: char) -> String {
    match letter {
        '\\' => "a backslash".to_owned(),
        _ => format!("the character U+{:04X}", u32::from(letter)),
    }
}

/// Checks the files of a folder, and that the scoring script is one of them.
///
/// `ignored` has the paths that the ignore file named `by` leaves out.
pub fn problems(
    files: &[UploadFile],
    ignored: &[String],
    by: Option<super::IgnoreFile>,
    script: Option<&str>,
) -> Vec<ListingProblem> {
    if files.is_empty() {
        return vec![ListingProblem::Empty {
            ignored: ignored.len(),
        }];
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in files {
        let path = file.path.clone();
        if let Some(why) = path_problem(&path) {
            found.push(ListingProblem::Path { path, why });
        } else if !seen.insert(file.path.as_str()) {
            found.push(ListingProblem::Twice { path });
        } else if file.size > MOST_BYTES {
            found.push(ListingProblem::TooLarge {
                path,
                size: file.size,
            });
        }
    }
    found.extend(script.and_then(|script| script_problem(script, files, ignored, by)));
    found
}

fn script_problem(
    script: &str,
    files: &[UploadFile],
    ignored: &[String],
    by: Option<super::IgnoreFile>,
) -> Option<ListingProblem> {
    let script = script.strip_prefix("./").unwrap_or(script).to_owned();
    if files.iter().any(|file| file.path == script) {
        return None;
    }
    if let Some(file) = by.filter(|_| ignored.contains(&script)) {
        return Some(ListingProblem::ScriptIgnored {
            script,
            file: file.name(),
        });
    }
    let inside = format!("{script}/");
    if files.iter().any(|file| file.path.starts_with(&inside)) {
        return Some(ListingProblem::ScriptIsFolder { script });
    }
    let similar = files
        .iter()
        .find(|file| file.path.to_lowercase() == script.to_lowercase());
    Some(match similar {
        Some(file) => ListingProblem::OtherCase {
            script,
            similar: file.path.clone(),
        },
        None => ListingProblem::NoScript { script },
    })
}

fn path_problem(path: &str) -> Option<PathProblem> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Some(PathProblem::Parts);
    }
    // Storage reads a backslash as a slash.
    if let Some(letter) = path.chars().find(|letter| letter.is_control() || *letter == '\\') {
        return Some(PathProblem::Character(letter));
    }
    if path.ends_with('.') {
        return Some(PathProblem::Dot);
    }
    (path.chars().count() > LONGEST_PATH).then_some(PathProblem::Long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::IgnoreFile;

    fn list(paths: &[&str]) -> Vec<UploadFile> {
        paths
            .iter()
            .map(|path| UploadFile {
                path: (*path).to_owned(),
                size: 1,
            })
            .collect()
    }

    fn texts(files: &[UploadFile], ignored: &[&str], script: Option<&str>) -> Vec<String> {
        let ignored: Vec<String> = ignored.iter().map(|path| (*path).to_owned()).collect();
        let found = problems(files, &ignored, Some(IgnoreFile::Aml), script);
        found.iter().map(ListingProblem::to_string).collect()
    }

    #[test]
    fn the_script_must_be_among_the_files() {
        let files = list(&["score.py", "lib/util.py", "模型.py"]);
        for (script, text) in [
            ("score.py", None),
            ("./score.py", None),
            ("模型.py", None),
            ("main.py", Some("main.py is not in the folder")),
            (
                "Score.py",
                Some("Score.py is not in the folder, but score.py is; upper and lower case differ"),
            ),
            ("secret.py", Some("secret.py is ignored by .amlignore")),
            ("lib", Some("lib is a folder; name the script in it")),
        ] {
            let found = texts(&files, &["secret.py"], Some(script));
            assert_eq!(found.first().map(String::as_str), text, "{script}");
        }
        assert_eq!(texts(&files, &[], None), Vec::<String>::new());
    }

    #[test]
    fn an_empty_folder_is_one_problem() {
        assert_eq!(
            texts(&[], &["a", "b"], Some("score.py")),
            ["there is nothing to upload: all 2 files in the folder are ignored"]
        );
    }

    #[test]
    fn paths_that_storage_would_change_are_refused() {
        let long = "a/".repeat(500) + "b";
        for (path, why) in [
            ("a b/c+d%20.txt", None),
            ("ünï/コード.py", None),
            ("../a", Some(PathProblem::Parts)),
            ("/etc/passwd", Some(PathProblem::Parts)),
            ("a//b", Some(PathProblem::Parts)),
            ("", Some(PathProblem::Parts)),
            ("a\nb", Some(PathProblem::Character('\n'))),
            ("a\\b", Some(PathProblem::Character('\\'))),
            ("a.", Some(PathProblem::Dot)),
            (&long, Some(PathProblem::Long)),
        ] {
            assert_eq!(path_problem(path), why, "{path}");
        }
        assert_eq!(texts(&list(&["a", "a"]), &[], None), ["a is listed twice"]);
        let large = UploadFile {
            path: "m".to_owned(),
            size: MOST_BYTES + 1,
        };
        assert_eq!(
            texts(&[large], &[], None),
            ["m has 209715200001 bytes; a file can have at most 209715200000"]
        );
    }
}

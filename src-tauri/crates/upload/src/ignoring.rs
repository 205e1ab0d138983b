//! Which files an ignore file leaves out, as azure-ai-ml decides (package azure-ai-ml 1.35, _utils/_asset_utils.py,
//! `IgnoreFile.is_file_excluded`): each line on its own, and the last one that matches the file or one of its folders.

use crate::ListError;
use berth_domain::upload::{IgnoreFile, patterns};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;

/// The lines of an ignore file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    lines: Vec<Gitignore>,
    /// Whether a line brings files back.
    has_exceptions: bool,
}

impl Rules {
    pub(crate) fn parse(file: IgnoreFile, text: &str) -> Result<Self, ListError> {
        let mut rules = Self::default();
        for pattern in patterns(text) {
            let unclear = || ListError::Pattern {
                file: file.name(),
                line: text
                    .lines()
                    .position(|line| line.contains(pattern))
                    .unwrap_or_default()
                    + 1,
            };
            let mut builder = GitignoreBuilder::new("");
            builder.add_line(None, pattern).map_err(|_| unclear())?;
            let line = builder.build().map_err(|_| unclear())?;
            rules.has_exceptions |= line.num_whitelists() > 0;
            rules.lines.push(line);
        }
        Ok(rules)
    }

    /// Whether a file is left out. Its path is relative to the folder, with `/`.
    pub(crate) fn leave_out(&self, path: &str) -> bool {
        self.decide(path, false)
    }

    /// Whether everything in a folder is left out, so that it need not be read.
    pub(crate) fn leave_out_all(&self, folder: &str) -> bool {
        !self.has_exceptions && self.decide(folder, true)
    }

    fn decide(&self, path: &str, is_folder: bool) -> bool {
        let path = Path::new(path);
        let matches = self.lines.iter().rev();
        let mut matches = matches.map(|line| line.matched_path_or_any_parents(path, is_folder));
        let last = matches.find(|found| !found.is_none());
        matches!(last, Some(Match::Ignore(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_matches_decides() {
        // As azure-ai-ml 1.35 decides.
        for (text, path, out) in [
            ("*.pyc", "a.pyc", true),
            ("*.pyc", "deep/er/a.pyc", true),
            ("*.pyc", "a.py", false),
            ("build/", "build/a", true),
            ("build/", "x/build/a", true),
            ("build/", "build", false),
            ("/build", "build/a", true),
            ("/build", "x/build/a", false),
            ("build", "x/build/y/a", true),
            ("a/b", "a/b/c", true),
            ("a/b", "x/a/b", false),
            ("a/*", "a/b/c", true),
            ("a/**/z", "a/b/c/z", true),
            ("**/z", "b/z", true),
            ("*.pyc\n!keep.pyc", "keep.pyc", false),
            ("!keep.pyc\n*.pyc", "keep.pyc", true),
            // Unlike git, a folder that is left out can be partly brought back.
            ("build/\n!build/keep", "build/keep", false),
            ("build/\n!build/keep", "build/other", true),
            ("*\n!*.py", "lib/a.py", false),
            ("*\n!lib/", "lib/a.txt", false),
            ("A.txt", "a.txt", false),
            ("\\#odd", "#odd", true),
            ("\\!odd", "!odd", true),
            ("[ab].txt", "b.txt", true),
            ("?.txt", "ab.txt", false),
            ("模*", "模型.bin", true),
            ("", "a", false),
            ("/", "a", false),
        ] {
            let rules = Rules::parse(IgnoreFile::Aml, text).unwrap();
            assert_eq!(rules.leave_out(path), out, "{text:?} {path}");
        }
    }

    #[test]
    fn a_folder_is_skipped_only_if_nothing_in_it_comes_back() {
        let rules = |text: &str| Rules::parse(IgnoreFile::Git, text).unwrap();
        assert!(rules("build/").leave_out_all("build"));
        assert!(rules("*.egg").leave_out_all("x.egg"));
        assert!(!rules("build/\n!build/keep").leave_out_all("build"));
        assert!(!rules("build/*.o").leave_out_all("build"));
    }

    #[test]
    fn a_line_that_is_no_pattern_is_named() {
        let error = Rules::parse(IgnoreFile::Aml, "*.pyc\n\n[z-a]").unwrap_err();
        assert_eq!(error.to_string(), "line 3 of .amlignore cannot be understood");
    }
}

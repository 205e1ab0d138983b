//! Which file says what is not uploaded (package azure-ai-ml 1.35, _utils/_asset_utils.py, `get_ignore_file`). Only one
//! counts, and only in the root of the folder. The file itself is uploaded unless it names itself.

/// The file that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoreFile {
    Aml,
    Git,
}

impl IgnoreFile {
    /// The ignore file of a folder that contains these names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let found = names
            .into_iter()
            .filter_map(|name| [Self::Aml, Self::Git].into_iter().find(|one| one.name() == name));
        found.min_by_key(|one| *one == Self::Git)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Aml => ".amlignore",
            Self::Git => ".gitignore",
        }
    }
}

/// The patterns of an ignore file, in order: its lines without white space at the end, without empty lines and
/// comments.
pub fn patterns(text: &str) -> impl Iterator<Item = &str> {
    let lines = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .lines()
        .map(str::trim_end);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amlignore_comes_before_gitignore() {
        for (names, file) in [
            (&["score.py", ".gitignore", ".amlignore"][..], Some(".amlignore")),
            (&[".gitignore"], Some(".gitignore")),
            (&["sub/.gitignore", ".GITIGNORE", "score.py"], None),
            (&[], None),
        ] {
            let found = IgnoreFile::of(names.iter().copied()).map(IgnoreFile::name);
            assert_eq!(found, file, "{names:?}");
        }
    }

    #[test]
    fn patterns_are_lines_without_comments() {
        let text = "\u{feff}*.pyc  \r\n# comment\n\n  \n!keep.pyc\n/build/\n\\#odd";
        assert_eq!(
            patterns(text).collect::<Vec<_>>(),
            ["*.pyc", "!keep.pyc", "/build/", "\\#odd"]
        );
    }
}

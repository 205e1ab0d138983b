//! The content hash of azure-ai-ml (package azure-ai-ml 1.35, _utils/_asset_utils.py, `get_content_hash`). A workspace
//! can be asked whether it has code with this hash, whoever uploaded it.

use super::UploadFile;
use sha2::{Digest, Sha256};

/// Version of the hash, sent with it.
pub const HASH_VERSION: &str = "202208";

/// Why there is no hash: the files changed while they were read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashProblem {
    #[error("{path} has another size than before; wait until nothing writes to the folder")]
    Changed { path: String },
    #[error("{path} was not read")]
    Unread { path: String },
}

/// A hash in the making. The contents are fed in the order of [`ContentHash::next_file`].
#[derive(Debug, Clone)]
pub struct ContentHash {
    hasher: Sha256,
    files: Vec<UploadFile>,
    /// How many files are complete.
    done: usize,
    /// Bytes of the present file so far.
    fed: u64,
}

impl ContentHash {
    /// Starts with the list of files: their number, then each path and size, sorted by the path in lower case. Paths
    /// that differ only in case keep the order they have in the list.
    pub fn of(mut files: Vec<UploadFile>) -> Self {
        files.sort_by_cached_key(|file| file.path.to_lowercase());
        let mut hasher = Sha256::new();
        hasher.update(files.len().to_string());
        for file in &files {
            hasher.update(format!("#{}#{}", file.path, file.size));
        }
        Self {
            hasher,
            files,
            done: 0,
            fed: 0,
        }
    }

    /// The file whose content comes next.
    pub fn next_file(&self) -> Option<&UploadFile> {
        self.files.get(self.done)
    }

    /// Adds a part of the present file's content.
    ///
    /// # Errors
    /// [`HashProblem::Changed`] if the file is larger than listed.
    pub fn feed(&mut self, part: &[u8]) -> Result<(), HashProblem> {
        let length = part.len() as u64;
        match self.next_file() {
            Some(file) if self.fed + length > file.size => Err(changed(file)),
            None if length > 0 => Err(HashProblem::Changed { path: String::new() }),
            _ => {
                self.hasher.update(part);
                self.fed += length;
                Ok(())
            }
        }
    }

    /// Ends the present file and goes on to the next.
    ///
    /// # Errors
    /// [`HashProblem::Changed`] if the file is smaller than listed.
    pub fn end_file(&mut self) -> Result<(), HashProblem> {
        if let Some(file) = self.next_file().filter(|file| self.fed < file.size) {
            return Err(changed(file));
        }
        self.done = self.files.len().min(self.done + 1);
        self.fed = 0;
        Ok(())
    }

    /// The hash in lower-case hexadecimal.
    ///
    /// # Errors
    /// [`HashProblem::Unread`] if a file is missing.
    pub fn finish(self) -> Result<String, HashProblem> {
        if let Some(file) = self.next_file() {
            return Err(HashProblem::Unread {
                path: file.path.clone(),
            });
        }
        Ok(self
            .hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect())
    }
}

fn changed(file: &UploadFile) -> HashProblem {
    HashProblem::Changed {
        path: file.path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(files: &[(&str, &[u8])]) -> ContentHash {
        let list = files.iter().map(|(path, content)| UploadFile {
            path: (*path).to_owned(),
            size: content.len() as u64,
        });
        ContentHash::of(list.collect())
    }

    fn hashed(files: &[(&str, &[u8])], chunk: usize) -> Result<String, HashProblem> {
        let mut hash = listed(files);
        while let Some(file) = hash.next_file() {
            let content = files
                .iter()
                .find(|(path, _)| *path == file.path)
                .map_or(&b""[..], |(_, content)| content);
            for part in content.chunks(chunk) {
                hash.feed(part)?;
            }
            hash.end_file()?;
        }
        hash.finish()
    }

    #[test]
    fn the_hash_is_that_of_azure_ai_ml() {
        for (files, hash) in [
            (
                &[(".hidden", &b""[..]), ("a.txt", b"a"), ("B/c.txt", b"bc")][..],
                "a2bcd2284314aeed2267ebe582e4fd45d2ec119fa38f8aa851f960470a5bf392",
            ),
            (
                &[("score.py", b"x")],
                "61f43093f399d1c34ce0f6ed333a384d1606525f087d7ab0ab14d3e0b96471f3",
            ),
            (
                &[],
                "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
            ),
            (
                &[
                    ("Z.py", b"1"),
                    ("a_b.py", b"22"),
                    ("a/b.py", b"333"),
                    ("a-b.py", b"4444"),
                    ("Ångström/é.bin", b"\xff\x00"),
                    ("日本/模型.onnx", b"m"),
                    ("İ.txt", b"i"),
                ],
                "7dd82fc51e2625400aab586b3bdae5c5c7994c668898b2a46e2fa29a9b499afa",
            ),
        ] {
            assert_eq!(hashed(files, 3).as_deref(), Ok(hash), "{files:?}");
        }
    }

    #[test]
    fn files_that_change_while_they_are_read_are_noticed() {
        let changed = Err(HashProblem::Changed { path: "a".to_owned() });
        let mut grown = listed(&[("a", b"12")]);
        assert_eq!(grown.feed(b"1").and_then(|()| grown.feed(b"23")), changed);
        let mut shrunk = listed(&[("a", b"12")]);
        assert_eq!(shrunk.feed(b"1").and_then(|()| shrunk.end_file()), changed);
        let unread = listed(&[("a", b""), ("b", b"")]);
        assert_eq!(unread.finish(), Err(HashProblem::Unread { path: "a".to_owned() }));
    }

    proptest! {
        #[test]
        fn neither_the_order_of_the_list_nor_the_parts_matter(
            files in prop::collection::btree_map("[a-z]{1,4}(/[a-z]{1,4}){0,2}", prop::collection::vec(any::<u8>(), 0..40), 0..8),
            chunk in 1usize..10,
        ) {
            let list: Vec<(&str, &[u8])> = files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect();
            let mut turned = list.clone();
            turned.reverse();
            prop_assert_eq!(hashed(&list, 64), hashed(&turned, chunk));
        }

        #[test]
        fn moving_a_byte_to_the_next_file_changes_the_hash(content in prop::collection::vec(any::<u8>(), 2..40), at in 1usize..39) {
            let at = at % (content.len() - 1) + 1;
            let split = |at: usize| {
                let (one, two) = content.split_at(at);
                hashed(&[("a", one), ("b", two)], 8)
            };
            prop_assert_ne!(split(at), split(at - 1));
        }
    }
}

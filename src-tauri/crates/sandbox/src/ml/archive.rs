//! The code of a classic service: a gzipped tar file (package azureml-core 1.61, `upload_dependency`).

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read as _;

/// Largest unpacked size: a small file can claim to be a large one.
const MOST: u64 = 64 << 20;
const RECORD: usize = 512;

/// The files of an archive by their path; what cannot be read is left out.
pub(super) fn files(packed: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut reader = GzDecoder::new(packed).take(MOST);
    // A damaged end leaves what comes before.
    let _ = reader.read_to_end(&mut unpacked);
    let mut files = BTreeMap::new();
    let mut rest = unpacked.as_slice();
    let mut long_name = None;
    while let Some((head, after)) = rest.split_at_checked(RECORD) {
        let Some(size) = octal(&head[124..136]) else { break };
        let Ok(size) = usize::try_from(size) else { break };
        let Some((content, _)) = after.split_at_checked(size) else {
            break;
        };
        let name = long_name.take().unwrap_or_else(|| name(head));
        match head[156] {
            b'0' | 0 if !name.is_empty() => {
                files.insert(name, content.to_vec());
            }
            // GNU tar writes a long name as a file before its own.
            b'L' => long_name = Some(text(content)),
            b'x' => long_name = pax_path(content),
            _ => {}
        }
        let padded = size.div_ceil(RECORD) * RECORD;
        rest = after.get(padded..).unwrap_or_default();
    }
    files
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn name(head: &[u8]) -> String {
    let (name, prefix) = (text(&head[..100]), text(&head[345..500]));
    let ustar = head[257..262] == *b"ustar" && !prefix.is_empty();
    if ustar { format!("{prefix}/{name}") } else { name }
}

fn octal(bytes: &[u8]) -> Option<u64> {
    let digits = text(bytes);
    let digits = digits.trim();
    if digits.is_empty() {
        return None;
    }
    u64::from_str_radix(digits, 8).ok()
}

/// The path in a pax header: lines such as `20 path=a/b\n`.
fn pax_path(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let path = text.lines().find_map(|line| line.split_once(" path=")?.1.into());
    path.map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn tar(files: &[(&str, &str)]) -> Vec<u8> {
        let mut all = Vec::new();
        for (name, content) in files {
            let mut head = [0_u8; RECORD];
            head[..name.len()].copy_from_slice(name.as_bytes());
            head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
            head[156] = b'0';
            all.extend_from_slice(&head);
            all.extend_from_slice(content.as_bytes());
            all.resize(all.len().div_ceil(RECORD) * RECORD, 0);
        }
        all.resize(all.len() + 2 * RECORD, 0);
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(&all).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn files_are_unpacked_and_damage_is_survived() {
        let packed = tar(&[("src/score.py", "def init(): pass"), ("src/a/b.py", "")]);
        let found = files(&packed);
        assert_eq!(found["src/score.py"], b"def init(): pass");
        assert_eq!(found.len(), 2);
        assert!(files(&packed[..20]).is_empty() && files(b"no archive").is_empty() && files(b"").is_empty());
    }
}

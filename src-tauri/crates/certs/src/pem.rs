//! Parses PEM text: finds the blocks, reports problems with their lines, and decodes them. A file without blocks may
//! be binary, which `other` classifies by its structure.
//!
//! Only `decode` uses `rustls-pemfile`. That crate was archived upstream in 2025 (its decoder lives on in
//! `rustls-pki-types`, which it calls), so nothing else may depend on it. It only decodes: it skips what it does not
//! know and gives no line numbers, so finding the blocks and the diagnosis are done here.
//!
//! Text outside blocks, such as the "Bag Attributes" of `openssl pkcs12`, may contain any bytes and is dropped.

mod decode;
mod other;

use crate::key::KeyForm;
use crate::locked::LockedKey;
use crate::pem::other::without_blocks;
use berth_domain::certificate::PairProblem;
use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

/// Maximum size of a file in bytes. A certificate with its chain and key stays below 20 KiB.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// The contents of a PEM file.
#[derive(Debug)]
pub(crate) struct PemFile {
    pub(crate) blocks: Vec<Block>,
    /// Whether there was text outside the blocks.
    pub(crate) other_text: bool,
}

/// A block and its first line, counted from 1.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) line: u32,
    pub(crate) content: Content,
}

/// The content of a block.
pub(crate) enum Content {
    Certificate(CertificateDer<'static>),
    /// Unencrypted private key.
    Key(KeyForm, Zeroizing<Vec<u8>>),
    /// Encrypted private key.
    LockedKey(LockedKey),
    /// A complete PKCS#12 file.
    Pkcs12(Zeroizing<Vec<u8>>),
    /// A private key of an unsupported kind, by its name.
    ForeignKey(String),
    PublicKey,
    Csr,
    /// Certificates of a `.p7b`; empty when it contains something else.
    Pkcs7(Vec<CertificateDer<'static>>),
    /// Parameters, revocation lists and other content that is not used.
    Unused,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Certificate(_) => "certificate",
            Self::Key(..) => "key",
            Self::LockedKey(_) => "key with a passphrase",
            Self::Pkcs12(_) => "PKCS#12",
            Self::ForeignKey(_) => "foreign key",
            Self::PublicKey => "public key",
            Self::Csr => "request",
            Self::Pkcs7(_) => "PKCS#7",
            Self::Unused => "unused",
        })
    }
}

/// Parses all blocks of a file, or its binary content as one block. `file` is the label in problems.
///
/// # Errors
/// The first problem of the file, with its line. For a file without blocks, what it seems to be instead.
pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<PemFile, PairProblem> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(PairProblem::TooBig {
            file: file.to_owned(),
            bytes: bytes.len() as u64,
            limit: MAX_FILE_BYTES as u64,
        });
    }
    let text = as_ascii_compatible(bytes);
    let mut found = PemFile {
        blocks: Vec::new(),
        other_text: false,
    };
    let mut lines = numbered_lines(&text);
    while let Some((line, text)) = lines.next() {
        match Marker::of(text) {
            Marker::Begin(label) => {
                let body = body_of(file, line, &label, &mut lines)?;
                let content = decode::decode(file, line, &label, &body)?;
                found.blocks.push(Block { line, content });
            }
            Marker::None => found.other_text |= !text.is_empty(),
            Marker::End(_) | Marker::Broken => {
                return Err(PairProblem::BrokenMarker {
                    file: file.to_owned(),
                    line,
                });
            }
        }
    }
    if found.blocks.is_empty() {
        found.other_text = false;
        found.blocks = without_blocks(file, &text)?;
    }
    Ok(found)
}

/// Removes the byte order mark, and converts UTF-16 (which PowerShell's `>` writes) to UTF-8.
fn as_ascii_compatible(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let units = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..]
            .chunks_exact(2)
            .map(move |pair| read([pair[0], pair[1]]));
        let mut text = Zeroizing::new(Vec::with_capacity(bytes.len() * 2));
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        text
    };
    match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => Zeroizing::new(text.to_vec()),
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        text => Zeroizing::new(text.to_vec()),
    }
}

/// Trimmed lines with their number from 1, for line endings of Unix, Windows and old Macs.
fn numbered_lines(text: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = match end {
            Some(end) if text[end..].starts_with(b"\r\n") => (&text[..end], Some(&text[end + 2..])),
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = after;
        Some(line.trim_ascii())
    })
    .zip(1u32..)
    .map(|(line, number)| (number, line))
}

/// How a line delimits blocks.
#[derive(Debug, PartialEq, Eq)]
enum Marker {
    Begin(String),
    End(String),
    /// Looks like a delimiter but is incomplete, or not alone on its line.
    Broken,
    None,
}

impl Marker {
    fn of(line: &[u8]) -> Self {
        let whole = |start: &[u8]| {
            let label = line.strip_prefix(start)?.strip_suffix(b"-----")?;
            let plain = label
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'#'));
            (plain && !label.is_empty()).then(|| String::from_utf8_lossy(label).into_owned())
        };
        if let Some(label) = whole(b"-----BEGIN ") {
            Self::Begin(label)
        } else if let Some(label) = whole(b"-----END ") {
            Self::End(label)
        } else if contains(line, b"--BEGIN ") || contains(line, b"--END ") {
            Self::Broken
        } else {
            Self::None
        }
    }
}

fn contains(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|window| window == part)
}

/// The lines between BEGIN and its END.
fn body_of<'a>(
    file: &str,
    begin: u32,
    label: &str,
    lines: &mut impl Iterator<Item = (u32, &'a [u8])>,
) -> Result<Vec<(u32, &'a [u8])>, PairProblem> {
    let mut body = Vec::new();
    for (line, text) in lines {
        match Marker::of(text) {
            Marker::End(end) if end == label => return Ok(body),
            Marker::Broken => {
                return Err(PairProblem::BrokenMarker {
                    file: file.to_owned(),
                    line,
                });
            }
            Marker::Begin(_) | Marker::End(_) => break,
            Marker::None => body.push((line, text)),
        }
    }
    Err(PairProblem::MissingEnd {
        file: file.to_owned(),
        line: begin,
        block: label.to_owned(),
    })
}

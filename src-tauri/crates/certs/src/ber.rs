//! Converts BER to DER, for PKCS#12 files that were written as a stream (by NSS and thus Mozilla's programs):
//! indefinite lengths and segmented octet strings (X.690, sections 8.1.3.6 and 8.7.3).

use crate::der::{self, CONTEXT_0, OCTET_STRING, SEQUENCE};
use zeroize::Zeroizing;

/// The bit of a tag that marks a constructed element.
const CONSTRUCTED: u8 = 0x20;
/// The bits of a tag that announce more bytes of it, which PKCS#12 never uses.
const LONG_TAG: u8 = 0x1f;
/// Maximum nesting. A PKCS#12 file has 10 levels.
const MAX_DEPTH: u8 = 24;

struct Definite {
    tag: u8,
    contents: Zeroizing<Vec<u8>>,
}

/// Converts the element at the start to definite lengths and unsegmented octet strings; `None` when it is incomplete.
/// The content of octet strings is not converted.
pub(crate) fn definite(input: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (found, _) = read(input, MAX_DEPTH)?;
    let mut out = Zeroizing::new(Vec::with_capacity(found.contents.len() + 6));
    push(&mut out, &found);
    Some(out)
}

fn read(input: &[u8], depth: u8) -> Option<(Definite, &[u8])> {
    let (&tag, after_tag) = input.split_first()?;
    if tag & LONG_TAG == LONG_TAG {
        return None;
    }
    let whole = der::element(input)?;
    let indefinite = after_tag.first() == Some(&0x80);
    if tag & CONSTRUCTED == 0 {
        let contents = Zeroizing::new(whole.contents.to_vec());
        return (!indefinite).then_some((Definite { tag, contents }, whole.rest));
    }
    let (parts, rest) = parts(whole.contents, indefinite, depth.checked_sub(1)?)?;
    let rest = if indefinite { rest } else { whole.rest };
    Some((join(tag, &parts)?, rest))
}

/// The elements inside, up to the end or the end-of-contents mark.
fn parts(mut input: &[u8], indefinite: bool, depth: u8) -> Option<(Vec<Definite>, &[u8])> {
    let mut parts = Vec::new();
    loop {
        match input {
            [0, 0, rest @ ..] if indefinite => return Some((parts, rest)),
            [] => return (!indefinite).then_some((parts, input)),
            _ => {}
        }
        let (part, rest) = read(input, depth)?;
        parts.push(part);
        input = rest;
    }
}

fn join(mut tag: u8, parts: &[Definite]) -> Option<Definite> {
    let mut contents = Zeroizing::new(Vec::new());
    let mut before = None;
    for part in parts {
        // After the algorithm of an EncryptedContentInfo come octets with a tag of their own (RFC 5652, section 6.1).
        let own = before == Some(SEQUENCE) && part.tag == CONTEXT_0;
        match own.then(|| octets(&part.contents)).flatten() {
            Some(joined) => {
                let tag = CONTEXT_0 & !CONSTRUCTED;
                push(
                    &mut contents,
                    &Definite {
                        tag,
                        contents: joined,
                    },
                );
            }
            None => push(&mut contents, part),
        }
        before = Some(part.tag);
    }
    if tag == OCTET_STRING | CONSTRUCTED {
        (tag, contents) = (OCTET_STRING, octets(&contents)?);
    }
    Some(Definite { tag, contents })
}

/// Joins segmented octets; `None` when something else is among them.
fn octets(mut pieces: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut joined = Zeroizing::new(Vec::with_capacity(pieces.len()));
    while !pieces.is_empty() {
        let piece = der::tagged(pieces, OCTET_STRING)?;
        joined.extend_from_slice(piece.contents);
        pieces = piece.rest;
    }
    Some(joined)
}

fn push(out: &mut Vec<u8>, element: &Definite) {
    der::push_header(out, element.tag, element.contents.len());
    out.extend_from_slice(&element.contents);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_become_definite_and_octets_are_joined() {
        for (ber, expected) in [
            (&[0x30, 0x80, 2, 1, 3, 0, 0][..], &[0x30, 3, 2, 1, 3][..]),
            (&[0x24, 0x80, 4, 1, 7, 4, 1, 8, 0, 0], &[4, 2, 7, 8]),
            (&[0x24, 0x80, 0x24, 0x80, 4, 1, 7, 0, 0, 4, 0, 0, 0], &[4, 1, 7]),
            // After an algorithm the tag replaces that of the octets; elsewhere it wraps them.
            (
                &[0x30, 0x80, 0x30, 0, 0xa0, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0],
                &[0x30, 6, 0x30, 0, 0x80, 2, 7, 8],
            ),
            (
                &[0x30, 0x80, 6, 1, 1, 0xa0, 0x80, 4, 1, 7, 0, 0, 0, 0],
                &[0x30, 8, 6, 1, 1, 0xa0, 3, 4, 1, 7],
            ),
            (&[0x30, 0x81, 3, 2, 1, 3], &[0x30, 3, 2, 1, 3]),
        ] {
            assert_eq!(definite(ber).unwrap()[..], *expected, "{ber:?}");
        }
    }

    #[test]
    fn incomplete_elements_are_refused() {
        for ber in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x80, 2, 1, 3, 0],
            &[4, 0x80, 0, 0],
            &[0x24, 0x80, 2, 1, 3, 0, 0],
            &[0x3f, 0x80, 0, 0],
            &[0x30, 0x80].repeat(50_000),
        ] {
            assert!(definite(ber).is_none(), "{:?}", &ber[..ber.len().min(9)]);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_and_conversion_is_idempotent(input in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(once) = definite(&input) {
                prop_assert_eq!(&definite(&once).unwrap(), &once);
            }
        }

        #[test]
        fn every_encoding_of_an_element_becomes_the_same_der(contents in proptest::collection::vec(any::<u8>(), 0..2000), at in 0usize..2000) {
            let (first, second) = contents.split_at(at.min(contents.len()));
            let mut pieces = vec![0x24, 0x80];
            for piece in [first, second] {
                der::push_header(&mut pieces, OCTET_STRING, piece.len());
                pieces.extend_from_slice(piece);
            }
            pieces.extend_from_slice(&[0, 0]);
            let mut whole = Vec::new();
            der::push_header(&mut whole, OCTET_STRING, contents.len());
            whole.extend_from_slice(&contents);
            prop_assert_eq!(definite(&pieces).unwrap().to_vec(), whole);
        }
    }
}

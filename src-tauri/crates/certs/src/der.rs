//! The small part of DER that is needed to classify binary data and to wrap a key. Borrows, and never panics.
//!
//! Certificates are parsed by `x509-parser` and keys by `aws-lc-rs`, not here.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// Contents of object identifiers in keys.
pub(crate) mod oid {
    pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(crate) const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
    pub(crate) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(crate) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
    pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    pub(crate) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    pub(crate) const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
    pub(crate) const SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
    pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub(crate) const ED448: &[u8] = &[0x2b, 0x65, 0x71];
    pub(crate) const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
    pub(crate) const PBE_MD5_DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x03];
    /// Prefix of the PKCS#5 and PKCS#12 encryption schemes, as in an encrypted key.
    pub(crate) const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
    pub(crate) const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
    pub(crate) const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
}

/// An element: its tag, its contents, and the remaining input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) contents: &'a [u8],
    pub(crate) rest: &'a [u8],
}

/// Reads the element at the start; `None` when it is incomplete. An indefinite length (BER, in some PKCS#12 files)
/// extends to the end of the input.
pub(crate) fn element(input: &[u8]) -> Option<Element<'_>> {
    let (&tag, input) = input.split_first()?;
    let (&first, input) = input.split_first()?;
    if first == 0x80 {
        return Some(Element {
            tag,
            contents: input,
            rest: &[],
        });
    }
    let (length, input) = if first < 0x80 {
        (usize::from(first), input)
    } else {
        let count = usize::from(first & 0x7f);
        if count > 4 || count > input.len() {
            return None;
        }
        let (digits, input) = input.split_at(count);
        (
            digits
                .iter()
                .fold(0usize, |sum, &digit| (sum << 8) | usize::from(digit)),
            input,
        )
    };
    (length <= input.len()).then(|| {
        let (contents, rest) = input.split_at(length);
        Element { tag, contents, rest }
    })
}

/// Reads the element at the start if it has this tag.
pub(crate) fn tagged(input: &[u8], tag: u8) -> Option<Element<'_>> {
    element(input).filter(|found| found.tag == tag)
}

/// Reads an unsigned INTEGER without leading zeros, and the remaining input.
pub(crate) fn unsigned(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let found = tagged(input, INTEGER)?;
    let zeros = found.contents.iter().take_while(|&&byte| byte == 0).count();
    Some((&found.contents[zeros..], found.rest))
}

/// Number of bits of an unsigned big-endian number.
pub(crate) fn bits(number: &[u8]) -> u32 {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    match number.get(zeros) {
        Some(first) => u32::try_from((number.len() - zeros) * 8)
            .unwrap_or(u32::MAX)
            .saturating_sub(first.leading_zeros()),
        None => 0,
    }
}

/// Appends tag and length of an element with `length` bytes of contents.
pub(crate) fn push_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits = length.to_be_bytes();
            let zeros = digits.iter().take_while(|&&byte| byte == 0).count();
            let digits = &digits[zeros..];
            out.push(0x80 | digits.len() as u8);
            out.extend_from_slice(digits);
        }
    }
}

/// Number of bytes that [`push_header`] appends for `length` bytes of contents.
pub(crate) fn header_length(length: usize) -> usize {
    let mut header = Vec::with_capacity(10);
    push_header(&mut header, SEQUENCE, length);
    header.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn an_element_is_read_as_it_is_written(contents in proptest::collection::vec(any::<u8>(), 0..70_000), rest in any::<[u8; 3]>()) {
            let mut whole = Vec::new();
            push_header(&mut whole, SEQUENCE, contents.len());
            prop_assert_eq!(whole.len(), header_length(contents.len()));
            whole.extend_from_slice(&contents);
            whole.extend_from_slice(&rest);
            let found = element(&whole).unwrap();
            prop_assert_eq!(found, Element { tag: SEQUENCE, contents: &contents, rest: &rest });
        }

        #[test]
        fn any_bytes_are_answered(input in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(found) = element(&input) {
                prop_assert!(found.contents.len() + found.rest.len() + 2 <= input.len());
            }
            unsigned(&input);
        }
    }

    #[test]
    fn leading_zero_bits_are_not_counted() {
        for (number, expected) in [
            (&[][..], 0),
            (&[0, 0], 0),
            (&[1], 1),
            (&[0, 0x80], 8),
            (&[0x01, 0x00], 9),
        ] {
            assert_eq!(bits(number), expected, "{number:?}");
        }
    }
}

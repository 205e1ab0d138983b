//! Quantities of Kubernetes: `100m`, `1.5`, `2Gi`, `1e3`
//! (kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity).

/// The most digits of a quantity. Kubernetes itself keeps 18.
const MOST_DIGITS: usize = 18;
/// The largest power of ten.
const LARGEST_EXPONENT: u32 = 18;
/// Suffixes with the numerator and denominator of their factor.
const SUFFIXES: [(&str, u128, u128); 16] = [
    ("", 1, 1),
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1_000),
    ("k", 1_000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("E", 1_000_000_000_000_000_000, 1),
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("Ei", 1 << 60, 1),
];

/// Why a text is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityProblem {
    #[error("it is not a number with an optional unit, such as 0.5, 500m or 2Gi")]
    Form,
    #[error("it is negative")]
    Negative,
    #[error("it is too large or has too many digits")]
    Size,
    #[error("it is zero")]
    Zero,
    #[error("it is less than 1 MiB")]
    TooLittle,
}

/// A quantity in thousandths, rounded up as Kubernetes does: `100m` is 100 and `1.5` is 1500.
///
/// # Errors
/// [`QuantityProblem`] tells why it is none.
pub fn in_thousandths(text: &str) -> Result<u64, QuantityProblem> {
    parse(text, 1_000)
}

/// A quantity in whole units, rounded up: `2Gi` is 2147483648.
///
/// # Errors
/// [`QuantityProblem`] tells why it is none.
pub fn in_units(text: &str) -> Result<u64, QuantityProblem> {
    parse(text, 1)
}

/// Thousandths as a person writes them: `1.4`, `0.1`, `2`.
pub fn show_thousandths(value: u64) -> String {
    let fraction = format!("{:03}", value % 1_000);
    match fraction.trim_end_matches('0') {
        "" => (value / 1_000).to_string(),
        fraction => format!("{}.{fraction}", value / 1_000),
    }
}

/// Bytes in the largest unit that leaves at most one decimal: `2 GiB`, `1.5 GiB`, `512 MiB`. Rounded down, because it
/// is used for what is free.
pub fn show_bytes(bytes: u64) -> String {
    let (unit, name) = if bytes >= 1 << 30 {
        (1 << 30, "GiB")
    } else {
        (1 << 20, "MiB")
    };
    let tenths = u128::from(bytes) * 10 / unit;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {name}"),
        (whole, tenth) => format!("{whole}.{tenth} {name}"),
    }
}

fn parse(text: &str, scale: u128) -> Result<u64, QuantityProblem> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if unsigned.starts_with('-') {
        return Err(QuantityProblem::Negative);
    }
    let end = unsigned
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (mantissa, decimals) = digits(number)?;
    let (times, by) = factor(suffix)?;
    let product = |left: u128, right: u128| left.checked_mul(right).ok_or(QuantityProblem::Size);
    let numerator = product(product(mantissa, times)?, scale)?;
    let denominator = product(10u128.pow(decimals), by)?;
    let value = i64::try_from(numerator.div_ceil(denominator)).map_err(|_| QuantityProblem::Size)?;
    Ok(value.unsigned_abs())
}

/// The digits without the point, and how many of them are decimals.
fn digits(number: &str) -> Result<(u128, u32), QuantityProblem> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let all = format!("{whole}{decimals}");
    if all.is_empty() || decimals.contains('.') {
        return Err(QuantityProblem::Form);
    }
    if all.trim_start_matches('0').len() > MOST_DIGITS || decimals.len() > MOST_DIGITS {
        return Err(QuantityProblem::Size);
    }
    let mantissa = all.parse().map_err(|_| QuantityProblem::Form)?;
    Ok((mantissa, decimals.len() as u32))
}

/// The numerator and denominator of a suffix's factor. `E` alone is a unit; with digits it is an exponent.
fn factor(suffix: &str) -> Result<(u128, u128), QuantityProblem> {
    if let Some((_, times, by)) = SUFFIXES.iter().find(|(name, ..)| *name == suffix) {
        return Ok((*times, *by));
    }
    let exponent = suffix.strip_prefix(['e', 'E']).ok_or(QuantityProblem::Form)?;
    let (below_one, power) = match exponent.strip_prefix('-') {
        Some(power) => (true, power),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if power.is_empty() || !power.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(QuantityProblem::Form);
    }
    let power = power
        .parse()
        .ok()
        .filter(|power| *power <= LARGEST_EXPONENT)
        .ok_or(QuantityProblem::Size)?;
    let factor = 10u128.pow(power);
    Ok(if below_one { (1, factor) } else { (factor, 1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        for (text, thousandths) in [
            ("100m", 100),
            ("1.5", 1_500),
            ("0.1", 100),
            (".5", 500),
            ("2.", 2_000),
            ("+3", 3_000),
            ("0", 0),
            ("1e3", 1_000_000),
            ("1E3", 1_000_000),
            ("15e-1", 1_500),
            ("250u", 1),
            ("1n", 1),
            ("1001u", 2),
            ("2k", 2_000_000),
            ("0000000000000000000001", 1_000),
        ] {
            assert_eq!(in_thousandths(text), Ok(thousandths), "{text}");
        }
        for (text, units) in [
            ("2Gi", 2 << 30),
            ("512Mi", 512 << 20),
            ("1.5Ki", 1_536),
            ("0.195Gi", 209_379_656),
            ("1E", 1_000_000_000_000_000_000),
            ("7Ei", 7 << 60),
            ("1M", 1_000_000),
            ("100m", 1),
            ("129e6", 129_000_000),
        ] {
            assert_eq!(in_units(text), Ok(units), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, problem) in [
            ("", QuantityProblem::Form),
            (".", QuantityProblem::Form),
            ("m", QuantityProblem::Form),
            ("1.2.3", QuantityProblem::Form),
            ("1 Gi", QuantityProblem::Form),
            (" 1", QuantityProblem::Form),
            ("1gi", QuantityProblem::Form),
            ("1K", QuantityProblem::Form),
            ("1e", QuantityProblem::Form),
            ("1e1.5", QuantityProblem::Form),
            ("1e+-3", QuantityProblem::Form),
            ("0x10", QuantityProblem::Form),
            ("١", QuantityProblem::Form),
            ("1Gi\u{202e}", QuantityProblem::Form),
            ("NaN", QuantityProblem::Form),
            ("++1", QuantityProblem::Form),
            ("-1", QuantityProblem::Negative),
            ("-0", QuantityProblem::Negative),
            ("8Ei", QuantityProblem::Size),
            ("1e19", QuantityProblem::Size),
            ("1e99999999999999999999", QuantityProblem::Size),
            ("1e-99", QuantityProblem::Size),
            ("1234567890123456789", QuantityProblem::Size),
            ("0.1234567890123456789", QuantityProblem::Size),
        ] {
            assert_eq!(in_units(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_short_and_never_larger_than_they_are() {
        for (thousandths, text) in [(1_400, "1.4"), (100, "0.1"), (2_000, "2"), (1, "0.001"), (0, "0")] {
            assert_eq!(show_thousandths(thousandths), text);
        }
        for (bytes, text) in [
            (2 << 30, "2 GiB"),
            (1_610_612_736, "1.5 GiB"),
            (512 << 20, "512 MiB"),
            ((2 << 30) - 1, "1.9 GiB"),
            (0, "0 MiB"),
        ] {
            assert_eq!(show_bytes(bytes), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,40}") {
            let _ = (in_units(&text), in_thousandths(&text));
        }

        #[test]
        fn texts_like_quantities_are_read_or_refused(text in "[-+]?[0-9.]{0,25}([eEinumkKMGTP]{0,2}|[eE][-+]?[0-9]{1,6})") {
            if let (Ok(units), Ok(thousandths)) = (in_units(&text), in_thousandths(&text)) {
                prop_assert_eq!(thousandths.div_ceil(1_000), units);
            }
        }

        #[test]
        fn shown_thousandths_are_read_back(value in 0u64..1_000_000_000) {
            prop_assert_eq!(in_thousandths(&show_thousandths(value)), Ok(value));
        }
    }
}

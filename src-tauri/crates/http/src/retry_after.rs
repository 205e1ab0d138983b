//! Reads how long a server asks to wait, up to a limit, so that no server can block Berth for days.

use http::HeaderMap;
use http::header::RETRY_AFTER;
use std::time::{Duration, SystemTime};

/// The longest wait that is honoured; a longer one is shortened.
pub const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// Reads `Retry-After` or Azure's `x-ms-retry-after-ms` of an answer.
pub fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |value: Option<&http::HeaderValue>| value?.to_str().ok().map(str::to_owned);
    let (usual, azure) = (
        text(headers.get(RETRY_AFTER)),
        text(headers.get("x-ms-retry-after-ms")),
    );
    read_asked_wait(usual.as_deref(), azure.as_deref(), SystemTime::now())
}

/// Reads `Retry-After` in seconds or as an HTTP date (RFC 9110, section 10.2.3), or `x-ms-retry-after-ms` in
/// milliseconds. At most [`LONGEST_ASKED`].
pub fn read_asked_wait(
    retry_after: Option<&str>,
    retry_after_ms: Option<&str>,
    now: SystemTime,
) -> Option<Duration> {
    let milliseconds = retry_after_ms.and_then(number).map(Duration::from_millis);
    let asked = milliseconds.or_else(|| {
        let text = retry_after?;
        number(text)
            .map(Duration::from_secs)
            .or_else(|| until(text.trim(), now))
    });
    asked.map(|asked| asked.min(LONGEST_ASKED))
}

/// Parses a whole number, saturating.
fn number(text: &str) -> Option<u64> {
    let digits = text.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Time until a date; zero when it has passed.
fn until(date: &str, now: SystemTime) -> Option<Duration> {
    let date = httpdate::parse_http_date(date).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        httpdate::parse_http_date("Sat, 21 Nov 2026 08:00:00 GMT").unwrap()
    }

    #[test]
    fn seconds_milliseconds_and_dates_are_read() {
        let read = |usual, azure| read_asked_wait(usual, azure, now());
        assert_eq!(read(Some("7"), None), Some(Duration::from_secs(7)));
        assert_eq!(read(Some(" 7 "), Some("250")), Some(Duration::from_millis(250)));
        let date = "Sat, 21 Nov 2026 08:00:20 GMT";
        assert_eq!(read(Some(date), None), Some(Duration::from_secs(20)));
    }

    #[test]
    fn no_wait_is_longer_than_the_longest() {
        for (usual, azure) in [
            (Some("4000000"), None),
            (Some("99999999999999999999999"), None),
            (Some("Fri, 31 Dec 9999 23:59:59 GMT"), None),
            (None, Some("18446744073709551615")),
            (Some("1"), Some("4000000000")),
        ] {
            let asked = read_asked_wait(usual, azure, now());
            assert_eq!(asked, Some(LONGEST_ASKED), "{usual:?} {azure:?}");
        }
    }

    #[test]
    fn past_dates_and_invalid_times_are_ignored() {
        for past in ["Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 01 Jan 0001 00:00:00 GMT"] {
            let asked = read_asked_wait(Some(past), None, now());
            assert!(asked.unwrap_or_default().is_zero(), "{past}");
        }
        for odd in ["-5", "1.5", "", "1e9", "\u{663}", "soon"] {
            assert_eq!(read_asked_wait(Some(odd), None, now()), None, "{odd}");
        }
    }
}

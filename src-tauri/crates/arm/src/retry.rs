//! One retry policy: what may be asked again, and after how long. Pure; the waiting is done by the client.

use rand::Rng as _;
use std::time::Duration;

/// How often a request is tried in all.
pub const ATTEMPTS: u32 = 5;
/// First wait before a request is tried again, where nothing else is said.
pub const FIRST: Duration = Duration::from_millis(400);
const LONGEST: Duration = Duration::from_secs(30);

/// What became of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection was never made.
    NeverConnected,
    /// It broke in between: the request may have arrived.
    CutOff,
    /// An answer with this status.
    Status(u16),
    /// A good status with a body that cannot be understood.
    BadAnswer,
}

/// Whether a request may be sent again. A write only when it cannot have taken effect: never connected, or refused for
/// being too much (429), or turned away with a time to come back (503 with `Retry-After`).
pub fn may_repeat(trouble: Trouble, is_read: bool, has_retry_after: bool) -> bool {
    match trouble {
        Trouble::NeverConnected | Trouble::Status(429) => true,
        Trouble::CutOff | Trouble::BadAnswer | Trouble::Status(408 | 500 | 502 | 504) => is_read,
        Trouble::Status(503) => is_read || has_retry_after,
        Trouble::Status(_) => false,
    }
}

/// How long to wait before try number `attempt` (from 1): the longer of our own growing, jittered wait and what Azure
/// asks for. `None` when Azure asks for so long that the caller should decide.
pub fn wait(first: Duration, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
    if asked.is_some_and(|asked| asked > LONGEST) {
        return None;
    }
    let grown = first.saturating_mul(1 << attempt.min(6)).min(LONGEST);
    let jitter = rand::rng().random_range(0.5..1.0);
    Some(grown.mul_f64(jitter).max(asked.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_never_repeated_when_it_may_have_arrived() {
        for trouble in [
            Trouble::CutOff,
            Trouble::BadAnswer,
            Trouble::Status(500),
            Trouble::Status(502),
            Trouble::Status(504),
        ] {
            assert!(!may_repeat(trouble, false, true), "{trouble:?}");
            assert!(may_repeat(trouble, true, false), "{trouble:?} of a read");
        }
        assert!(may_repeat(Trouble::NeverConnected, false, false));
        assert!(may_repeat(Trouble::Status(429), false, false));
        assert!(
            may_repeat(Trouble::Status(503), false, true) && !may_repeat(Trouble::Status(503), false, false)
        );
        assert!(!may_repeat(Trouble::Status(400), true, false));
    }

    #[test]
    fn what_azure_asks_for_is_obeyed() {
        assert!(wait(FIRST, 1, Some(Duration::from_secs(5))).unwrap() >= Duration::from_secs(5));
        assert_eq!(wait(FIRST, 1, Some(Duration::from_secs(300))), None);
    }
}

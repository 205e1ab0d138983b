//! The one policy on asking again: what a connection may ask again by itself, after how long, and what is to follow a write
//! that was not accepted. Pure; the waiting is done by the client, and for writes by whoever sends them.
//!
//! A connection repeats reads alone, within [`ATTEMPTS`], and what never left. The one exception is a 401: the token had
//! expired, nobody has looked at the request, and it is sent once more with a new one. Whether a write is sent again is
//! decided in [`after_write`], and only where a person sees why it waits.

use crate::error::ArmError;
use rand::Rng as _;
use std::time::Duration;

/// How often a request is tried in all.
pub const ATTEMPTS: u32 = 5;
/// First wait before a request is tried again, where nothing else is said.
pub const FIRST: Duration = Duration::from_millis(400);
/// How often a write may be sent again because Azure said when.
pub const WAITS_AS_TOLD: u32 = 5;
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
}

/// Whether a connection may send a request again by itself.
pub fn may_repeat(trouble: Trouble, is_read: bool) -> bool {
    match trouble {
        Trouble::NeverConnected => true,
        Trouble::CutOff | Trouble::Status(408 | 429 | 500 | 502..=504) => is_read,
        Trouble::Status(_) => false,
    }
}

/// What is to follow a write that was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterWrite {
    /// Nothing has left, so nothing is sent twice: it is sent once there is a connection and a token.
    SendOnceConnected,
    /// 429 with `Retry-After`: Azure has not looked at it, and says when to come back. That is no impatience, so it is sent
    /// again after that time, up to [`WAITS_AS_TOLD`] times.
    SendAfter(Duration),
    /// The connection broke, or Azure failed: it may have arrived. The resource tells whether it took effect; what it does
    /// not show is not sent again.
    LookAtResource,
    /// A refusal. It is sent again only where it says that another operation is running.
    Refused,
}

/// What is to follow a write that was not accepted.
pub fn after_write(error: &ArmError) -> AfterWrite {
    match error {
        ArmError::Unreachable { .. } | ArmError::NoToken { .. } => AfterWrite::SendOnceConnected,
        ArmError::CutOff { .. } | ArmError::BadAnswer { .. } | ArmError::TooLarge { .. } => {
            AfterWrite::LookAtResource
        }
        ArmError::Refused {
            status: 429,
            retry_after: Some(wait),
            ..
        } => AfterWrite::SendAfter(*wait),
        ArmError::Refused {
            status: 408 | 500.., ..
        } => AfterWrite::LookAtResource,
        ArmError::Refused { .. }
        | ArmError::SetUp { .. }
        | ArmError::NoAddress { .. }
        | ArmError::BadPath { .. }
        | ArmError::Untrusted { .. }
        | ArmError::Elsewhere { .. }
        | ArmError::EndlessList { .. } => AfterWrite::Refused,
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
    use berth_domain::azure_fault::AzureFault;

    #[test]
    fn a_connection_repeats_no_write_that_has_left() {
        for trouble in [
            Trouble::CutOff,
            Trouble::Status(408),
            Trouble::Status(429),
            Trouble::Status(500),
            Trouble::Status(502),
            Trouble::Status(503),
            Trouble::Status(504),
        ] {
            assert!(!may_repeat(trouble, false), "{trouble:?}");
            assert!(may_repeat(trouble, true), "{trouble:?} of a read");
        }
        assert!(may_repeat(Trouble::NeverConnected, false));
        assert!(!may_repeat(Trouble::Status(400), true));
    }

    #[test]
    fn only_what_azure_puts_off_is_sent_again() {
        let soon = Some(Duration::from_secs(7));
        let after = |status, retry_after| {
            after_write(&ArmError::Refused {
                method: "PUT".to_owned(),
                path: "/a".to_owned(),
                status,
                fault: Box::new(AzureFault::default()),
                retry_after,
            })
        };
        assert_eq!(after(429, soon), AfterWrite::SendAfter(Duration::from_secs(7)));
        assert_eq!(after(429, None), AfterWrite::Refused);
        for status in [408, 500, 501, 502, 503, 504, 507] {
            assert_eq!(after(status, soon), AfterWrite::LookAtResource, "{status}");
        }
        for status in [400, 401, 403, 404, 409, 412, 423, 428] {
            assert_eq!(after(status, soon), AfterWrite::Refused, "{status}");
        }
    }

    #[test]
    fn what_azure_asks_for_is_obeyed() {
        assert!(wait(FIRST, 1, Some(Duration::from_secs(5))).unwrap() >= Duration::from_secs(5));
        assert_eq!(wait(FIRST, 1, Some(Duration::from_secs(300))), None);
    }
}

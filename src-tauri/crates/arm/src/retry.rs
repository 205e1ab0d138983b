//! The retry policy: which requests a connection repeats by itself, how long it waits, and what to do after a failed write.
//! Pure functions; the client does the waiting for reads, the caller for writes.
//!
//! A connection repeats only reads, and requests that never left this computer, up to [`ATTEMPTS`] times. The one exception
//! is a 401: Azure rejected the expired token without processing the request, so it is sent once more with a new token.
//! [`after_write`] decides whether a write is sent again; the caller then shows the person why it waits.

use crate::error::ArmError;
use rand::Rng as _;
use std::time::Duration;

/// Maximum number of attempts, the first included.
pub const ATTEMPTS: u32 = 5;
/// Default wait before the first retry.
pub const FIRST: Duration = Duration::from_millis(400);
/// How often a write may be repeated because Azure said when to retry (429 with `Retry-After`).
pub const WAITS_AS_TOLD: u32 = 5;
const LONGEST: Duration = Duration::from_secs(30);

/// How an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptFailure {
    /// No connection was established.
    NeverConnected,
    /// The connection broke: the request may have reached Azure.
    CutOff,
    /// Azure responded with this error status.
    Status(u16),
}

/// Whether a connection may repeat a request by itself.
pub fn may_repeat(failure: AttemptFailure, is_read: bool) -> bool {
    match failure {
        AttemptFailure::NeverConnected => true,
        AttemptFailure::CutOff | AttemptFailure::Status(408 | 429 | 500 | 502..=504) => is_read,
        AttemptFailure::Status(_) => false,
    }
}

/// What to do after a failed write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterWrite {
    /// The request never left this computer. Send it once there is a connection and a token.
    SendOnceConnected,
    /// 429 with `Retry-After`: Azure did not process the request and said when to retry. Send it again after that time, up to
    /// [`WAITS_AS_TOLD`] times.
    SendAfter(Duration),
    /// The connection broke, or Azure failed: the request may have reached Azure. Read the resource to see whether the write
    /// took effect. If the resource does not show it, do not send it again.
    LookAtResource,
    /// Azure refused the write. Send it again only if the refusal says that another operation is running.
    Refused,
}

/// Decides what to do after a failed write.
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

/// How long to wait after attempt number `attempt` (from 1): exponential backoff with jitter, or the wait that Azure asks
/// for if that is longer. `None` if Azure asks for so long a wait that the caller should decide.
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
    fn a_write_that_may_have_arrived_is_not_repeated() {
        for failure in [
            AttemptFailure::CutOff,
            AttemptFailure::Status(408),
            AttemptFailure::Status(429),
            AttemptFailure::Status(500),
            AttemptFailure::Status(502),
            AttemptFailure::Status(503),
            AttemptFailure::Status(504),
        ] {
            assert!(!may_repeat(failure, false), "{failure:?}");
            assert!(may_repeat(failure, true), "{failure:?} of a read");
        }
        assert!(may_repeat(AttemptFailure::NeverConnected, false));
        assert!(!may_repeat(AttemptFailure::Status(400), true));
    }

    #[test]
    fn only_a_429_with_retry_after_is_sent_again() {
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
    fn the_wait_azure_asks_for_is_respected() {
        assert!(wait(FIRST, 1, Some(Duration::from_secs(5))).unwrap() >= Duration::from_secs(5));
        assert_eq!(wait(FIRST, 1, Some(Duration::from_secs(300))), None);
    }
}

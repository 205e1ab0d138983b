//! What one answer to a probe says about the version that gave it
//! (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints, HTTP status codes of Kubernetes
//! endpoints).

use serde::{Deserialize, Serialize};

/// How a probe ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// With this HTTP status and a complete body.
    Status(u16),
    /// The body ended early.
    Cut,
    /// Without an answer in time.
    TimedOut,
    /// There was no connection, or the name has no address.
    NotConnected,
    /// The certificate is not trusted, or the handshake failed.
    Untrusted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Good,
    /// The version failed.
    Error,
    /// It says nothing about the version: the router is overloaded, or limits calls.
    Doubt,
    /// Berth's own side: key, token, trust or network.
    Ours,
}

/// What a reply says. 502 is the router's answer when the scoring script raised an error, 504 when it took too long,
/// 503 when no replica is free.
pub const fn classify(reply: Reply) -> Answer {
    match reply {
        Reply::Status(200..=299) => Answer::Good,
        Reply::Status(401 | 403) | Reply::NotConnected | Reply::Untrusted => Answer::Ours,
        Reply::Status(429 | 503) => Answer::Doubt,
        Reply::Status(_) | Reply::Cut | Reply::TimedOut => Answer::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reply_has_one_meaning() {
        for (replies, answer) in [
            (&[Reply::Status(200), Reply::Status(204)][..], Answer::Good),
            (
                &[
                    Reply::Status(502),
                    Reply::Status(504),
                    Reply::Status(500),
                    Reply::Status(400),
                    Reply::Status(404),
                ],
                Answer::Error,
            ),
            (
                &[Reply::Status(302), Reply::Status(0), Reply::Cut, Reply::TimedOut],
                Answer::Error,
            ),
            (&[Reply::Status(503), Reply::Status(429)], Answer::Doubt),
            (
                &[
                    Reply::Status(401),
                    Reply::Status(403),
                    Reply::NotConnected,
                    Reply::Untrusted,
                ],
                Answer::Ours,
            ),
        ] {
            for reply in replies {
                assert_eq!(classify(*reply), answer, "{reply:?}");
            }
        }
    }
}

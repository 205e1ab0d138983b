//! What can come in the way of a look from outside.

use berth_domain::certificate::PairProblem;
use rustls::{AlertDescription, PeerIncompatible};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Opening the TCP connection.
    Connect,
    /// The TLS handshake.
    Handshake,
    /// The HTTP exchange.
    Http,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Handshake => "the TLS handshake",
            Self::Http => "the HTTP exchange",
        })
    }
}

/// Why a look from outside gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Nobody listens at that port.
    #[error("{addr} refused the connection")]
    Refused {
        /// Where.
        addr: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// No answer within the limit: a firewall, or the wrong address.
    #[error("{addr} did not answer within {limit:?} ({stage})")]
    TimedOut {
        /// How far it came.
        stage: Stage,
        /// Where.
        addr: SocketAddr,
        /// The limit for everything together.
        limit: Duration,
    },
    /// No way to that address from here.
    #[error("{addr} cannot be reached from here")]
    Unreachable {
        /// Where.
        addr: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The other side hung up.
    #[error("{addr} closed the connection ({stage})")]
    Reset {
        /// How far it came.
        stage: Stage,
        /// Where.
        addr: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The other side answered with something else than TLS, most often plain HTTP.
    #[error("{addr} does not speak TLS")]
    NotTls {
        /// Where.
        addr: SocketAddr,
        /// What the library says.
        #[source]
        cause: io::Error,
    },
    /// The other side refused the handshake with an alert.
    #[error("{addr} refused the TLS handshake with the alert {alert}")]
    Alert {
        /// Where.
        addr: SocketAddr,
        /// Its name as IANA lists it: `handshake_failure`, `protocol_version`, `unrecognized_name`.
        alert: String,
        /// What the library says.
        #[source]
        cause: io::Error,
    },
    /// The handshake failed on this side, as when the server does not hold the key of its certificate.
    #[error("the TLS handshake with {addr} failed")]
    Handshake {
        /// Where.
        addr: SocketAddr,
        /// What the library says.
        #[source]
        cause: io::Error,
    },
    /// The certificate that was shown cannot be read.
    #[error("the certificate that {addr} shows cannot be read")]
    Unreadable {
        /// Where.
        addr: SocketAddr,
        /// Why.
        #[source]
        cause: PairProblem,
    },
    /// The name cannot be used as a server's name.
    #[error("{name} is not a name of a server")]
    ServerName {
        /// The name.
        name: String,
    },
    /// The path or host cannot stand in a request.
    #[error("a request for {path} at {host} cannot be written")]
    Request {
        /// The path.
        path: String,
        /// The host.
        host: String,
        /// What the library says.
        #[source]
        cause: hyper::http::Error,
    },
    /// What came back is not HTTP.
    #[error("{addr} does not speak HTTP")]
    NotHttp {
        /// Where.
        addr: SocketAddr,
        /// What the library says.
        #[source]
        cause: hyper::Error,
    },
    /// The TLS library could not be set up. A defect of this program.
    #[error("TLS could not be set up")]
    Setup(#[source] rustls::Error),
}

impl ProbeError {
    /// Sorts an error of the connection.
    pub(super) fn of(stage: Stage, addr: SocketAddr, cause: io::Error) -> Self {
        if let Some(tls) = cause
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return match tls {
                rustls::Error::AlertReceived(alert) => Self::Alert {
                    addr,
                    alert: alert_name(*alert),
                    cause,
                },
                rustls::Error::InvalidMessage(_)
                | rustls::Error::InappropriateMessage { .. }
                | rustls::Error::PeerSentOversizedRecord => Self::NotTls { addr, cause },
                // A server of TLS 1.3 only, that answered without heeding our offer.
                rustls::Error::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig) => {
                    Self::Alert {
                        addr,
                        alert: alert_name(AlertDescription::ProtocolVersion),
                        cause,
                    }
                }
                _ => Self::Handshake { addr, cause },
            };
        }
        match cause.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused { addr, cause },
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Self::Reset { stage, addr, cause },
            _ if stage == Stage::Handshake => Self::Handshake { addr, cause },
            _ => Self::Unreachable { addr, cause },
        }
    }

    /// Sorts an error of the HTTP library.
    pub(super) fn of_http(addr: SocketAddr, cause: hyper::Error) -> Self {
        let hung_up = cause.is_incomplete_message() || cause.is_canceled() || cause.is_closed();
        let io_kind = std::error::Error::source(&cause)
            .and_then(|source| source.downcast_ref::<io::Error>())
            .map(io::Error::kind);
        match io_kind {
            Some(kind) => Self::of(Stage::Http, addr, io::Error::new(kind, cause)),
            None if hung_up => Self::Reset {
                stage: Stage::Http,
                addr,
                cause: io::Error::new(io::ErrorKind::UnexpectedEof, cause),
            },
            None => Self::NotHttp { addr, cause },
        }
    }
}

/// The alert's name as IANA lists it (iana.org/assignments/tls-parameters, TLS Alerts).
fn alert_name(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::UnknownCA => return "unknown_ca".to_owned(),
        AlertDescription::UnknownPSKIdentity => return "unknown_psk_identity".to_owned(),
        AlertDescription::UnrecognisedName => return "unrecognized_name".to_owned(),
        AlertDescription::Unknown(number) => return format!("alert {number}"),
        _ => {}
    }
    let mut name = String::new();
    for letter in format!("{alert:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_the_names_of_iana() {
        for (alert, expected) in [
            (AlertDescription::HandshakeFailure, "handshake_failure"),
            (AlertDescription::ProtocolVersion, "protocol_version"),
            (AlertDescription::UnknownCA, "unknown_ca"),
            (AlertDescription::UnrecognisedName, "unrecognized_name"),
            (AlertDescription::Unknown(222), "alert 222"),
        ] {
            assert_eq!(alert_name(alert), expected);
        }
    }
}

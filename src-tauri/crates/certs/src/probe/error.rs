//! Errors of probing a server.

use berth_domain::certificate::PairProblem;
use rustls::{AlertDescription, PeerIncompatible};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How far a probe got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Connect,
    Handshake,
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

/// Why a probe failed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The server refuses connections on this port.
    #[error("{addr} refused the connection")]
    Refused {
        addr: SocketAddr,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
    /// No answer within the limit: a firewall, or the wrong address.
    #[error("{addr} did not answer within {limit:?} ({stage})")]
    TimedOut {
        stage: Stage,
        addr: SocketAddr,
        /// The limit for the whole probe.
        limit: Duration,
    },
    /// There is no route to the address.
    #[error("{addr} cannot be reached from here")]
    Unreachable {
        addr: SocketAddr,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
    /// The server disconnected.
    #[error("{addr} closed the connection ({stage})")]
    Reset {
        stage: Stage,
        addr: SocketAddr,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
    /// The server does not speak TLS, most often plain HTTP instead.
    #[error("{addr} does not speak TLS")]
    NotTls {
        addr: SocketAddr,
        /// The error of the library.
        #[source]
        cause: io::Error,
    },
    /// The server refused the handshake with an alert.
    #[error("{addr} refused the TLS handshake with the alert {alert}")]
    Alert {
        addr: SocketAddr,
        /// Name of the alert as IANA lists it: `handshake_failure`, `protocol_version`, `unrecognized_name`.
        alert: String,
        /// The error of the library.
        #[source]
        cause: io::Error,
    },
    /// The handshake failed on this side, as when the server does not have the key of its certificate.
    #[error("the TLS handshake with {addr} failed")]
    Handshake {
        addr: SocketAddr,
        /// The error of the library.
        #[source]
        cause: io::Error,
    },
    /// The presented certificate cannot be parsed.
    #[error("the certificate that {addr} shows cannot be read")]
    Unreadable {
        addr: SocketAddr,
        #[source]
        cause: PairProblem,
    },
    /// The name is not a valid server name.
    #[error("{name} is not a valid server name")]
    ServerName { name: String },
    /// The path or host is not valid in a request.
    #[error("{path} or {host} is not valid in a request")]
    Request {
        path: String,
        host: String,
        /// The error of the library.
        #[source]
        cause: hyper::http::Error,
    },
    /// The answer is not HTTP.
    #[error("{addr} does not speak HTTP")]
    NotHttp {
        addr: SocketAddr,
        /// The error of the library.
        #[source]
        cause: hyper::Error,
    },
    /// The TLS library could not be set up, which is a defect of Berth.
    #[error("TLS could not be set up")]
    Setup(#[source] rustls::Error),
}

impl ProbeError {
    /// Classifies an error of the connection.
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
                // A TLS 1.3-only server that ignored our offer.
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

    /// Classifies an error of the HTTP library.
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

/// Name of the alert as IANA lists it (iana.org/assignments/tls-parameters, TLS Alerts).
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

//! A host that only redirects point to. Berth must never connect to it.

use std::io::ErrorKind;
use std::net::TcpListener;

/// The host. It accepts connections and never answers.
pub struct RedirectTarget {
    pub address: String,
    listener: TcpListener,
}

impl RedirectTarget {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        Self { address, listener }
    }

    /// Whether a connection was made since the last call.
    pub fn was_contacted(&self) -> bool {
        match self.listener.accept() {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}");
                false
            }
        }
    }
}

#[test]
fn a_connection_is_detected() {
    let redirect_target = RedirectTarget::new();
    assert!(!redirect_target.was_contacted());
    let _visit = std::net::TcpStream::connect(redirect_target.listener.local_addr().unwrap()).unwrap();
    assert!(redirect_target.was_contacted());
}

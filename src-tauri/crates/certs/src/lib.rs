//! Certificates: read, check, generate, and probe by handshake.

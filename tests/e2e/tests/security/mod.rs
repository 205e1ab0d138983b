//! What the window promises: documents are data, nothing is destroyed unnamed, and it says where secrets are kept.

mod keychain;
mod kubeconfigs;
#[path = "../../../acceptance/hostile/server.rs"]
#[expect(
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    reason = "shared with the acceptance tests, which may unwrap and use all of it"
)]
mod server;
mod typed_names;

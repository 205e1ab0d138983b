//! Security in the window: documents are only data, deletions need a typed name, and it says where secrets are stored.

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

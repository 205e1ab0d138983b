//! Restricts the window to Berth's own page. Navigation by a link or script to any other address is blocked.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Url, Wry};

/// Blocks navigation to anything but Berth's own page.
pub(crate) fn guard() -> TauriPlugin<Wry> {
    Builder::new("navigation")
        .on_navigation(|_, url| {
            let own = is_own(url) || (tauri::is_dev() && is_dev_server(url));
            if !own {
                tracing::warn!(host = url.host_str(), "blocked navigation to another page");
            }
            own
        })
        .build()
}

/// Whether a URL is the page: `tauri://localhost`, and `http://tauri.localhost` on Windows (v2.tauri.app/reference/config).
fn is_own(url: &Url) -> bool {
    let address = (url.scheme(), url.host_str(), url.port());
    matches!(
        address,
        ("tauri", Some("localhost"), None) | ("http" | "https", Some("tauri.localhost"), None)
    )
}

/// Whether a URL is `devUrl` of tauri.conf.json.
fn is_dev_server(url: &Url) -> bool {
    (url.scheme(), url.host_str(), url.port()) == ("http", Some("127.0.0.1"), Some(5173))
}

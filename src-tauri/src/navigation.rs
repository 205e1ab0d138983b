//! Where the window may go: Berth's own page, nowhere else. A link or a script that leads away is refused.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Url, Wry};

/// Refuses every address that is not Berth's own page.
pub(crate) fn guard() -> TauriPlugin<Wry> {
    Builder::new("navigation")
        .on_navigation(|_, url| {
            let own = is_own(url) || (tauri::is_dev() && is_dev_server(url));
            if !own {
                tracing::warn!(host = url.host_str(), "the window was led elsewhere, and stayed");
            }
            own
        })
        .build()
}

/// The page's address: `tauri://localhost`, and `http://tauri.localhost` on Windows (v2.tauri.app/reference/config).
fn is_own(url: &Url) -> bool {
    let address = (url.scheme(), url.host_str(), url.port());
    matches!(
        address,
        ("tauri", Some("localhost"), None) | ("http" | "https", Some("tauri.localhost"), None)
    )
}

/// `devUrl` of tauri.conf.json.
fn is_dev_server(url: &Url) -> bool {
    (url.scheme(), url.host_str(), url.port()) == ("http", Some("127.0.0.1"), Some(5173))
}

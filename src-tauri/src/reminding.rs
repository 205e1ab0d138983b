//! Shows system notifications for certificates that are due, a few times a day while Berth is open.

use berth_app::Berth;
use berth_domain::visible;
use std::sync::Arc;
use std::time::Duration;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Interval between two checks.
const INTERVAL: Duration = Duration::from_secs(6 * 3600);

/// Checks at intervals as long as the window is open.
pub(crate) fn start(app: AppHandle, berth: Arc<Berth>) {
    tauri::async_runtime::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            notify(&app, &berth);
        }
    });
}

/// Shows a notification for certificates that are newly due. If the system does not show it, the next check tries again.
pub(crate) fn notify(app: &AppHandle, berth: &Berth) {
    let due = berth.reminders();
    if due.is_empty() {
        return;
    }
    let (title, body) = berth.reminder_words(&due);
    let (title, body) = (visible::line(&title), visible::lines(&body));
    let shown = app.notification().builder().title(title).body(body).show();
    match shown {
        Ok(()) => {
            if let Err(failure) = berth.mark_reminded(&due) {
                tracing::warn!(detail = %failure.detail, "the reminder was shown but could not be recorded");
            }
        }
        Err(error) => tracing::warn!(%error, "the system did not show the notification"),
    }
}

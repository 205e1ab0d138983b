//! Tells the person through the system when certificates are due, a few times a day while Berth is open.

use berth_app::Berth;
use berth_domain::visible;
use std::sync::Arc;
use std::time::Duration;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(6 * 3600);

/// Looks now and then, as long as the window is open.
pub(crate) fn begin(app: AppHandle, berth: Arc<Berth>) {
    tauri::async_runtime::spawn(async move {
        let mut turns = tokio::time::interval(EVERY);
        loop {
            turns.tick().await;
            tell(&app, &berth);
        }
    });
}

/// Tells what is due and was not told. What could not be shown is tried again at the next turn.
pub(crate) fn tell(app: &AppHandle, berth: &Berth) {
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
                tracing::warn!(detail = %failure.detail, "that certificates were told of could not be noted");
            }
        }
        Err(error) => tracing::warn!(%error, "the system shows no notification"),
    }
}

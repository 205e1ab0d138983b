//! The clipboard, read by the program: what is on it never enters the page.

use berth_app::Contents;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use zeroize::Zeroizing;

/// Its text, as a file of that name.
///
/// # Errors
/// `BadInput` where there is no text on it.
pub(crate) fn contents(app: &AppHandle) -> Result<Contents, Failure> {
    let text = app.clipboard().read_text().map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "clipboard")
            .with("why", &error)
            .because(&error)
    })?;
    Ok(vec![("clipboard".to_owned(), Zeroizing::new(text.into_bytes()))])
}

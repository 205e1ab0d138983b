//! Reads the clipboard in the program, so that its text never reaches the page.

use berth_app::Contents;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use zeroize::Zeroizing;

/// Returns the text on the clipboard as a file named `clipboard`.
///
/// # Errors
/// `BadInput` if there is no text on it.
pub(crate) fn contents(app: &AppHandle) -> Result<Contents, Failure> {
    let text = app.clipboard().read_text().map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "clipboard")
            .with("why", &error)
            .because(&error)
    })?;
    Ok(vec![("clipboard".to_owned(), Zeroizing::new(text.into_bytes()))])
}

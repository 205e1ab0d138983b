//! Values in commands that a person copies into a shell. Names come from Azure, from an authority or from a form: quoted
//! here, each is one argument to its shell and nothing else.
//!
//! A value with a control character in it has no safe form: pasted into a terminal, a line break runs what stands before it
//! and an escape sequence talks to the terminal. Such a value is refused.

use std::borrow::Cow;

/// Why a value cannot stand in a command: it has this character in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the character U+{:04X} cannot stand in a command", u32::from(*.0))]
pub struct Unquotable(pub char);

/// For POSIX shells: `sh`, `bash`, `zsh`.
///
/// # Errors
/// [`Unquotable`].
pub fn posix(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    checked(value)?;
    if is_plain(value) {
        return Ok(Cow::Borrowed(value));
    }
    Ok(Cow::Owned(format!("'{}'", value.replace('\'', r"'\''"))))
}

/// For PowerShell, which takes several kinds of quotation marks for the single one
/// (learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules; in its source
/// `CharExtensions.IsSingleQuote`).
///
/// # Errors
/// [`Unquotable`].
pub fn powershell(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    checked(value)?;
    // An `@` begins a splatted variable, and a number is passed as one.
    if is_plain(value) && !value.starts_with('@') {
        return Ok(Cow::Borrowed(value));
    }
    let doubled = value.chars().flat_map(|letter| {
        let quote = matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
        std::iter::repeat_n(letter, if quote { 2 } else { 1 })
    });
    Ok(Cow::Owned(format!("'{}'", doubled.collect::<String>())))
}

/// For `cmd.exe`, and the rules by which programs on Windows read their command line
/// (learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments). `cmd` replaces `%NAME%` inside quotation marks
/// too, and `!NAME!` where it was told to; neither can be escaped at its prompt, nor can a quotation mark for all programs.
///
/// # Errors
/// [`Unquotable`].
pub fn cmd(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    checked(value)?;
    if let Some(letter) = value.chars().find(|letter| matches!(letter, '%' | '!' | '"')) {
        return Err(Unquotable(letter));
    }
    if is_plain(value) && !value.starts_with('@') {
        return Ok(Cow::Borrowed(value));
    }
    // Backslashes before a quotation mark count twice.
    let trailing = value.len() - value.trim_end_matches('\\').len();
    Ok(Cow::Owned(format!("\"{value}{}\"", "\\".repeat(trailing))))
}

/// Needs no quotation in any shell. What begins with a dash is quoted, so that it stands out; whether a program takes it for
/// an option is for its caller to prevent, with `--option=value`.
fn is_plain(value: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/:@=+-".contains(letter);
    !value.is_empty() && value.chars().all(plain) && !value.starts_with(['-', '=', '~'])
}

/// Control characters, those that turn the direction of text, and those that show nothing: a person must see what runs.
fn checked(value: &str) -> Result<(), Unquotable> {
    let hidden = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    value
        .chars()
        .find(hidden)
        .map_or(Ok(()), |letter| Err(Unquotable(letter)))
}

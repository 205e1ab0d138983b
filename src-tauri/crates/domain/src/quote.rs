//! Quotes values for commands that a person copies into a shell. Values come from Azure, from a certificate authority or
//! from a form; quoted here, each is exactly one argument.
//!
//! A value with a control character has no safe form and is refused: when pasted into a terminal, a line break runs the
//! text before it, and the terminal obeys escape sequences.

use std::borrow::Cow;

/// The character that makes it impossible to quote a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the character U+{:04X} cannot be used in a command", u32::from(*.0))]
pub struct Unquotable(pub char);

/// Quotes a value for POSIX shells: `sh`, `bash`, `zsh`.
///
/// # Errors
/// [`Unquotable`] for control and invisible characters.
pub fn posix(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    refuse_hidden_characters(value)?;
    if is_plain(value) {
        return Ok(Cow::Borrowed(value));
    }
    Ok(Cow::Owned(format!("'{}'", value.replace('\'', r"'\''"))))
}

/// Quotes a value for PowerShell, which treats several Unicode quotation marks as a single quote
/// (learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules; in its source
/// `CharExtensions.IsSingleQuote`).
///
/// # Errors
/// [`Unquotable`] for control and invisible characters.
pub fn powershell(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    refuse_hidden_characters(value)?;
    // A leading `@` would be read as splatting.
    if is_plain(value) && !value.starts_with('@') {
        return Ok(Cow::Borrowed(value));
    }
    let doubled = value.chars().flat_map(|letter| {
        let quote = matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
        std::iter::repeat_n(letter, if quote { 2 } else { 1 })
    });
    Ok(Cow::Owned(format!("'{}'", doubled.collect::<String>())))
}

/// Quotes a value for `cmd.exe` and for the rules by which Windows programs parse their command line
/// (learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments). `cmd` expands `%NAME%` even inside quotation
/// marks, and `!NAME!` with delayed expansion. Neither can be escaped at the prompt, and no escape for a quotation mark
/// works with all programs, so all three characters are refused.
///
/// # Errors
/// [`Unquotable`] for these three characters and for control and invisible characters.
pub fn cmd(value: &str) -> Result<Cow<'_, str>, Unquotable> {
    refuse_hidden_characters(value)?;
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

/// Whether a value needs no quotes in any shell. A leading dash is quoted only to make it stand out: callers must write
/// `--option=value` so that the program does not read the value as an option.
fn is_plain(value: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/:@=+-".contains(letter);
    !value.is_empty() && value.chars().all(plain) && !value.starts_with(['-', '=', '~'])
}

/// Refuses control, bidirectional and invisible characters, because a person must see the command they run.
fn refuse_hidden_characters(value: &str) -> Result<(), Unquotable> {
    let hidden = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    value
        .chars()
        .find(hidden)
        .map_or(Ok(()), |letter| Err(Unquotable(letter)))
}

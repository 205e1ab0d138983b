//! Escapes characters that a terminal or page would interpret instead of displaying: control and escape characters,
//! bidirectional marks, and zero-width characters. All external text is escaped here before a person sees it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Ranges of characters to escape: Unicode 16, categories Cc, Cf, Zl and Zp, and invisible fillers.
const HIDDEN: [(char, char); 24] = [
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Escapes multi-line text. Line feeds and tabs stay; other hidden characters become `\u001b`, which means the same
/// character inside a JSON string.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| is_hidden(letter) && !matches!(letter, '\n' | '\t'))
}

/// Escapes single-line text: line feeds and tabs are escaped too.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

fn is_hidden(letter: char) -> bool {
    HIDDEN
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&letter))
}

fn escaped(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hides) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hides(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{line, lines};
    use proptest::prelude::*;

    #[test]
    fn control_and_invisible_characters_are_escaped() {
        for (text, shown) in [
            ("\u{1b}]0;OWNED\u{7}", "\\u001b]0;OWNED\\u0007"),
            ("\u{9b}31m", "\\u009b31m"),
            ("admin\u{202e}gnp.exe", "admin\\u202egnp.exe"),
            ("\u{2066}a\u{2069}", "\\u2066a\\u2069"),
            ("over\rwritten", "over\\u000dwritten"),
            ("a\u{8}b\u{7f}", "a\\u0008b\\u007f"),
            ("zero\u{200b}width\u{feff}", "zero\\u200bwidth\\ufeff"),
            ("\u{e0041}", "\\udb40\\udc41"),
            ("line\u{2028}separator", "line\\u2028separator"),
        ] {
            assert_eq!(line(text), shown);
            assert_eq!(lines(text), shown);
        }
    }

    #[test]
    fn ordinary_text_is_unchanged() {
        for text in ["vCPU", "förnya", "日本語", "naïve 😀", "São Paulo", "مرحبا"] {
            assert_eq!(line(text), text);
        }
        assert_eq!(lines("a\n\tb"), "a\n\tb");
        assert_eq!(line("a\n\tb"), "a\\u000a\\u0009b");
    }

    proptest! {
        #[test]
        fn escaping_does_not_change_the_meaning_of_json(text in any::<String>()) {
            let json = serde_json::to_string(&text).expect("a string");
            let shown = lines(&json);
            prop_assert_eq!(serde_json::from_str::<String>(&shown).expect("still JSON"), text);
        }
    }
}

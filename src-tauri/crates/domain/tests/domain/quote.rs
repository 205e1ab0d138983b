//! How shells parse quoted arguments.

use berth_domain::quote::{Unquotable, cmd, posix, powershell};
use proptest::prelude::*;
use std::process::Command;

const HOSTILE: &[&str] = &[
    "",
    "a b",
    "x;touch /tmp/berth-was-here",
    "v';id;'",
    "$(id)",
    "`id`",
    "a\"b",
    "\\",
    "a\\",
    "'",
    "''",
    "a&b|c>d<e",
    "*",
    "?",
    "[a]",
    "{a,b}",
    "~",
    "~root",
    "!!",
    "#x",
    "$HOME",
    "%PATH%",
    "-rf",
    "--help",
    "=ls",
    "@x",
    "å",
    "it’s",
    "‘;id;‘",
];

/// The argument as a real shell passes it on.
fn through_sh(argument: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", &format!("printf %s {argument}")])
        .output()
        .expect("a shell");
    assert!(output.status.success(), "{argument}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_shell_reads_back_quoted_values() {
    for value in HOSTILE.iter().filter(|value| !value.starts_with('-')) {
        assert_eq!(through_sh(&posix(value).expect("a value")), **value);
    }
    // A prefix, because `printf` would read a leading dash as an option.
    for value in HOSTILE.iter().filter(|value| value.starts_with('-')) {
        assert_eq!(
            through_sh(&format!("x{}", posix(value).expect("a value"))),
            format!("x{value}")
        );
    }
}

#[test]
fn plain_values_are_not_quoted() {
    for value in [
        "ml.contoso.com",
        "/subscriptions/S/x",
        "a@b",
        "a=b",
        "C:/x",
        "a_b+c-d",
        "20.1.2.3",
    ] {
        assert_eq!(posix(value).as_deref(), Ok(value));
        assert_eq!(powershell(value).as_deref(), Ok(value));
        assert_eq!(cmd(value).as_deref(), Ok(value));
    }
}

#[test]
fn each_shell_has_its_own_quoting() {
    for (value, in_posix, in_powershell, in_cmd) in [
        ("a b", "'a b'", "'a b'", Some("\"a b\"")),
        ("it's", r"'it'\''s'", "'it''s'", Some("\"it's\"")),
        ("it’s", "'it’s'", "'it’’s'", Some("\"it’s\"")),
        ("$(id)", "'$(id)'", "'$(id)'", Some("\"$(id)\"")),
        ("a&b", "'a&b'", "'a&b'", Some("\"a&b\"")),
        ("a^b", "'a^b'", "'a^b'", Some("\"a^b\"")),
        ("-x", "'-x'", "'-x'", Some("\"-x\"")),
        ("@x", "@x", "'@x'", Some("\"@x\"")),
        (r"C:\x y\", r"'C:\x y\'", r"'C:\x y\'", Some(r#""C:\x y\\""#)),
        ("", "''", "''", Some("\"\"")),
        ("%PATH%", "'%PATH%'", "'%PATH%'", None),
        ("a!b!", "'a!b!'", "'a!b!'", None),
        ("a\"b", "'a\"b'", "'a\"b'", None),
    ] {
        assert_eq!(posix(value).as_deref(), Ok(in_posix), "{value}");
        assert_eq!(powershell(value).as_deref(), Ok(in_powershell), "{value}");
        assert_eq!(cmd(value).ok().as_deref(), in_cmd, "{value}");
    }
}

#[test]
fn invisible_characters_are_refused() {
    for letter in [
        '\0', '\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{200b}', '\u{200e}', '\u{2028}',
        '\u{202e}', '\u{2066}', '\u{feff}',
    ] {
        let value = format!("a{letter}b");
        for quoted in [posix(&value), powershell(&value), cmd(&value)] {
            assert_eq!(quoted, Err(Unquotable(letter)));
        }
    }
    assert_eq!(
        Unquotable('\u{1b}').to_string(),
        "the character U+001B cannot be used in a command"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_survives_a_shell(value in "\\PC{0,30}") {
        if let Ok(quoted) = posix(&value) {
            prop_assert_eq!(through_sh(&format!("x{quoted}")), format!("x{value}"));
        }
    }
}

/// Parses a PowerShell string in single quotes: a doubled quotation mark of any kind stands for one.
fn read_by_powershell(quoted: &str) -> Option<String> {
    let quote = |letter: char| matches!(letter, '\'' | '‘' | '’' | '‚' | '‛');
    let Some(inner) = quoted.strip_prefix('\'') else {
        let plain = quoted
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "._/:@=+-".contains(letter));
        return (plain && !quoted.starts_with(['-', '@'])).then(|| quoted.to_owned());
    };
    let mut letters = inner.strip_suffix('\'')?.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        if quote(letter) && !letters.next().is_some_and(quote) {
            return None;
        }
        text.push(letter);
    }
    Some(text)
}

/// Parses one argument as a Windows program does after `cmd` passed it on.
fn read_by_windows(quoted: &str) -> Option<String> {
    if quoted.contains(['%', '!', '\n', '\r']) {
        return None;
    }
    let Some(inner) = quoted.strip_prefix('"') else {
        return (!quoted.contains(['"', '&', '|', '<', '>', '^', '(', ')', ' '])).then(|| quoted.to_owned());
    };
    let inner = inner.strip_suffix('"')?;
    let trailing = inner.len() - inner.trim_end_matches('\\').len();
    let whole = !inner.contains('"') && trailing % 2 == 0;
    whole.then(|| inner[..inner.len() - trailing / 2].to_owned())
}

proptest! {
    #[test]
    fn any_text_survives_powershell_and_cmd(value in "(\\PC|['‘’‚‛\"\\\\$&|%! ]){0,30}") {
        if let Ok(quoted) = powershell(&value) {
            prop_assert_eq!(read_by_powershell(&quoted), Some(value.clone()));
        }
        if let Ok(quoted) = cmd(&value) {
            prop_assert_eq!(read_by_windows(&quoted), Some(value));
        }
    }
}

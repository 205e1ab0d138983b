//! Removes what may be secret from text before anybody sees it: PEM blocks, tokens, long base64, values of members
//! with telling names. Removes rather too much, because a log is evidence, not data.

use berth_domain::visible;
use std::borrow::Cow;

/// Replacement for removed text.
const GONE: &str = "[removed]";
/// Length from which base64 may be a key. Ids of Azure have 36 characters.
const LONG: usize = 40;
/// Names of secret members, in lower case.
const TELLING: [&str; 16] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "accountkey",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "private_key",
    "cookie",
    "credential",
    "authorization",
];
/// Maximum length of a line.
const WIDTH: usize = 400;

/// Scrubs the lines of a text.
pub fn lines(text: &str) -> Vec<String> {
    let mut inside_pem = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        let begins = line.contains("-----BEGIN ");
        let ends = line.contains("-----END ");
        if begins {
            kept.push(GONE.to_owned());
        }
        if !inside_pem && !begins {
            kept.push(self::line(line));
        }
        inside_pem = (inside_pem || begins) && !ends;
    }
    kept
}

/// Scrubs one line.
pub(crate) fn line(text: &str) -> String {
    if text.contains("-----BEGIN ") {
        return GONE.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(WIDTH));
    let mut hide_next = false;
    let mut before = "";
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        // `password = …`: the equals sign is a word of its own.
        if matches!(word, "=" | ":" | "=>") {
            hide_next = is_telling(before);
            out.push_str(word);
            continue;
        }
        before = word;
        if hide_next && !word.is_empty() {
            // `Authorization: Bearer …`: the secret follows the scheme.
            hide_next = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
            out.push_str(if hide_next { word } else { GONE });
            continue;
        }
        hide_next = tells(word) || word.eq_ignore_ascii_case("bearer");
        out.push_str(&self::word(word));
    }
    let out = match out.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &out[..end]),
        None => out,
    };
    visible::line(&out).into_owned()
}

/// Whether a word announces a secret: `password:`, `"token":`.
fn tells(word: &str) -> bool {
    let name = word.trim_matches(['"', '\'', '{', ',']);
    let Some(name) = name.strip_suffix(':').or_else(|| name.strip_suffix('=')) else {
        return false;
    };
    is_telling(name)
}

fn is_telling(name: &str) -> bool {
    let name = name
        .trim_matches(['"', '\'', '{', '(', '[', '-', '?', '&'])
        .to_lowercase();
    TELLING.iter().any(|telling| name.ends_with(telling)) || name == "sig" || name == "key"
}

/// Scrubs a word.
fn word(word: &str) -> String {
    let without_login = without_login(word);
    let word = without_login.as_ref();
    // `name=value` and `name:value`, several in one word as in addresses and connection strings.
    let mut out = String::new();
    for part in word.split_inclusive(['&', ';', ',', '?']) {
        let (body, mark) = match part.chars().last() {
            Some(mark @ ('&' | ';' | ',' | '?')) => (&part[..part.len() - mark.len_utf8()], Some(mark)),
            _ => (part, None),
        };
        match body.split_once(['=', ':']) {
            Some((name, value)) if !value.is_empty() && is_telling(name) => {
                out.push_str(&body[..=name.len()]);
                out.push_str(GONE);
            }
            _ => out.push_str(&without_runs(body)),
        }
        out.extend(mark);
    }
    out
}

/// Removes user and password from an address: `scheme://user:password@host`.
fn without_login(word: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = word.split_once("://") else {
        return Cow::Borrowed(word);
    };
    let authority = rest.find(['/', '?', '#']).map_or(rest, |end| &rest[..end]);
    match authority.rfind('@') {
        Some(end) => Cow::Owned(format!("{scheme}://{GONE}{}", &rest[end..])),
        None => Cow::Borrowed(word),
    }
}

/// Removes JSON web tokens and long runs of base64.
fn without_runs(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '_' | '-' | '.' | '=') {
            run.push(letter);
            continue;
        }
        out.push_str(&replace_key(&run));
        run.clear();
        out.push(letter);
    }
    out.push_str(&replace_key(&run));
    out
}

fn replace_key(run: &str) -> String {
    let is_token = run.starts_with("eyJ") && run.len() > 20;
    let suspicious = is_token || run.split('.').any(is_key);
    if suspicious {
        GONE.to_owned()
    } else {
        run.to_owned()
    }
}

/// Whether a run looks like a key: long, with upper case, lower case and digits, and not a path (base64 has one slash
/// in 64).
fn is_key(run: &str) -> bool {
    let count = |is: fn(&char) -> bool| run.chars().filter(is).count();
    let mixed = count(char::is_ascii_uppercase) > 0
        && count(char::is_ascii_lowercase) > 0
        && count(char::is_ascii_digit) > 0;
    run.len() >= LONG && mixed && run.matches('/').count() * 12 < run.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pem_block_is_removed_completely() {
        let text = "before\n-----BEGIN PRIVATE KEY-----\nMIIE\nabc\n-----END PRIVATE KEY-----\nafter";
        assert_eq!(lines(text), ["before", GONE, "after"]);
        assert_eq!(
            lines("a\n-----BEGIN CERTIFICATE-----\nMII"),
            ["a", GONE],
            "one that is cut off"
        );
        assert_eq!(line("x -----BEGIN RSA PRIVATE KEY-----\\nMII"), GONE);
    }

    #[test]
    fn tokens_and_keys_are_removed() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
        let account = "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZkdISUpLTE1OT1BRUlNUVVZXWFla+/==";
        for (text, wanted) in [
            (format!("token is {token} here"), format!("token is {GONE} here")),
            (format!("got {account}"), format!("got {GONE}")),
            (
                "Authorization: Bearer abc.def".to_owned(),
                format!("Authorization: Bearer {GONE}"),
            ),
            (
                "password: hunter2 now".to_owned(),
                format!("password: {GONE} now"),
            ),
            (
                "password = hunter2 now".to_owned(),
                format!("password = {GONE} now"),
            ),
            (
                "\"passphrase\" : \"x\", a".to_owned(),
                format!("\"passphrase\" : {GONE} a"),
            ),
            (
                "x-api-key: 12 and Set-Cookie: a=b".to_owned(),
                format!("x-api-key: {GONE} and Set-Cookie: {GONE}"),
            ),
            (
                "at postgres://me:p@ss@db:5432/x?y now".to_owned(),
                format!("at postgres://{GONE}@db:5432/x?y now"),
            ),
            (
                "\"client_secret\": \"x\"".to_owned(),
                format!("\"client_secret\": {GONE}"),
            ),
            (
                "https://a.blob.core.windows.net/c?sv=2024&sig=abc%3D&se=1".to_owned(),
                format!("https://a.blob.core.windows.net/c?sv=2024&sig={GONE}&se=1"),
            ),
            (
                "AccountName=a;AccountKey=b;EndpointSuffix=c".to_owned(),
                format!("AccountName=a;AccountKey={GONE};EndpointSuffix=c"),
            ),
        ] {
            assert_eq!(line(&text), wanted);
        }
    }

    #[test]
    fn ordinary_lines_are_kept() {
        for text in [
            "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available",
            "/var/azureml-app/azureml-models/Model1/1/outputs/Folder/score.py line 12 in init",
            "pulled mcr.microsoft.com/azureml/inference@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "subscription 0b1f6471-1bf0-4dda-aec3-cb9272f09590",
            "File \"/opt/miniconda/lib/python3.10/site-packages/azureml_inference_server_http/server/user_script.py\"",
            "the token expired",
            "see https://example.com/a@b: 3 = 4",
        ] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            lines("\u{1b}[2J\u{202e}ok\rgone\u{200b}"),
            ["\\u001b[2J\\u202eok\\u000dgone\\u200b"]
        );
    }

    #[test]
    fn a_long_line_is_cut() {
        assert_eq!(line(&"a ".repeat(400)).chars().count(), WIDTH + 1);
    }
}

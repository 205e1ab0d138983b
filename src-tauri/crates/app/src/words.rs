//! English text for codes, used by the command line and exports. It comes from the window's catalogues, so that both
//! use the same text.

mod azure;
mod canary;

pub use canary::canary;

use berth_contract::failure::{Failure, FailureCode};
use berth_contract::run::WaitingBecause;
use berth_domain::diagnosis::{Cause, Unread};
use berth_domain::finding::{Finding, SIGN_IN};
use berth_domain::plan::Note;
use berth_domain::plan::difference::Difference;
use berth_domain::trust::TrustPlace;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

macro_rules! catalogue {
    ($name:literal) => {
        catalogue!("en", $name)
    };
    ($language:literal, $name:literal) => {
        LazyLock::new(|| {
            let text = include_str!(concat!(
                "../../../../ui/src/locales/",
                $language,
                "/",
                $name,
                ".json"
            ));
            serde_json::from_str(text).unwrap_or_default()
        })
    };
}

static FINDINGS: LazyLock<Value> = catalogue!("findings");
static FAILURES: LazyLock<Value> = catalogue!("failures");
static REVIEW: LazyLock<Value> = catalogue!("review");
static PLAN: LazyLock<Value> = catalogue!("plan");
static RUN: LazyLock<Value> = catalogue!("run");
static DIAGNOSIS: LazyLock<Value> = catalogue!("diagnosis");
static CERTIFICATES: LazyLock<Value> = catalogue!("certificates");
static TLS: LazyLock<Value> = catalogue!("tls");
static PROOF: LazyLock<Value> = catalogue!("proof");
/// Reminders are system notifications, which Rust formats, so they need every language.
static REMINDERS: [(&str, LazyLock<Value>); 4] = [
    ("en", catalogue!("en", "reminders")),
    ("es", catalogue!("es", "reminders")),
    ("pt-BR", catalogue!("pt-BR", "reminders")),
    ("sv", catalogue!("sv", "reminders")),
];

/// Returns a finding's message and remedy.
pub fn finding(finding: &Finding) -> (String, String) {
    let say = |what: &str| look_up(&FINDINGS, &[&finding.code, what], &finding.params);
    let message = say("message").unwrap_or_else(|| finding.code.clone());
    let others = finding.others_unchecked();
    let others = others.map(|rules| BTreeMap::from([("rules".to_owned(), rules)]));
    let also = others.map(|others| review("findings.notChecked", &others));
    let message = also.map_or_else(|| message.clone(), |also| format!("{message} {also}"));
    if finding.params.contains_key(SIGN_IN) {
        return (message, review("findings.signIn", &BTreeMap::new()));
    }
    (message, say("remedy").unwrap_or_default())
}

/// Returns the message and remedy of a finding that a rule can give, with `<name>` for each value.
pub fn finding_of_rule(code: &str) -> (String, String) {
    let say = |what: &str| {
        let text = text_at(&FINDINGS, &[code, what]);
        let text = text.or_else(|| text_at(&FINDINGS, &[code, &format!("{what}_other")]));
        text.map(|text| fill_with(text, |name| format!("<{name}>")))
    };
    let message = say("message").unwrap_or_else(|| code.to_owned());
    (message, say("remedy").unwrap_or_default())
}

/// Returns a failure's title and explanation.
pub fn failure(failure: &Failure) -> (String, String) {
    let code = code_of(&failure.code);
    let mut params = failure.params.clone();
    if let Some(azure) = &failure.azure {
        params
            .entry("code".to_owned())
            .or_insert_with(|| azure.code.clone());
        params
            .entry("message".to_owned())
            .or_insert_with(|| azure.message.clone());
    }
    if let Some(reason) = params.get("reason") {
        let reason = look_up(&FAILURES, &["reason", reason], &params);
        params.extend(reason.map(|words| ("reason".to_owned(), words)));
    }
    let why = params
        .get("why")
        .and_then(|why| look_up(&FAILURES, &["why", why], &params));
    // What Berth says of a file itself, or the system, needs no text of the catalogue.
    let known = why.is_some() || failure.code == FailureCode::FileProblem && params.contains_key("why");
    params.extend(why.map(|words| ("why".to_owned(), words)));
    let say = |what: &str| look_up(&FAILURES, &[&code, what], &params);
    let title = say("title").unwrap_or_else(|| code.clone());
    let because = known.then(|| say("because")).flatten();
    let named = params.get("policy").is_some_and(|policy| !policy.is_empty());
    let named = named.then(|| say("named")).flatten();
    let explanation = because.or(named).or_else(|| say("explanation"));
    (title, explanation.unwrap_or_default())
}

/// Returns a failure's title and explanation as sentences.
pub fn failure_sentence(failure: &Failure) -> String {
    let (title, explanation) = self::failure(failure);
    let text = format!("{} {}", sentence(&title), sentence(&explanation));
    text.trim_end().to_owned()
}

/// Adds a full stop to a text that lacks one, because texts may end with a value.
fn sentence(text: &str) -> String {
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…', '”', ')']) {
        ""
    } else {
        "."
    };
    format!("{text}{stop}")
}

/// Returns what to do about a failure.
pub fn failure_remedy(failure: &Failure) -> String {
    let remedy = code_of(&failure.remedy);
    look_up(&FAILURES, &["remedy", &remedy], &failure.params).unwrap_or_default()
}

/// Returns Azure's error text line by line, or the chain of causes if the failure is not Azure's. Continuation lines
/// are indented, so that they cannot be mistaken for Berth's own lines.
pub fn failure_details(failure: &Failure) -> Vec<String> {
    // The sentence says it all.
    if failure.code == FailureCode::FileProblem && failure.params.contains_key("why") {
        return Vec::new();
    }
    let Some(azure) = &failure.azure else {
        let detail = Some(&failure.detail).filter(|detail| !detail.is_empty());
        return detail.into_iter().map(|detail| indented(detail)).collect();
    };
    let labelled = |(key, text): (&str, String)| {
        let label = look_up(&FAILURES, &["azure", key], &BTreeMap::new());
        indented(&format!("{}: {text}", label.unwrap_or_else(|| key.to_owned())))
    };
    let about = look_up(&FAILURES, &["azure", "target"], &BTreeMap::new()).unwrap_or_default();
    azure::parts(azure, &about).into_iter().map(labelled).collect()
}

fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n  ")
}

/// Returns why a step is waiting.
pub fn waiting(because: &WaitingBecause) -> String {
    let (name, value) = match because {
        WaitingBecause::Failure { why } => ("why", why.as_str()),
        WaitingBecause::OtherOperation { said } => ("said", said.as_str()),
        WaitingBecause::NotVisibleYet | WaitingBecause::FormerCertificate => ("why", ""),
    };
    let params = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let kind = code_of(because);
    look_up(&RUN, &["waitingBecause", &kind], &params).unwrap_or(kind)
}

/// Returns the text of a difference from the reviewed plan.
pub fn difference(different: &Difference) -> String {
    let mut params = different.params.clone();
    let mut note = |name: &str, note: Option<&Note>| {
        let words = note.map(|note| plan(&note.code, &note.params));
        params.extend(words.map(|words| (name.to_owned(), words)));
    };
    note("step", different.step.as_ref());
    note("note", different.note.as_ref());
    let found = different.finding.as_ref().map(finding);
    params.extend(found.map(|(message, _)| ("message".to_owned(), message)));
    review(&format!("changed.{}", different.code), &params)
}

/// Returns a text about reviews.
pub fn review(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&REVIEW, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns a text about runs.
pub fn run(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&RUN, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns a note or title of a plan.
pub fn plan(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&PLAN, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns the text of a check of the proof.
pub fn proof(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&PROOF, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns a text about TLS certificates.
pub fn tls(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&TLS, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns the name of a system or program that can be configured to trust a root.
pub fn trust(place: &TrustPlace) -> String {
    let code = code_of(place);
    look_up(&CERTIFICATES, &["trust", &code], &BTreeMap::new()).unwrap_or(code)
}

/// Returns a text of reminders in a supported language, or in English.
pub fn reminder(language: &str, key: &str, params: &BTreeMap<String, String>) -> String {
    let catalogue = REMINDERS
        .iter()
        .find_map(|(supported, catalogue)| (*supported == language).then_some(catalogue));
    let catalogue = catalogue.unwrap_or(&REMINDERS[0].1);
    look_up(catalogue, &key.split('.').collect::<Vec<_>>(), params).unwrap_or_else(|| key.to_owned())
}

/// Returns the supported language for a locale (`pt_BR.UTF-8`, `sv`), or English.
pub fn supported_language(locale: &str) -> &'static str {
    let primary = |text: &str| {
        text.split(['-', '_', '.'])
            .next()
            .unwrap_or_default()
            .to_lowercase()
    };
    let supported = REMINDERS.iter().map(|(language, _)| *language);
    supported
        .into_iter()
        .find(|language| primary(language) == primary(locale))
        .unwrap_or("en")
}

/// Returns the title, explanation and remedy of a diagnosed cause.
pub fn cause(cause: &Cause) -> (String, String, String) {
    let say = |path: &[&str]| look_up(&DIAGNOSIS, path, &cause.params);
    (
        say(&["cause", &cause.code, "title"]).unwrap_or_else(|| cause.code.clone()),
        say(&["cause", &cause.code, "explanation"]).unwrap_or_default(),
        say(&["remedy", &cause.remedy]).unwrap_or_default(),
    )
}

/// Returns the name of what a diagnosis could not read.
pub fn unread(unread: &Unread) -> String {
    look_up(&DIAGNOSIS, &["unread", &unread.what], &BTreeMap::new()).unwrap_or_else(|| unread.what.clone())
}

/// Returns a text about a diagnosis.
pub fn diagnosis(key: &str, params: &BTreeMap<String, String>) -> String {
    look_up(&DIAGNOSIS, &["panel", key], params).unwrap_or_else(|| key.to_owned())
}

/// Returns the serialized name of an enum's variant.
pub fn code_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        Ok(Value::Object(map)) => map
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    }
}

/// Looks up a text by path. Where a text has plural forms, `count` selects one.
fn look_up(catalogue: &Value, path: &[&str], params: &BTreeMap<String, String>) -> Option<String> {
    let text = text_at(catalogue, path).or_else(|| {
        let (last, above) = path.split_last()?;
        let form = if params.get("count")? == "1" {
            "one"
        } else {
            "other"
        };
        let last = format!("{last}_{form}");
        let path = [above, &[last.as_str()]].concat();
        text_at(catalogue, &path)
    });
    Some(fill(text?, params))
}

/// The text at a path. A dotted key may be one member or nested members.
fn text_at<'a>(catalogue: &'a Value, path: &[&str]) -> Option<&'a str> {
    let whole = path.join(".");
    let nested = path
        .iter()
        .flat_map(|part| part.split('.'))
        .try_fold(catalogue, |node, part| node.get(part));
    let found = path
        .iter()
        .try_fold(catalogue, |node, part| node.get(*part))
        .or(nested);
    found.or_else(|| catalogue.get(&whole))?.as_str()
}

/// Fills in `{{name}}` placeholders; unknown names become empty.
fn fill(text: &str, params: &BTreeMap<String, String>) -> String {
    fill_with(text, |name| params.get(name).cloned().unwrap_or_default())
}

fn fill_with(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = tail.split_once("}}") else {
            out.push_str("{{");
            rest = tail;
            continue;
        };
        // i18next allows a format after a comma: "{{value, number}}".
        let name = name.split(',').next().unwrap_or(name).trim();
        out.push_str(&value(name));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_contract::failure::Remedy;

    #[test]
    fn a_failures_title_ends_with_a_full_stop() {
        let text = |code| failure_sentence(&Failure::new(code, Remedy::TryAgain).with("reason", ""));
        assert_eq!(
            text(FailureCode::Internal),
            "Internal error. Something went wrong inside Berth. Your choices are not the cause."
        );
        assert_eq!(
            text(FailureCode::VaultUnavailable),
            "The keychain is not available."
        );
    }

    #[test]
    fn placeholders_are_filled_in() {
        let params = BTreeMap::from([("n".to_owned(), "12".to_owned())]);
        assert_eq!(
            fill("needs {{n}} vCPU, {{m}}left {{", &params),
            "needs 12 vCPU, left {{"
        );
        assert_eq!(fill("{{n, number}}!", &params), "12!");
    }

    #[test]
    fn the_count_selects_the_plural_form() {
        let took = |count: &str| {
            let params = [("count", count), ("seconds", "1.3")];
            let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
            diagnosis("took", &params.into())
        };
        assert_eq!(took("1"), "1 request to Azure, 1.3 s");
        assert_eq!(took("10"), "10 requests to Azure, 1.3 s");
    }

    #[test]
    fn dotted_keys_are_found_whole_and_nested() {
        let catalogue = serde_json::json!({"CPU-14.small": {"message": "a"}, "step": {"x": "b"}, "c.d": "e"});
        let none = BTreeMap::new();
        assert_eq!(
            look_up(&catalogue, &["CPU-14.small", "message"], &none).as_deref(),
            Some("a")
        );
        assert_eq!(look_up(&catalogue, &["step", "x"], &none).as_deref(), Some("b"));
        assert_eq!(look_up(&catalogue, &["c", "d"], &none).as_deref(), Some("e"));
        assert_eq!(look_up(&catalogue, &["none"], &none), None);
    }
}

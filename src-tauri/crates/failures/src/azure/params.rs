//! Extracts values for the texts that Azure gives only inside its messages. Every value that a catalogue needs is
//! always present, possibly empty.

use berth_contract::failure::FailureCode;
use berth_domain::azure_fault::AzureFault;

/// The values for a kind of failure.
pub(super) fn of(code: FailureCode, fault: &AzureFault) -> Vec<(String, String)> {
    let message = fault.message.as_str();
    let pairs: Vec<(&str, String)> = match code {
        FailureCode::Forbidden => vec![
            ("action", action(message)),
            ("scope", quoted_after(message, "scope").unwrap_or_default()),
        ],
        FailureCode::PolicyDenied => vec![("policy", policy(fault))],
        FailureCode::ProviderNotRegistered => {
            vec![(
                "namespace",
                quoted_after(message, "namespace").unwrap_or_default(),
            )]
        }
        FailureCode::ExtensionUnhealthy => {
            vec![("health", health_code(fault).unwrap_or_else(|| fault.code.clone()))]
        }
        FailureCode::NameTaken | FailureCode::ResourceGone => {
            vec![("resource", resource(fault))]
        }
        FailureCode::BadInput => vec![
            ("what", fault.target.clone().unwrap_or_else(|| fault.code.clone())),
            ("why", message.to_owned()),
        ],
        FailureCode::SignInRefused => vec![("reason", message.to_owned())],
        _ => Vec::new(),
    };
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// `E` and five digits, in code or message: the extension's installer embeds the code of its health check in messages
/// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension).
pub(super) fn health_code(fault: &AzureFault) -> Option<String> {
    let words = |text: &str| {
        text.split(|letter: char| !letter.is_ascii_alphanumeric())
            .find(|word| is_health_code(word))
            .map(str::to_owned)
    };
    words(&fault.code).or_else(|| words(&fault.message))
}

pub(super) fn is_health_code(word: &str) -> bool {
    word.len() == 6
        && word
            .strip_prefix('E')
            .is_some_and(|digits| digits.starts_with('4') && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn action(message: &str) -> String {
    quoted_after(message, "action").unwrap_or_default()
}

fn policy(fault: &AzureFault) -> String {
    let named = fault.policy.clone();
    // "… Policy identifiers: '[{"policyAssignment":{"name":"No public addresses",…"
    let in_words = || {
        let (_, after) = fault.message.split_once("\"name\":\"")?;
        after.split('"').next().map(str::to_owned)
    };
    named.or_else(in_words).unwrap_or_default()
}

fn resource(fault: &AzureFault) -> String {
    let quoted = quoted_after(&fault.message, "");
    quoted.or_else(|| fault.target.clone()).unwrap_or_default()
}

/// The first quoted text after a word.
fn quoted_after(message: &str, word: &str) -> Option<String> {
    let at = message.to_ascii_lowercase().find(word)?;
    let rest = message.get(at + word.len()..)?;
    let start = rest.find(['\'', '"'])?;
    let quote = rest.get(start..=start)?;
    let rest = rest.get(start + 1..)?;
    let end = rest.find(quote)?;
    rest.get(..end).map(str::to_owned)
}

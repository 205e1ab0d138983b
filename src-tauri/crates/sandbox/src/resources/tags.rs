//! Names of tags (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). The pages name no codes.

use crate::answer::Refusal;
use crate::call::Call;

/// Beginnings of names that Azure reserves.
const RESERVED: [&str; 3] = ["microsoft", "azure", "windows"];

/// Names are compared in any case, and some beginnings are reserved.
pub(crate) fn check(call: &Call) -> Result<(), Refusal> {
    let Some(tags) = call.body["tags"].as_object().filter(|_| call.writes()) else {
        return Ok(());
    };
    let mut names: Vec<String> = tags.keys().map(|name| name.to_lowercase()).collect();
    names.sort_unstable();
    if let Some(reserved) = names
        .iter()
        .find(|name| RESERVED.iter().any(|start| name.starts_with(start)))
    {
        return Err(Refusal::bad_request(
            "InvalidTagName",
            format!("The tag name '{reserved}' is invalid: it begins with a reserved prefix."),
        ));
    }
    let twice = names
        .iter()
        .zip(names.iter().skip(1))
        .find(|(one, next)| one == next);
    twice.map_or(Ok(()), |(name, _)| {
        Err(Refusal::bad_request(
            "InvalidRequestContent",
            format!("The request content was invalid: the tag name '{name}' appears more than once. Tag names are case-insensitive."),
        ))
    })
}

//! What is wrong with a JSON file, in the words of JSON: the reader's own messages speak of types of this program.

use serde_json::Error;
use serde_json::error::Category;

/// What is wrong, and where.
pub(crate) fn told(error: &Error) -> String {
    let said = error.to_string();
    let said = said
        .rsplit_once(" at line ")
        .map_or(said.as_str(), |(said, _)| said);
    let said = match error.classify() {
        Category::Data => of_data(said),
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax | Category::Io => format!("it is not JSON: {said}"),
    };
    match (error.line(), error.column()) {
        (0, _) => said,
        (line, column) => format!("{said} (line {line}, column {column})"),
    }
}

fn of_data(said: &str) -> String {
    let quoted = || said.split('`').nth(1).unwrap_or_default();
    let known = || said.split_once(", expected ").map_or("", |(_, known)| known);
    if said.starts_with("unknown field") {
        return format!("member \"{}\" is not known here{}", quoted(), allowed(known()));
    }
    if said.starts_with("unknown variant") {
        return format!("\"{}\" is not possible here{}", quoted(), allowed(known()));
    }
    if said.starts_with("missing field") {
        return format!("member \"{}\" is missing", quoted());
    }
    if said.starts_with("duplicate field") {
        return format!("member \"{}\" stands twice", quoted());
    }
    let rest = said
        .strip_prefix("invalid type: ")
        .or_else(|| said.strip_prefix("invalid value: "))
        .or_else(|| said.strip_prefix("invalid length "));
    match rest.and_then(|rest| rest.split_once(", expected ")) {
        Some((found, wanted)) => format!("{} stands where {} is expected", value(found), kind(wanted)),
        None => "it has not the form that is expected here".to_owned(),
    }
}

/// The names that are possible.
fn allowed(known: &str) -> String {
    let names: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("; possible: {}", names.join(", "))
}

/// A value that was found.
fn value(found: &str) -> String {
    let quoted = found.split('`').nth(1);
    match (found.split([' ', '`']).next().unwrap_or_default(), quoted) {
        ("string" | "character", _) => {
            let text = found.split_once(' ').map_or(found, |(_, text)| text);
            format!("the text {text}")
        }
        ("integer" | "floating" | "boolean", Some(value)) => value.to_owned(),
        ("map" | "struct" | "enum" | "newtype", _) => "an object".to_owned(),
        ("sequence" | "tuple", _) => "a list".to_owned(),
        ("null" | "unit" | "Option", _) => "null".to_owned(),
        _ => "another value".to_owned(),
    }
}

/// A kind of value that is expected.
fn kind(wanted: &str) -> &'static str {
    let wanted = wanted.strip_prefix("a ").unwrap_or(wanted);
    let first = wanted.split(' ').next().unwrap_or_default();
    match first {
        "u8" | "u16" | "u32" | "u64" | "usize" | "nonzero" => "a whole number of at least 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "string" | "str" | "borrowed" | "character" => "a text",
        "boolean" | "bool" => "true or false",
        "sequence" | "tuple" | "array" => "a list",
        "unit" | "null" => "null",
        _ => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_domain::change::Change;
    use berth_domain::spec::Spec;
    use serde::de::DeserializeOwned;

    fn said<T: DeserializeOwned>(text: &str) -> String {
        told(&serde_json::from_str::<T>(text).err().unwrap())
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_json() {
        let scale =
            |nodes: &str| format!(r#"{{"kind":"scale","clusterId":"/x","pool":"p","nodes":{nodes}}}"#);
        let all = [
            said::<Change>(r#"{"kind":"shrink"}"#),
            said::<Change>(&scale("-1")),
            said::<Change>(&scale("\"two\"")),
            said::<Change>(&scale("1.5")),
            said::<Change>(&scale("null")),
            said::<Change>(&scale("[]")),
            said::<Change>(&scale("1,\"more\":1")),
            said::<Change>("[]"),
            said::<Change>("7"),
            said::<Change>(
                r#"{"kind":"tls","computeId":"/x","tls":{"kind":"own","cname":"a","pair":"files"}}"#,
            ),
            said::<Change>(
                r#"{"kind":"tls","computeId":"/x","tls":{"kind":"own","cname":"a","pair":{"kind":"paper"}}}"#,
            ),
            said::<Spec>(r#"{"routte":"classic"}"#),
            said::<Spec>("7"),
            said::<Spec>(r#"{"schema":1"#),
            said::<Spec>("{,}"),
            said::<Spec>(""),
        ];
        for text in &all {
            for leak in [
                "struct", "enum", "u32", "i64", "f64", "variant", "tagged", "Peek", "PairRef", "tuple", "`",
            ] {
                let syntax = text.starts_with("it is not JSON") && leak == "`";
                assert!(syntax || !text.contains(leak), "{text}");
            }
        }
        assert!(
            all[0].starts_with("\"shrink\" is not possible here; possible: scale, "),
            "{}",
            all[0]
        );
        assert!(
            all[1].starts_with("-1 stands where a whole number of at least 0 is expected"),
            "{}",
            all[1]
        );
        assert!(
            all[2].starts_with("the text \"two\" stands where a whole number"),
            "{}",
            all[2]
        );
        assert!(all[6].contains("member \"more\" is not known here"), "{}", all[6]);
        assert!(
            all[11].contains("\"routte\"") && all[11].contains("line 1"),
            "{}",
            all[11]
        );
        assert!(all[13].starts_with("it ends too early"), "{}", all[13]);
    }
}

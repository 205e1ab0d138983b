//! Describes errors in a JSON file in JSON terms, because serde's messages name Rust types.

use berth_domain::schema::{Misfit, Problem};
use serde_json::error::Category;
use serde_json::{Error, Value};

/// Letters by which a quoted word may differ from an allowed one. Others are not quoted: they may be a pasted secret.
const NEAR: usize = 2;

/// Describes what is wrong and where.
pub(crate) fn describe(error: &Error) -> String {
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    let message = match error.classify() {
        Category::Data => data_error(message),
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax | Category::Io => format!("it is not JSON: {message}"),
    };
    match (error.line(), error.column()) {
        (0, _) => message,
        (line, column) => format!("{message} (line {line}, column {column})"),
    }
}

/// Describes what does not fit the schema, with its path.
pub(crate) fn misfit(misfit: &Misfit) -> String {
    let path = if misfit.path.is_empty() {
        "the file"
    } else {
        misfit.path.as_str()
    };
    let problem = match &misfit.problem {
        Problem::Unknown { allowed } => format!("this member is not known here{}", listed(allowed)),
        Problem::Missing => "this member is missing".to_owned(),
        Problem::NotAllowed { found, allowed } => {
            let text = found.as_str().unwrap_or_default();
            format!(
                "{} is not allowed here{}",
                quoted_if_near(text, allowed),
                listed(allowed)
            )
        }
        Problem::Type { found, expected } => match whole_number(found).filter(|_| expected == "integer") {
            Some(number) => format!("{found} has a decimal point or an exponent; write {number}"),
            None => format!(
                "{} was found where {} is expected",
                shown(found),
                of_type(expected)
            ),
        },
        Problem::TooSmall { found, least } => format!("{found} is too small; the least is {least}"),
        Problem::TooLarge { found, most } => format!("{found} is too large; the most is {most}"),
        Problem::Unused { beside } => format!("this member has no meaning beside {beside}; remove it"),
    };
    format!("{path}: {problem}")
}

fn shown(found: &Value) -> String {
    match found {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::String(_) => "a string".to_owned(),
        other => other.to_string(),
    }
}

/// The whole number that a number with a decimal point or an exponent stands for.
fn whole_number(found: &Value) -> Option<String> {
    /// From here on, not every whole number can be written this way.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = found.as_f64().filter(|_| found.is_f64())?;
    (number.fract() == 0.0 && number.abs() < EXACT).then(|| format!("{number:.0}"))
}

/// The text in quotes if it is nearly one of the allowed ones.
fn quoted_if_near<S: AsRef<str>>(text: &str, allowed: &[S]) -> String {
    let is_near = |allowed: &S| {
        let allowed = allowed.as_ref();
        allowed.eq_ignore_ascii_case(text) || distance(text, allowed) <= NEAR.min(allowed.len() / 2)
    };
    match allowed.iter().any(is_near) {
        true => Value::from(text).to_string(),
        false => "this value".to_owned(),
    }
}

/// How many letters have to be added, removed or replaced to turn one text into the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    if one.chars().count().abs_diff(other.len()) > NEAR {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, same) in other.iter().map(|other| *other == letter).enumerate() {
            let replaced = diagonal + usize::from(!same);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

fn of_type(name: &str) -> &'static str {
    match name {
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a string",
        "boolean" => "true or false",
        "array" => "a list",
        "null" => "null",
        _ => "an object",
    }
}

fn listed<S: AsRef<str>>(names: &[S]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    format!("; allowed: {}", names.join(", "))
}

fn data_error(message: &str) -> String {
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    let known = || message.split_once(", expected ").map_or("", |(_, known)| known);
    if message.starts_with("unknown field") {
        return format!("member \"{}\" is not known here{}", quoted(), allowed(known()));
    }
    if message.starts_with("unknown variant") {
        let names: Vec<&str> = known().split('`').skip(1).step_by(2).collect();
        return format!(
            "{} is not allowed here{}",
            quoted_if_near(quoted(), &names),
            listed(&names)
        );
    }
    if message.starts_with("missing field") {
        return format!("member \"{}\" is missing", quoted());
    }
    if message.starts_with("duplicate field") {
        return format!("member \"{}\" appears twice", quoted());
    }
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .or_else(|| message.strip_prefix("invalid length "));
    match rest.and_then(|rest| rest.split_once(", expected ")) {
        Some((found, wanted)) => format!("{} was found where {} is expected", value(found), kind(wanted)),
        None => "it does not have the expected form".to_owned(),
    }
}

/// Lists the allowed names.
fn allowed(known: &str) -> String {
    let names: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    listed(&names)
}

/// Describes the value that was found.
fn value(found: &str) -> String {
    let quoted = found.split('`').nth(1);
    match (found.split([' ', '`']).next().unwrap_or_default(), quoted) {
        ("string" | "character", _) => "a string".to_owned(),
        ("integer" | "floating" | "boolean", Some(value)) => value.to_owned(),
        ("map" | "struct" | "enum" | "newtype", _) => "an object".to_owned(),
        ("sequence" | "tuple", _) => "a list".to_owned(),
        ("null" | "unit" | "Option", _) => "null".to_owned(),
        _ => "another value".to_owned(),
    }
}

/// Describes the kind of value that is expected.
fn kind(wanted: &str) -> &'static str {
    let wanted = wanted.strip_prefix("a ").unwrap_or(wanted);
    let first = wanted.split(' ').next().unwrap_or_default();
    match first {
        "u8" | "u16" | "u32" | "u64" | "usize" | "nonzero" => "a whole number of at least 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "string" | "str" | "borrowed" | "character" => "a string",
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

    fn error_of<T: DeserializeOwned>(text: &str) -> String {
        describe(&serde_json::from_str::<T>(text).err().unwrap())
    }

    #[test]
    fn errors_use_json_terms_and_no_rust_types() {
        let scale =
            |nodes: &str| format!(r#"{{"kind":"scale","clusterId":"/x","pool":"p","nodes":{nodes}}}"#);
        let all = [
            error_of::<Change>(r#"{"kind":"shrink"}"#),
            error_of::<Change>(&scale("-1")),
            error_of::<Change>(&scale("\"two\"")),
            error_of::<Change>(&scale("1.5")),
            error_of::<Change>(&scale("null")),
            error_of::<Change>(&scale("[]")),
            error_of::<Change>(&scale("1,\"more\":1")),
            error_of::<Change>("[]"),
            error_of::<Change>("7"),
            error_of::<Change>(
                r#"{"kind":"tls","computeId":"/x","tls":{"kind":"own","cname":"a","pair":"files"}}"#,
            ),
            error_of::<Change>(
                r#"{"kind":"tls","computeId":"/x","tls":{"kind":"own","cname":"a","pair":{"kind":"paper"}}}"#,
            ),
            error_of::<Spec>(r#"{"routte":"classic"}"#),
            error_of::<Spec>("7"),
            error_of::<Spec>(r#"{"schema":1"#),
            error_of::<Spec>("{,}"),
            error_of::<Spec>(""),
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
            all[0].starts_with("this value is not allowed here; allowed: scale, "),
            "{}",
            all[0]
        );
        assert!(
            all[1].starts_with("-1 was found where a whole number of at least 0 is expected"),
            "{}",
            all[1]
        );
        assert!(
            all[2].starts_with("a string was found where a whole number"),
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

    #[test]
    fn a_text_is_quoted_only_if_it_is_nearly_an_allowed_one() {
        let allowed = ["extension", "classic", "key"];
        for (text, shown) in [
            ("clasic", "\"clasic\""),
            ("Extension", "\"Extension\""),
            ("kei", "\"kei\""),
            ("abc", "this value"),
            ("sk-12345", "this value"),
            ("", "this value"),
        ] {
            assert_eq!(quoted_if_near(text, &allowed), shown);
        }
    }

    #[test]
    fn no_wrong_string_is_repeated() {
        let secret = "sk-0123456789";
        let found = Value::from(secret);
        for problem in [
            Problem::NotAllowed {
                found: found.clone(),
                allowed: vec!["key".to_owned()],
            },
            Problem::Type {
                found,
                expected: "integer".to_owned(),
            },
        ] {
            let path = "endpoint.auth".to_owned();
            let words = misfit(&Misfit { path, problem });
            assert!(words.starts_with("endpoint.auth: "), "{words}");
            assert!(!words.contains(secret), "{words}");
        }
        let words = error_of::<Spec>(&format!(r#"{{"route":"{secret}"}}"#));
        assert!(!words.contains(secret), "{words}");
    }

    #[test]
    fn a_whole_number_in_another_form_is_told_how_to_be_written() {
        let number = |found: Value| {
            let expected = "integer".to_owned();
            misfit(&Misfit {
                path: "size.nodes".to_owned(),
                problem: Problem::Type { found, expected },
            })
        };
        assert_eq!(
            number(Value::from(2.0)),
            "size.nodes: 2.0 has a decimal point or an exponent; write 2"
        );
        assert_eq!(
            number(Value::from(2.5)),
            "size.nodes: 2.5 was found where a whole number is expected"
        );
    }
}

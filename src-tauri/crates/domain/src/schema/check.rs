//! Checks a value against a schema. Knows only the keywords that the schemas of [`super`] have.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// A part of a file that does not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// Where it is, such as `change.tls.kind`; empty for the whole file.
    pub path: String,
    pub problem: Problem,
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The member is not known.
    Unknown { allowed: Vec<String> },
    /// The member is missing.
    Missing,
    /// The value is none of these.
    NotAllowed { found: Value, allowed: Vec<String> },
    /// The value has another type.
    Type { found: Value, expected: String },
    /// The number is too small.
    TooSmall { found: Value, least: Value },
    /// The number is too large.
    TooLarge { found: Value, most: Value },
    /// The member has no meaning beside another one, given as `member "value"`.
    Unused { beside: String },
}

/// Checks a value against a schema with definitions.
pub(super) fn check(schema: &Value, value: &Value) -> Result<(), Misfit> {
    let checker = Checker {
        definitions: &schema["definitions"],
    };
    checker.check(schema, value, "")
}

struct Checker<'a> {
    definitions: &'a Value,
}

impl<'a> Checker<'a> {
    fn check(&self, schema: &'a Value, value: &Value, path: &str) -> Result<(), Misfit> {
        let schema = self.resolved(schema);
        if let Some(options) = options(schema) {
            return self.check_options(options, value, path);
        }
        check_type(schema, value, path)?;
        check_constant(schema, value, path)?;
        check_number(schema, value, path)?;
        match value {
            Value::Object(members) => self.check_members(schema, members, path),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| self.check(&schema["items"], item, &format!("{path}[{at}]"))),
            _ => Ok(()),
        }
    }

    /// Follows a reference, also in the `allOf` that keeps a description beside it.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let target = schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str());
        match target.and_then(|target| target.rsplit('/').next()) {
            Some(name) => self.resolved(&self.definitions[name]),
            None => schema,
        }
    }

    fn check_options(&self, options: &'a [Value], value: &Value, path: &str) -> Result<(), Misfit> {
        let options: Vec<&Value> = options.iter().map(|option| self.resolved(option)).collect();
        let takes_null = |option: &Value| option["type"] == "null";
        if value.is_null() && options.iter().any(|option| takes_null(option)) {
            return Ok(());
        }
        let others: Vec<&Value> = options.into_iter().filter(|option| !takes_null(option)).collect();
        match others[..] {
            [only] => self.check(only, value, path),
            _ if constants(&others).next().is_some() => {
                let allowed = constants(&others).map(str::to_owned).collect();
                check_text(value, allowed, path)
            }
            _ => self.check_tagged(&others, value, path),
        }
    }

    fn check_tagged(&self, options: &[&'a Value], value: &Value, path: &str) -> Result<(), Misfit> {
        let Value::Object(members) = value else {
            return Err(wrong_type(value, "object", path));
        };
        let tag = options.iter().find_map(|option| tag_of(option));
        let Some((tag, _)) = tag else {
            return Ok(());
        };
        let at = joined(path, tag);
        let Some(found) = members.get(tag) else {
            return Err(misfit(at, Problem::Missing));
        };
        let names = || options.iter().filter_map(|option| tag_of(option));
        check_text(found, names().map(|(_, name)| name.to_owned()).collect(), &at)?;
        let chosen = options
            .iter()
            .find(|option| tag_of(option).is_some_and(|(_, name)| *found == name));
        chosen.map_or(Ok(()), |chosen| self.check(chosen, value, path))
    }

    fn check_members(
        &self,
        schema: &'a Value,
        members: &Map<String, Value>,
        path: &str,
    ) -> Result<(), Misfit> {
        let known = schema["properties"].as_object();
        for (name, member) in members {
            let at = joined(path, name);
            match known.and_then(|known| known.get(name)) {
                Some(property) => self.check(property, member, &at)?,
                None if schema["additionalProperties"].is_object() => {
                    self.check(&schema["additionalProperties"], member, &at)?;
                }
                None => {
                    let allowed = known.map(|known| known.keys().cloned().collect());
                    let allowed = allowed.unwrap_or_default();
                    return Err(misfit(at, Problem::Unknown { allowed }));
                }
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        match required
            .filter_map(Value::as_str)
            .find(|name| !members.contains_key(*name))
        {
            Some(name) => Err(misfit(joined(path, name), Problem::Missing)),
            None => Ok(()),
        }
    }
}

fn options(schema: &Value) -> Option<&[Value]> {
    let options = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    options.map(Vec::as_slice)
}

/// The strings that the options allow.
fn constants<'a>(options: &[&'a Value]) -> impl Iterator<Item = &'a str> {
    options
        .iter()
        .flat_map(|option| {
            let listed = option["enum"].as_array().into_iter().flatten();
            listed.chain(option.get("const"))
        })
        .filter_map(Value::as_str)
}

/// The member that tells the variants of an enum apart, and its value.
fn tag_of(option: &Value) -> Option<(&str, &str)> {
    let properties = option["properties"].as_object()?;
    properties
        .iter()
        .find_map(|(name, property)| Some((name.as_str(), property["const"].as_str()?)))
}

fn check_text(value: &Value, allowed: Vec<String>, path: &str) -> Result<(), Misfit> {
    let Value::String(text) = value else {
        return Err(wrong_type(value, "string", path));
    };
    if allowed.contains(text) {
        return Ok(());
    }
    let found = value.clone();
    Err(misfit(path.to_owned(), Problem::NotAllowed { found, allowed }))
}

fn check_type(schema: &Value, value: &Value, path: &str) -> Result<(), Misfit> {
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    if types.iter().any(|name| has_type(value, name)) {
        return Ok(());
    }
    let expected = types.iter().find(|name| **name != "null").unwrap_or(&"null");
    Err(wrong_type(value, expected, path))
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        _ => value.is_null(),
    }
}

fn check_constant(schema: &Value, value: &Value, path: &str) -> Result<(), Misfit> {
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        let allowed = vec![constant.as_str().map_or(constant.to_string(), str::to_owned)];
        let found = value.clone();
        return Err(misfit(path.to_owned(), Problem::NotAllowed { found, allowed }));
    }
    let Some(listed) = schema["enum"].as_array().filter(|_| !value.is_null()) else {
        return Ok(());
    };
    let allowed = listed.iter().filter_map(Value::as_str).map(str::to_owned);
    check_text(value, allowed.collect(), path)
}

fn check_number(schema: &Value, value: &Value, path: &str) -> Result<(), Misfit> {
    let Some(number) = value.as_f64() else {
        return Ok(());
    };
    let limit = |name: &str| Some((schema.get(name)?.clone(), schema[name].as_f64()?));
    let largest = || match schema["format"].as_str()? {
        "uint16" => Some((Value::from(u16::MAX), f64::from(u16::MAX))),
        "uint32" => Some((Value::from(u32::MAX), f64::from(u32::MAX))),
        _ => None,
    };
    let found = value.clone();
    let problem = match (
        limit("minimum"),
        limit("maximum").or_else(largest),
        limit("multipleOf"),
    ) {
        (Some((least, limit)), ..) if number < limit => Problem::TooSmall { found, least },
        (_, Some((most, limit)), _) if number > limit => Problem::TooLarge { found, most },
        (.., Some((_, step))) if number % step != 0.0 => Problem::Type {
            found,
            expected: "integer".to_owned(),
        },
        _ => return Ok(()),
    };
    Err(misfit(path.to_owned(), problem))
}

fn wrong_type(value: &Value, expected: &str, path: &str) -> Misfit {
    let problem = Problem::Type {
        found: value.clone(),
        expected: expected.to_owned(),
    };
    misfit(path.to_owned(), problem)
}

fn misfit(path: String, problem: Problem) -> Misfit {
    Misfit { path, problem }
}

/// The path of a member.
fn joined(path: &str, name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-$".contains(letter);
    let mut joined = path.to_owned();
    if name.is_empty() || !name.chars().all(is_plain) {
        let _ = write!(joined, "[{}]", Value::from(name));
    } else {
        if !path.is_empty() {
            joined.push('.');
        }
        joined.push_str(name);
    }
    joined
}

//! The operations of the descriptions (OpenAPI 2), found by method and path.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its id.
    pub(crate) id: String,
    /// Its path as described.
    path: String,
    /// Parts of its path; `None` is a parameter.
    parts: Vec<Option<String>>,
    /// Whether its first parameter spans several parts (a scope).
    scoped: bool,
    /// Method in upper case.
    pub(crate) method: String,
    /// File it stands in.
    pub(crate) file: PathBuf,
    /// The operation itself.
    pub(crate) body: Value,
    /// Its parameters, references followed, each with the file it stands in.
    pub(crate) parameters: Vec<(PathBuf, Value)>,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Operations {
    all: Vec<Operation>,
}

impl Operations {
    /// Reads every description below a folder.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut files = Files::default();
        let mut all = Vec::new();
        let mut open = vec![folder.to_path_buf()];
        while let Some(folder) = open.pop() {
            let entries =
                std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.is_dir() && path.file_name().is_none_or(|name| name != "examples") {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    of_file(&mut files, &path, &mut all)?;
                }
            }
        }
        // The most particular path first: words before parameters.
        all.sort_by_key(|operation: &Operation| {
            (
                operation.scoped,
                operation.parts.iter().filter(|part| part.is_none()).count(),
            )
        });
        Ok(Self { all })
    }

    /// The operation of a request.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        self.all
            .iter()
            .find(|operation| operation.method == method && operation.fits(&parts))
    }

    /// Every operation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.all.iter()
    }
}

impl Operation {
    fn fits(&self, parts: &[&str]) -> bool {
        let wanted = &self.parts;
        let tail: &[&str] = if self.scoped {
            match (parts.len() + 1).checked_sub(wanted.len()) {
                Some(skipped) if skipped > 0 => &parts[skipped..],
                _ => return false,
            }
        } else {
            parts
        };
        let wanted = if self.scoped { &wanted[1..] } else { &wanted[..] };
        wanted.len() == tail.len()
            && wanted.iter().zip(tail).all(|(wanted, part)| {
                wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(part))
            })
    }

    /// Its path, with its parameters in braces.
    pub(crate) fn template(&self) -> String {
        self.path.clone()
    }

    /// A schema of this operation's file as one that stands alone.
    pub(crate) fn schema(&self, schema: &Value, file: &Path) -> Value {
        absolute(schema, file)
    }
}

/// Follows references to files beside a description, so that it can be used from anywhere.
fn absolute(schema: &Value, file: &Path) -> Value {
    let mut schema = schema.clone();
    if let Some(reference) = schema["$ref"].as_str().map(str::to_string) {
        let base = Url::from_file_path(file).ok();
        if let Some(joined) = base.and_then(|base| base.join(&reference).ok()) {
            schema["$ref"] = joined.to_string().into();
        }
    }
    schema
}

#[derive(Default)]
struct Files(BTreeMap<PathBuf, Value>);

impl Files {
    fn get(&mut self, path: &Path) -> Result<&Value, String> {
        if !self.0.contains_key(path) {
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let value =
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            self.0.insert(path.to_path_buf(), value);
        }
        self.0.get(path).ok_or_else(|| path.display().to_string())
    }

    /// A parameter or response with its references followed.
    fn follow(&mut self, file: &Path, value: &Value) -> Result<(PathBuf, Value), String> {
        let (mut file, mut value) = (file.to_path_buf(), value.clone());
        while let Some(reference) = value["$ref"].as_str().map(str::to_string) {
            let (other, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
            if !other.is_empty() {
                let joined = file.parent().unwrap_or(Path::new("")).join(other);
                file = joined
                    .canonicalize()
                    .map_err(|error| format!("{}: {error}", joined.display()))?;
            }
            value = self.get(&file)?.pointer(pointer).cloned().unwrap_or_default();
        }
        Ok((file, value))
    }
}

fn of_file(files: &mut Files, path: &Path, all: &mut Vec<Operation>) -> Result<(), String> {
    let document = files.get(path)?.clone();
    for (template, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, body) in item
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(method, _)| *method != "parameters")
        {
            let mut body = body.clone();
            let shared = item["parameters"].as_array().into_iter().flatten();
            let own = body["parameters"].as_array().cloned().unwrap_or_default();
            let mut parameters = Vec::new();
            for parameter in shared.chain(&own) {
                parameters.push(files.follow(path, parameter)?);
            }
            for response in body["responses"]
                .as_object_mut()
                .into_iter()
                .flatten()
                .map(|(_, response)| response)
            {
                *response = files.follow(path, response)?.1;
            }
            let parts: Vec<Option<String>> = template
                .split('/')
                // Empty for types at the top, which are the ones Berth asks about.
                .filter(|part| !part.is_empty() && *part != "{parentResourcePath}")
                .map(|part| (!part.starts_with('{')).then(|| part.to_string()))
                .collect();
            all.push(Operation {
                id: body["operationId"].as_str().unwrap_or_default().to_string(),
                path: template.clone(),
                scoped: template.starts_with("/{") && parts.first().is_some_and(Option::is_none),
                parts,
                method: method.to_uppercase(),
                file: path.to_path_buf(),
                body,
                parameters,
            });
        }
    }
    Ok(())
}

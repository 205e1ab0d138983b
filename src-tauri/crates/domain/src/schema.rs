//! JSON Schemas of the files that people write, derived from the types that read them. A file is checked against its
//! schema before it is deserialized, because serde does not say where in a tagged enum something is wrong.

mod check;
mod unused;

pub use check::{Misfit, Problem};

use crate::change::{CHANGE_SCHEMA, Change};
use crate::deployment_spec::{DEPLOY_SCHEMA, DeploySpec};
use crate::spec::{SPEC_SCHEMA, Spec};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Member that names the schema of a file, for editors.
pub const SCHEMA_MEMBER: &str = "$schema";

/// A change file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeFile {
    /// Version of the file format.
    pub schema: u32,
    pub change: Change,
    /// Findings the person has accepted, as `RULE` or `RULE:RESOURCE`.
    #[serde(default)]
    pub waived: Vec<String>,
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A cluster to set up.
    Spec,
    /// A change, canaries included.
    Change,
    /// A version to deploy.
    Deploy,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Spec, Self::Change, Self::Deploy];

    /// The kind of a file that has these members.
    pub fn of(file: &Value) -> Self {
        if file.get("change").is_some() {
            Self::Change
        } else if file.get("endpoint").is_some() {
            Self::Deploy
        } else {
            Self::Spec
        }
    }

    /// The version of the format that Berth reads.
    pub const fn version(self) -> u32 {
        match self {
            Self::Spec => SPEC_SCHEMA,
            Self::Change => CHANGE_SCHEMA,
            Self::Deploy => DEPLOY_SCHEMA,
        }
    }

    /// The schema, in draft 7, which most editors know.
    pub fn schema(self) -> Value {
        let (mut schema, title) = match self {
            Self::Spec => (generate::<Spec>(), "Berth: a cluster to set up"),
            Self::Change => (generate::<ChangeFile>(), "Berth: a change"),
            Self::Deploy => (generate::<DeploySpec>(), "Berth: a version to deploy"),
        };
        schema["title"] = json!(title);
        require(&mut schema, "autoscale", "bounds");
        let version = self.version();
        schema["properties"]["schema"] =
            json!({ "type": "integer", "const": version, "description": "Version of the file format." });
        schema["properties"][SCHEMA_MEMBER] =
            json!({ "type": "string", "description": "Path or address of this schema, for editors." });
        schema
    }

    /// Checks a file against the schema.
    ///
    /// # Errors
    /// The first part that does not fit.
    pub fn check(self, file: &Value) -> Result<(), Misfit> {
        check::check(&self.schema(), file)
    }

    /// Checks that a file sets nothing that has no meaning beside its cluster or route, which a schema cannot say.
    ///
    /// # Errors
    /// The first such member.
    pub fn check_unused(self, file: &Value) -> Result<(), Misfit> {
        match self {
            Self::Spec => unused::first(file).map_or(Ok(()), Err),
            Self::Change | Self::Deploy => Ok(()),
        }
    }
}

fn generate<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    RecursiveTransform(limit_integers).transform(&mut schema);
    RecursiveTransform(without_rust_terms).transform(&mut schema);
    schema.to_value()
}

/// Requires a member of a change that may be null, which schemars takes as optional.
fn require(schema: &mut Value, kind: &str, member: &str) {
    let variants = schema.pointer_mut("/definitions/Change/oneOf");
    let variants = variants.and_then(Value::as_array_mut).into_iter().flatten();
    for variant in variants.filter(|variant| variant["properties"]["kind"]["const"] == kind) {
        if let Some(required) = variant["required"].as_array_mut() {
            required.push(json!(member));
        }
    }
}

/// States the limit of 32-bit numbers, which the format alone does not.
fn limit_integers(schema: &mut Schema) {
    if schema.get("format").is_some_and(|format| format == "uint32") {
        schema.insert("maximum".to_owned(), json!(u32::MAX));
    }
}

/// Descriptions come from the comments of Rust types.
fn without_rust_terms(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text
            .replace("`None`", "`null`")
            .replace("[`", "`")
            .replace("`]", "`");
    }
}

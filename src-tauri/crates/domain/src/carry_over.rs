//! What a service of the classic route becomes on the extension route: a specification to deploy for each version that
//! can be carried over, and what cannot be, with the reason.

mod settings;
mod source;

use crate::deployment_spec::{Auth, DeploySpec, EndpointChoice};
use crate::endpoint::EndpointAuth;
use crate::facts::is_plain_service;
use crate::finding::{Finding, Severity, WizardStep};
use crate::resource_id::check_part;
use crate::secrets::PLAN_TAG;
use crate::spec::{Route, WorkspaceRef};
use crate::traffic::{ALL, Traffic};
use serde_json::Value;
use std::collections::BTreeMap;

/// Id of the rule on what a move carries over.
pub const RULE: &str = "MOV-12";
/// Where it is documented.
pub const SOURCE: &str = "learn.microsoft.com/azure/machine-learning/migrate-to-v2-deploy-endpoints";
/// Codes of the rule.
pub const CODES: &[&str] = &[
    "MOV-12.carried",
    "MOV-12.unread",
    "MOV-12.versions",
    "MOV-12.models",
    "MOV-12.image",
    "MOV-12.no_code",
    "MOV-12.environment",
    "MOV-12.script",
    "MOV-12.code",
    "MOV-12.open",
    "MOV-12.two_ways",
    "MOV-12.auth_unknown",
    "MOV-12.role",
    "MOV-12.traffic",
    "MOV-12.scale",
    "MOV-12.timeout",
    "MOV-12.collection",
];
/// Id of what an export finds when it reads the code.
pub const UNREAD_CODE: &str = "MOV-13";
/// Most characters of endpoint and version together (rule NAM-09).
const LONGEST_PAIR: usize = 62;
/// Most characters of a version's name (rule NAM-08).
const LONGEST_NAME: usize = 32;

/// A version of a service, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedVersion {
    /// Its name; that of the service if it has no versions.
    pub name: String,
    /// What deploys it. The folder of its script is relative to the file with the specification. `None` if it cannot be
    /// carried over.
    pub spec: Option<Box<DeploySpec>>,
    /// The uploaded files of its code.
    pub code: Vec<CodeAsset>,
    notes: Vec<Note>,
    /// Why its code could not be read.
    unread: Option<String>,
}

/// An uploaded file of a service's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAsset {
    /// Id of the artifact: origin, container and path.
    pub artifact: String,
    /// Whether it is an archive with the files.
    pub is_archive: bool,
    /// The folder in the archive that has the script; empty if it is the archive's top.
    pub folder: String,
}

/// Something that is not carried over, or not as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    code: &'static str,
    params: BTreeMap<String, String>,
    /// Whether the version cannot be carried over at all.
    stops: bool,
}

/// What was found out about one version.
#[derive(Default)]
struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, code: &'static str, stops: bool, params: &[(&str, &dyn ToString)]) {
        let params = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.to_string()));
        self.0.push(Note {
            code,
            params: params.collect(),
            stops,
        });
    }

    /// The version cannot be carried over.
    fn stop(&mut self, code: &'static str, params: &[(&str, &dyn ToString)]) {
        self.add(code, true, params);
    }

    /// The version is carried over without this.
    fn leave(&mut self, code: &'static str, params: &[(&str, &dyn ToString)]) {
        self.add(code, false, params);
    }
}

/// What is said about a version: the end of a code of [`RULE`], and values for its message.
type Line = (&'static str, Severity, BTreeMap<String, String>);

impl CarriedVersion {
    /// Takes back that the version can be carried over, because its code could not be read.
    pub fn without_code(&mut self, why: String) {
        self.unread = Some(why);
        self.spec = None;
    }

    /// What is carried over and what is not, as findings.
    pub fn findings(&self, service: &str) -> Vec<Finding> {
        let lines = self.lines(service).into_iter();
        let mut found: Vec<Finding> = lines
            .map(|(code, severity, params)| finding(RULE, format!("{RULE}.{code}"), severity, params))
            .collect();
        found.extend(self.unread.as_ref().map(|why| {
            let params = [("name", self.shown(service)), ("why", why.clone())];
            let params = params.map(|(name, value)| (name.to_owned(), value));
            finding(
                UNREAD_CODE,
                UNREAD_CODE.to_owned(),
                Severity::Warning,
                params.into(),
            )
        }));
        found
    }

    /// The service, and the version if it has another name.
    fn shown(&self, service: &str) -> String {
        match service == self.name {
            true => service.to_owned(),
            false => format!("{service} ({})", self.name),
        }
    }

    pub(crate) fn lines(&self, service: &str) -> Vec<Line> {
        let shown = self.shown(service);
        let carried = self.spec.as_ref().map(|spec| {
            let models: Vec<String> = spec.models.iter().map(source::label).collect();
            let params = [
                ("endpoint", spec.endpoint.name().to_owned()),
                ("version", spec.version.clone()),
                ("model", models.join(", ")),
                ("traffic", spec.share().to_string()),
            ];
            let params = params.map(|(name, value)| (name.to_owned(), value));
            ("carried", Severity::Information, params.into())
        });
        let notes = self
            .notes
            .iter()
            .map(|note| (note.code, Severity::Warning, note.params.clone()));
        let named = |(code, severity, mut params): Line| {
            params.insert("name".to_owned(), shown.clone());
            (code, severity, params)
        };
        carried.into_iter().chain(notes).map(named).collect()
    }
}

fn finding(rule: &str, code: String, severity: Severity, params: BTreeMap<String, String>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        code,
        severity,
        step: WizardStep::Review,
        field: None,
        params,
        source: SOURCE.to_owned(),
        waivable: false,
        resource: None,
    }
}

/// Decides for each version of a service, in Azure's JSON, whether it can be carried over to a compute on the extension
/// route. The versions come in the order in which they are to be deployed.
pub fn carry_over(service: &Value, workspace: &WorkspaceRef, compute: &str) -> Vec<CarriedVersion> {
    let name = service["name"].as_str().unwrap_or_default();
    let live = Traffic::live_of(service).ok();
    let Some(parts) = parts(name, service) else {
        let mut notes = Notes::default();
        notes.stop("versions", &[]);
        return vec![CarriedVersion {
            name: name.to_owned(),
            spec: None,
            code: Vec::new(),
            notes: notes.0,
            unread: None,
        }];
    };
    let mut all: Vec<CarriedVersion> = parts
        .into_iter()
        .map(|(version, part)| {
            let spec = DeploySpec {
                route: Route::Extension,
                workspace: workspace.clone(),
                compute: compute.to_owned(),
                version: version_name(name, version),
                ..DeploySpec::default()
            };
            carried(service, version, part, spec)
        })
        .collect();
    let share = |version: &CarriedVersion| live.as_ref().map_or(0, |live| live.share(&version.name));
    all.sort_by(|one, other| (share(other), &one.name).cmp(&(share(one), &other.name)));
    distribute(&mut all, service, live.as_ref());
    all
}

/// The versions of a service; `None` if Azure does not list them with names that can be used.
fn parts<'a>(name: &'a str, service: &'a Value) -> Option<Vec<(&'a str, &'a Value)>> {
    if is_plain_service(service) {
        return Some(vec![(name, service)]);
    }
    let versions = service["versions"].as_object().filter(|all| !all.is_empty())?;
    let named = versions.keys().all(|name| check_part(name).is_ok());
    named.then(|| {
        versions
            .iter()
            .map(|(name, part)| (name.as_str(), part))
            .collect()
    })
}

/// A deployment cannot have the name of its endpoint, and both names together have a limit.
fn version_name(service: &str, version: &str) -> String {
    let suffix = match version.eq_ignore_ascii_case(service) {
        true => "-1",
        false => "",
    };
    let longest = LONGEST_PAIR.saturating_sub(service.len()).min(LONGEST_NAME);
    let cut: String = version
        .chars()
        .take(longest.saturating_sub(suffix.len()))
        .collect();
    format!("{}{suffix}", cut.trim_end_matches('-'))
}

fn carried(service: &Value, name: &str, part: &Value, mut spec: DeploySpec) -> CarriedVersion {
    let mut notes = Notes::default();
    let folder = format!("{}-{name}", service["name"].as_str().unwrap_or_default());
    let code = source::read(part, &folder, &mut spec, &mut notes);
    settings::read(part, &mut spec, &mut notes);
    spec.app_insights = part["appInsightsEnabled"] == true || service["appInsightsEnabled"] == true;
    spec.description = text(part, "description");
    spec.tags = tags(part);
    let role = part["type"].as_str().unwrap_or_default();
    if role.eq_ignore_ascii_case("Control") {
        notes.leave("role", &[("role", &role)]);
    }
    let stops = notes.0.iter().any(|note| note.stops);
    CarriedVersion {
        name: name.to_owned(),
        spec: (!stops).then(|| Box::new(spec)),
        code,
        notes: notes.0,
        unread: None,
    }
}

/// The first version that can be carried over makes the endpoint. Each further one takes its share from those before it.
fn distribute(all: &mut [CarriedVersion], service: &Value, live: Option<&Traffic>) {
    let name = text(service, "name");
    let mut sum = 0_u32;
    let mut is_first = true;
    for version in all {
        let Some(spec) = &mut version.spec else { continue };
        let share = live.map_or(0, |live| u32::from(live.share(&version.name)));
        sum += share;
        if is_first {
            let mut notes = Notes::default();
            spec.endpoint = EndpointChoice::New {
                name: name.clone(),
                description: text(service, "description"),
                auth: auth(service, &mut notes),
                tags: tags(service),
                namespace: String::new(),
                single: false,
            };
            if live.is_none() {
                notes.leave("traffic", &[]);
            }
            version.notes.extend(notes.0);
        } else {
            spec.endpoint = EndpointChoice::Existing { name: name.clone() };
            let part = (share * u32::from(ALL) + sum / 2).checked_div(sum).unwrap_or(0);
            spec.traffic = Some(u8::try_from(part).unwrap_or(ALL));
        }
        is_first = false;
    }
}

/// How callers prove who they are. An online endpoint has one way, and none without
/// (learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint).
fn auth(service: &Value, notes: &mut Notes) -> Auth {
    match EndpointAuth::of_resource(service) {
        EndpointAuth::Token => return Auth::Token,
        EndpointAuth::Key => {}
        EndpointAuth::KeyAndToken => notes.leave("two_ways", &[]),
        EndpointAuth::None => notes.leave("open", &[]),
        EndpointAuth::Unknown => notes.leave("auth_unknown", &[]),
    }
    Auth::Key
}

fn tags(part: &Value) -> BTreeMap<String, String> {
    let all = part["kvTags"].as_object().into_iter().flatten();
    let texts = all.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    texts.filter(|(name, _)| name != PLAN_TAG).collect()
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;

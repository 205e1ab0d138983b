//! `berth endpoints`.

mod export;
mod front_end_logs;
mod invoke;
mod keys;
mod logs;

use super::{Context, Outcome, exit_code, print, report_unread, specs};
use crate::arguments::{EndpointAction, StartArgs};
use berth_app::words;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{EndpointDetails, EndpointList, ResourceOn};
use berth_domain::change::{Change, Goal};
use berth_domain::diagnosis::ReportedError;
use berth_domain::endpoint::{Endpoint, EndpointVersion, VersionScale};
use berth_domain::resource_id::last_segment;

/// Shown for what Azure does not say or what could not be read.
const UNKNOWN: &str = "unknown";

pub(super) async fn endpoints(context: &Context<'_>, action: Option<&EndpointAction>) -> Outcome {
    match action {
        None => list(context, None).await,
        Some(EndpointAction::List { workspace }) => list(context, workspace.as_deref()).await,
        Some(EndpointAction::Show { id }) => show(context, id).await,
        Some(EndpointAction::Logs(args)) => Box::pin(logs::logs(context, args)).await,
        Some(EndpointAction::Invoke(args)) => Box::pin(invoke::invoke(context, args)).await,
        Some(EndpointAction::Keys(args)) => match args.change() {
            Some(change_to) => change(context, change_to, &args.start).await,
            None => keys::keys(context, args).await,
        },
        Some(EndpointAction::Traffic(args)) => {
            let change_to = args.change().map_err(|why| {
                Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
                    .with("what", "traffic")
                    .with("why", why)
            })?;
            change(context, change_to, &args.start).await
        }
        Some(EndpointAction::Auth(args)) => change(context, args.change(), &args.start).await,
        Some(EndpointAction::Export(args)) => Box::pin(export::export(context, args)).await,
        Some(EndpointAction::Delete(args)) => change(context, args.change(), &args.start).await,
    }
}

/// Shows the plan of a change and, if the person said so, runs it.
async fn change(context: &Context<'_>, change: Change, start: &StartArgs) -> Outcome {
    let goal = Goal::Change {
        change: Box::new(change),
        waived: Vec::new(),
    };
    if start.yes {
        Box::pin(specs::apply_goal(context, goal, &start.consent)).await
    } else {
        specs::plan_goal(context, goal, &start.consent).await
    }
}

async fn list(context: &Context<'_>, workspace: Option<&str>) -> Outcome {
    let list = read(context, workspace).await?;
    if context.json {
        print::json(&list);
    } else {
        let rows: Vec<Vec<String>> = list.endpoints.iter().map(row).collect();
        print::table(
            &[
                "NAME",
                "WORKSPACE",
                "COMPUTE",
                "ROUTE",
                "AUTH",
                "STATE",
                "TRAFFIC",
                "PROBLEM",
            ],
            &rows,
        );
        print::line(&format!("Read at {}.", print::time(&list.read_at)));
    }
    Ok(exit_code(report_unread(&unread(&list))))
}

async fn read(context: &Context<'_>, workspace: Option<&str>) -> Result<EndpointList, Failure> {
    match workspace {
        Some(id) => context.berth.endpoints_of_workspace(&resource(context, id)).await,
        None => context.berth.read_endpoints(&context.account).await,
    }
}

fn resource(context: &Context<'_>, id: &str) -> ResourceOn {
    ResourceOn {
        account: context.account.clone(),
        resource_id: id.to_owned(),
    }
}

/// What the list could not read, and why: one line per place.
fn unread(list: &EndpointList) -> Vec<String> {
    let places = list
        .unread
        .iter()
        .map(|place| format!("{}: {}", place.name, place.why));
    places
        .chain(list.endpoints.iter().filter_map(unread_versions))
        .collect()
}

fn unread_versions(endpoint: &Endpoint) -> Option<String> {
    let why = endpoint.versions_unread.as_ref()?;
    Some(format!("versions of {}: {why}", endpoint.name))
}

fn row(endpoint: &Endpoint) -> Vec<String> {
    vec![
        endpoint.name.clone(),
        last_segment(&endpoint.workspace_id).to_owned(),
        or_unknown(endpoint.compute_name.as_deref()),
        words::code_of(&endpoint.route),
        words::code_of(&endpoint.auth).replace('_', " "),
        or_unknown(Some(&endpoint.state)),
        traffic(endpoint),
        problems(endpoint).join("; "),
    ]
}

/// `blue 90 % · green 10 %`.
fn traffic(endpoint: &Endpoint) -> String {
    let share = |version: &EndpointVersion| format!("{} {}", version.name, percent(endpoint.share(version)));
    let shares: Vec<String> = endpoint.versions.iter().map(share).collect();
    if shares.is_empty() && endpoint.versions_unread.is_some() {
        return UNKNOWN.to_owned();
    }
    shares.join(" · ")
}

fn percent(share: Option<u32>) -> String {
    share.map_or_else(|| UNKNOWN.to_owned(), |share| format!("{share} %"))
}

/// Errors by their codes, and the state of each version that is not ready.
fn problems(endpoint: &Endpoint) -> Vec<String> {
    let own = endpoint.errors.iter().map(code);
    let versions = endpoint.own_versions().iter().flat_map(|version| {
        let errors: Vec<String> = version.errors.iter().map(code).collect();
        let is_ready = ["Succeeded", "Healthy"].contains(&version.state.as_str());
        let state = (errors.is_empty() && !is_ready).then(|| or_unknown(Some(&version.state)));
        let all = errors.into_iter().chain(state);
        all.map(|problem| format!("{}: {problem}", version.name))
    });
    let unread = endpoint
        .versions_unread
        .iter()
        .map(|_| "versions not read".to_owned());
    own.chain(versions).chain(unread).collect()
}

fn code(error: &ReportedError) -> String {
    if error.code.is_empty() {
        error.message.clone()
    } else {
        error.code.clone()
    }
}

async fn show(context: &Context<'_>, id: &str) -> Outcome {
    let details = context.berth.get_endpoint(&resource(context, id)).await?;
    if context.json {
        print::json(&details);
    } else {
        show_details(&details);
    }
    let versions = unread_versions(&details.endpoint);
    let unread: Vec<String> = details.problems.into_iter().chain(versions).collect();
    Ok(exit_code(report_unread(&unread)))
}

fn show_details(details: &EndpointDetails) {
    let endpoint = &details.endpoint;
    let compute = details.compute.as_ref();
    let place = details.workspace_location.as_deref();
    let place = place.map_or_else(String::new, |location| format!(" ({location})"));
    print::entry("", &endpoint.name);
    for (label, value) in [
        ("route", words::code_of(&endpoint.route)),
        ("state", or_unknown(Some(&endpoint.state))),
        (
            "workspace",
            format!("{}{place}", last_segment(&endpoint.workspace_id)),
        ),
        ("compute", or_unknown(endpoint.compute_name.as_deref())),
        (
            "compute state",
            or_unknown(compute.map(|compute| compute.provisioning_state.as_str())),
        ),
        (
            "cluster",
            or_unknown(endpoint.cluster_id.as_deref().map(last_segment)),
        ),
        ("address", or_unknown(endpoint.url.as_deref())),
        ("auth", words::code_of(&endpoint.auth).replace('_', " ")),
        (
            "created",
            print::time(&or_unknown(endpoint.created_at.as_deref())),
        ),
        (
            "changed",
            print::time(&or_unknown(endpoint.changed_at.as_deref())),
        ),
    ] {
        print::entry(&format!("  {label:<14}"), &value);
    }
    if !endpoint.versions.is_empty() {
        print::line("");
        let rows: Vec<Vec<String>> = endpoint
            .versions
            .iter()
            .map(|version| version_row(endpoint, version))
            .collect();
        print::table(
            &[
                "VERSION",
                "TRAFFIC",
                "STATE",
                "REPLICAS",
                "ROLE",
                "MODEL",
                "ENVIRONMENT",
                "INSTANCE TYPE",
            ],
            &rows,
        );
    }
    show_errors(&endpoint.name, &endpoint.errors);
    for version in endpoint.own_versions() {
        show_errors(&version.name, &version.errors);
    }
}

fn version_row(endpoint: &Endpoint, version: &EndpointVersion) -> Vec<String> {
    vec![
        version.name.clone(),
        percent(endpoint.share(version)),
        or_unknown(Some(&version.state)),
        version.scale.map_or_else(|| UNKNOWN.to_owned(), replicas),
        role(endpoint, version),
        or_unknown(version.model.as_deref()),
        or_unknown(version.environment.as_deref()),
        version.instance_type.clone().unwrap_or_default(),
    ]
}

/// The part of a version, and whether it gets the traffic that no version is assigned.
fn role(endpoint: &Endpoint, version: &EndpointVersion) -> String {
    let own = version.role.map(|role| words::code_of(&role)).unwrap_or_default();
    let is_default = endpoint.unassigned.as_ref() == Some(&version.name);
    match (own.as_str(), is_default) {
        ("default", _) | (_, false) => own,
        ("", true) => "default".to_owned(),
        (_, true) => format!("{own}, default"),
    }
}

fn replicas(scale: VersionScale) -> String {
    match scale {
        VersionScale::Fixed { replicas } => replicas.to_string(),
        VersionScale::Auto { min, max, target } => format!("{min}–{max} at {target} %"),
    }
}

fn show_errors(of: &str, errors: &[ReportedError]) {
    for error in errors {
        print::line("");
        let parts = [error.code.as_str(), error.message.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        print::entry(&format!("{of}: "), &parts.join(": "));
    }
}

fn or_unknown(text: Option<&str>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or(UNKNOWN).to_owned()
}

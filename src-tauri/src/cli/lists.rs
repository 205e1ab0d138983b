//! `berth versions` and `berth sizes`.

use super::{Context, Outcome, exit_code, print, report_unread};
use crate::arguments::{LocationArgs, SizesArgs};
use berth_app::{given, words};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{LocationRef, SizeAnswer, SizeQuestion};
use berth_domain::spec::{Place, Size, Spec};
use berth_domain::versions::Lane;
use std::process::ExitCode;

pub(super) async fn versions(context: &Context<'_>, place: &LocationArgs) -> Outcome {
    let catalogue = context.berth.versions(&location(context, place).await?).await?;
    if context.json {
        print::json(&catalogue);
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = catalogue.lanes.iter().map(version_row).collect();
    print::table(
        &[
            "VERSION",
            "SUPPORT",
            "SUPPORT ENDS",
            "LTS ENDS",
            "AZURE ML",
            "PATCHES",
            "NOTES",
        ],
        &rows,
    );
    print::line(&format!("Support dates as of {}.", catalogue.calendar_as_of));
    Ok(ExitCode::SUCCESS)
}

fn version_row(lane: &Lane) -> Vec<String> {
    let patches: Vec<&str> = lane.patches.iter().map(|patch| patch.version.as_str()).collect();
    let mut notes = Vec::new();
    if lane.is_default {
        notes.push("default");
    }
    if !lane.selectable {
        notes.push(if lane.selectable_with_lts {
            "long-term support only"
        } else {
            "not selectable"
        });
    }
    vec![
        lane.minor.clone(),
        words::code_of(&lane.phase).replace('_', " "),
        lane.community_end.clone().unwrap_or_default(),
        lane.lts_end.clone().unwrap_or_default(),
        if lane.in_aml_window { "yes" } else { "no" }.to_owned(),
        patches.join(" "),
        notes.join(", "),
    ]
}

pub(super) async fn sizes(context: &Context<'_>, sizes: &SizesArgs) -> Outcome {
    let location = location(context, &sizes.place).await?;
    let spec = Spec {
        place: Place {
            subscription_id: location.subscription_id.clone(),
            location: location.location.clone(),
            ..Place::default()
        },
        size: Size {
            need_vcpus: sizes.min_vcpus,
            ..Size::default()
        },
        ..Spec::default()
    };
    let question = SizeQuestion {
        account: context.account.clone(),
        spec,
    };
    let answer = context.berth.suggest_sizes(&question).await?;
    if context.json {
        print::json(&answer);
    } else {
        show_sizes(&answer);
    }
    let unread = answer.usages_problem.map(|why| format!("quota: {why}"));
    Ok(exit_code(report_unread(unread.as_slice())))
}

fn show_sizes(answer: &SizeAnswer) {
    let rows: Vec<Vec<String>> = answer
        .suggestions
        .iter()
        .map(|size| {
            vec![
                size.vm_size.clone(),
                size.nodes.to_string(),
                size.vcpus.to_string(),
                format!("{:.0}", size.memory_gib),
                size.gpus.to_string(),
                format!("{:.1}", size.free_vcpus),
                size.quota_left
                    .map_or_else(|| "unknown".to_owned(), |left| left.to_string()),
                size.reason.replace('_', " "),
            ]
        })
        .collect();
    print::table(
        &[
            "SIZE",
            "NODES",
            "VCPU",
            "GIB",
            "GPU",
            "FREE VCPU",
            "QUOTA LEFT",
            "REASON",
        ],
        &rows,
    );
}

async fn location(context: &Context<'_>, place: &LocationArgs) -> Result<LocationRef, Failure> {
    given::location(&place.location)?;
    Ok(LocationRef {
        account: context.account.clone(),
        subscription_id: subscription(context, place.subscription.as_deref()).await?,
        location: place.location.to_lowercase(),
    })
}

/// The named subscription, else the account's first.
pub(super) async fn subscription(context: &Context<'_>, named: Option<&str>) -> Result<String, Failure> {
    if let Some(id) = named {
        return Ok(id.to_owned());
    }
    let session = context.berth.session(&context.account).await?;
    session
        .subscriptions
        .first()
        .map(|first| first.subscription_id.clone())
        .ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::AskAdministrator).with("what", "subscription")
        })
}

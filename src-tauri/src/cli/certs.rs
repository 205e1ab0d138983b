//! `berth certs check`.

use super::{Context, Outcome, print, specs};
use crate::arguments::CertAction;
use berth_app::certificates;
use berth_domain::finding::blocks;
use std::process::ExitCode;

pub(super) async fn certs(context: &Context<'_>, action: &CertAction) -> Outcome {
    let CertAction::Check {
        certificate,
        key,
        cname,
    } = action;
    let check = certificates::check_files(certificate, key, cname)?;
    if context.json {
        print::json(&check);
    } else {
        let facts = &check.facts;
        print::line(&format!("{} for {}", facts.subject, facts.names.join(", ")));
        print::line(&format!(
            "{} {} bits, until {} ({} days)",
            facts.key_type, facts.key_bits, facts.not_after, facts.days_left
        ));
        for rung in &facts.chain {
            print::line(&format!("  {:<12} {}", rung.role, rung.subject));
        }
        specs::show_findings(&check.findings);
    }
    Ok(if blocks(&check.findings) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

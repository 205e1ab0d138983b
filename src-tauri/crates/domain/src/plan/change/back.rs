//! Rollback of a TLS change: the plan backs up the former certificate and includes the steps that restore it.

use super::serving::extension_tls;
use super::{ChangePlanner, Edit};
use crate::bodies::compute_aks;
use crate::bodies::extension::setting;
use crate::bodies::extension_update::{PROTECTED, SETTINGS};
use crate::change::serving::{Former, Serving, TlsNow};
use crate::plan::steps::note;
use crate::plan::{Changed, PlanError, PlanStep, ToShow, timing};
use crate::spec::{PairRef, Route, Tls};
use serde_json::{Map, Value, json};

/// Extension settings that select the certificate its front end presents.
const TLS_SETTINGS: [&str; 4] = [
    "allowInsecureConnections",
    "sslCname",
    "sslSecret",
    "scoringFe.sslSecret",
];

/// The step that backs up the former certificate, and the steps that restore it.
#[derive(Default)]
pub(super) struct WayBack {
    pub(super) keep: Option<PlanStep>,
    pub(super) former: Option<PairRef>,
    pub(super) steps: Vec<PlanStep>,
}

impl ChangePlanner<'_> {
    /// Plans the rollback; empty if none is possible.
    pub(super) fn way_back(&self) -> Result<WayBack, PlanError> {
        let serving = self.serving()?;
        let former = serving.former(&self.context.facts.change.kept);
        let Some(former) =
            former.filter(|_| serving.route == Route::Classic || self.context.installed().is_some())
        else {
            return Ok(WayBack::default());
        };
        let kept = matches!(former, Former::Kept { .. });
        let pair = kept.then(|| PairRef::Vault {
            id: format!("run-{}-former", self.context.plan_id),
        });
        let tls = former_tls(serving, pair.clone());
        let edits = match serving.route {
            Route::Classic => vec![self.classic_tls(&tls)],
            Route::Extension => self.former_settings(&tls, kept)?,
        };
        let put_back = self.write_tls(serving, Changed::FormerTls, edits, note("undo.nothing", []))?;
        let shows = ToShow::Former {
            sha256: former.sha256(),
        };
        let proof = self.prove_shows(serving, &tls, shows, timing::PROOF);
        Ok(WayBack {
            keep: kept.then(|| self.keep(serving)),
            former: pair,
            steps: vec![put_back, proof],
        })
    }

    pub(super) fn classic_tls(&self, tls: &Tls) -> Edit {
        let ssl = compute_aks::ssl(Some(tls)).unwrap_or_else(|| json!({ "status": "Disabled" }));
        Edit::set("/properties/properties/sslConfiguration", ssl)
    }

    /// Edits that restore the current settings, including the name of a secret that somebody else manages.
    fn former_settings(&self, tls: &Tls, kept: bool) -> Result<Vec<Edit>, PlanError> {
        let mut edits = extension_tls(tls)?;
        if kept || *tls == Tls::None {
            return Ok(edits);
        }
        let found = self.context.installed();
        let now = |name: &str| found.and_then(|found| setting(found, name)).unwrap_or_default();
        let settings: Map<String, Value> = TLS_SETTINGS
            .iter()
            .map(|name| ((*name).to_owned(), json!(now(name))))
            .collect();
        edits[0] = Edit::set(SETTINGS, settings);
        edits[1] = Edit::set(PROTECTED, json!({}));
        Ok(edits)
    }
}

/// The current TLS settings as a specification. A label never overwrites an existing domain name.
fn former_tls(serving: &Serving, pair: Option<PairRef>) -> Tls {
    match &serving.tls {
        TlsNow::Off => Tls::None,
        TlsNow::Microsoft { label } => Tls::Microsoft {
            leaf_domain_label: label.clone(),
            overwrite_existing_domain: false,
        },
        TlsNow::Own { cname } => Tls::Own {
            cname: cname.clone(),
            pair,
        },
    }
}

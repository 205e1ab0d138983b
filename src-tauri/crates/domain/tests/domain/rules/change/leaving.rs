//! Detaching, deleting, cleaning up, and rights.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let leaves = classic(detach());
    let deletes = classic(delete("aks-there"));
    let brought = classic(delete_both("aks-there"));
    let made = |good: &Good| with_compute(good, "/properties/isAttachedCompute", false.into());
    let unsaid = with_compute(&brought, "/properties/isAttachedCompute", serde_json::Value::Null);
    let both = made(&brought);
    let cleans = facing(&classic(clean_up()), |facts| {
        facts.attachments = Fact::Known(vec![]);
        facts.leftovers = Fact::Known(vec!["service default/azureml-fe".into()]);
    });
    let clean = facing(&cleans, |facts| facts.leftovers = Fact::Known(vec![]));
    let in_use = facing(&cleans, |facts| {
        facts.attachments = Fact::Known(vec![good::compute(CLASSIC, "AKS")])
    });
    let free = facing(&deletes, |facts| facts.attachments = Fact::Known(vec![]));
    let grants = classic(grant("o-1"));
    let reader = facing(&grants, |facts| facts.change.scope_rights = Fact::Known(vec![]));
    let clears = classic(clear_up());
    let nothing = facing(&clears, |facts| facts.change.present = Fact::Known(vec![]));
    vec![
        told("ATT-17", Warning, leaves.clone(), serving(&leaves)),
        told("ATT-18", Information, deletes.clone(), leaves.clone()),
        told("ATT-18", Information, moving(back()), moving(finish())),
        told("ATT-19", Blocking, both.clone(), brought),
        told("ATT-19", Blocking, both.clone(), unsaid),
        told("ATT-20", Blocking, deletes.clone(), classic(delete("aks"))),
        told("ATT-20", Blocking, both.clone(), made(&classic(delete_both("")))),
        told("ATT-21", Warning, free, deletes.clone()),
        told("DEL-01", Warning, leaves.clone(), deletes),
        told("DEL-01", Warning, leaves.clone(), both),
        told("DEL-02", Warning, leaves.clone(), made(&leaves)),
        told("CLN-01", Blocking, cleans.clone(), in_use),
        told("CLN-02", Blocking, cleans.clone(), clean.clone()),
        told("CLN-02.found", Information, clean, cleans),
        told("GRT-01", Blocking, grants.clone(), reader),
        told("GRT-02", Blocking, grants, classic(grant(" "))),
        told("CLU-01", Blocking, clears.clone(), nothing.clone()),
        told("CLU-01.goes", Warning, nothing, clears),
    ]
}

//! Plans for changing the load balancer or TLS, renewing Microsoft's certificate, and refreshing the classic front end.

use super::{ChangePlanner, Edit};
use crate::bodies::compute_aks;
use crate::bodies::extension::{LOAD_BALANCER, SERVICE_TYPE, has_load_balancer, installed, protected};
use crate::bodies::extension_update::{PROTECTED, SETTINGS};
use crate::bodies::written_back::written_back;
use crate::change::serving::{Serving, TlsNow, name_of_service, named_secret, tls_of_extension};
use crate::cluster_object::{ClusterObject, ObjectKind};
use crate::plan::steps::{
    complete, extension_id, keep_certificate, label_moves, make_certificate, note, step,
};
use crate::plan::{Changed, Check, Note, PlanError, PlanStep, StepKind, ToShow, inside, timing};
use crate::secrets::PLAN_TAG;
use crate::spec::{LoadBalancer, Route, Tls};
use serde_json::{Value, json};

impl ChangePlanner<'_> {
    pub(super) fn load_balancer(&self, wanted: &LoadBalancer) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.serving()?;
        let after = Serving {
            load_balancer: wanted.clone(),
            ..serving.clone()
        };
        let undo = note("undo.load_balancer", []);
        let mut steps = Vec::new();
        let mut made = match serving.route {
            Route::Classic => {
                let (kind, subnet) = match wanted {
                    LoadBalancer::Public => ("PublicIp", None),
                    LoadBalancer::Internal { subnet } => ("InternalLoadBalancer", subnet.as_deref()),
                };
                let at = |name: &str| format!("/properties/properties/{name}");
                let mut edits = vec![Edit::set(&at("loadBalancerType"), kind)];
                edits.extend(subnet.map(|name| Edit::set(&at("loadBalancerSubnet"), name)));
                let compute = self.compute()?;
                self.context.put_edited(
                    &serving.compute_id,
                    Changed::LoadBalancer,
                    compute,
                    edits,
                    timing::CHANGE_CLASSIC,
                    undo,
                )
            }
            Route::Extension => {
                let internal = matches!(wanted, LoadBalancer::Internal { .. });
                let mut settings = json!({
                    "internalLoadBalancerProvider": if internal { "azure" } else { "" },
                    "scoringFe.serviceType.internalLoadBalancer": if internal { "True" } else { "False" },
                });
                let installed = self
                    .context
                    .facts
                    .extensions
                    .known()
                    .and_then(|all| installed(all));
                if !installed.is_none_or(has_load_balancer) {
                    settings[SERVICE_TYPE] = json!(LOAD_BALANCER);
                }
                let mut edits = vec![Edit::set(SETTINGS, settings)];
                edits.extend(self.protected_edit(serving));
                steps.extend(self.back_up_for_extension(serving));
                self.context.patch_edited(
                    &self.extension_id(),
                    Changed::LoadBalancer,
                    edits,
                    timing::CHANGE_EXTENSION,
                    undo,
                )
            }
        };
        if *wanted == LoadBalancer::Public {
            made.costs.push(note("cost.public_address", []));
        }
        made.interrupts.extend(self.interrupts());
        made.interrupts.push(note("interrupt.address", []));
        steps.push(made);
        steps.push(self.prove(&after, &self.tls_of(serving)));
        Ok(steps)
    }

    pub(super) fn tls(&self, wanted: &Tls) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.serving()?;
        complete(wanted)?;
        let mut steps = Vec::new();
        steps.extend(make_certificate(wanted));
        let edits = match serving.route {
            Route::Classic => vec![self.classic_tls(wanted)],
            Route::Extension => extension_tls(wanted)?,
        };
        let mut made = self.write_tls(serving, Changed::Tls, edits, note("undo.tls", []))?;
        made.interrupts.extend(self.interrupts());
        let name_changes = match &serving.tls {
            TlsNow::Own { cname } => wanted.cname() != Some(cname.as_str()),
            TlsNow::Microsoft { label } => {
                !matches!(wanted, Tls::Microsoft { leaf_domain_label, .. } if leaf_domain_label == label)
            }
            TlsNow::Off => true,
        };
        if name_changes {
            made.interrupts.push(note("interrupt.url", []));
        }
        steps.push(made);
        steps.push(self.prove(serving, wanted));
        Ok(steps)
    }

    /// The step that writes TLS edits: to the compute on the classic route, to the extension on the extension route.
    pub(super) fn write_tls(
        &self,
        serving: &Serving,
        what: Changed,
        edits: Vec<Edit>,
        undo: Note,
    ) -> Result<PlanStep, PlanError> {
        Ok(match serving.route {
            Route::Classic => {
                let (id, seen) = (&serving.compute_id, self.compute()?);
                self.context
                    .put_edited(id, what, seen, edits, timing::CHANGE_CLASSIC, undo)
            }
            Route::Extension => {
                let id = self.extension_id();
                self.context
                    .patch_edited(&id, what, edits, timing::CHANGE_EXTENSION, undo)
            }
        })
    }

    /// Requests a newer certificate for the same label: sends the current TLS configuration with `renew`, and without
    /// `overwriteExistingDomain`, which would change the name (package azureml-core 1.61, core/compute/aks.py;
    /// learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service).
    pub(super) fn renew_label(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.classic()?;
        let TlsNow::Microsoft { label } = &serving.tls else {
            return Err(PlanError::Contradiction("compute", "tls"));
        };
        let compute = self.compute()?;
        let mut ssl = compute["properties"]["properties"]["sslConfiguration"].clone();
        if let Some(members) = ssl.as_object_mut() {
            members.retain(|name, value| !matches!(name.as_str(), "cert" | "key") && !value.is_null());
        }
        ssl["overwriteExistingDomain"] = json!(false);
        let edits = vec![
            Edit::set("/properties/properties/sslConfiguration", ssl),
            Edit::ask("/properties/properties/sslConfiguration/renew", true),
        ];
        let undo = note("undo.renewal", []);
        let renewal = self.write_tls(serving, Changed::RenewLabel, edits, undo)?;
        let shows = ToShow::Renewed {
            former: self.context.facts.change.presented.known().cloned().flatten(),
            name: name_of_service(compute).map(str::to_owned),
        };
        let tls = Tls::Microsoft {
            leaf_domain_label: label.clone(),
            overwrite_existing_domain: false,
        };
        Ok(vec![
            renewal,
            self.prove_shows(serving, &tls, shows, timing::RENEWAL),
        ])
    }

    /// Backs up the certificate, detaches the compute, removes leftovers and attaches again. The certificate is in the
    /// vault before anything is detached.
    pub(super) fn refresh(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.classic()?;
        let mut steps = Vec::new();
        if matches!(serving.tls, TlsNow::Own { .. }) {
            steps.push(self.keep(serving));
        }
        let mut detached = self.detach_step(&serving.compute_id);
        detached.interrupts.extend(self.interrupts());
        detached.undo = note("undo.attach_again", []);
        steps.push(detached);
        // Attaching rewrites the Secret. Until then it stays as a second copy of the certificate.
        let mut leftovers = self.all_leftovers();
        leftovers.retain(|object| object.kind != ObjectKind::Secret);
        steps.push(self.remove_leftovers(&serving.cluster_id, &leftovers));
        let spec = serving.spec(Some(self.kept_pair()));
        let mut body = compute_aks::compute_aks(
            &spec,
            &serving.cluster_id,
            &serving.location,
            self.context.plan_id,
        );
        // Keep what the user set, and the purpose even if Berth does not offer it.
        let compute = self.compute()?;
        keep_settings(&mut body, &written_back(&serving.compute_id, compute, &[]));
        if let Some(tags) = compute["tags"].as_object() {
            for (name, value) in tags.iter().filter(|(name, _)| *name != PLAN_TAG) {
                body["tags"][name] = value.clone();
            }
        }
        body["properties"]["properties"]["clusterPurpose"] = json!(serving.purpose);
        let mut attached = self.context.attach(&serving.compute_id, Route::Classic, body);
        if let TlsNow::Microsoft { label } = &serving.tls {
            attached.interrupts.push(label_moves(label));
        }
        steps.push(attached);
        steps.push(self.prove(serving, &self.tls_of(serving)));
        Ok(steps)
    }

    /// The current TLS configuration as in a specification.
    pub(super) fn tls_of(&self, serving: &Serving) -> Tls {
        serving.spec(Some(self.kept_pair())).tls.unwrap_or(Tls::None)
    }

    /// The step that backs up the certificate to the vault.
    pub(super) fn keep(&self, serving: &Serving) -> PlanStep {
        keep_certificate(
            &serving.cluster_id,
            serving.front_namespace(),
            serving.secret.as_deref().unwrap_or_default(),
        )
    }

    /// Azure replaces protected settings as a set and never returns them. A change of other settings has to send them
    /// again, so the certificate is first read from the cluster. There are none to send if the certificate is in a
    /// named Secret.
    fn back_up_for_extension(&self, serving: &Serving) -> Option<PlanStep> {
        self.protected_edit(serving).is_some().then(|| self.keep(serving))
    }

    fn protected_edit(&self, serving: &Serving) -> Option<Edit> {
        let inline = matches!(serving.tls, TlsNow::Own { .. }) && serving.secret.is_none();
        inline.then(|| Edit::set(PROTECTED, protected()))
    }

    /// Sends the protected settings again with the backed-up certificate, if the installed extension's certificate is
    /// in them.
    pub(super) fn protected_again(&self) -> Option<Edit> {
        let found = self.context.installed()?;
        let inline = tls_of_extension(found) != TlsNow::Off && named_secret(found).is_none();
        inline.then(|| Edit::set(PROTECTED, protected()))
    }

    pub(super) fn extension_id(&self) -> String {
        let cluster = self
            .serving
            .as_ref()
            .map_or("", |serving| serving.cluster_id.as_str());
        self.context
            .installed()
            .map_or_else(|| extension_id(cluster), |found| found.id.clone())
    }

    pub(super) fn remove_leftovers(&self, cluster_id: &str, objects: &[ClusterObject]) -> PlanStep {
        let kind = StepKind::RemoveLeftovers {
            cluster_id: cluster_id.to_owned(),
            objects: objects.to_vec(),
        };
        let undo = note("undo.leftovers", []);
        PlanStep {
            inside: inside::removals(objects),
            ..step("remove_leftovers", kind, None, timing::INSIDE, undo)
        }
    }

    /// The leftovers found, or all possible ones if none are known.
    pub(super) fn all_leftovers(&self) -> Vec<ClusterObject> {
        match self.context.facts.leftovers.known() {
            Some(found) if !found.is_empty() => found.clone(),
            _ => crate::change::serving::classic_objects(),
        }
    }

    pub(super) fn clean(cluster_id: &str) -> Check {
        Check::Clean {
            cluster_id: cluster_id.to_owned(),
        }
    }
}

/// Edits for the extension's TLS. A certificate sent inline replaces a Secret that was named before.
pub(super) fn extension_tls(wanted: &Tls) -> Result<Vec<Edit>, PlanError> {
    match wanted {
        Tls::Microsoft { .. } => Err(PlanError::Contradiction("tls", "route")),
        Tls::None => Ok(vec![
            Edit::set(
                SETTINGS,
                json!({ "allowInsecureConnections": "True", "sslCname": "", "sslSecret": "", "scoringFe.sslSecret": "" }),
            ),
            Edit::set(PROTECTED, json!({})),
        ]),
        Tls::Own { cname, .. } | Tls::Generated { cname, .. } => Ok(vec![
            Edit::set(
                SETTINGS,
                json!({ "allowInsecureConnections": "False", "sslCname": cname, "sslSecret": "", "scoringFe.sslSecret": "" }),
            ),
            Edit::set(PROTECTED, protected()),
        ]),
    }
}

/// Adds the settings of the compute that an attachment does not state, such as its description. What is inside
/// `properties/properties` belongs to the cluster, or is stated.
fn keep_settings(body: &mut Value, compute: &Value) {
    for place in ["", "/properties"] {
        let kept = compute.pointer(place).and_then(Value::as_object);
        let Some(stated) = body.pointer_mut(place).and_then(Value::as_object_mut) else {
            continue;
        };
        for (name, value) in kept.into_iter().flatten() {
            stated.entry(name).or_insert_with(|| value.clone());
        }
    }
}

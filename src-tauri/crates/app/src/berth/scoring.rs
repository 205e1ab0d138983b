//! Calling endpoints, and their keys and tokens.

use super::Berth;
use crate::endpoints::EndpointCredential;
use crate::{endpoints, given, scoring};
use berth_contract::failure::Failure;
use berth_contract::model::{
    CallOutcome, CredentialRef, EndpointCall, RequestSample, SampleRef, SampleToSave,
};
use berth_domain::scoring::ANSWER_BYTES;
use berth_files::Readers;
use berth_home::json_file::file_problem;
use berth_home::samples;
use berth_runs::scoring::{Caller, PATIENT};
use secrecy::ExposeSecret as _;
use std::path::Path;

impl Berth {
    /// Calls an endpoint, or one of its versions, with its key or token. Keeps at most `keep` bytes of the answer.
    ///
    /// # Errors
    /// `BadInput` if the id is not an endpoint's, the version does not exist or the request is too large; `NotCalled` if the
    /// scoring address must not get the key; `NotFound`, sign-in and Azure failures.
    pub async fn call_endpoint(
        &self,
        args: &EndpointCall,
        request: Vec<u8>,
        keep: usize,
    ) -> Result<CallOutcome, Failure> {
        scoring::check_size(request.len())?;
        let caller = self.caller(args).await?;
        let target = caller.target(args.version.as_deref())?;
        let mut limits = PATIENT;
        limits.body = keep.min(ANSWER_BYTES);
        let called = Box::pin(caller.call(&target, request.into(), limits)).await;
        scoring::outcome(&target, called)
    }

    /// Fetches a key or token of an endpoint.
    ///
    /// # Errors
    /// `BadInput` if the id is not an endpoint's, sign-in and Azure failures.
    pub async fn endpoint_credential(&self, args: &CredentialRef) -> Result<EndpointCredential, Failure> {
        let id = args.endpoint.resource_id.trim().trim_end_matches('/');
        given::endpoint(id)?;
        let session = self.session(&args.endpoint.account).await?;
        match endpoints::fetch_credential(&session.arm, id, args.which).await {
            Ok(credential) => Ok(credential),
            Err(error) => match endpoints::why_no_credential(&session.arm, id, args.which).await {
                Some(why) => Err(given::bad("endpoint", id, why)),
                None => Err(berth_failures::from_arm(&error)),
            },
        }
    }

    /// Saves a key or token in a new file that only this user can read.
    ///
    /// # Errors
    /// `FileProblem`, also if the file exists.
    pub fn save_credential(&self, credential: &EndpointCredential, path: &Path) -> Result<(), Failure> {
        let text = credential.value.expose_secret().as_bytes();
        let created = berth_files::create_new(Readers::Owner, path, text);
        created.map_err(|error| file_problem(path, &error))
    }

    /// Lists the requests that the person saved for an endpoint.
    ///
    /// # Errors
    /// `BadInput` if the id is not an endpoint's, `FileProblem`, `CorruptState`.
    pub fn samples(&self, endpoint_id: &str) -> Result<Vec<RequestSample>, Failure> {
        given::endpoint(endpoint_id)?;
        samples::read(&self.options.home, endpoint_id)
    }

    /// Saves a request for an endpoint, and returns all.
    ///
    /// # Errors
    /// `BadInput` if the id is not an endpoint's, or the sample has no name or is too large; `FileProblem`, `CorruptState`.
    pub fn save_sample(&self, args: &SampleToSave) -> Result<Vec<RequestSample>, Failure> {
        given::endpoint(&args.endpoint_id)?;
        samples::save(&self.options.home, &args.endpoint_id, &args.sample)
    }

    /// Deletes a saved request, and returns the others.
    ///
    /// # Errors
    /// As [`Berth::samples`].
    pub fn delete_sample(&self, args: &SampleRef) -> Result<Vec<RequestSample>, Failure> {
        given::endpoint(&args.endpoint_id)?;
        samples::delete(&self.options.home, &args.endpoint_id, &args.name)
    }

    /// Reads an endpoint and finds its front end, to call it.
    ///
    /// # Errors
    /// As [`Berth::get_endpoint`].
    async fn caller(&self, args: &EndpointCall) -> Result<Caller, Failure> {
        let id = args.endpoint_id.trim().trim_end_matches('/');
        given::endpoint(id)?;
        let (session, arm) = self.reading(&args.account).await?;
        let (details, leaves) = tokio::join!(
            Box::pin(endpoints::details(&arm, id)),
            scoring::leaves(&self.certificates, &self.runs)
        );
        let trusted = args.trusted_host.clone();
        let clock = self.options.waiting.clock.as_ref();
        Ok(Caller::new(session.arm, clock, details?.endpoint, leaves, trusted).await)
    }
}

//! Endpoints of all workspaces.

use super::Berth;
use crate::{endpoints, given};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{
    EndpointDetails, EndpointList, EndpointPods, FrontEndLogQuestion, FrontEndLogs, LogQuestion, LogToSave,
    ResourceOn, ServiceExport, ServiceToExport, VersionLog,
};
use berth_home::json_file::file_problem;
use std::path::Path;

impl Berth {
    /// Reads the endpoints of every workspace that the account can see, on both routes, and saves the list.
    ///
    /// # Errors
    /// Sign-in failures, Azure's failure if no subscription can be listed, `FileProblem`. The list names what else could not be
    /// read.
    pub async fn read_endpoints(&self, account: &str) -> Result<EndpointList, Failure> {
        let (session, arm) = self.reading(account).await?;
        let list = endpoints::of_account(&arm).await?;
        endpoints::save(&self.options.home, account, &session.tenant_id, &list)?;
        Ok(list)
    }

    /// Returns the list that the account last saved in the tenant that it is signed in to; `None` if it is not signed in. Uses no
    /// network.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub async fn last_endpoints(&self, account: &str) -> Result<Option<EndpointList>, Failure> {
        match self.sessions.open(account).await {
            Some(session) => endpoints::last(&self.options.home, account, &session.tenant_id),
            None => Ok(None),
        }
    }

    /// Reads the endpoints of one workspace. Saves nothing.
    ///
    /// # Errors
    /// `BadInput` if the id is not a workspace's, sign-in and Azure failures, `NotFound`. The list names what else could not be read.
    pub async fn endpoints_of_workspace(&self, args: &ResourceOn) -> Result<EndpointList, Failure> {
        let id = &args.resource_id;
        given::workspace(id)?;
        let (_, arm) = self.reading(&args.account).await?;
        let found = arm.resource(&arm.path(id)).await;
        let workspace = found
            .map_err(|error| berth_failures::from_arm(&error))?
            .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", id))?;
        Ok(endpoints::of_workspace(&arm, id, &workspace).await)
    }

    /// Reads everything that the page of an endpoint shows.
    ///
    /// # Errors
    /// `BadInput` if the id is not an endpoint's, sign-in and Azure failures, `NotFound`.
    pub async fn get_endpoint(&self, args: &ResourceOn) -> Result<EndpointDetails, Failure> {
        let id = given::endpoint(&args.resource_id)?;
        let (_, arm) = self.reading(&args.account).await?;
        Box::pin(endpoints::details(&arm, id)).await
    }

    /// Writes a file into a folder for each version of a classic service, which deploys the version on the extension route,
    /// and its code. Replaces nothing.
    ///
    /// # Errors
    /// `BadInput` for an id that is not a service's, or a name that cannot be one of a compute; sign-in and Azure failures,
    /// `NotFound`; `FileProblem`, also if a file is there already.
    pub async fn export_service(
        &self,
        wanted: &ServiceToExport,
        folder: &Path,
    ) -> Result<ServiceExport, Failure> {
        let id = given::service(&wanted.service_id)?;
        given::part("compute", &wanted.compute)?;
        let (_, arm) = self.reading(&wanted.account).await?;
        Box::pin(endpoints::export(&arm, id, wanted, folder)).await
    }

    /// Reads the last lines of a version's log, without secrets.
    ///
    /// # Errors
    /// `BadInput` for an id, a version or a number of lines that cannot be used, sign-in and Azure failures, `NotFound`.
    pub async fn read_log(&self, question: &LogQuestion) -> Result<VersionLog, Failure> {
        let id = given::endpoint(&question.endpoint_id)?;
        given::part("version", &question.version)?;
        let (_, arm) = self.reading(&question.account).await?;
        Box::pin(endpoints::log(&arm, id, question)).await
    }

    /// Reads the last lines that the scoring front end of an endpoint's cluster wrote, without secrets.
    ///
    /// # Errors
    /// `BadInput` for an id or a number of lines that cannot be used, otherwise as [`Self::get_endpoint`]. The result says what else
    /// could not be read.
    pub async fn read_front_end_logs(&self, question: &FrontEndLogQuestion) -> Result<FrontEndLogs, Failure> {
        let id = given::endpoint(&question.endpoint_id)?;
        let (_, arm) = self.reading(&question.account).await?;
        Box::pin(endpoints::front_end_logs(&arm, id, question)).await
    }

    /// Reads the pods of an endpoint's versions from the cluster, and explains versions that do not serve.
    ///
    /// # Errors
    /// As [`Self::get_endpoint`]. The result names what else could not be read.
    pub async fn read_pods(&self, args: &ResourceOn) -> Result<EndpointPods, Failure> {
        let id = given::endpoint(&args.resource_id)?;
        let (_, arm) = self.reading(&args.account).await?;
        Box::pin(endpoints::pods(&arm, id)).await
    }

    /// Saves lines of a log in a private file, replacing it.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn save_log(log: &LogToSave, path: &Path) -> Result<(), Failure> {
        let text: String = log.lines.iter().map(|line| format!("{line}\n")).collect();
        berth_files::write_atomic(path, text.as_bytes()).map_err(|error| file_problem(path, &error))
    }
}

import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { EndpointChoice } from "../../../ipc/generated/EndpointChoice";

/** What is deployed: a service without versions, the first version of an endpoint, or another one. */
export type Target = "service" | EndpointChoice["kind"];

/** What a specification deploys. */
export function targetOf({ endpoint }: DeploySpec): Target {
  return endpoint.kind === "new" && endpoint.single ? "service" : endpoint.kind;
}

/** Whether it replaces a service without versions, which has its own name as its version. */
export function replacesService({ route, endpoint, version }: DeploySpec): boolean {
  return route === "classic" && endpoint.kind === "existing" && endpoint.name !== "" && endpoint.name === version;
}

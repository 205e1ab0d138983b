import type { DeploySpec } from "../ipc/generated/DeploySpec";
import defaultDeploy from "./defaultDeploy.json";

/** The empty specification of a version: `DeploySpec::default()` in Rust; a test compares both. */
export function emptyDeploy(subscriptionId: string): DeploySpec {
  const empty = defaultDeploy as DeploySpec;
  return { ...empty, workspace: { ...empty.workspace, subscriptionId } };
}

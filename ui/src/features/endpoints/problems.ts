import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { ReportedError } from "../../ipc/generated/ReportedError";
import { conditionOf } from "../../shared/endpoint/condition";
import { totalOf, trafficOf } from "../../shared/endpoint/traffic";

/** What is wrong with an endpoint: a key in `endpoints:problem`. Worst first. */
export const PROBLEM_KINDS = ["failed", "version_failed", "reported", "no_traffic", "sum", "no_versions", "unread", "unknown"] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export interface Problem {
  kind: ProblemKind;
  /** The affected version. */
  version: string;
  /** Azure's code for the error. */
  code: string;
  /** Sum of the traffic, in percent. */
  sum: number;
}

const problem = (kind: ProblemKind, part: Partial<Problem> = {}): Problem => ({ kind, version: "", code: "", sum: 0, ...part });

/** Everything that is wrong with an endpoint or could not be read, worst first. */
export function problemsOf(endpoint: Endpoint): Problem[] {
  const found = [...ofState(endpoint), ...ofTraffic(endpoint)];
  return found.sort((one, other) => PROBLEM_KINDS.indexOf(one.kind) - PROBLEM_KINDS.indexOf(other.kind));
}

function ofState(endpoint: Endpoint): Problem[] {
  const { name, route, versions } = endpoint;
  const [only] = versions;
  // A plain service is its only version.
  if (route === "classic" && only !== undefined && versions.length === 1 && only.name === name) {
    return failureOf({ ...endpoint, errors: [...endpoint.errors, ...only.errors] }, "failed");
  }
  return [...failureOf(endpoint, "failed"), ...versions.flatMap((version) => failureOf(version, "version_failed", version.name))];
}

/** The failure of an endpoint or version, or else the errors that Azure reports on it. */
function failureOf({ state, errors }: { state: string; errors: readonly ReportedError[] }, kind: ProblemKind, version = ""): Problem[] {
  const code = errors.at(-1)?.code ?? "";
  if (conditionOf(state) === "failed") {
    return [problem(kind, { version, code })];
  }
  return errors.length === 0 ? [] : [problem("reported", { version, code })];
}

function ofTraffic(endpoint: Endpoint): Problem[] {
  if (endpoint.versionsUnread !== null) {
    return [problem("unread")];
  }
  const kind = trafficOf(endpoint);
  if (kind === "no_versions") {
    return [problem("no_versions")];
  }
  if (kind === "zero") {
    return [problem("no_traffic")];
  }
  const sum = totalOf(endpoint);
  return sum === null ? [problem("unknown")] : sum === 100 ? [] : [problem("sum", { sum })];
}

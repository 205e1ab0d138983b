/** How an endpoint or version is, from what Azure says. */
export type Standing = "good" | "working" | "failed" | "cancelled" | "unknown";

const STANDINGS: Readonly<Record<string, Standing>> = {
  succeeded: "good",
  healthy: "good",
  creating: "working",
  updating: "working",
  scaling: "working",
  deleting: "working",
  transitioning: "working",
  failed: "failed",
  unhealthy: "failed",
  unschedulable: "failed",
  canceled: "cancelled",
};

/** The standing for a state of either route. A state that Berth does not know is unknown. */
export function standingOf(state: string): Standing {
  return STANDINGS[state.toLowerCase()] ?? "unknown";
}

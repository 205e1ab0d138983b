/** How an endpoint or version is, from what Azure says. */
export type Condition = "good" | "working" | "failed" | "cancelled" | "unknown";

const CONDITIONS: Readonly<Record<string, Condition>> = {
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

/** The condition for a state of either route. A state that Berth does not know is unknown. */
export function conditionOf(state: string): Condition {
  return CONDITIONS[state.toLowerCase()] ?? "unknown";
}

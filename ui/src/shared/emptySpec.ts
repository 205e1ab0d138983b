import type { Spec } from "../ipc/generated/Spec";
import defaultSpec from "./defaultSpec.json";

/** The empty specification: `Spec::default()` in Rust; a test compares both. */
export function emptySpec(subscriptionId: string): Spec {
  const empty = defaultSpec as Spec;
  return { ...empty, place: { ...empty.place, subscriptionId } };
}

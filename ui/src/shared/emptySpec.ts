import type { Spec } from "../ipc/generated/Spec";
// `Spec::default()` of Rust; a test compares the two.
import spec from "./defaultSpec.json";

/** The specification before any choice. */
export function emptySpec(subscriptionId: string): Spec {
  const empty = spec as Spec;
  return { ...empty, place: { ...empty.place, subscriptionId } };
}

import type { Spec } from "../ipc/generated/Spec";
import defaultSpec from "./defaultSpec.json";

/** The specification before any choice: `Spec::default()` of Rust, which a test compares with the file. */
export function emptySpec(subscriptionId: string): Spec {
  const empty = defaultSpec as Spec;
  return { ...empty, place: { ...empty.place, subscriptionId } };
}

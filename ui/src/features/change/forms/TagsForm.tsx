import type { ReactNode } from "react";
import type { Change } from "../../../ipc/generated/Change";
import { NamedValues } from "../../../shared/NamedValues";

interface Props {
  /** The cluster or compute. */
  resourceId: string;
  /** Its current tags. */
  first: Readonly<Record<string, string>>;
  set: (change: Change | null) => void;
}

/** Edits all tags. Azure tag names are case-insensitive. */
export function TagsForm({ resourceId, first, set }: Props): ReactNode {
  return (
    <NamedValues field="tags" testId="tag" texts="change:tags" first={first} ignoresCase onChange={(tags) => set(tags === null ? null : { kind: "tags", resourceId, tags })} />
  );
}

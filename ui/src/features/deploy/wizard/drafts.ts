import { call } from "../../../ipc/call";
import type { DeploySpec } from "../../../ipc/generated/DeploySpec";
import type { DraftStore } from "../../../shared/wizard/useSavedDraft";

/** Where the draft is kept. */
export const DRAFTS: DraftStore<DeploySpec> = {
  write: (draft) => call("write_deploy_draft", draft),
  drop: () => call("drop_deploy_draft", {}),
};

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../ipc/call";
import type { DeploySpec } from "../../ipc/generated/DeploySpec";
import { emptyDeploy } from "../../shared/emptyDeploy";
import { useNavigation } from "../../shared/navigation";
import { useSignedIn } from "../../shared/session";
import { DraftGate } from "../../shared/wizard/DraftGate";
import { DeployShell } from "./DeployShell";
import { withEndpoint } from "./where/choices";
import { DeployProvider } from "./wizard/DeployContext";
import { DRAFTS } from "./wizard/drafts";

/** Loads the draft and opens the Deploy wizard, or starts with an endpoint. */
export default function DeployPage(): ReactNode {
  const { t } = useTranslation();
  const { page } = useNavigation();
  const { account, subscriptions } = useSignedIn();
  const usable = subscriptions.filter((subscription) => subscription.state === "Enabled");
  const empty = emptyDeploy(usable.length === 1 ? (usable[0]?.subscriptionId ?? "") : "");
  const wizard = (spec: DeploySpec, step: string): ReactNode => (
    <DeployProvider account={account.id} spec={spec} step={step}>
      <DeployShell />
    </DeployProvider>
  );
  const { endpoint, spec } = page.name === "deploy" ? page : {};
  const first = spec ?? (endpoint === undefined ? undefined : withEndpoint(empty, endpoint));
  return (
    <DraftGate
      title={t("deploy:title")}
      name="deploy"
      read={() => call("read_deploy_draft", {})}
      drop={DRAFTS.drop}
      {...(first === undefined ? {} : { start: wizard(first, "where") })}
    >
      {(draft) => wizard(draft?.spec ?? empty, draft?.step ?? "where")}
    </DraftGate>
  );
}

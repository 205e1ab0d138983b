import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../ipc/call";
import { useSignedIn } from "../../shared/session";
import { DraftGate } from "../../shared/wizard/DraftGate";
import { DRAFTS } from "./wizard/draft";
import { WizardProvider } from "./wizard/WizardContext";
import { WizardShell } from "./WizardShell";

/** Loads the draft and opens the wizard. */
export default function SetupPage(): ReactNode {
  const { t } = useTranslation();
  const { account, subscriptions } = useSignedIn();
  const usable = subscriptions.filter((subscription) => subscription.state === "Enabled");
  return (
    <DraftGate title={t("common:setup.title")} name="wizard" read={() => call("read_draft", {})} drop={DRAFTS.drop}>
      {(draft) => (
        <WizardProvider account={account.id} draft={draft} subscriptionId={usable.length === 1 ? (usable[0]?.subscriptionId ?? "") : ""}>
          <WizardShell />
        </WizardProvider>
      )}
    </DraftGate>
  );
}

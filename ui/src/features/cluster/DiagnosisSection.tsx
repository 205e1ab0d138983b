import { Button } from "@fluentui/react-components";
import { StethoscopeRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { DiagnosisPanel } from "../../shared/diagnosis/DiagnosisPanel";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";

/** Diagnosis of the cluster, on request because it needs several calls. */
export function DiagnosisSection({ details }: { details: ClusterDetails }): ReactNode {
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const [asked, setAsked] = useState(false);
  if (asked) {
    return <DiagnosisPanel account={account.id} resourceId={details.cluster.id} />;
  }
  return (
    <Section level={2} title={t("diagnosis:panel.title")} hint={t("diagnosis:panel.hint")}>
      <div>
        <Button icon={<StethoscopeRegular />} onClick={() => setAsked(true)} data-testid="diagnose">
          {t("diagnosis:panel.ask")}
        </Button>
      </div>
    </Section>
  );
}

import { Text } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { useLayout } from "../../shared/layout";
import { Section } from "../../shared/Section";
import { AttachmentCard } from "./AttachmentCard";

/** By which computes workspaces know the cluster. */
export function AttachmentsSection({ details }: { details: ClusterDetails }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <Section level={2} title={t("clusters:section.attachments")} hint={t("clusters:attachmentsHint")}>
      {details.computes.length === 0 ? (
        <Text className={layout.quiet}>{t("clusters:notAttachedYet")}</Text>
      ) : (
        <ul className={layout.list}>
          {details.computes.map((compute) => (
            <li key={compute.compute.id}>
              <AttachmentCard compute={compute} details={details} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { Section } from "../../shared/Section";
import { AttachmentCard } from "./AttachmentCard";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** By which computes workspaces know the cluster. */
export function AttachmentsSection({ details }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Section level={2} title={t("clusters:section.attachments")} hint={t("clusters:attachmentsHint")}>
      {details.computes.length === 0 ? (
        <Text className={styles.quiet}>{t("clusters:notAttachedYet")}</Text>
      ) : (
        <ul className={styles.list}>
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

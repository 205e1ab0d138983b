import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { Role } from "../../../ipc/generated/Role";
import { PickField, TextField } from "../../../shared/fields";

/** Roles that attachments need, as the portal names them. */
const ROLES: readonly { value: Role; text: string }[] = [
  { value: "reader", text: "Reader" },
  { value: "contributor", text: "Contributor" },
  { value: "network_contributor", text: "Network Contributor" },
  { value: "kubernetes_extension_contributor", text: "Kubernetes Extension Contributor" },
  { value: "cluster_admin", text: "Azure Kubernetes Service Cluster Admin Role" },
];

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

interface Props {
  change: Extract<Change, { kind: "grant" }>;
  set: (change: Change) => void;
}

/** The identity, role and scope. */
export function GrantForm({ change, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.fields}>
      <TextField
        path="principalId"
        label={t("change:grant.principal")}
        hint={t("change:grant.principalHint")}
        required
        value={change.principalId}
        onChange={(typed) => set({ ...change, principalId: typed.trim() })}
      />
      <PickField
        path="role"
        label={t("change:grant.role")}
        value={change.role}
        onChange={(value) => {
          const role = ROLES.find((candidate) => candidate.value === value);
          if (role !== undefined) {
            set({ ...change, role: role.value });
          }
        }}
        empty={t("change:grant.noRole")}
        picks={ROLES}
      />
      <TextField path="scope" label={t("change:grant.scope")} hint={t("change:grant.scopeHint")} required value={change.scope} onChange={(typed) => set({ ...change, scope: typed.trim() })} />
    </div>
  );
}

import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { GlobeRegular, InfoRegular, ShieldLockRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { ComputeDetails } from "../../../ipc/generated/ComputeDetails";
import type { LoadBalancer } from "../../../ipc/generated/LoadBalancer";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FieldFindings, PickField } from "../../../shared/fields";
import { DEFAULT_SUBNET, routeOf } from "../../../shared/resources";

const useStyles = makeStyles({
  note: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "flex-start", color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
  icon: { flexShrink: 0, width: "20px", height: "20px" },
});

interface Props {
  change: Extract<Change, { kind: "load_balancer" }>;
  compute: ComputeDetails | undefined;
  subnets: readonly string[];
  set: (change: Change) => void;
}

/** Public or internal scoring address; on the classic route also its subnet. */
export function BalancerForm({ change, compute, subnets, set }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { loadBalancer } = change;
  const now = compute?.loadBalancer.kind;
  const classic = compute !== undefined && routeOf(compute.compute) === "classic";
  const subnet = loadBalancer.kind === "internal" ? (loadBalancer.subnet ?? "") : "";
  const choose = (kind: LoadBalancer["kind"]): void => set({ ...change, loadBalancer: kind === "public" ? { kind } : { kind, subnet: null } });
  const badge = (kind: LoadBalancer["kind"]): { badge?: string } => (kind === now ? { badge: t("change:now") } : {});
  return (
    <>
      <ChoiceCards<LoadBalancer["kind"]>
        field="network.loadBalancer"
        label={t("network:address.title")}
        value={loadBalancer.kind}
        onChange={choose}
        choices={[
          { value: "public", icon: GlobeRegular, title: t("network:address.public.title"), text: t("network:address.public.text"), ...badge("public") },
          { value: "internal", icon: ShieldLockRegular, title: t("network:address.internal.title"), text: t("network:address.internal.text"), ...badge("internal") },
        ]}
      />
      <FieldFindings path="network.loadBalancer" />
      {loadBalancer.kind === "internal" && classic && (
        <PickField
          path="network.loadBalancer.subnet"
          label={t("network:address.subnet")}
          hint={subnet === "" ? t("network:address.subnetDefault", { subnet: DEFAULT_SUBNET }) : undefined}
          placeholder={DEFAULT_SUBNET}
          value={subnet}
          onChange={(name) => set({ ...change, loadBalancer: { kind: "internal", subnet: name.trim() === "" ? null : name.trim() } })}
          empty={t("network:noSubnet")}
          create={(name) => t("network:address.useSubnet", { name })}
          picks={subnets.map((name) => ({ value: name, text: name }))}
        />
      )}
      {loadBalancer.kind === "internal" && !classic && (
        <Text className={styles.note}>
          <InfoRegular className={styles.icon} aria-hidden />
          {t("network:address.ownSubnet")}
        </Text>
      )}
    </>
  );
}

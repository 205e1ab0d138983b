import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowCircleUpRegular, type FluentIcon, PersonKeyRegular, PlayRegular, ShieldCheckmarkRegular, StopRegular, TagRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { type Target, useNavigation } from "../../shared/navigation";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
});

/** Whether an upgrade is available for the control plane or for nodes that are behind. */
function canUpgrade({ cluster, upgrades }: ClusterDetails): boolean {
  return upgrades.length > 0 || cluster.pools.some((pool) => pool.version !== cluster.kubernetesVersion);
}

/** The reversible changes of the cluster. */
export function ClusterActions({ details }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { id: clusterId, powerState } = details.cluster;
  const stopped = powerState.toLowerCase() === "stopped";
  return (
    <div className={styles.bar} role="group" aria-label={t("clusters:actions")}>
      {canUpgrade(details) && <Action icon={ArrowCircleUpRegular} text={t("clusters:do.upgrade")} target={{ kind: "upgrade", clusterId }} />}
      <Action icon={ShieldCheckmarkRegular} text={t("clusters:do.support")} target={{ kind: "support", clusterId }} />
      <Action icon={stopped ? PlayRegular : StopRegular} text={stopped ? t("clusters:do.start") : t("clusters:do.stop")} target={{ kind: "power", clusterId }} />
      <Action icon={TagRegular} text={t("clusters:do.tags")} target={{ kind: "tags", clusterId }} />
      <Action icon={PersonKeyRegular} text={t("clusters:do.grant")} target={{ kind: "grant", clusterId }} />
    </div>
  );
}

function Action({ icon: Icon, text, target }: { icon: FluentIcon; text: string; target: Target }): ReactNode {
  const { open } = useNavigation();
  return (
    <Button appearance="subtle" icon={<Icon />} onClick={() => open({ name: "change", target })} data-testid={`do-${target.kind}`}>
      {text}
    </Button>
  );
}

import { PlugConnectedRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterFacts } from "../../ipc/generated/ClusterFacts";
import type { Spec } from "../../ipc/generated/Spec";
import { emptySpec } from "../../shared/emptySpec";
import { OpenAsDraft } from "../../shared/OpenAsDraft";

/** A set-up that attaches this cluster. */
function attaching(cluster: ClusterFacts): Spec {
  const empty = emptySpec(cluster.subscriptionId);
  return {
    ...empty,
    cluster: { kind: "existing", resourceId: cluster.id },
    place: { ...empty.place, resourceGroup: cluster.resourceGroup, location: cluster.location, clusterName: cluster.name },
  };
}

/** The wizard with this cluster chosen already. */
export function AttachToWorkspace({ cluster }: { cluster: ClusterFacts }): ReactNode {
  const { t } = useTranslation();
  return <OpenAsDraft spec={attaching(cluster)} step="place" icon={<PlugConnectedRegular />} text={t("clusters:do.attach")} primary testId="attach-to-workspace" />;
}

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toFailure } from "../../../ipc/call";
import { networksQuery } from "../../../shared/catalogues";
import { FailureNotice } from "../../../shared/FailureNotice";
import { useWizard } from "../wizard/WizardContext";
import { AddressChoice } from "./AddressChoice";
import { NetworkPicture } from "./NetworkPicture";
import { OutboundChoice } from "./OutboundChoice";
import { PluginChoice } from "./PluginChoice";
import { VnetFields } from "./VnetFields";

/** Who can call the cluster and, for a new cluster, its network. */
export default function NetworkStep(): ReactNode {
  const { account, spec } = useWizard();
  const { place, cluster } = spec;
  const networks = useQuery(networksQuery(account, place.subscriptionId, place.location));
  return (
    <>
      <NetworkPicture />
      <AddressChoice networks={networks.data} />
      {networks.error !== null && <FailureNotice failure={toFailure(networks.error)} onRetry={() => void networks.refetch()} />}
      {cluster.kind !== "existing" && <VnetFields networks={networks.data} />}
      {cluster.kind === "create" && (
        <>
          <PluginChoice />
          <OutboundChoice />
        </>
      )}
    </>
  );
}

import { useTranslation } from "react-i18next";
import type { SubnetFacts } from "../../../ipc/generated/SubnetFacts";
import { useFormat } from "../../../shared/format";
import { takesNodes } from "./choices";

/** What there is to know about a subnet when choosing one, and whether it can be chosen. */
export function useSubnetWords(): (subnet: SubnetFacts) => { detail: string; disabled: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  return (subnet) => {
    const parts = [
      subnet.prefixes.join(", "),
      subnet.freeAddresses === null ? "" : t("network:free", { count: subnet.freeAddresses, free: format.number(subnet.freeAddresses) }),
      subnet.hasRouteTable ? t("network:routeTable") : "",
      subnet.hasNatGateway ? t("network:natGateway") : "",
      takesNodes(subnet) ? "" : t("network:delegated", { service: subnet.delegations.join(", ") }),
    ];
    return { detail: parts.filter((part) => part !== "").join(" · "), disabled: !takesNodes(subnet) };
  };
}

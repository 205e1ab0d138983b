import { useTranslation } from "react-i18next";
import type { Spec } from "../../../ipc/generated/Spec";
import { useLocationNames } from "../../../shared/catalogues";
import { useFormat } from "../../../shared/format";
import type { SummaryLine } from "../../../shared/wizard/Summary";

/** The specification so far, as text. Missing choices have no line. */
export function useSummaryLines(account: string, spec: Spec): SummaryLine[] {
  const { t } = useTranslation();
  const format = useFormat();
  const locationName = useLocationNames(account, spec.place.subscriptionId);
  const { place, version, size, network, tls } = spec;
  const tags = Object.entries(place.tags).map(([name, value]) => (value === "" ? name : `${name}: ${value}`));
  const makes = spec.cluster.kind !== "existing";
  const lines: (SummaryLine | false)[] = [
    { term: t("common:summary.purpose"), value: t(`common:purpose.${spec.purpose}`) },
    { term: t("common:summary.route"), value: t(`common:route.${spec.route}`) },
    place.workspace.name !== "" && { term: t("common:summary.workspace"), value: place.workspace.name },
    place.location !== "" && { term: t("common:summary.location"), value: locationName(place.location) },
    tags.length > 0 && { term: t("common:summary.tags"), value: tags.join(", ") },
    spec.cluster.kind === "create" && version.kubernetes !== "" && { term: t("common:summary.version"), value: `Kubernetes ${version.kubernetes}` },
    makes &&
      size.vmSize !== "" && {
        term: t("common:summary.size"),
        value: t("common:summary.nodes", { count: size.nodes, nodes: format.number(size.nodes), size: size.vmSize.replace("Standard_", "") }),
      },
    network.loadBalancer !== null && {
      term: t("common:summary.address"),
      value: t(`common:loadBalancer.${network.loadBalancer.kind}`),
    },
    tls !== null && { term: t("common:summary.tls"), value: t(`common:tls.${tls.kind}`) },
  ];
  return lines.filter((line) => line !== false);
}

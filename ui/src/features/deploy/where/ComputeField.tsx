import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ServingCatalogue } from "../../../ipc/generated/ServingCatalogue";
import type { ServingCompute } from "../../../ipc/generated/ServingCompute";
import { useAzureState } from "../../../shared/azureState";
import { PickField } from "../../../shared/fields";
import { nameOf, routeOf } from "../../../shared/resources";
import { useDeploy } from "../wizard/DeployContext";
import { withCompute } from "./choices";

interface Props {
  catalogue: ServingCatalogue | undefined;
  reading: boolean;
}

/** Selects the compute, which decides the route. */
export function ComputeField({ catalogue, reading }: Props): ReactNode {
  const { t } = useTranslation();
  const azureState = useAzureState();
  const { spec, update } = useDeploy();
  const computes = catalogue?.computes ?? [];
  const about = (compute: ServingCompute): string => {
    const { clusterId, provisioningState } = compute.facts;
    const parts = [clusterId === null ? "" : nameOf(clusterId), t(`common:route.${routeOf(compute.facts)}`), provisioningState === "Succeeded" ? "" : azureState(provisioningState)];
    return parts.filter((part) => part !== "").join(" · ");
  };
  const chosen = computes.find(({ facts }) => facts.name === spec.compute);
  const fixed = spec.endpoint.kind === "existing" && spec.endpoint.name !== "";
  return (
    <PickField
      path="compute"
      label={t("deploy:where.compute")}
      required
      hint={fixed ? t("deploy:where.computeFixed") : chosen === undefined ? undefined : about(chosen)}
      value={spec.compute}
      onChange={(name) => {
        const compute = computes.find(({ facts }) => facts.name === name);
        if (compute !== undefined) {
          update((before) => withCompute(before, compute));
        }
      }}
      disabled={fixed}
      placeholder={reading ? t("deploy:reading") : t("common:choose")}
      empty={catalogue === undefined ? t("deploy:where.workspaceFirst") : catalogue.computes === null ? t("deploy:where.computesUnread") : t("deploy:where.noCompute")}
      picks={computes.map((compute) => ({ value: compute.facts.name, text: compute.facts.name, detail: about(compute) }))}
    />
  );
}

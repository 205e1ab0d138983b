import { useTranslation } from "react-i18next";
import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import { useFormat } from "../../shared/format";
import type { Target } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";

/** The title and button label of a change. */
export function subjectName(target: Target): string {
  if (target.kind === "clear_up") {
    return "";
  }
  if ("endpointId" in target) {
    return nameOf(target.endpointId);
  }
  const computeId = "computeId" in target ? target.computeId : undefined;
  return nameOf(computeId ?? target.clusterId);
}

interface ChangeWords {
  title: string;
  /** Label of the action button. */
  start: string;
}

/** Title and button label of a change. */
export function useChangeWords(target: Target, change: Change | null, details: ClusterDetails | null): ChangeWords {
  const { t } = useTranslation();
  const format = useFormat();
  const name = subjectName(target);
  const pool = "pool" in target ? target.pool : "";
  return { title: t(`change:title.${titleKey(target, change)}`, { name, pool }), start: startOf() };

  function startOf(): string {
    if (change === null) {
      return t(`change:start.${target.kind}`);
    }
    switch (change.kind) {
      case "scale":
        return t("change:start.scale", { count: change.nodes, nodes: format.number(change.nodes) });
      case "autoscale":
        return change.bounds === null
          ? t("change:start.autoscaleOff")
          : t("change:start.autoscale", { min: format.number(change.bounds.min), max: format.number(change.bounds.max) });
      case "upgrade":
        return change.version === "" ? t("change:start.upgradeSome") : t("change:start.upgrade", { version: change.version });
      case "power":
        return change.running ? t("change:start.powerOn", { name }) : t("change:start.powerOff", { name });
      case "load_balancer":
        return t(`change:start.load_balancer.${change.loadBalancer.kind}`);
      case "clean_up": {
        const count = details?.leftovers.length ?? 0;
        return t("change:start.clean_up", { count });
      }
      default:
        return t(`change:start.${change.kind}`, { name });
    }
  }
}

function titleKey(target: Target, change: Change | null): string {
  if (change?.kind === "power") {
    return change.running ? "powerOn" : "powerOff";
  }
  return target.kind;
}

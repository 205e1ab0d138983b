import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { VersionScale } from "../../ipc/generated/VersionScale";
import { useFormat } from "../../shared/format";
import type { Problem } from "./problems";
import { replicasOfEndpoint } from "./rows";

/** What is wrong, in words, with Azure's code. */
export function useProblemWords(): (problem: Problem) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ kind, version, code, sum }) => {
    const key = kind === "reported" && version !== "" ? "version_reported" : kind;
    const text = t(`endpoints:problem.${key}`, { version, sum: format.percent(sum) });
    return code === "" ? text : `${text} (${code})`;
  };
}

/** `3`, `2–6`, or that it is unknown. */
export function useReplicaWords(): (endpoint: Endpoint) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (endpoint) => {
    const replicas = replicasOfEndpoint(endpoint);
    if (replicas === null) {
      return t("endpoints:unknown");
    }
    const { min, max } = replicas;
    return min === max ? format.number(min) : `${format.number(min)}–${format.number(max)}`;
  };
}

/** `3`, or `2–6, at 70 % utilization`. */
export function useScaleWords(): (scale: VersionScale | null) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (scale) => {
    if (scale === null) {
      return t("endpoints:unknown");
    }
    if (scale.kind === "fixed") {
      return format.number(scale.replicas);
    }
    return t("endpoints:autoscale", { min: format.number(scale.min), max: format.number(scale.max), target: format.percent(scale.target) });
  };
}

import { useTranslation } from "react-i18next";

const KNOWN: ReadonlySet<string> = new Set([
  "succeeded",
  "failed",
  "canceled",
  "creating",
  "updating",
  "upgrading",
  "deleting",
  "starting",
  "stopping",
  "scaling",
  "transitioning",
  "unschedulable",
  "healthy",
  "unhealthy",
  "enabled",
  "disabled",
]);

/** Names a state that Azure reports; an unknown one stays as it is. */
export function useAzureState(): (state: string) => string {
  const { t } = useTranslation();
  return (state) => {
    const key = state.toLowerCase();
    return KNOWN.has(key) ? t(`common:azureState.${key}`) : state;
  };
}

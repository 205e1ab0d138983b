import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "../../../shared/fields";
import { useDeploy } from "../wizard/DeployContext";
import { useDefaults } from "../wizard/queries";
import { withRequests, withResources } from "./choices";
import { useGrid } from "./grid";
import { OptionalNumber } from "./OptionalNumber";

const SETTINGS = ["concurrency", "maxQueueWaitMs", "timeoutMs"] as const;

/** How many requests a replica takes, and for how long. */
export function RequestFields(): ReactNode {
  const grid = useGrid();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const defaults = useDefaults(spec.route);
  return (
    <div className={grid.fields}>
      {SETTINGS.map((setting) => (
        <OptionalNumber
          key={setting}
          path={`requests.${setting}`}
          label={t(`deploy:requests.${setting}`)}
          hint={t(`deploy:requests.${setting}Hint`, { value: defaults(`requests.${setting}`) })}
          standard={defaults(`requests.${setting}`)}
          value={spec.requests[setting]}
          onChange={(value) => update((before) => withRequests(before, { [setting]: value }))}
        />
      ))}
    </div>
  );
}

const LIMITS = ["cpuLimit", "memoryLimit"] as const;

/** The most that a replica may use. */
export function LimitFields(): ReactNode {
  const grid = useGrid();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  return (
    <div className={grid.fields}>
      {LIMITS.map((limit) => (
        <TextField
          key={limit}
          path={`resources.${limit}`}
          label={t(`deploy:limits.${limit}`)}
          hint={limit === "cpuLimit" ? t(`deploy:limits.cpuLimitHint.${spec.route}`) : t("deploy:limits.memoryLimitHint")}
          value={spec.resources[limit]}
          onChange={(value) => update((before) => withResources(before, { [limit]: value.trim() }))}
        />
      ))}
    </div>
  );
}

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Routes } from "../../../ipc/generated/Routes";
import type { WebRoute } from "../../../ipc/generated/WebRoute";
import { NumberField, TextField } from "../../../shared/fields";

const PURPOSES = ["scoring", "liveness", "readiness"] as const;
const LAST_PORT = 65_535;

const useStyles = makeStyles({
  row: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 130px", columnGap: tokens.spacingHorizontalXL, maxWidth: "560px" },
});

/** Where the server in an image answers. */
export function RouteFields({ routes, onChange }: { routes: Routes; onChange: (routes: Routes) => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return PURPOSES.map((purpose) => {
    const route = routes[purpose];
    const set = (part: Partial<WebRoute>): void => onChange({ ...routes, [purpose]: { ...route, ...part } });
    const name = t(`deploy:environment.route.${purpose}`);
    return (
      <div key={purpose} className={styles.row}>
        <TextField path={`serving.environment.routes.${purpose}.path`} label={t("deploy:environment.path", { name })} value={route.path} onChange={(path) => set({ path: path.trim() })} />
        <NumberField path={`serving.environment.routes.${purpose}.port`} label={t("deploy:environment.port", { name })} min={1} max={LAST_PORT} value={route.port} onChange={(port) => set({ port })} />
      </div>
    );
  });
}

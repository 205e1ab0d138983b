import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { useEndpoints } from "../../../shared/endpoint/queries";
import { TrafficBar } from "../../../shared/endpoint/TrafficBar";
import { hasOwnVersions, trafficOf } from "../../../shared/endpoint/traffic";
import { FailureNotice } from "../../../shared/FailureNotice";
import { PickField } from "../../../shared/fields";
import { useLayout } from "../../../shared/layout";
import { ReadAge } from "../../../shared/ReadAge";
import { useDeploy } from "../wizard/DeployContext";
import { endpointsOf, withEndpoint } from "./choices";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, paddingTop: tokens.spacingVerticalM },
});

/** Selects an endpoint of the workspace, on either route, and shows its versions with their traffic. */
export function ExistingEndpoint({ workspaceId }: { workspaceId: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { spec, update } = useDeploy();
  const { list, waiting, reading, failure, again } = useEndpoints();
  const all = endpointsOf(list?.endpoints ?? [], workspaceId);
  const chosen = all.find(({ name, route }) => name === spec.endpoint.name && route === spec.route);
  const about = (endpoint: Endpoint): string => {
    const { computeName, versions } = endpoint;
    const kind = hasOwnVersions(endpoint) ? t("deploy:where.versions", { count: versions.length }) : t("deploy:where.withoutVersions");
    return [computeName ?? "", t(`endpoints:routeMeans.${endpoint.route}`), kind].filter((part) => part !== "").join(" · ");
  };
  return (
    <div className={styles.root}>
      {failure !== null && <FailureNotice failure={failure} onRetry={again} />}
      <div className={layout.narrow}>
        <PickField
          path="endpoint.name"
          label={t("deploy:where.existingName")}
          required
          value={chosen?.id ?? spec.endpoint.name}
          onChange={(id) => {
            const endpoint = all.find((candidate) => candidate.id === id);
            if (endpoint !== undefined) {
              update((before) => withEndpoint(before, endpoint));
            }
          }}
          placeholder={waiting ? t("deploy:reading") : t("common:choose")}
          empty={workspaceId === "" ? t("deploy:where.workspaceFirst") : t("deploy:where.noEndpoint")}
          picks={all.map((endpoint) => ({ value: endpoint.id, text: endpoint.name, detail: about(endpoint) }))}
        />
      </div>
      {chosen !== undefined && (
        <>
          {trafficOf(chosen) === "no_versions" && <Text className={layout.quiet}>{t("deploy:where.noVersion")}</Text>}
          {chosen.versions.length > 0 && <TrafficBar endpoint={chosen} />}
          {chosen.versionsUnread !== null && <Text className={layout.quiet}>{t("deploy:where.versionsUnread")}</Text>}
          {list !== null && <ReadAge readAt={list.readAt} reading={reading} testId="endpoints-age" />}
        </>
      )}
    </div>
  );
}

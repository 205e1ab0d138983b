import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import { AzureLines } from "../../../shared/AzureLines";
import { placeQuery } from "../../../shared/catalogues";
import { FailureNotice } from "../../../shared/FailureNotice";
import { PickField } from "../../../shared/fields";
import { groupOf } from "../../../shared/resources";
import { Section } from "../../../shared/Section";
import { useSignedIn } from "../../../shared/session";
import { servingQuery } from "../../../shared/endpoint/queries";
import { useDeploy } from "../wizard/DeployContext";
import { workspaceIdIn } from "../wizard/queries";
import { withSubscription, withWorkspace } from "./choices";
import { ComputeField } from "./ComputeField";
import { EndpointSection } from "./EndpointSection";

const useStyles = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 250px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
  },
});

/** Workspace, compute, endpoint and the name of the version. */
export default function WhereStep(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { subscriptions } = useSignedIn();
  const { account, spec, update } = useDeploy();
  const { subscriptionId } = spec.workspace;
  const place = useQuery(placeQuery(account, subscriptionId));
  const workspaceId = workspaceIdIn(spec.workspace);
  const serving = useQuery(servingQuery(account, workspaceId));
  const workspaces = place.data?.workspaces ?? [];
  const reading = subscriptionId !== "" && place.isPending;
  const problems = serving.data?.problems ?? [];
  return (
    <>
      {place.error !== null && <FailureNotice failure={toFailure(place.error)} onRetry={() => void place.refetch()} />}
      {serving.error !== null && <FailureNotice failure={toFailure(serving.error)} onRetry={() => void serving.refetch()} />}
      {problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline" data-testid="serving-problems">
          <MessageBarBody>
            <MessageBarTitle>{t("deploy:where.unread")}</MessageBarTitle>
            <AzureLines lines={problems} />
          </MessageBarBody>
        </MessageBar>
      )}
      <Section title={t("deploy:where.place")}>
        <div className={styles.fields}>
          <PickField
            path="workspace.subscriptionId"
            label={t("deploy:where.subscription")}
            required
            value={subscriptionId}
            onChange={(id) => update((before) => withSubscription(before, id))}
            empty={t("deploy:where.noSubscription")}
            picks={subscriptions.map((subscription) => ({ value: subscription.subscriptionId, text: subscription.displayName, detail: subscription.subscriptionId }))}
          />
          <PickField
            path="workspace"
            label={t("deploy:where.workspace")}
            required
            value={workspaces.find(({ id }) => id.toLowerCase() === workspaceId.toLowerCase())?.id ?? spec.workspace.name}
            onChange={(id) => update((before) => withWorkspace(before, id))}
            placeholder={reading ? t("deploy:reading") : t("common:choose")}
            empty={subscriptionId === "" ? t("deploy:where.subscriptionFirst") : t("deploy:where.noWorkspace")}
            picks={workspaces.map(({ id, name, location }) => ({ value: id, text: name, detail: `${groupOf(id)} · ${location}` }))}
          />
          <ComputeField catalogue={serving.data} reading={workspaceId !== "" && serving.isPending} />
        </div>
      </Section>
      <EndpointSection workspaceId={workspaceId} />
    </>
  );
}

import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toFailure } from "../../../ipc/call";
import type { Place } from "../../../ipc/generated/Place";
import type { PlaceCatalogue } from "../../../ipc/generated/PlaceCatalogue";
import { placeQuery } from "../../../shared/catalogues";
import { FailureNotice } from "../../../shared/FailureNotice";
import { PickField, TextField } from "../../../shared/fields";
import { groupOf } from "../../../shared/resources";
import { Section } from "../../../shared/Section";
import { useSignedIn } from "../../../shared/session";
import { useWizard } from "../wizard/WizardContext";
import { withSubscription, withWorkspace } from "./choices";
import { ExistingClusterFields } from "./ExistingClusterFields";
import { NewClusterFields } from "./NewClusterFields";
import { TagFields } from "./TagFields";

const useStyles = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 250px), 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
  },
});

/** Subscription, workspace, group, location and names. */
export default function PlaceStep(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account, spec, update } = useWizard();
  const { place, cluster, route } = spec;
  const { data, error, refetch } = useQuery(placeQuery(account, place.subscriptionId));
  const change = (part: Partial<Place>): void => update((before) => ({ ...before, place: { ...before.place, ...part } }));
  return (
    <>
      {error !== null && <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} />}
      {data !== undefined && data.problems.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("place:incomplete")}</MessageBarTitle> {data.problems.join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      <Section title={t("place:workspaceTitle")}>
        <div className={styles.fields}>
          <SubscriptionField />
          <WorkspaceField catalogue={data} />
        </div>
      </Section>
      <Section title={t("place:clusterTitle")}>
        <div className={styles.fields}>
          {cluster.kind === "existing" ? <ExistingClusterFields catalogue={data} /> : <NewClusterFields catalogue={data} named={cluster.kind === "create"} change={change} />}
        </div>
      </Section>
      <Section title={t("place:computeTitle")} hint={t("place:computeAbout")}>
        <div className={styles.fields}>
          <TextField
            path="place.computeName"
            label={t("place:computeName")}
            hint={t("place:computeNameRule")}
            required
            value={place.computeName}
            onChange={(computeName) => change({ computeName })}
          />
          {route === "extension" && (
            <TextField
              path="place.namespace"
              label={t("place:namespace")}
              hint={t("place:namespaceHint")}
              placeholder="default"
              value={place.namespace}
              onChange={(namespace) => change({ namespace })}
            />
          )}
        </div>
      </Section>
      <TagFields />
    </>
  );
}

function SubscriptionField(): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { subscriptions } = useSignedIn();
  return (
    <PickField
      path="place.subscriptionId"
      label={t("place:subscription")}
      required
      hint={spec.place.subscriptionId}
      value={spec.place.subscriptionId}
      onChange={(id) => update((before) => withSubscription(before, id))}
      empty={t("welcome:noSubscriptions")}
      picks={subscriptions.map(({ subscriptionId, displayName, state }) => ({
        value: subscriptionId,
        text: displayName,
        detail: state === "Enabled" ? subscriptionId : t("place:subscriptionState", { state }),
        disabled: state === "Disabled" || state === "Deleted",
      }))}
    />
  );
}

function WorkspaceField({ catalogue }: { catalogue: PlaceCatalogue | undefined }): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const reading = catalogue === undefined;
  const workspaces = catalogue?.workspaces ?? [];
  const choose = (id: string): void => {
    const facts = workspaces.find((workspace) => workspace.id === id);
    if (facts !== undefined && catalogue !== undefined) {
      update((before) => withWorkspace(before, facts, catalogue));
    }
  };
  const { workspace } = spec.place;
  const chosen = workspaces.find((facts) => facts.name === workspace.name && groupOf(facts.id) === workspace.resourceGroup);
  return (
    <PickField
      path="place.workspace"
      label={t("place:workspace")}
      required
      hint={chosen === undefined ? undefined : `${groupOf(chosen.id)} · ${chosen.location}`}
      value={chosen?.id ?? workspace.name}
      onChange={choose}
      disabled={reading}
      placeholder={reading && spec.place.subscriptionId !== "" ? t("place:reading") : t("common:choose")}
      empty={t("place:noWorkspace")}
      picks={workspaces.map((facts) => ({
        value: facts.id,
        text: facts.name,
        detail: [groupOf(facts.id), facts.location, facts.kind === "Default" ? "" : facts.kind].filter((part) => part !== "").join(" · "),
      }))}
    />
  );
}

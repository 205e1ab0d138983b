import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { Target } from "../../shared/navigation";
import { ObjectList } from "../../shared/ObjectList";
import { nameOf } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { About } from "./About";
import { computeOf, firstCanary, poolOf, tagsOf } from "./first";
import { AutoscaleForm } from "./forms/AutoscaleForm";
import { BalancerForm } from "./forms/BalancerForm";
import { CanaryForm } from "./forms/CanaryForm";
import { ClearUpForm } from "./forms/ClearUpForm";
import { ConfirmForm } from "./forms/ConfirmForm";
import { GrantForm } from "./forms/GrantForm";
import { MoveForm } from "./forms/MoveForm";
import { ScaleForm } from "./forms/ScaleForm";
import { SupportForm } from "./forms/SupportForm";
import { TagsForm } from "./forms/TagsForm";
import { TlsForm } from "./forms/TlsForm";
import { TrafficForm } from "./forms/TrafficForm";
import { UpgradeForm } from "./forms/UpgradeForm";
import { VersionFacts } from "./forms/VersionFacts";

interface Props {
  target: Target;
  details: ClusterDetails | null;
  endpoint: Endpoint | null;
  change: Change | null;
  set: (change: Change | null) => void;
}

/** The description of the change, and its form. */
export function ChangeForm(props: Props): ReactNode {
  return (
    <>
      <About target={props.target} change={props.change} details={props.details} />
      <Decisions {...props} />
    </>
  );
}

function Decisions({ target, details, endpoint, change, set }: Props): ReactNode {
  if (target.kind === "tls") {
    return <TlsForm first={target.first ?? null} computeId={target.computeId} compute={computeOf(target, details)} location={details?.cluster.location ?? ""} set={set} />;
  }
  if (target.kind === "tags") {
    return <TagsForm resourceId={target.computeId ?? target.clusterId} first={tagsOf(target, details)} set={set} />;
  }
  if (target.kind === "traffic") {
    return endpoint === null ? null : <TrafficForm endpoint={endpoint} endpointId={target.endpointId} set={set} />;
  }
  if (target.kind === "canary") {
    return endpoint === null ? null : <CanaryForm endpoint={endpoint} first={firstCanary(target.endpointId, target.version)} set={set} />;
  }
  const pool = poolOf(target, details);
  switch (change?.kind) {
    case "scale":
      return pool === undefined || details === null ? null : <ScaleForm change={change} pool={pool} details={details} set={set} />;
    case "autoscale":
      return pool === undefined || details === null ? null : <AutoscaleForm change={change} pool={pool} details={details} set={set} />;
    case "upgrade":
      return details === null ? null : <UpgradeForm change={change} details={details} set={set} />;
    case "support":
      return details === null ? null : <SupportForm change={change} details={details} set={set} />;
    case "load_balancer":
      return <BalancerForm change={change} compute={computeOf(target, details)} subnets={details?.subnets ?? []} set={set} />;
    case "refresh":
      return <RefreshSteps />;
    case "move":
      return <MoveForm change={change} set={set} />;
    case "grant":
      return <GrantForm change={change} set={set} />;
    case "clean_up":
      return <GoingList objects={details?.leftovers ?? []} />;
    case "clear_up":
      return <ClearUpForm change={change} made={target.kind === "clear_up" ? target.resources : change.resources} set={set} />;
    case "delete_version":
      return endpoint === null ? null : <VersionFacts endpoint={endpoint} name={change.version} />;
    case "delete_endpoint":
      return <ConfirmForm name={nameOf(change.endpointId)} typed={change.confirm} onType={(confirm) => set({ ...change, confirm })} />;
    case "delete_cluster":
    case "delete_with_cluster":
      return details === null ? null : <ConfirmForm name={details.cluster.name} typed={change.confirm} onType={(confirm) => set({ ...change, confirm })} />;
    default:
      return null;
  }
}

/** What is removed, in order. */
function GoingList({ objects }: { objects: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t("change:going")}>
      <ObjectList objects={objects} testId="going" />
    </Section>
  );
}

const STEPS = ["keep", "detach", "clean", "attach", "prove"] as const;

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXXL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, maxWidth: "72ch" },
});

/** The five steps of recreating a classic front end. */
function RefreshSteps(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <ol className={styles.list} data-testid="refresh-steps">
      {STEPS.map((step) => (
        <li key={step}>
          <Text>{t(`change:refresh.${step}`)}</Text>
        </li>
      ))}
    </ol>
  );
}

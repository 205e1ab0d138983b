import { Button, Checkbox, Field, MessageBar, MessageBarBody, MessageBarTitle, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowResetRegular } from "@fluentui/react-icons";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../../ipc/generated/Change";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { AzureLines } from "../../../shared/AzureLines";
import { useAzureState } from "../../../shared/azureState";
import { TrafficBar } from "../../../shared/endpoint/TrafficBar";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { type EditProblem, type EditedShare, setNearest, sharesToEdit, trafficOfShares } from "../trafficEditor";
import { ShareRow } from "./ShareRow";

const useStyles = makeStyles({
  rows: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  problem: { minHeight: tokens.lineHeightBase200, color: tokens.colorStatusDangerForeground1 },
  below: { display: "flex", flexWrap: "wrap", alignItems: "start", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
  without: { flex: "1 1 240px", minWidth: 0 },
  roles: { flex: "1 1 320px", display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(180px, 1fr))", gap: tokens.spacingHorizontalM, minWidth: 0, alignItems: "start" },
  means: { display: "block", paddingInlineStart: tokens.spacingHorizontalXXXL },
  preview: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

interface Props {
  endpoint: Endpoint;
  endpointId: string;
  set: (change: Change) => void;
}

/** What a classic endpoint's versions are besides their shares; what is absent stays as it is. */
interface Roles {
  defaultVersion?: string;
  controlVersion?: string;
}

/** The traffic of an endpoint; where it is not known, why it cannot be edited. */
export function TrafficForm({ endpoint, endpointId, set }: Props): ReactNode {
  const shares = sharesToEdit(endpoint);
  return shares === null ? <NotKnown endpoint={endpoint} /> : <Editor endpoint={endpoint} now={shares} onEdit={(traffic, none, roles) => set({ kind: "traffic", endpointId, traffic, none, ...roles })} />;
}

/** Why the traffic cannot be edited. */
function NotKnown({ endpoint: { versions, versionsUnread } }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  if (versionsUnread === null && versions.length === 0) {
    return <Text className={layout.quiet}>{t("endpoints:versions.none")}</Text>;
  }
  const names = versions.filter(({ traffic }) => traffic === null).map(({ name }) => name);
  return (
    <MessageBar intent="warning" layout="multiline" data-testid="traffic-not-known">
      <MessageBarBody>
        <MessageBarTitle>{versionsUnread === null ? t("change:traffic.unknown", { names: names.join(", ") }) : t("endpoints:versions.unread")}</MessageBarTitle> {t("change:traffic.notKnown")}
        {versionsUnread !== null && <AzureLines lines={[versionsUnread]} />}
      </MessageBarBody>
    </MessageBar>
  );
}

interface Editing {
  shares: readonly EditedShare[];
  /** The version that was edited last, and the shares before: dragging back and forth loses nothing. */
  version: string;
  before: readonly EditedShare[];
  problem: EditProblem | null;
}

const begin = (shares: readonly EditedShare[]): Editing => ({ shares, version: "", before: shares, problem: null });

/** The shares of an endpoint with or without traffic. */
const shown = (none: boolean, shares: readonly EditedShare[]): readonly EditedShare[] => (none ? shares.map((share) => ({ ...share, percent: 0 })) : shares);

interface EditorProps {
  endpoint: Endpoint;
  /** The shares as they are now. */
  now: readonly EditedShare[];
  onEdit: (traffic: Record<string, number>, none: boolean, roles: Roles) => void;
}

function Editor({ endpoint, now, onEdit }: EditorProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [editing, setEditing] = useState(() => begin(now));
  const [none, setNone] = useState(false);
  const [roles, setRoles] = useState<Roles>({});
  const classic = endpoint.route === "classic";
  const hintId = useId();
  const words = useProblemWords(endpoint);
  const keep = (next: Editing, none: boolean): void => {
    setEditing(next);
    setNone(none);
    onEdit(trafficOfShares(shown(none, next.shares)), none, roles);
  };
  const play = (next: Roles): void => {
    setRoles(next);
    onEdit(trafficOfShares(shown(none, editing.shares)), none, next);
  };
  const edit = (version: string, percent: number): void => {
    const before = editing.version === version ? editing.before : editing.shares;
    keep({ ...setNearest(before, version, percent), version, before }, none);
  };
  const lock = (version: string): void => keep(begin(editing.shares.map((share) => (share.version === version ? { ...share, locked: !share.locked } : share))), none);
  const shares = shown(none, editing.shares);
  return (
    <div className={styles.preview} data-field="traffic" data-testid="traffic-editor">
      <ul className={styles.rows}>
        {shares.map((share, at) => (
          <ShareRow
            key={share.version}
            share={share}
            at={at}
            now={now[at]?.percent ?? 0}
            state={endpoint.versions[at]?.state ?? ""}
            disabled={none}
            onEdit={(percent) => edit(share.version, percent)}
            onLock={() => lock(share.version)}
          />
        ))}
      </ul>
      <Text size={200} className={styles.problem} aria-live="polite" data-testid="traffic-problem">
        {editing.problem === null || none ? "" : words(editing.version, editing.problem)}
      </Text>
      <div className={styles.below}>
        {!classic && (
          <div className={styles.without}>
            <Checkbox label={t("change:traffic.without")} checked={none} onChange={(_, data) => keep(editing, data.checked === true)} aria-describedby={hintId} data-testid="without-traffic" />
            <Text id={hintId} size={200} className={styles.means}>
              {t("change:traffic.withoutMeans")}
            </Text>
          </div>
        )}
        {classic && <RoleFields endpoint={endpoint} roles={roles} onChange={play} />}
        <Button icon={<ArrowResetRegular />} onClick={() => keep(begin(now), false)} data-testid="reset-traffic">
          {t("change:traffic.reset")}
        </Button>
      </div>
      <Preview endpoint={endpoint} shares={shares} />
    </div>
  );
}

/** The default version and the control version of a classic endpoint. */
function RoleFields({ endpoint: { versions }, roles, onChange }: { endpoint: Endpoint; roles: Roles; onChange: (roles: Roles) => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.roles}>
      {(["defaultVersion", "controlVersion"] as const).map((role) => (
        <Field key={role} label={t(`change:traffic.${role}`)} hint={t(`change:traffic.${role}Means`)}>
          <Select
            value={roles[role] ?? ""}
            onChange={(_, { value }) => {
              const { [role]: _old, ...others } = roles;
              onChange(value === "" ? others : { ...others, [role]: value });
            }}
            data-testid={role}
          >
            <option value="">{t("change:traffic.asItIs")}</option>
            {versions.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      ))}
    </div>
  );
}

/** The traffic now and afterwards, one above the other. */
function Preview({ endpoint, shares }: { endpoint: Endpoint; shares: readonly EditedShare[] }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const versions = endpoint.versions.map((version, at) => ({ ...version, traffic: shares[at]?.percent ?? null }));
  return (
    <div className={styles.preview}>
      <div role="group" aria-label={t("change:now")} data-testid="traffic-now">
        <Text weight="semibold" aria-hidden>
          {t("change:now")}
        </Text>
        <TrafficBar endpoint={endpoint} />
      </div>
      <div role="group" aria-label={t("change:traffic.after")} data-testid="traffic-after">
        <Text weight="semibold" aria-hidden>
          {t("change:traffic.after")}
        </Text>
        <TrafficBar endpoint={{ ...endpoint, versions, unassigned: null }} />
      </div>
    </div>
  );
}

/** Why a version has another share than was asked for. */
function useProblemWords({ versions }: Endpoint): (version: string, problem: EditProblem) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const azureState = useAzureState();
  return (version, problem) => {
    switch (problem.code) {
      case "not_ready": {
        const state = versions.find(({ name }) => name === version)?.state ?? "";
        return t("change:traffic.problem.not_ready", { version, state: state === "" ? t("endpoints:unknown") : azureState(state) });
      }
      case "locked":
        return t("change:traffic.problem.locked", { version, most: format.percent(problem.most) });
      case "nobody_takes":
        return versions.length === 1 ? t("change:traffic.problem.only", { version }) : t("change:traffic.problem.nobody_takes", { rest: format.percent(problem.rest) });
    }
  };
}

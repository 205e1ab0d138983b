import { SearchBox, Select, makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type EndpointRow, type EndpointsView, GROUPINGS, type ProblemFilter, kindsOf, workspacesOf } from "./rows";

const useStyles = makeStyles({
  text: { flex: "1 1 160px", minWidth: "140px", maxWidth: "280px" },
  // A workspace name can have 33 characters.
  choice: { maxWidth: "240px", minWidth: 0 },
});

interface Props {
  rows: readonly EndpointRow[];
  view: EndpointsView;
  onChange: (part: Partial<EndpointsView>) => void;
}

/** Which endpoints the table shows, and in which groups. */
export function Filters({ rows, view, onChange }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const workspaces = workspacesOf(rows);
  const problems: readonly ProblemFilter[] = ["all", "any", ...kindsOf(rows)];
  return (
    <>
      <SearchBox
        className={styles.text}
        placeholder={t("endpoints:filter.text")}
        aria-label={t("endpoints:filter.text")}
        value={view.text}
        onChange={(_, { value }) => onChange({ text: value })}
        data-testid="endpoint-filter"
      />
      <Select
        className={styles.choice}
        aria-label={t("endpoints:filter.workspace")}
        value={view.workspaceId}
        onChange={(_, { value }) => onChange({ workspaceId: value })}
        data-testid="workspace-filter"
      >
        <option value="">{t("endpoints:filter.allWorkspaces")}</option>
        {workspaces.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        className={styles.choice}
        aria-label={t("endpoints:filter.problem")}
        value={view.problem}
        onChange={(_, { value }) => onChange({ problem: problems.find((one) => one === value) ?? "all" })}
        data-testid="problem-filter"
      >
        {problems.map((one) => (
          <option key={one} value={one}>
            {t(`endpoints:filter.problems.${one}`)}
          </option>
        ))}
      </Select>
      <Select
        className={styles.choice}
        aria-label={t("endpoints:filter.group")}
        value={view.group}
        onChange={(_, { value }) => onChange({ group: GROUPINGS.find((one) => one === value) ?? "none" })}
        data-testid="grouping"
      >
        {GROUPINGS.map((one) => (
          <option key={one} value={one}>
            {t(`endpoints:filter.groups.${one}`)}
          </option>
        ))}
      </Select>
    </>
  );
}

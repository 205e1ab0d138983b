import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import { CheckmarkRegular } from "@fluentui/react-icons";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../shared/format";
import { LaneBadges } from "./LaneBadges";
import { LanePatches } from "./LanePatches";
import { canChoose, minorOf } from "./timeline";
import type { VersionViewProps } from "./VersionTimeline";

const useStyles = makeStyles({
  room: { overflowX: "auto", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  table: { minWidth: "520px" },
  first: { width: "112px" },
  aml: { width: "84px" },
  pick: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, cursor: "pointer" },
  off: { color: tokens.colorNeutralForeground3, cursor: "not-allowed" },
  chosen: { backgroundColor: tokens.colorBrandBackground2 },
  state: { padding: `${tokens.spacingVerticalXS} 0`, display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalXXS },
  input: { accentColor: tokens.colorCompoundBrandBackground, width: "16px", height: "16px", margin: 0 },
});

/** The timeline as a table. */
export function VersionTable({ catalogue, version, longTermSupport, onChoose }: VersionViewProps): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const name = useId();
  const day = (iso: string | null): string => (iso === null ? "–" : format.day(iso));
  const open = catalogue.lanes.find((lane) => lane.minor === minorOf(version));
  return (
    <div className={styles.room}>
      <Table size="small" className={styles.table} aria-label={t("version:title")} data-field="version" data-testid="version-table">
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.first}>{t("version:column.version")}</TableHeaderCell>
            <TableHeaderCell>{t("version:column.phase")}</TableHeaderCell>
            <TableHeaderCell>{t("version:column.community")}</TableHeaderCell>
            <TableHeaderCell>{t("version:column.lts")}</TableHeaderCell>
            <TableHeaderCell className={styles.aml}>Azure ML</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {catalogue.lanes.map((lane) => {
            const possible = canChoose(lane, longTermSupport);
            const chosen = minorOf(version) === lane.minor;
            return (
              <TableRow key={lane.minor} className={mergeClasses(chosen && styles.chosen)}>
                <TableCell>
                  <label className={mergeClasses(styles.pick, !possible && styles.off)} data-testid={`row-version-${lane.minor}`}>
                    <input
                      type="radio"
                      className={styles.input}
                      name={name}
                      checked={chosen}
                      disabled={!possible}
                      onChange={() => onChoose(lane.minor)}
                    />
                    <Text weight="semibold">{lane.minor}</Text>
                  </label>
                </TableCell>
                <TableCell>
                  <span className={styles.state}>
                    {!possible && t(`version:reason.${lane.reason ?? "no_lts"}`)}
                    {possible && lane.phase !== "preview" && t(`version:phase.${lane.phase}`)}
                    <LaneBadges lane={lane} withLts={longTermSupport} />
                  </span>
                </TableCell>
                <TableCell>{day(lane.communityEnd)}</TableCell>
                <TableCell>{day(lane.ltsEnd)}</TableCell>
                <TableCell>{lane.inAmlWindow ? <CheckmarkRegular role="img" aria-label={t("version:inWindow")} /> : "–"}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      {open !== undefined && <LanePatches lane={open} version={version} onChoose={onChoose} />}
    </div>
  );
}

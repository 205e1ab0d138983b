import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Lane } from "../../../ipc/generated/Lane";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
});

/** Days before the end of support from which to show a badge. */
const SOON = 60;

/** Highlights of a minor version. */
export function LaneBadges({ lane, withLts }: { lane: Lane; withLts: boolean }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const ending = lane.daysLeft !== null && lane.daysLeft >= 0 && lane.daysLeft <= SOON && !(withLts && lane.phase === "ending");
  return (
    <span className={styles.row}>
      {lane.isDefault && (
        <Badge appearance="tint" color="brand">
          {t("version:default")}
        </Badge>
      )}
      {lane.phase === "preview" && (
        <Badge appearance="tint" color="important">
          {t("version:preview")}
        </Badge>
      )}
      {ending && (
        <Badge appearance="tint" color="warning">
          {t("version:endsIn", { count: lane.daysLeft ?? 0 })}
        </Badge>
      )}
      {lane.offersLts && lane.phase !== "ended" && (
        <Badge appearance="outline" color="informative">
          LTS
        </Badge>
      )}
    </span>
  );
}

import { Slider, Text, ToggleButton, makeStyles, tokens } from "@fluentui/react-components";
import { LockClosedFilled, LockOpenRegular } from "@fluentui/react-icons";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Swatch } from "../../../shared/endpoint/fills";
import { StateLabel } from "../../../shared/endpoint/StateLabel";
import { NumberInput } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { ALL, type EditedShare } from "../trafficEditor";

const useStyles = makeStyles({
  row: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, minWidth: 0 },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: `0 ${tokens.spacingHorizontalM}` },
  name: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, minWidth: 0, overflowWrap: "anywhere" },
  now: { marginInlineStart: "auto" },
  controls: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  slider: { flex: 1, minWidth: 0 },
  percent: { width: "96px", minWidth: 0 },
});

interface Props {
  share: EditedShare;
  /** Position of the version, which decides its fill. */
  at: number;
  /** Its share now, in percent. */
  now: number;
  /** Its state in Azure's spelling. */
  state: string;
  disabled: boolean;
  onEdit: (percent: number) => void;
  onLock: () => void;
}

/** The share of one version: a slider, the number, and a lock. */
export function ShareRow({ share: { version, percent, locked, notReady }, at, now, state, disabled, onEdit, onLock }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const hintId = useId();
  const words = format.percent(percent);
  const fixed = disabled || (notReady && now === 0);
  const described = notReady ? { "aria-describedby": hintId } : {};
  return (
    <li className={styles.row} data-testid={`share-${version}`}>
      <div className={styles.head}>
        <span className={styles.name}>
          <Swatch at={at} />
          <Text weight="semibold">{version}</Text>
        </span>
        <StateLabel state={state} />
        <Text size={200} className={styles.now}>
          {t("change:traffic.now", { percent: format.percent(now) })}
        </Text>
      </div>
      <div className={styles.controls}>
        <Slider
          className={styles.slider}
          min={0}
          max={ALL}
          value={percent}
          onChange={(_, data) => onEdit(data.value)}
          disabled={fixed}
          aria-label={t("change:traffic.slider", { version })}
          aria-valuetext={words}
          {...described}
        />
        <NumberInput
          className={styles.percent}
          max={ALL}
          value={percent}
          displayValue={words}
          onChange={onEdit}
          disabled={fixed}
          aria-label={t("change:traffic.number", { version })}
          {...described}
        />
        <ToggleButton
          appearance="subtle"
          icon={locked ? <LockClosedFilled /> : <LockOpenRegular />}
          checked={locked}
          onClick={onLock}
          disabled={fixed}
          aria-label={t("change:traffic.lock", { version })}
        />
      </div>
      {notReady && (
        <Text id={hintId} size={200} className={layout.quiet}>
          {now === 0 ? t("change:traffic.waits") : t("change:traffic.shrinks")}
        </Text>
      )}
    </li>
  );
}

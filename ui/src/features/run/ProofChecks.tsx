import { Button, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowClockwiseRegular,
  CheckmarkCircleFilled,
  ClockRegular,
  DismissCircleFilled,
  type FluentIcon,
  InfoFilled,
  SubtractCircleRegular,
  WarningFilled,
} from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Proof } from "../../ipc/generated/Proof";
import type { ProofCheck } from "../../ipc/generated/ProofCheck";
import type { ProofCheckState } from "../../ipc/generated/ProofCheckState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";

const ICONS: Record<ProofCheckState, FluentIcon> = {
  holds: CheckmarkCircleFilled,
  to_do: WarningFilled,
  not_from_here: InfoFilled,
  not_asked: SubtractCircleRegular,
  waits: ClockRegular,
  fails: DismissCircleFilled,
};

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  head: { display: "flex", alignItems: "baseline", justifyContent: "space-between", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  heading: { margin: 0 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  check: {
    display: "grid",
    gridTemplateColumns: "24px minmax(96px, 160px) 1fr",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    // Without room for three columns, the text goes below its title.
    "@media (max-width: 639px)": { gridTemplateColumns: "24px 1fr" },
  },
  words: { overflowWrap: "anywhere", minWidth: 0, "@media (max-width: 639px)": { gridColumn: "2" } },
  icon: { fontSize: "20px" },
  holds: { color: tokens.colorStatusSuccessForeground1 },
  to_do: { color: tokens.colorStatusWarningForeground3 },
  not_from_here: { color: tokens.colorBrandForeground1 },
  not_asked: { color: tokens.colorNeutralForeground3 },
  waits: { color: tokens.colorStatusWarningForeground3 },
  fails: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The verification results from outside. */
export function ProofChecks({ proof, run, busy }: { proof: Proof; run: string; busy: boolean }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => call("prove_again", { run }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["run", run] }),
  });
  return (
    <section className={styles.root} aria-labelledby="proof" data-testid="proof">
      <div className={styles.head}>
        <Text as="h2" id="proof" size={400} weight="semibold" className={styles.heading}>
          {t("run:proof.title")}
        </Text>
        <Text size={200} className={styles.quiet} title={format.moment(proof.lookedAt)}>
          {t("run:proof.lookedAt", { when: format.relative(proof.lookedAt) })}
        </Text>
      </div>
      <ol className={styles.list}>
        {proof.checks.map((check) => (
          <CheckRow key={`${check.kind} ${check.code} ${JSON.stringify(check.params)}`} check={check} />
        ))}
      </ol>
      {again.error !== null && <FailureNotice failure={toFailure(again.error)} />}
      {!busy && (
        <div>
          <Button icon={<ArrowClockwiseRegular />} onClick={() => again.mutate()} disabledFocusable={again.isPending} data-testid="prove-again">
            {t("run:proof.again")}
          </Button>
        </div>
      )}
    </section>
  );
}

function CheckRow({ check }: { check: ProofCheck }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const values = useFormat().withDays(check.params);
  const Icon = ICONS[check.state];
  return (
    <li className={styles.check} data-testid={`check-${check.kind}`} data-state={check.state}>
      <Icon className={mergeClasses(styles.icon, styles[check.state])} aria-label={t(`run:proof.state.${check.state}`)} role="img" />
      <Text weight="semibold">{t(`proof:check.${check.kind}.title`)}</Text>
      <Text className={styles.words}>{t(`proof:${check.code}`, { ...values, defaultValue: check.code })}</Text>
    </li>
  );
}

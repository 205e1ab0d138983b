import { Button, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowRightRegular, DeleteRegular, DraftsRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Draft } from "../../ipc/generated/Draft";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { useSignedIn } from "../../shared/session";

const useStyles = makeStyles({
  card: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
  },
  icon: { width: "32px", height: "32px", color: tokens.colorBrandForeground1, flexShrink: 0 },
  words: { flex: 1, minWidth: "200px", display: "flex", flexDirection: "column" },
});

/** The current draft: continue or discard it. */
export function DraftCard({ draft, onDropped }: { draft: Draft; onDropped: () => void }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useNavigation();
  const { account } = useSignedIn();
  const drop = useMutation({ mutationFn: () => call("drop_draft", {}), onSuccess: onDropped });
  const { place, purpose, route } = draft.spec;
  const name = place.clusterName === "" ? t("home:noName") : place.clusterName;
  const facts = [t(`common:purpose.${purpose}`), t(`common:route.${route}`), place.workspace.name];
  return (
    <>
      <div className={styles.card} data-testid="draft">
        <DraftsRegular className={styles.icon} aria-hidden />
        <span className={styles.words}>
          <Text weight="semibold" size={400}>
            {name}
          </Text>
          <Text className={layout.quiet}>{facts.filter((fact) => fact !== "").join(" · ")}</Text>
          <Text size={200} className={layout.quiet}>
            {t("home:atStep", { step: t(`common:step.${draft.step}`, { defaultValue: draft.step }) })} ·{" "}
            <Tooltip content={format.moment(draft.savedAt)} relationship="description">
              <span>{t("home:draftSaved", { when: format.relative(draft.savedAt) })}</span>
            </Tooltip>
            {draft.account !== account.id && ` ${t("home:draftOn", { account: draft.account })}`}
          </Text>
        </span>
        <ConfirmDialog
          title={t("home:discardTitle")}
          trigger={
            <Button appearance="subtle" icon={<DeleteRegular />} data-testid="discard-draft">
              {t("home:discard")}
            </Button>
          }
          confirm={t("home:discard")}
          onConfirm={() => drop.mutate()}
          confirmTestId="confirm-discard"
        >
          {t("home:discardText", { name })}
        </ConfirmDialog>
        <Button
          appearance="primary"
          icon={<ArrowRightRegular />}
          iconPosition="after"
          onClick={() => open({ name: "setup" })}
          data-testid="continue-draft"
        >
          {t("home:continue")}
        </Button>
      </div>
      {drop.error !== null && <FailureNotice failure={toFailure(drop.error)} />}
    </>
  );
}

import { Button, MessageBar, MessageBarBody, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { SaveRegular, ShieldKeyholeRegular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { AuthorityRoot } from "../../ipc/generated/AuthorityRoot";
import { CopyButton } from "../../shared/CopyButton";
import { EmptyState } from "../../shared/EmptyState";
import { FactList } from "../../shared/FactList";
import { FailureNotice } from "../../shared/FailureNotice";
import { useFormat } from "../../shared/format";
import { useLayout } from "../../shared/layout";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { TextBlock } from "../../shared/TextBlock";
import { shortSubject } from "../../shared/tls/checks";
import { spaced } from "./rows";

/** Default file name of the root certificate. */
const ROOT_FILE = "berth-root.pem";

const KEY = ["authority-root"];

const useStyles = makeStyles({
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  place: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, minWidth: 0 },
});

/** The local certificate authority. Its root is created on first use, so it is read only on request. */
export function AuthorityView(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, ask] = useState(() => queries.getQueryData(KEY) !== undefined);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => call("authority_root", {}),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="authority-failure" />;
  }
  if (data !== undefined) {
    return <Root root={data} />;
  }
  return (
    <EmptyState
      icon={ShieldKeyholeRegular}
      title={t("certificates:authority.title")}
      text={t("certificates:authority.text")}
      action={
        <Button appearance="primary" icon={isFetching ? <Spinner size="tiny" /> : null} onClick={() => ask(true)} disabledFocusable={isFetching} data-testid="show-root">
          {t("certificates:authority.show")}
        </Button>
      }
    />
  );
}

function Root({ root }: { root: AuthorityRoot }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const save = useMutation({ mutationFn: () => call("save_authority_root", {}) });
  const file = save.data ?? ROOT_FILE;
  const trust = useQuery({
    queryKey: ["trust-commands", file],
    queryFn: () => call("trust_commands", { path: file }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  return (
    <div className={layout.sections}>
      <Section level={2} title={t("certificates:authority.root")} hint={t("certificates:authority.text")}>
        <Panel className={layout.column} testId="authority-root">
          <FactList
            facts={[
              { term: t("certificates:authority.name"), value: shortSubject(root.subject) },
              { term: t("certificates:column.ends"), value: format.day(root.notAfter) },
              { term: t("certificates:fact.fingerprint"), value: <span className={layout.mono}>{spaced(root.sha256)}</span>, wide: true },
            ]}
          />
          <div className={styles.buttons}>
            <Button icon={<SaveRegular />} onClick={() => save.mutate()} disabledFocusable={save.isPending} data-testid="save-root">
              {t("certificates:authority.save")}
            </Button>
            <CopyButton text={root.sha256} label={t("certificates:copyFingerprint")} />
          </div>
          {save.data != null && (
            <MessageBar intent="success" layout="multiline">
              <MessageBarBody>{t("certificates:savedTo", { path: save.data })}</MessageBarBody>
            </MessageBar>
          )}
          {save.error !== null && <FailureNotice failure={toFailure(save.error)} testId="save-root-failure" />}
        </Panel>
      </Section>
      <Section level={2} title={t("certificates:trust.title")} hint={t("certificates:trust.hint", { file })}>
        <Panel>
          <ul className={layout.list} data-testid="trust">
            {trust.data?.map(({ place, command }) => (
              <li key={place} className={styles.place}>
                <Text weight="semibold">{t(`certificates:trust.${place}`)}</Text>
                <TextBlock text={command} label={t(`certificates:trust.${place}`)} copy={t("certificates:trust.copy")} testId={`trust-${place}`} />
              </li>
            ))}
          </ul>
        </Panel>
      </Section>
    </div>
  );
}

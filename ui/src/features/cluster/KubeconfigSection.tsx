import {
  Button,
  Checkbox,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Radio,
  RadioGroup,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular, FolderOpenRegular, SaveRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { KubeconfigSaved } from "../../ipc/generated/KubeconfigSaved";
import type { SignInProgram } from "../../ipc/generated/SignInProgram";
import { FailureNotice } from "../../shared/FailureNotice";
import { Panel } from "../../shared/Panel";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";
import { ProgramQuestion } from "./ProgramQuestion";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: tokens.spacingVerticalM, maxWidth: "640px" },
  path: { display: "flex", gap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minWidth: 0 },
  save: { alignSelf: "flex-start" },
});

/** Saves the cluster's kubeconfig to a chosen file. Its contents never enter the page. */
export function KubeconfigSection({ details }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const { id: clusterId, localAccountsDisabled } = details.cluster;
  const [admin, setAdmin] = useState(false);
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [merge, setMerge] = useState(true);
  const [setCurrent, setSetCurrent] = useState(false);
  const { data: info } = useQuery({ queryKey: ["app_info"], queryFn: () => call("app_info", {}), staleTime: Number.POSITIVE_INFINITY });
  const ownFile = file === null;
  const merges = merge || ownFile;
  const save = useMutation({
    mutationFn: (allowedProgram: SignInProgram | null) =>
      call("save_kubeconfig", { account: account.id, clusterId, admin, file: file?.id ?? null, merge: merges, setCurrent, allowedProgram }),
  });
  const choose = useMutation({
    mutationFn: () => call("choose_kubeconfig_file", {}),
    onSuccess: (chosen) => chosen !== null && setFile(chosen),
  });
  return (
    <Section level={2} title={t("kubeconfig:title")} hint={t("kubeconfig:hint")}>
      <Panel className={styles.panel} testId="kubeconfig">
        {!localAccountsDisabled && (
          <Field label={t("kubeconfig:who")}>
            <RadioGroup value={admin ? "admin" : "user"} onChange={(_, { value }) => setAdmin(value === "admin")}>
              <Radio value="user" label={t("kubeconfig:user")} data-testid="kubeconfig-user" />
              <Radio value="admin" label={t("kubeconfig:admin")} data-testid="kubeconfig-admin" />
            </RadioGroup>
          </Field>
        )}
        <Field label={t("kubeconfig:path")} hint={t("kubeconfig:pathHint")}>
          <div className={styles.path}>
            <Input
              className={styles.input}
              value={file?.name ?? info?.kubeconfig ?? "~/.kube/config"}
              readOnly
              contentAfter={
                ownFile ? undefined : (
                  <Button
                    appearance="transparent"
                    size="small"
                    icon={<DismissRegular />}
                    aria-label={t("kubeconfig:useOwn")}
                    onClick={() => setFile(null)}
                    data-testid="kubeconfig-own"
                  />
                )
              }
              data-testid="kubeconfig-path"
            />
            <Button icon={<FolderOpenRegular />} onClick={() => choose.mutate()} data-testid="kubeconfig-choose">
              {t("kubeconfig:choose")}
            </Button>
          </div>
        </Field>
        <Field hint={t("kubeconfig:mergeHint")}>
          <Checkbox
            checked={merges}
            disabled={ownFile}
            onChange={(_, { checked }) => setMerge(checked === true)}
            label={t("kubeconfig:merge")}
            data-testid="kubeconfig-merge"
          />
        </Field>
        <Checkbox checked={setCurrent} onChange={(_, { checked }) => setSetCurrent(checked === true)} label={t("kubeconfig:setCurrent")} />
        <Button className={styles.save} icon={<SaveRegular />} onClick={() => save.mutate(null)} disabledFocusable={save.isPending} data-testid="save-kubeconfig">
          {t("kubeconfig:save")}
        </Button>
        {save.error !== null && <FailureNotice failure={toFailure(save.error)} onRetry={() => save.mutate(save.variables ?? null)} />}
        {save.data?.outcome === "needs_confirmation" && (
          <ProgramQuestion program={save.data.program} onAllow={save.mutate} onRefuse={save.reset} />
        )}
        {save.data?.outcome === "saved" && <Saved saved={save.data} />}
      </Panel>
    </Section>
  );
}

function Saved({ saved }: { saved: KubeconfigSaved }): ReactNode {
  const { t } = useTranslation();
  const { path, context, execCommand, merged, replacedContexts, backup, tightened } = saved;
  return (
    <MessageBar intent="success" layout="multiline" data-testid="kubeconfig-saved" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t(merged ? "kubeconfig:added" : "kubeconfig:saved", { path })}</MessageBarTitle> {t("kubeconfig:context", { context })}
        {replacedContexts.length > 0 && ` ${t("kubeconfig:replaced", { contexts: replacedContexts.join(", ") })}`}
        {backup !== null && ` ${t("kubeconfig:backup", { path: backup })}`}
        {execCommand !== null && ` ${t("kubeconfig:exec", { command: execCommand })}`}
        {tightened && ` ${t("kubeconfig:tightened")}`}
      </MessageBarBody>
    </MessageBar>
  );
}

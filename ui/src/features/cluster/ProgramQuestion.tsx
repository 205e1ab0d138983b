import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SignInProgram } from "../../ipc/generated/SignInProgram";

const useStyles = makeStyles({
  command: {
    margin: `${tokens.spacingVerticalS} 0 0`,
    maxHeight: "240px",
    overflowY: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

/** Shows the program and arguments that kubectl would run to sign in, and asks for consent. */
export function ProgramQuestion({ program, onAllow, onRefuse }: { program: SignInProgram; onAllow: (program: SignInProgram) => void; onRefuse: () => void }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <MessageBar intent="warning" layout="multiline" politeness="assertive" role="alert" data-testid="kubeconfig-program">
      <MessageBarBody>
        <MessageBarTitle>{t("kubeconfig:confirmTitle")}</MessageBarTitle> {t("kubeconfig:confirm")}
        <pre className={styles.command} tabIndex={0} aria-label={t("kubeconfig:confirmCommand")} role="group" data-testid="kubeconfig-command">
          {program.shown}
        </pre>
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => onAllow(program)} data-testid="kubeconfig-allow">
          {t("kubeconfig:confirmSave")}
        </Button>
        <Button appearance="primary" onClick={onRefuse} data-testid="kubeconfig-refuse">
          {t("kubeconfig:confirmCancel")}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}

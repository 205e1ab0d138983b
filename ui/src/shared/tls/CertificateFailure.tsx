import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "../../ipc/generated/Failure";
import { FailureNotice } from "../FailureNotice";

/** Not an error: the passphrase is requested right below. */
const ASKED_FOR: readonly string[] = ["encrypted_pkcs12", "encrypted_key"];

const useStyles = makeStyles({
  // File names have no spaces to break at.
  words: { overflowWrap: "anywhere" },
});

/** Why files were refused, using the texts of the certificate rule. */
export function CertificateFailure({ failure }: { failure: Failure }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const { problem } = failure.params;
  if (failure.code !== "certificate_problem" || problem === undefined) {
    return <FailureNotice failure={failure} testId="certificate-failure" />;
  }
  const say = (part: "message" | "remedy", otherwise: string): string =>
    t(`findings:TLS-11.${problem}.${part}`, { ...failure.params, defaultValue: otherwise });
  return (
    <MessageBar intent={ASKED_FOR.includes(problem) ? "warning" : "error"} layout="multiline" role="alert" data-testid="certificate-failure" data-problem={problem}>
      <MessageBarBody className={styles.words}>
        <MessageBarTitle>{say("message", failure.detail)}</MessageBarTitle> {say("remedy", "")}
      </MessageBarBody>
    </MessageBar>
  );
}

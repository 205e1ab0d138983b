import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, PersonKeyRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AzureFault } from "../ipc/generated/AzureFault";
import type { Failure } from "../ipc/generated/Failure";
import { FoldedText } from "./FoldedText";
import { useSignInAgain } from "./session";

const useStyles = makeStyles({
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  // Addresses and paths have no blanks to break at.
  words: { overflowWrap: "anywhere" },
  azure: { marginTop: tokens.spacingVerticalXS, whiteSpace: "pre-wrap", color: tokens.colorNeutralForeground2 },
});

/** What is worth knowing, but has been mended already. */
const MENDED: readonly Failure["code"][] = ["taken_back"];

/** A reason that has words in the catalogue; others are words already. */
const CODE = /^[a-z0-9_]+$/;

interface Props {
  failure: Failure;
  /** Does it again. Without it there is no such button. */
  onRetry?: (() => void) | undefined;
  /** Another remedy than trying again, as a button. */
  action?: ReactNode;
  testId?: string;
}

/** Azure's own words beside Berth's: innermost cause, what it is about, and the code around it. */
function AzureWords({ azure }: { azure: AzureFault }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const said = [azure.code, azure.message].filter((part) => part !== "").join(": ");
  const lines = [
    { label: t("failures:azure.title"), text: said },
    { label: t("failures:azure.target"), text: azure.target ?? "" },
    { label: t("failures:azure.outer"), text: azure.outerCode ?? "" },
  ].filter(({ text }) => text !== "");
  if (lines.length === 0) {
    return null;
  }
  return (
    <div className={styles.azure} data-testid="azure-words">
      {lines.map(({ label, text }) => (
        <div key={label}>
          {label}: {text}
        </div>
      ))}
    </div>
  );
}

/** What did not work, why, and what to do now, with Azure's own words. The whole chain of causes is folded below. */
export function FailureNotice({ failure, onRetry, action, testId = "failure" }: Props): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const signInAgain = useSignInAgain();
  const signsIn = failure.remedy === "sign_in_again" && signInAgain !== null;
  const azure = failure.azure;
  const given = { ...(azure === null ? {} : { code: azure.code, message: azure.message }), ...failure.params };
  const { reason, why } = failure.params;
  const coded = why !== undefined && CODE.test(why);
  const values = {
    ...given,
    ...(reason === undefined ? {} : { reason: t(`failures:reason.${reason}`, { ...given, defaultValue: reason }) }),
    ...(coded ? { why: t(`failures:why.${why}`, { ...given, defaultValue: why }) } : {}),
  };
  const say = (key: string, otherwise: string): string => t(`failures:${key}`, { ...values, defaultValue: otherwise });
  const title = say(`${failure.code}.title`, failure.detail === "" ? failure.code : failure.detail);
  const general = say(`${failure.code}.explanation`, "");
  const named = failure.params.policy !== undefined && failure.params.policy !== "" ? say(`${failure.code}.named`, general) : general;
  const explanation = coded ? say(`${failure.code}.because`, general) : named;
  const remedy = say(`remedy.${failure.remedy}`, "");
  const ids = [azure?.correlationId].filter((id) => id !== null && id !== undefined);
  const detail = [azure === null ? null : `${azure.code}: ${azure.message}`, failure.detail, ...ids].filter(Boolean).join("\n");
  return (
    <div className={styles.stack} data-testid={testId} data-failure={failure.code}>
      <MessageBar intent={MENDED.includes(failure.code) ? "warning" : "error"} layout="multiline" politeness="assertive" role="alert">
        <MessageBarBody className={styles.words}>
          <MessageBarTitle>{title}</MessageBarTitle> {[explanation, remedy].filter((part) => part !== "").join(" ")}
          {azure !== null && <AzureWords azure={azure} />}
        </MessageBarBody>
        {(onRetry !== undefined || action !== undefined || signsIn) && (
          <MessageBarActions>
            {action}
            {signsIn && (
              <Button size="small" icon={<PersonKeyRegular />} onClick={signInAgain} data-testid={`${testId}-sign-in`}>
                {t("common:signInAgain")}
              </Button>
            )}
            {onRetry !== undefined && (
              <Button size="small" icon={<ArrowClockwiseRegular />} onClick={onRetry} data-testid={`${testId}-retry`}>
                {t("common:tryAgain")}
              </Button>
            )}
          </MessageBarActions>
        )}
      </MessageBar>
      {detail !== "" && <FoldedText title={t("common:details")} text={detail} />}
    </div>
  );
}

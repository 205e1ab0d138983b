import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, PersonKeyRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AzureFault } from "../ipc/generated/AzureFault";
import type { Failure } from "../ipc/generated/Failure";
import { AzureLines } from "./AzureLines";
import { type AzurePart, azureParts } from "./azureWords";
import { FoldedText } from "./FoldedText";
import { useSignInAgain } from "./session";

const useStyles = makeStyles({
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  // Addresses and paths have no spaces to break at.
  words: { overflowWrap: "anywhere" },
  azure: { marginTop: tokens.spacingVerticalXS },
});

/** Failures that are only informational, because they are already resolved. */
const MENDED: readonly Failure["code"][] = ["taken_back"];

/** A reason code with a text in the catalogue; others are free text. */
const CODE = /^[a-z0-9_]+$/;

interface Props {
  failure: Failure;
  /** Retries. If absent, there is no such button. */
  onRetry?: (() => void) | undefined;
  /** Another remedy, as a button. */
  action?: ReactNode;
  testId?: string;
}

/** Azure's error, line by line. */
function useAzureLines(azure: AzureFault | null): string[] {
  const { t } = useTranslation();
  const line = ({ label, words }: AzurePart): string => {
    const said = [words.code, words.message].filter((part) => part !== "").join(": ");
    const about = words.target === null || words.target === "" ? "" : ` (${t("failures:azure.target")}: ${words.target})`;
    return `${t(`failures:azure.${label}`)}: ${said}${about}`;
  };
  return azure === null ? [] : azureParts(azure).map(line);
}

/** Ends a text with a full stop, because some end with a value. */
const sentence = (text: string): string => (text === "" || /[.!?:…]$/u.test(text) ? text : `${text}.`);

/** What failed, why, and what to do, with Azure's error. The full cause chain is collapsed below. */
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
  const told = coded || (why !== undefined && failure.code === "file_problem");
  const explanation = told ? say(`${failure.code}.because`, general) : named;
  const remedy = say(`remedy.${failure.remedy}`, "");
  const azureLines = useAzureLines(azure);
  const detail = [...azureLines, failure.detail, azure?.correlationId].filter(Boolean).join("\n");
  return (
    <div className={styles.stack} data-testid={testId} data-failure={failure.code}>
      <MessageBar intent={MENDED.includes(failure.code) ? "warning" : "error"} layout="multiline" politeness="assertive" role="alert">
        <MessageBarBody className={styles.words}>
          <MessageBarTitle>{title}</MessageBarTitle> {[sentence(explanation), remedy].filter((part) => part !== "").join(" ")}
          {azureLines.length > 0 && (
            <div className={styles.azure}>
              <AzureLines lines={azureLines} />
            </div>
          )}
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

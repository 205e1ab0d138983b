import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PlannedRequest } from "../../ipc/generated/PlannedRequest";
import { CopyButton } from "../CopyButton";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    minWidth: 0,
  },
  line: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
  body: {
    margin: 0,
    maxHeight: "320px",
    overflow: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  foot: { display: "flex", justifyContent: "flex-end" },
});

/** A request as it will be sent, with secrets masked. */
export function RequestView({ request }: { request: PlannedRequest }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const body = request.body === null || request.body === undefined ? null : JSON.stringify(masked(request.body), null, 2);
  const text = [`${request.method} ${request.path}`, body].filter((part) => part !== null).join("\n\n");
  return (
    <div className={styles.root} data-testid="request">
      <Text size={200} className={styles.line}>
        <strong>{request.method}</strong> {request.path}
      </Text>
      {body !== null && (
        <pre className={styles.body} tabIndex={0} aria-label={t("review:plan.body")}>
          {body}
        </pre>
      )}
      <div className={styles.foot}>
        <CopyButton text={text} label={t("review:plan.copyRequest")} />
      </div>
    </div>
  );
}

/** A request body with secret placeholders masked. */
export function masked(body: unknown): unknown {
  if (typeof body === "string") {
    return /^\{\{secret:\w+\}\}$/.test(body) ? "•••" : body;
  }
  if (Array.isArray(body)) {
    return body.map(masked);
  }
  if (typeof body === "object" && body !== null) {
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, masked(value)]));
  }
  return body;
}

import { Button, SearchBox, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, CertificateRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { EmptyState } from "../../shared/EmptyState";
import { FailureNotice } from "../../shared/FailureNotice";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { EndpointTable } from "./EndpointTable";
import { RenewButton, useRenew } from "./RenewButton";
import { RenewedList } from "./RenewedList";
import { type EndpointsSort, canRenew, shownOf } from "./rows";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  tools: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM, minHeight: "32px" },
  filter: { flex: "0 1 280px" },
});

/** All endpoints with their certificates. */
export function EndpointsView({ endpoints }: { endpoints: readonly EndpointCertificates[] }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [text, setText] = useState("");
  const [sorted, sort] = useState<EndpointsSort>({ sort: "ends", descending: false });
  const [chosen, choose] = useState<readonly string[]>([]);
  const { renew, renewing, renewed, failure } = useRenew();
  if (endpoints.length === 0) {
    return (
      <EmptyState
        icon={CertificateRegular}
        title={t("certificates:empty.title")}
        text={t("certificates:empty.text")}
        action={
          <Button appearance="primary" icon={<AddRegular />} onClick={() => open({ name: "setup" })} data-testid="set-up">
            {t("certificates:empty.action")}
          </Button>
        }
      />
    );
  }
  const shown = shownOf(endpoints, text, sorted);
  // Do not renew rows hidden by the filter.
  const marked = shown.filter((endpoint) => canRenew(endpoint) && chosen.includes(endpoint.computeId));
  return (
    <div className={styles.root}>
      <div className={styles.tools}>
        <SearchBox
          className={styles.filter}
          placeholder={t("certificates:filter")}
          aria-label={t("certificates:filter")}
          value={text}
          onChange={(_, data) => setText(data.value)}
          data-testid="certificate-filter"
        />
        {marked.length > 0 ? (
          <RenewButton
            endpoints={marked}
            text={t("certificates:renewSome", { count: marked.length })}
            busy={renewing}
            onRenew={(ids) => {
              choose([]);
              renew(ids);
            }}
          />
        ) : (
          endpoints.some(canRenew) && (
            <Text size={200} className={layout.quiet}>
              {t("certificates:renewHint")}
            </Text>
          )
        )}
      </div>
      {failure !== null && <FailureNotice failure={failure} testId="renew-failure" />}
      {renewed !== null && <RenewedList renewed={renewed} endpoints={endpoints} />}
      {shown.length === 0 ? (
        <Text className={layout.quiet}>{t("certificates:noMatch")}</Text>
      ) : (
        <EndpointTable endpoints={shown} sorted={sorted} onSort={sort} chosen={marked.map(({ computeId }) => computeId)} onChoose={choose} />
      )}
    </div>
  );
}

import { Button, Field, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowRightRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { endpointName, useLastInventory, usePresentSubscription } from "../../shared/inventory";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: tokens.spacingHorizontalM },
  field: { flex: "0 1 420px", minWidth: "240px" },
});

/** Whether a certificate for these names covers an endpoint's name. */
function fits({ name }: EndpointCertificates, names: readonly string[]): boolean {
  const own = name?.toLowerCase() ?? "";
  return names.some((covered) => covered.toLowerCase() === own || (covered.startsWith("*.") && own.slice(own.indexOf(".")) === covered.slice(1).toLowerCase()));
}

interface Props {
  /** The certificate in the keychain. */
  id: string;
  names: readonly string[];
}

/** Opens the TLS change of an endpoint with a certificate selected. */
export function UseIt({ id, names }: Props): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [subscriptionId] = usePresentSubscription();
  const endpoints = useLastInventory(subscriptionId)?.endpoints ?? [];
  const [chosen, choose] = useState("");
  const first = endpoints.find((endpoint) => fits(endpoint, names)) ?? endpoints[0];
  const endpoint = endpoints.find(({ computeId }) => computeId === chosen) ?? first;
  const use = ({ computeId, clusterId, name }: EndpointCertificates): void => {
    const cname = name ?? names.find((covered) => !covered.startsWith("*.")) ?? "";
    open({ name: "change", target: { kind: "tls", clusterId, computeId, first: { kind: "own", cname, pair: { kind: "vault", id } } } });
  };
  return (
    <Section level={2} title={t("certificates:use.title")} {...(endpoint === undefined ? {} : { hint: t("certificates:use.hint") })}>
      {endpoint === undefined ? (
        <Text className={layout.quiet}>{t("certificates:use.none")}</Text>
      ) : (
        <div className={styles.row}>
          <Field className={styles.field} label={t("certificates:use.endpoint")}>
            <Select value={endpoint.computeId} onChange={(_, { value }) => choose(value)} data-testid="use-endpoint">
              {endpoints.map((one) => (
                <option key={one.computeId} value={one.computeId}>
                  {t("certificates:use.option", { name: endpointName(one), compute: nameOf(one.computeId), cluster: nameOf(one.clusterId) })}
                </option>
              ))}
            </Select>
          </Field>
          <Button appearance="primary" icon={<ArrowRightRegular />} iconPosition="after" onClick={() => use(endpoint)} data-testid="use-certificate">
            {t("certificates:use.do")}
          </Button>
        </div>
      )}
    </Section>
  );
}

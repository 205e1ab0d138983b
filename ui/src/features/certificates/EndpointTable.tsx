import {
  Link,
  Table,
  TableBody,
  TableCell,
  TableCellLayout,
  TableHeader,
  TableRow,
  TableSelectionCell,
  Text,
  makeStyles,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointCertificates } from "../../ipc/generated/EndpointCertificates";
import { endpointName, inForce } from "../../shared/inventory";
import { useNavigation } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";
import { SortableHeader, useTableStyles } from "../../shared/table";
import { keyWords, shortSubject } from "../../shared/tls/checks";
import { Ends } from "./Ends";
import { type EndpointsSort, type SortKey, canRenew, stateOf } from "./rows";
import { AgreementLabel, StateLabel } from "./StateWords";

const useStyles = makeStyles({
  table: { minWidth: "786px" },
  select: { width: "28px" },
  name: { width: "19%" },
  compute: { width: "12%" },
  ends: { width: "104px" },
  state: { width: "94px" },
  agreement: { width: "132px" },
});

interface Props {
  endpoints: readonly EndpointCertificates[];
  sorted: EndpointsSort;
  onSort: (sorted: EndpointsSort) => void;
  /** Computes of the rows selected for renewal. */
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
}

/** Table of endpoints and certificates: sort, open, and select for renewal. */
export function EndpointTable({ endpoints, sorted, onSort, chosen, onChoose }: Props): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const renewable = endpoints.filter(canRenew).map(({ computeId }) => computeId);
  const all = renewable.length > 0 && renewable.every((id) => chosen.includes(id));
  const header = (column: SortKey, className?: string): ReactNode => (
    <SortableHeader column={column} sorted={sorted} onSort={onSort} className={className}>
      {t(`certificates:column.${column}`)}
    </SortableHeader>
  );
  const toggle = (id: string): void => onChoose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <div className={styles.room}>
      <Table className={styles.table} aria-label={t("certificates:view.endpoints")} sortable>
        <TableHeader>
          <TableRow>
            {renewable.length > 0 && (
              <TableSelectionCell
                className={styles.select}
                checked={all ? true : chosen.length > 0 ? "mixed" : false}
                checkboxIndicator={{ "aria-label": t("certificates:chooseAll") }}
                onClick={() => onChoose(all ? [] : renewable)}
                data-testid="choose-all"
              />
            )}
            {header("name", styles.name)}
            {header("compute", styles.compute)}
            {header("issuer")}
            {header("ends", styles.ends)}
            {header("state", styles.state)}
            {header("agreement", styles.agreement)}
          </TableRow>
        </TableHeader>
        <TableBody>
          {endpoints.map((endpoint) => (
            <Row
              key={endpoint.computeId}
              endpoint={endpoint}
              selectable={renewable.length > 0}
              chosen={chosen.includes(endpoint.computeId)}
              onToggle={() => toggle(endpoint.computeId)}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

interface RowProps {
  endpoint: EndpointCertificates;
  /** Whether the table has a selection column. */
  selectable: boolean;
  chosen: boolean;
  onToggle: () => void;
}

function Row({ endpoint, selectable, chosen, onToggle }: RowProps): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const { open } = useNavigation();
  const name = endpointName(endpoint);
  const compute = nameOf(endpoint.computeId);
  const found = inForce(endpoint);
  const openEndpoint = (): void => open({ name: "endpoint_certificates", computeId: endpoint.computeId });
  return (
    <TableRow
      className={styles.row}
      onClick={openEndpoint}
      {...(selectable ? { "aria-selected": chosen } : {})}
      appearance={chosen ? "brand" : "none"}
      data-testid={`endpoint-${compute}`} data-due={endpoint.due}
    >
      {selectable &&
        (canRenew(endpoint) ? (
          <TableSelectionCell
            className={styles.select}
            checked={chosen}
            checkboxIndicator={{ "aria-label": t("certificates:choose", { name }) }}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
            data-testid={`choose-${compute}`}
          />
        ) : (
          <TableCell className={styles.select} />
        ))}
      <TableCell className={styles.cell}>
        <Link
          as="button"
          onClick={(event) => {
            event.stopPropagation();
            openEndpoint();
          }}
          data-testid={`open-endpoint-${compute}`}
        >
          {name}
        </Link>
        {endpoint.address !== null && <Quiet text={endpoint.address} />}
      </TableCell>
      <TableCell className={styles.cell}>
        <TableCellLayout description={<Quiet text={t("certificates:inCluster", { cluster: nameOf(endpoint.clusterId) })} />}>{compute}</TableCellLayout>
      </TableCell>
      <TableCell className={styles.cell}>
        {found === null ? (
          <Text className={styles.quiet}>{t("certificates:noCertificate")}</Text>
        ) : (
          <>
            {found.selfSigned ? t("certificates:signsItself") : shortSubject(found.issuer)}
            <Quiet text={keyWords(found)} />
          </>
        )}
      </TableCell>
      <TableCell>{found === null ? <Text className={styles.quiet}>{t("certificates:nothing")}</Text> : <Ends certificate={found} />}</TableCell>
      <TableCell>
        <StateLabel state={stateOf(endpoint)} />
      </TableCell>
      <TableCell>
        <AgreementLabel agreement={endpoint.agreement} />
      </TableCell>
    </TableRow>
  );
}

function Quiet({ text }: { text: string }): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  return (
    <Text size={200} block className={styles.quiet}>
      {text}
    </Text>
  );
}

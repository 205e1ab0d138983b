import { Link, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { Route } from "../../ipc/generated/Route";
import { useAzureState } from "../../shared/azureState";
import { endpointIdOf } from "../../shared/endpoint/queries";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { routeOf, sameResource } from "../../shared/resources";
import { Section } from "../../shared/Section";

const useStyles = makeStyles({
  room: { overflowX: "auto", backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusXLarge, boxShadow: tokens.shadow4 },
  table: { minWidth: "540px" },
  last: { ":last-child": { borderBottomStyle: "none" } },
  name: { width: "22%" },
  short: { width: "16%" },
  url: { overflowWrap: "anywhere", paddingTop: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalS },
});

/** Services and endpoints of the cluster. */
export function DependentsSection({ details: { dependents, computes } }: { details: ClusterDetails }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const azureState = useAzureState();
  const routeOfCompute = (id: string): Route => {
    const found = computes.find(({ compute }) => sameResource(compute.id, id));
    return found === undefined ? "extension" : routeOf(found.compute);
  };
  if (computes.length === 0 && dependents.length === 0) {
    return null;
  }
  const title = t("clusters:section.dependents");
  return (
    <Section level={2} title={title}>
      {dependents.length === 0 ? (
        <Text className={layout.quiet}>{t("clusters:noDependents")}</Text>
      ) : (
        <div className={styles.room}>
          <Table className={styles.table} aria-label={title}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell className={styles.name}>{t("clusters:dependent.name")}</TableHeaderCell>
                <TableHeaderCell className={styles.short}>{t("clusters:dependent.compute")}</TableHeaderCell>
                <TableHeaderCell className={styles.short}>{t("clusters:dependent.state")}</TableHeaderCell>
                <TableHeaderCell>{t("clusters:dependent.url")}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {dependents.map((one) => (
                <TableRow key={`${one.compute} ${one.name}`} className={styles.last} data-testid={`dependent-${one.name}`}>
                  <TableCell className={styles.url}>
                    <Link as="button" onClick={() => open({ name: "endpoint", endpointId: endpointIdOf(one.computeId, routeOfCompute(one.computeId), one.name) })}>
                      {one.name}
                    </Link>
                    {one.deployments.map(({ name, state }) => (
                      <Text key={name} block size={200} className={layout.quiet}>
                        {name}: {azureState(state)}
                      </Text>
                    ))}
                  </TableCell>
                  <TableCell>{one.compute}</TableCell>
                  <TableCell>{azureState(one.state)}</TableCell>
                  <TableCell className={styles.url}>
                    <Text size={200}>{one.url ?? "–"}</Text>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </Section>
  );
}

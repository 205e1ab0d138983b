import { Button, Spinner, Text } from "@fluentui/react-components";
import { ArrowExportRegular, FolderOpenRegular, RocketRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../ipc/call";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { ExportedVersion } from "../../ipc/generated/ExportedVersion";
import { servingQuery } from "../../shared/endpoint/queries";
import { FailureNotice } from "../../shared/FailureNotice";
import { PickField } from "../../shared/fields";
import { FindingList } from "../../shared/FindingList";
import { useLayout } from "../../shared/layout";
import { useNavigation } from "../../shared/navigation";
import { Panel } from "../../shared/Panel";
import { routeOf } from "../../shared/resources";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";

/** Exports a service of the classic route, to deploy its versions on the extension route. */
export function CarrySection({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const [asked, ask] = useState(false);
  return (
    <Section level={2} title={t("endpoints:carry.title")} hint={t("endpoints:carry.hint")}>
      <Panel className={layout.column} testId="carry">
        {asked ? (
          <Export endpoint={endpoint} />
        ) : (
          <div className={layout.buttons}>
            <Button icon={<ArrowExportRegular />} onClick={() => ask(true)} data-testid="carry-over">
              {t("endpoints:carry.start")}
            </Button>
          </div>
        )}
      </Panel>
    </Section>
  );
}

/** Asks for the compute and a folder, and shows what was written. */
function Export({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const [chosen, choose] = useState<string | null>(null);
  const { data, error, isPending, refetch } = useQuery(servingQuery(account.id, endpoint.workspaceId));
  const names = (data?.computes ?? []).filter(({ facts }) => routeOf(facts) === "extension").map(({ facts }) => facts.name);
  const compute = chosen ?? (names.length === 1 ? (names[0] ?? "") : "");
  const written = useMutation({ mutationFn: () => call("export_service", { account: account.id, serviceId: endpoint.id, compute, sample: "" }) });
  if (isPending) {
    return <Spinner size="tiny" label={t("common:loading")} />;
  }
  if (error !== null) {
    return <FailureNotice failure={toFailure(error)} onRetry={() => void refetch()} testId="carry-computes-failure" />;
  }
  return (
    <>
      <PickField
        path="compute"
        label={t("endpoints:carry.compute")}
        required
        value={compute}
        onChange={choose}
        empty={t(data.computes === null ? "endpoints:carry.unread" : "endpoints:carry.noCompute")}
        picks={names.map((name) => ({ value: name, text: name }))}
      />
      <div className={layout.buttons}>
        <Button appearance="primary" icon={<FolderOpenRegular />} onClick={() => written.mutate()} disabledFocusable={compute === "" || written.isPending} data-testid="export-service">
          {t("endpoints:carry.choose")}
        </Button>
      </div>
      {written.error !== null && <FailureNotice failure={toFailure(written.error)} onRetry={() => written.mutate()} testId="carry-failure" />}
      {written.data?.versions.map((version) => <Exported key={version.version} version={version} />)}
    </>
  );
}

/** What becomes of a version. */
function Exported({ version }: { version: ExportedVersion }): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { spec, file } = version;
  return (
    <div className={layout.column} data-testid={`exported-${version.version}`}>
      <FindingList findings={version.findings} />
      {file !== null && <Text className={layout.mono}>{file}</Text>}
      {spec !== null && (
        <div className={layout.buttons}>
          <Button icon={<RocketRegular />} onClick={() => open({ name: "deploy", spec })} data-testid={`deploy-${version.version}`}>
            {t("endpoints:carry.deploy", { name: version.version })}
          </Button>
        </div>
      )}
    </div>
  );
}

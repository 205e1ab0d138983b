import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Endpoint } from "../../../ipc/generated/Endpoint";
import { StateLabel } from "../../../shared/endpoint/StateLabel";
import { FactList } from "../../../shared/FactList";
import { useFormat } from "../../../shared/format";

interface Props {
  endpoint: Endpoint;
  /** The version to delete. */
  name: string;
}

/** The version to delete: its traffic and state. */
export function VersionFacts({ endpoint, name }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const version = endpoint.versions.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const traffic = version?.traffic ?? null;
  return (
    <div data-testid="version-facts">
      <FactList
        facts={[
          { term: t("endpoints:versions.name"), value: version?.name ?? name },
          { term: t("endpoints:versions.traffic"), value: traffic === null ? t("endpoints:unknown") : format.percent(traffic) },
          { term: t("endpoints:versions.state"), value: <StateLabel state={version?.state ?? ""} /> },
          { term: t("endpoints:versions.runs"), value: version?.model ?? t("endpoints:versions.modelUnknown"), wide: true },
        ]}
      />
    </div>
  );
}

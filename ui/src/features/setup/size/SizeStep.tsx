import { MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, makeStyles } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call, toFailure } from "../../../ipc/call";
import { sizesQuery } from "../../../shared/catalogues";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { FailureNotice } from "../../../shared/FailureNotice";
import { FieldFindings, NumberField } from "../../../shared/fields";
import { useFormat } from "../../../shared/format";
import { useLayout } from "../../../shared/layout";
import { shortSize } from "../../../shared/resources";
import { Section } from "../../../shared/Section";
import { useDebounced } from "../../../shared/time";
import { useWizard } from "../wizard/WizardContext";
import { AllSizes } from "./AllSizes";
import { withSuggestion } from "./choices";
import { NodeFields } from "./NodeFields";
import { SizeBar } from "./SizeBar";

const useStyles = makeStyles({
  need: { maxWidth: "260px" },
});

/** Needed vCPU, three suggested sizes, nodes, and quota. */
export default function SizeStep(): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account, spec, update } = useWizard();
  const { size, place, purpose } = spec;
  const catalogue = useQuery(sizesQuery(account, place.subscriptionId, place.location));
  const answer = useSizeAnswer();
  const best = answer.data?.suggestions[0];
  useEffect(() => {
    if (size.vmSize === "" && best !== undefined && !answer.isPlaceholderData) {
      update((before) => withSuggestion(before, best));
    }
  }, [size.vmSize, best, answer.isPlaceholderData, update]);
  if (place.location === "") {
    return <Text>{t("size:noLocation")}</Text>;
  }
  return (
    <>
      {catalogue.error !== null && <FailureNotice failure={toFailure(catalogue.error)} onRetry={() => void catalogue.refetch()} />}
      {answer.error !== null && <FailureNotice failure={toFailure(answer.error)} onRetry={() => void answer.refetch()} />}
      {catalogue.data?.usagesProblem != null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("size:quotaUnknown")}</MessageBarTitle> {catalogue.data.usagesProblem}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.need}>
        <NumberField
          path="size.needVcpus"
          label={t("size:need")}
          hint={t(`size:needWhy.${purpose}`)}
          min={1}
          max={2000}
          value={size.needVcpus}
          onChange={(needVcpus) => update((before) => ({ ...before, size: { ...before.size, needVcpus } }))}
        />
      </div>
      <Section title={t("size:suggestions")}>
        <Suggestions />
        <FieldFindings path="size.vmSize" />
      </Section>
      <NodeFields />
      {answer.data !== undefined && size.vmSize !== "" && <SizeBar meter={answer.data.meter} />}
      {catalogue.data !== undefined && <AllSizes catalogue={catalogue.data} />}
    </>
  );
}

function Suggestions(): ReactNode {
  const layout = useLayout();
  const { t } = useTranslation();
  const format = useFormat();
  const { spec, update } = useWizard();
  const { data, isPending, isError } = useSizeAnswer();
  if (isPending) {
    return <Spinner size="small" label={t("size:reading")} labelPosition="after" />;
  }
  if (isError) {
    return null;
  }
  const { suggestions } = data;
  if (suggestions.length === 0) {
    return <Text className={layout.quiet}>{t("size:nothingFits")}</Text>;
  }
  const chosen = suggestions.find((one) => one.vmSize === spec.size.vmSize && one.nodes === spec.size.nodes);
  return (
    <ChoiceCards
      field="size.vmSize"
      label={t("size:suggestions")}
      columns={3}
      value={chosen?.vmSize ?? null}
      onChange={(vmSize) => {
        const suggestion = suggestions.find((one) => one.vmSize === vmSize);
        if (suggestion !== undefined) {
          update((before) => withSuggestion(before, suggestion));
        }
      }}
      choices={suggestions.map((one, at) => ({
        value: one.vmSize,
        title: `${shortSize(one.vmSize)} × ${format.number(one.nodes)}`,
        badge: at === 0 ? t(`size:reason.${one.reason}`) : undefined,
        text: (
          <>
            {t("size:amounts", { vcpus: format.number(one.vcpus), memory: format.number(one.memoryGib) })}
            {one.gpus > 0 && ` · ${t("size:gpus", { count: one.gpus })}`}
            <br />
            {t("size:freeForModels", { free: format.number(one.freeVcpus, 1) })}
            {at > 0 && (
              <>
                <br />
                {t(`size:reason.${one.reason}`)}
              </>
            )}
          </>
        ),
      }))}
    />
  );
}

/** Suggestions and bar for the specification, a moment after its last change. */
function useSizeAnswer() {
  const { account, spec } = useWizard();
  const settled = useDebounced(spec, 250);
  const { size, place, purpose, route, cluster, version } = settled;
  return useQuery({
    queryKey: ["azure", "suggest", account, size, place.subscriptionId, place.location, purpose, route, cluster, version],
    queryFn: () => call("suggest_sizes", { account, spec: settled }),
    enabled: place.location !== "",
    placeholderData: keepPreviousData,
  });
}

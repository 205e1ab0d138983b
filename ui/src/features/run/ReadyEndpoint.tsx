import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Proof } from "../../ipc/generated/Proof";
import type { RunSnapshot } from "../../ipc/generated/RunSnapshot";
import type { Spec } from "../../ipc/generated/Spec";
import { CopyButton } from "../../shared/CopyButton";
import { DnsRecordCard } from "../../shared/dns/DnsRecordCard";
import { specOf } from "../../shared/goal";
import { useLayout } from "../../shared/layout";
import { OpenAsDraft } from "../../shared/OpenAsDraft";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorBrandBackground2,
    "@media (forced-colors: active)": { border: "1px solid CanvasText" },
  },
  line: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  url: { overflowWrap: "anywhere", color: tokens.colorBrandForeground2 },
  code: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
  dns: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

/** The ready endpoint, and what is left to do. */
export function ReadyEndpoint({ run, proof }: { run: RunSnapshot; proof: Proof }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const layout = useLayout();
  const { url, curl, dnsRecord } = proof;
  const spec = specOf(run.plan);
  return (
    <section className={styles.root} aria-labelledby="endpoint" data-testid="endpoint">
      <Text as="h2" id="endpoint" size={400} weight="semibold" className={layout.noMargin}>
        {dnsRecord === null ? t("run:ready.title") : t("run:ready.titleAlmost")}
      </Text>
      {url !== null && (
        <div className={styles.line}>
          <Text size={500} weight="semibold" className={styles.url} data-testid="endpoint-url">
            {url}
          </Text>
          <CopyButton text={url} label={t("run:ready.copyUrl")} />
        </div>
      )}
      {dnsRecord !== null && (
        <div className={styles.dns} data-testid="dns-record">
          <Text block>{t("run:ready.dns")}</Text>
          <DnsRecordCard record={dnsRecord} />
        </div>
      )}
      {curl !== null && (
        <div className={styles.line}>
          <Text size={200} className={styles.code}>
            {curl}
          </Text>
          <CopyButton text={curl} label={t("run:ready.copyCurl")} />
        </div>
      )}
      {spec !== null && <AnotherLikeThis spec={spec} />}
    </section>
  );
}

/** The same choices for another cluster, without names and certificates, which must be unique. */
export function anotherLike(spec: Spec): Spec {
  const { cluster, tls } = spec;
  return {
    ...spec,
    cluster: cluster.kind === "existing" ? { ...cluster, resourceId: "" } : cluster,
    place: { ...spec.place, newResourceGroup: false, clusterName: "", computeName: "" },
    tls: tls?.kind === "generated" ? { ...tls, cname: "", pair: null } : tls?.kind === "own" ? { ...tls, cname: "" } : tls,
  };
}

/** A new draft with the choices of this run. */
function AnotherLikeThis({ spec }: { spec: Spec }): ReactNode {
  const { t } = useTranslation();
  return (
    <div>
      <OpenAsDraft spec={anotherLike(spec)} step="place" icon={<AddRegular />} text={t("run:ready.another")} testId="another-like-this" />
    </div>
  );
}

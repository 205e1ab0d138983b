import { Text, mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { QuotaBar } from "../../../ipc/generated/QuotaBar";
import type { SizeMeter } from "../../../ipc/generated/SizeMeter";
import { useFormat } from "../../../shared/format";
import { useMeterStyles } from "../../../shared/meterStyles";
import { Section } from "../../../shared/Section";

/** Required, chosen, Azure ML overhead and quota, all in vCPU. */
export function SizeBar({ meter }: { meter: SizeMeter }): ReactNode {
  const styles = useMeterStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { required, chosen, overhead, advised, free, family, location } = meter;
  const scale = Math.max(required, chosen, 1);
  const share = (vcpus: number): string => `${(vcpus / scale) * 100}%`;
  const short = chosen < required;
  return (
    <Section title={t("size:meterTitle")}>
      <div className={styles.bars} data-testid="size-meter">
        <div className={styles.line}>
          <div className={styles.head}>
            <Text weight="semibold">{t("size:chosen", { vcpus: format.number(chosen) })}</Text>
            {short && (
              <Text className={styles.short} weight="semibold">
                {t("size:short", { vcpus: format.number(required - chosen) })}
              </Text>
            )}
          </div>
          <div className={styles.track} aria-hidden>
            <span className={mergeClasses(styles.part, styles.overhead)} style={{ width: share(Math.min(overhead ?? 0, chosen)) }} />
            <span className={mergeClasses(styles.part, styles.free)} style={{ width: share(free) }} />
            <span className={styles.mark} style={{ left: share(required) }} />
          </div>
          <div className={styles.legend}>
            {overhead !== null && (
              <span className={styles.entry}>
                <span className={mergeClasses(styles.key, styles.overhead)} aria-hidden />
                <Text size={200}>{t("size:overhead", { vcpus: format.number(overhead, 2) })}</Text>
              </span>
            )}
            <span className={styles.entry}>
              <span className={mergeClasses(styles.key, styles.free)} aria-hidden />
              <Text size={200}>{t("size:free", { vcpus: format.number(free, 2) })}</Text>
            </span>
            <span className={styles.entry}>
              <span className={styles.markKey} aria-hidden />
              <Text size={200}>{t("size:required", { vcpus: format.number(required) })}</Text>
            </span>
          </div>
          {overhead === null && <Text size={200}>{t("size:overheadUnknown")}</Text>}
          {advised !== null && <Text size={200}>{t("size:advised", { vcpus: format.number(advised, 1) })}</Text>}
        </div>
        {[family, location].map((quota) => quota !== null && <QuotaLine key={quota.label} quota={quota} />)}
      </div>
    </Section>
  );
}

function QuotaLine({ quota }: { quota: QuotaBar }): ReactNode {
  const styles = useMeterStyles();
  const { t } = useTranslation();
  const format = useFormat();
  const { label, used, takes, limit } = quota;
  const over = used + takes > limit;
  const share = (vcpus: number): string => `${(vcpus / Math.max(limit, 1)) * 100}%`;
  return (
    <div className={styles.line}>
      <div className={styles.head}>
        <Text size={200} className={styles.quiet}>
          {t("size:quota", { label })}
        </Text>
        <Text size={200} className={over ? styles.short : styles.quiet}>
          {over
            ? t("size:quotaShort", { missing: format.number(used + takes - limit), limit: format.number(limit) })
            : t("size:quotaOf", { after: format.number(used + takes), limit: format.number(limit) })}
        </Text>
      </div>
      <div className={mergeClasses(styles.track, styles.thin)} aria-hidden>
        <span className={mergeClasses(styles.part, styles.used)} style={{ width: share(Math.min(used, limit)) }} />
        <span className={mergeClasses(styles.part, over ? styles.over : styles.free)} style={{ width: share(Math.max(0, Math.min(takes, limit - used))) }} />
      </div>
    </div>
  );
}

import { Switch, Text } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Lane } from "../../../ipc/generated/Lane";
import type { Support } from "../../../ipc/generated/Support";
import type { Tier } from "../../../ipc/generated/Tier";
import { ChoiceCards } from "../../../shared/ChoiceCards";
import { useFormat } from "../../../shared/format";
import { LONG_TERM_SUPPORT, communitySupport } from "../support";

interface Props {
  support: Support;
  set: (support: Support) => void;
  /** The lane of the version that the cluster has afterwards; `undefined` while it is not read. */
  lane: Lane | undefined;
  /** The day up to which dates are in the future. */
  today: string;
  /** Why the choice is there. */
  why?: string;
}

/** Support plan with its dates, and the tier, where there is a choice. */
export function SupportFields({ support, set, lane, today, why }: Props): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const version = lane?.minor ?? "";
  const dated = (plan: "community" | "longTerm", end: string | null | undefined): string => {
    if (end === null || end === undefined) {
      return t(`change:support.${plan}.unknown`);
    }
    return t(`change:support.${plan}.${end < today ? "ended" : "until"}`, { day: format.day(end) });
  };
  return (
    <>
      {why !== undefined && <Text data-testid="support-why">{why}</Text>}
      <ChoiceCards<"community" | "long_term">
        field="support"
        label={t("change:support.plan")}
        value={support.longTermSupport ? "long_term" : "community"}
        onChange={(plan) => set(plan === "long_term" ? LONG_TERM_SUPPORT : communitySupport(support))}
        choices={[
          {
            value: "community",
            title: t("change:support.community.title"),
            text: dated("community", lane?.communityEnd),
            disabledBecause: lane === undefined || lane.selectable ? undefined : t("change:support.noCommunity", { version }),
          },
          {
            value: "long_term",
            title: t("change:support.longTerm.title"),
            text: dated("longTerm", lane?.ltsEnd),
            disabledBecause: lane === undefined || lane.selectableWithLts ? undefined : t("change:support.noLongTerm", { version }),
          },
        ]}
      />
      {support.longTermSupport ? (
        <div>
          <Switch
            label={t("version:patchUpgrades")}
            checked={support.patchUpgrades}
            onChange={(_, data) => set({ ...support, patchUpgrades: data.checked })}
            data-testid="support-patches"
          />
          <Text block size={200}>
            {t("change:support.patchesHint")}
          </Text>
        </div>
      ) : (
        <ChoiceCards<Exclude<Tier, "premium">>
          field="support.tier"
          label={t("version:tier.title")}
          value={support.tier === "free" ? "free" : "standard"}
          onChange={(tier) => set({ ...support, tier })}
          choices={[
            { value: "standard", title: t("version:tier.standard.title"), text: t("version:tier.standard.text") },
            { value: "free", title: t("version:tier.free.title"), text: t("version:tier.free.text") },
          ]}
        />
      )}
    </>
  );
}

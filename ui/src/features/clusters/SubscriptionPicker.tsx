import { Dropdown, Option, makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SubscriptionFacts } from "../../ipc/generated/SubscriptionFacts";

const useStyles = makeStyles({
  root: { minWidth: "200px", maxWidth: "320px" },
});

interface Props {
  subscriptions: readonly SubscriptionFacts[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Selects the subscriptions to show: at least one. */
export function SubscriptionPicker({ subscriptions, chosen, onChange }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const names = subscriptions.filter(({ subscriptionId }) => chosen.includes(subscriptionId)).map(({ displayName }) => displayName);
  return (
    <Dropdown
      multiselect
      className={styles.root}
      aria-label={t("clusters:subscriptions")}
      selectedOptions={[...chosen]}
      value={names.length > 2 ? t("clusters:someSubscriptions", { count: names.length }) : names.join(", ")}
      onOptionSelect={(_, { selectedOptions }) => {
        if (selectedOptions.length > 0) {
          onChange(selectedOptions);
        }
      }}
      data-testid="fleet-subscriptions"
    >
      {subscriptions.map(({ subscriptionId, displayName }) => (
        <Option key={subscriptionId} value={subscriptionId}>
          {displayName}
        </Option>
      ))}
    </Dropdown>
  );
}

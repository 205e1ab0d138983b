import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../shared/CopyButton";
import { useLayout } from "../../shared/layout";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS, minWidth: 0 },
  text: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", minWidth: 0 },
});

/** An address on one line, shortened where it does not fit, with a button that copies it. */
export function AddressLine({ url, name }: { url: string; name: string }): ReactNode {
  const styles = useStyles();
  const layout = useLayout();
  const { t } = useTranslation();
  return (
    <span className={styles.root}>
      <Text size={200} className={mergeClasses(layout.faint, styles.text)} title={url}>
        {url}
      </Text>
      <CopyButton text={url} label={t("endpoints:copyAddressOf", { name })} iconOnly testId={`copy-${name}`} />
    </span>
  );
}

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetName } from "../../ipc/generated/AssetName";
import { PickField, TextField } from "../../shared/fields";

const useStyles = makeStyles({
  row: { display: "grid", gridTemplateColumns: "minmax(0, 3fr) minmax(0, 1fr)", columnGap: tokens.spacingHorizontalXL },
});

interface Props {
  /** Path of the field in the specification. */
  path: string;
  label: string;
  /** The assets to choose from; `null` if they could not be read, none while they are being read. */
  assets: readonly AssetName[] | null | undefined;
  name: string;
  version: string;
  onChange: (name: string, version: string) => void;
  /** Shown when there are none. */
  none: string;
}

/** A registered model or environment, with its version: the latest one unless another is typed. */
export function AssetFields({ path, label, assets, name, version, onChange, none }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const known = assets?.find((asset) => asset.name === name);
  const latest = known?.latest ?? null;
  const empty = assets === undefined ? t("deploy:where.workspaceFirst") : assets === null ? t("deploy:asset.unread") : none;
  return (
    <div className={styles.row}>
      <PickField
        path={path}
        label={label}
        required
        hint={assets === null ? t("deploy:asset.unreadHint") : undefined}
        value={name}
        onChange={(chosen) => onChange(chosen, assets?.find((asset) => asset.name === chosen)?.latest ?? "")}
        empty={empty}
        create={(typed) => t("deploy:asset.use", { name: typed })}
        picks={(assets ?? []).map((asset) => ({
          value: asset.name,
          text: asset.name,
          detail: asset.latest === null ? undefined : t("deploy:asset.latest", { version: asset.latest }),
        }))}
      />
      <TextField
        path={`${path}.version`}
        label={t("deploy:asset.version")}
        required
        hint={latest === null || latest === version ? undefined : t("deploy:asset.latest", { version: latest })}
        value={version}
        onChange={(typed) => onChange(name, typed.trim())}
      />
    </div>
  );
}

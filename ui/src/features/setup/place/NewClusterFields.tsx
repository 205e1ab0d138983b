import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Place } from "../../../ipc/generated/Place";
import type { PlaceCatalogue } from "../../../ipc/generated/PlaceCatalogue";
import { PickField, TextField } from "../../../shared/fields";
import { useWizard } from "../wizard/WizardContext";
import { withLocation } from "./choices";

interface Props {
  /** Whether the user chooses group and name; Azure ML chooses them for clusters it creates. */
  named: boolean;
  catalogue: PlaceCatalogue | undefined;
  change: (part: Partial<Place>) => void;
}

/** Location, resource group and name of a new cluster. */
export function NewClusterFields({ catalogue, named, change }: Props): ReactNode {
  const { t } = useTranslation();
  const { spec, update } = useWizard();
  const { place } = spec;
  const reading = catalogue === undefined;
  const placeholder = reading && place.subscriptionId !== "" ? t("place:reading") : t("common:choose");
  const workspace = catalogue?.workspaces.find((facts) => facts.name === place.workspace.name);
  const groups = catalogue?.resourceGroups ?? [];
  return (
    <>
      <PickField
        path="place.location"
        label={t("place:location")}
        required
        hint={workspace === undefined ? undefined : workspace.location === place.location ? t("place:nearWorkspace") : t("place:farFromWorkspace")}
        value={place.location}
        onChange={(location) => update((before) => withLocation(before, location))}
        disabled={reading}
        placeholder={placeholder}
        empty={t("place:noLocation")}
        picks={(catalogue?.locations ?? []).map(({ name, displayName, offersAks }) => ({
          value: name,
          text: displayName,
          detail: offersAks === false ? t("place:noAks") : name,
          disabled: offersAks === false,
        }))}
      />
      {named && (
        <>
          <PickField
            path="place.resourceGroup"
            label={t("place:resourceGroup")}
            required
            hint={place.newResourceGroup ? t("place:groupIsNew") : t("place:groupHint")}
            value={place.resourceGroup}
            onChange={(name) =>
              change({ resourceGroup: name, newResourceGroup: !groups.some((group) => group.name.toLowerCase() === name.toLowerCase()) })
            }
            disabled={reading}
            placeholder={placeholder}
            empty={t("place:noGroup")}
            create={(name) => t("place:createGroup", { name })}
            picks={groups.map((group) => ({ value: group.name, text: group.name, detail: group.location }))}
          />
          <TextField
            path="place.clusterName"
            label={t("place:clusterName")}
            hint={t("place:clusterNameRule")}
            required
            value={place.clusterName}
            onChange={(clusterName) => change({ clusterName })}
          />
        </>
      )}
    </>
  );
}

import { Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { DeleteRegular, MoreHorizontalRegular, TopSpeedRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../shared/navigation";

/** Actions of a version of an endpoint; `canary` if it can get the traffic step by step. */
export function VersionMenu({ endpointId, version, canary }: { endpointId: string; version: string; canary: boolean }): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <MenuButton appearance="subtle" size="small" menuIcon={null} icon={<MoreHorizontalRegular />} aria-label={t("endpoints:actionsOf", { name: version })} data-testid={`menu-${version}`} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {canary && (
            <MenuItem icon={<TopSpeedRegular />} onClick={() => open({ name: "change", target: { kind: "canary", endpointId, version } })} data-testid="start-canary">
              {t("endpoints:startCanary")}
            </MenuItem>
          )}
          <MenuItem icon={<DeleteRegular />} onClick={() => open({ name: "change", target: { kind: "delete_version", endpointId, version } })} data-testid="delete-version">
            {t("endpoints:deleteVersion")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

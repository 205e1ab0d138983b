import { Menu, MenuButton, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import {
  ArrowClockwiseRegular,
  ArrowMoveRegular,
  ArrowSyncRegular,
  ArrowUndoRegular,
  CertificateRegular,
  CheckmarkRegular,
  type FluentIcon,
  GlobeRegular,
  PlugDisconnectedRegular,
  TagRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { ComputeFacts } from "../../ipc/generated/ComputeFacts";
import { type ComputeChange, type Target, useNavigation } from "../../shared/navigation";
import { changesOf } from "./changesOf";

const ICONS: Record<Exclude<ComputeChange, "delete_with_cluster">, FluentIcon> = {
  load_balancer: GlobeRegular,
  tls: CertificateRegular,
  renew_label: ArrowClockwiseRegular,
  refresh: ArrowSyncRegular,
  move: ArrowMoveRegular,
  move_back: ArrowUndoRegular,
  move_finish: CheckmarkRegular,
  detach: PlugDisconnectedRegular,
};

/** Actions of a compute. Deleting is separate, at the end of the page. */
export function AttachmentMenu({ compute, details }: { compute: ComputeFacts; details: ClusterDetails }): ReactNode {
  const { t } = useTranslation();
  const { serving, moving } = changesOf(compute, details);
  const ids = { clusterId: details.cluster.id, computeId: compute.id };
  const item = (kind: keyof typeof ICONS): ReactNode => <Item key={kind} icon={ICONS[kind]} target={{ kind, ...ids }} />;
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <MenuButton size="small" aria-label={t("clusters:changeNamed", { name: compute.name })} data-testid={`menu-${compute.name}`}>
          {t("clusters:change")}
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {serving.map(item)}
          {moving.length > 0 && <MenuDivider />}
          {moving.map(item)}
          <MenuDivider />
          <Item icon={TagRegular} target={{ kind: "tags", ...ids }} />
          {item("detach")}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Item({ icon: Icon, target }: { icon: FluentIcon; target: Target }): ReactNode {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <MenuItem icon={<Icon />} onClick={() => open({ name: "change", target })} data-testid={`do-${target.kind}`}>
      {t(`clusters:do.${target.kind}`)}
    </MenuItem>
  );
}

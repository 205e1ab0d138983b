import {
  Badge,
  Button,
  Link,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  Tooltip,
  makeStyles,
} from "@fluentui/react-components";
import { AddRegular, DeleteRegular, EyeRegular, KeyMultipleRegular, MoreHorizontalRegular, SaveRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeptCertificate } from "../../ipc/generated/KeptCertificate";
import type { Origin } from "../../ipc/generated/Origin";
import { EmptyState } from "../../shared/EmptyState";
import { useFormat } from "../../shared/format";
import { useNavigation } from "../../shared/navigation";
import { nameOf } from "../../shared/resources";
import { useTableStyles } from "../../shared/table";
import { Ends } from "./Ends";
import { RemoveDialog, SaveFilesDialog, keptName } from "./KeptDialogs";

const useStyles = makeStyles({
  table: { minWidth: "540px" },
  names: { width: "28%" },
  ends: { width: "108px" },
  menu: { width: "32px" },
});

type Asked = { pair: KeptCertificate; what: "save" | "remove" } | null;

/** Certificates in the keychain of this computer. */
export function KeptView({ kept }: { kept: readonly KeptCertificate[] }): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [asked, ask] = useState<Asked>(null);
  if (kept.length === 0) {
    return (
      <EmptyState
        icon={KeyMultipleRegular}
        title={t("certificates:keptEmpty.title")}
        text={t("certificates:keptEmpty.text")}
        action={
          <Button icon={<AddRegular />} onClick={() => open({ name: "new_certificate" })}>
            {t("certificates:new")}
          </Button>
        }
      />
    );
  }
  return (
    <div className={styles.room}>
      <Table className={styles.table} aria-label={t("certificates:view.kept")}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.names}>{t("certificates:kept.names")}</TableHeaderCell>
            <TableHeaderCell>{t("certificates:kept.origin")}</TableHeaderCell>
            <TableHeaderCell className={styles.ends}>{t("certificates:column.ends")}</TableHeaderCell>
            <TableHeaderCell>{t("certificates:kept.usedBy")}</TableHeaderCell>
            <TableCell className={styles.menu} />
          </TableRow>
        </TableHeader>
        <TableBody>
          {kept.map((pair) => (
            <Row key={pair.id} pair={pair} onAsk={(what) => ask({ pair, what })} />
          ))}
        </TableBody>
      </Table>
      {asked !== null && <SaveFilesDialog key={`save ${asked.pair.id}`} pair={asked.pair} open={asked.what === "save"} onClose={() => ask(null)} />}
      {asked !== null && <RemoveDialog key={`remove ${asked.pair.id}`} pair={asked.pair} open={asked.what === "remove"} onClose={() => ask(null)} />}
    </div>
  );
}

function Row({ pair, onAsk }: { pair: KeptCertificate; onAsk: (what: "save" | "remove") => void }): ReactNode {
  const styles = { ...useTableStyles(), ...useStyles() };
  const { t } = useTranslation();
  const format = useFormat();
  const words = useOriginWords();
  const { open } = useNavigation();
  const { certificate, keptAt, usedBy, inDraft, why } = pair;
  const openPair = (): void => open({ name: "kept_certificate", id: pair.id });
  return (
    <TableRow className={styles.row} onClick={openPair} data-testid={`kept-${pair.id}`}>
      <TableCell className={styles.cell}>
        <Link
          as="button"
          onClick={(event) => {
            event.stopPropagation();
            openPair();
          }}
          data-testid={`open-kept-${pair.id}`}
        >
          {keptName(pair)}
        </Link>
        {why !== null && (
          <Text size={200} block className={styles.quiet}>
            {why}
          </Text>
        )}
      </TableCell>
      <TableCell className={styles.cell}>
        {words(pair.origin)}
        {keptAt !== null && (
          <Tooltip content={format.moment(keptAt)} relationship="description">
            <Text size={200} block className={styles.quiet}>
              {format.relative(keptAt)}
            </Text>
          </Tooltip>
        )}
      </TableCell>
      <TableCell>{certificate === null ? <Text className={styles.quiet}>{t("certificates:nothing")}</Text> : <Ends certificate={certificate} />}</TableCell>
      <TableCell className={styles.cell}>
        {usedBy.length === 0 && !inDraft && <Text className={styles.quiet}>{t("certificates:kept.unused")}</Text>}
        {usedBy.map(nameOf).join(", ")}{" "}
        {inDraft && (
          <Badge appearance="tint" color="informative">
            {t("certificates:kept.inDraft")}
          </Badge>
        )}
      </TableCell>
      <TableCell onClick={(event) => event.stopPropagation()}>
        <Menu positioning="below-end">
          <MenuTrigger disableButtonEnhancement>
            <Button
              appearance="subtle"
              icon={<MoreHorizontalRegular />}
              aria-label={t("certificates:kept.actionsOf", { name: keptName(pair) })}
              data-testid={`menu-kept-${pair.id}`}
            />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem icon={<EyeRegular />} onClick={openPair}>
                {t("certificates:kept.details")}
              </MenuItem>
              {why === null && (
                <MenuItem icon={<SaveRegular />} onClick={() => onAsk("save")} data-testid="do-save-files">
                  {t("certificates:save.open")}
                </MenuItem>
              )}
              <MenuItem icon={<DeleteRegular />} onClick={() => onAsk("remove")} data-testid="do-remove">
                {t("certificates:remove.open")}
              </MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </TableCell>
    </TableRow>
  );
}

/** `contoso-ml` of `https://contoso-ml.vault.azure.net/secrets/…`. */
function vaultIn(secret: string): string {
  return /^https:\/\/([^./]+)/.exec(secret)?.[1] ?? secret;
}

/** The source of a certificate, as text. */
export function useOriginWords(): (origin: Origin) => string {
  const { t } = useTranslation();
  return (origin) => t(`certificates:origin.${origin.kind}`, { vault: origin.kind === "key_vault" ? vaultIn(origin.secret) : "" });
}

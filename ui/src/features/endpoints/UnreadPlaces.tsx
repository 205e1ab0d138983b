import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EndpointList } from "../../ipc/generated/EndpointList";
import type { UnreadUsers } from "../../ipc/generated/UnreadUsers";

/** Places listed at first; the others on request. */
const MOST = 3;

const useStyles = makeStyles({
  words: { overflowWrap: "anywhere" },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

/** Everything of a list that could not be read: places, and versions of endpoints. */
function unreadOf({ unread, endpoints }: EndpointList): UnreadUsers[] {
  const versions = endpoints.flatMap(({ id, name, versionsUnread }): UnreadUsers[] =>
    versionsUnread === null ? [] : [{ resourceId: id, name, what: "deployments", why: versionsUnread }],
  );
  return [...unread, ...versions];
}

/** What could not be read, each with Azure's own words. */
export function UnreadPlaces({ list }: { list: EndpointList }): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const [all, showAll] = useState(false);
  const line = ({ what, name, why }: UnreadUsers): string => t("endpoints:unread.line", { place: t(`endpoints:unread.${what}`, { name, defaultValue: name }), why });
  const unread = [...new Set(unreadOf(list).map(line))];
  if (unread.length === 0) {
    return null;
  }
  const shown = all ? unread : unread.slice(0, MOST);
  return (
    <MessageBar intent="warning" layout="multiline" data-testid="unread-places">
      <MessageBarBody className={styles.words}>
        <MessageBarTitle>{t("endpoints:unread.title")}</MessageBarTitle> {t("endpoints:unread.text")}
        <ul className={styles.list}>
          {shown.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </MessageBarBody>
      {unread.length > MOST && (
        <MessageBarActions>
          <Button size="small" onClick={() => showAll(!all)} aria-expanded={all} data-testid="all-unread">
            {all ? t("endpoints:unread.fewer") : t("endpoints:unread.all", { count: unread.length })}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

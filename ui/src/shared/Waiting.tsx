import { Spinner, makeStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** Shorter waits show nothing: a spinner that flashes up is worse than none. */
const PATIENCE_MS = 300;

const useStyles = makeStyles({
  room: { display: "grid", placeItems: "center", minHeight: "120px", height: "100%" },
});

/** Says that something is being read, once it has taken a moment. */
export function Waiting(): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <div className={styles.room}>{long && <Spinner size="small" label={t("common:loading")} />}</div>;
}

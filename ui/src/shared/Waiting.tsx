import { Spinner, makeStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** Shorter waits show nothing, so that no spinner flashes. */
const PATIENCE_MS = 300;

const useStyles = makeStyles({
  room: { display: "grid", placeItems: "center", minHeight: "120px", height: "100%" },
});

/** Shows a loading message after a short delay. */
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

import { makeStyles } from "@fluentui/react-components";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from "react";

type Announce = (text: string) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

const useStyles = makeStyles({
  hidden: {
    position: "absolute",
    width: "1px",
    height: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  },
});

/** The polite live region for step changes and run progress. */
export function Announcer({ children }: { children: ReactNode }): ReactNode {
  const styles = useStyles();
  const [text, setText] = useState("");
  const announce = useCallback<Announce>((next) => setText(next), []);
  const value = useMemo(() => announce, [announce]);
  return (
    <AnnounceContext.Provider value={value}>
      {children}
      <div aria-live="polite" aria-atomic="true" data-testid="live-region" className={styles.hidden}>
        {text}
      </div>
    </AnnounceContext.Provider>
  );
}

/** Announces a text to screen readers without showing it. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}

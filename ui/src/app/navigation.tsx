import { type ReactNode, createContext, useContext, useMemo, useState } from "react";

/** Where the window stands. No addresses: a desktop window has no address bar. */
export type Page =
  | { name: "home" }
  | { name: "setup" }
  | { name: "activity" }
  | { name: "run"; run: string }
  | { name: "settings" }
  | { name: "account" };

interface Navigation {
  page: Page;
  open: (page: Page) => void;
}

const NavigationContext = createContext<Navigation>({ page: { name: "home" }, open: () => undefined });

export function NavigationProvider({ start, children }: { start?: Page; children: ReactNode }): ReactNode {
  const [page, open] = useState<Page>(start ?? { name: "home" });
  const value = useMemo(() => ({ page, open }), [page]);
  return <NavigationContext.Provider value={value}>{children}</NavigationContext.Provider>;
}

/** The present page and how to open another. */
export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Page } from "./navigation";

/** The pages of the frame. A page is here once its screen is; `run` and `activity` take what they need from `useNavigation`. */
export const PAGES: Partial<Record<Page["name"], LazyExoticComponent<ComponentType>>> = {
  home: lazy(() => import("../features/home/HomePage")),
  setup: lazy(() => import("./wizard/SetupPage")),
  settings: lazy(() => import("../features/settings/SettingsPage")),
};

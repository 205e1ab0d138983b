import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { WizardStep } from "../../ipc/generated/WizardStep";

/** What each step shows. It reads and changes the draft through `useWizard`. */
export const VIEWS: Record<WizardStep, LazyExoticComponent<ComponentType>> = {
  purpose: lazy(() => import("./purpose/PurposeStep")),
  place: lazy(() => import("./place/PlaceStep")),
  version: lazy(() => import("./version/VersionStep")),
  size: lazy(() => import("./size/SizeStep")),
  network: lazy(() => import("./network/NetworkStep")),
  tls: lazy(() => import("./tls/TlsStep")),
  review: lazy(() => import("./review/ReviewStep")),
};

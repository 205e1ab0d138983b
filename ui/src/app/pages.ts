import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Page } from "../shared/navigation";

/** The pages of the frame. Each reads its target from `useNavigation`. */
export const PAGES: Partial<Record<Page["name"], LazyExoticComponent<ComponentType>>> = {
  home: lazy(() => import("../features/home/HomePage")),
  setup: lazy(() => import("../features/setup/SetupPage")),
  deploy: lazy(() => import("../features/deploy/DeployPage")),
  clusters: lazy(() => import("../features/clusters/ClustersPage")),
  cluster: lazy(() => import("../features/cluster/ClusterPage")),
  change: lazy(() => import("../features/change/ChangePage")),
  endpoints: lazy(() => import("../features/endpoints/EndpointsPage")),
  endpoint: lazy(() => import("../features/endpoints/EndpointPage")),
  certificates: lazy(() => import("../features/certificates/CertificatesPage")),
  new_certificate: lazy(() => import("../features/certificates/NewCertificatePage")),
  endpoint_certificates: lazy(() => import("../features/certificates/EndpointPage")),
  kept_certificate: lazy(() => import("../features/certificates/KeptPage")),
  activity: lazy(() => import("../features/activity/ActivityPage")),
  run: lazy(() => import("../features/run/RunPage")),
  settings: lazy(() => import("../features/settings/SettingsPage")),
};

import { type ReactNode, createContext, useContext, useMemo, useState } from "react";
import type { Auth } from "../ipc/generated/Auth";
import type { DeploySpec } from "../ipc/generated/DeploySpec";
import type { Endpoint } from "../ipc/generated/Endpoint";
import type { EndpointKey } from "../ipc/generated/EndpointKey";
import type { Tls } from "../ipc/generated/Tls";

/** The target of a change. Clusters, computes and online endpoints are identified by their resource IDs. */
export type Target =
  | { kind: "upgrade" | "support" | "power" | "clean_up" | "delete_cluster" | "grant"; clusterId: string }
  | { kind: "scale" | "autoscale"; clusterId: string; pool: string }
  | { kind: "tags"; clusterId: string; computeId?: string }
  | { kind: Exclude<ComputeChange, "tls">; clusterId: string; computeId: string }
  | { kind: "tls"; clusterId: string; computeId: string; first?: Tls }
  | { kind: "traffic" | "delete_endpoint"; endpointId: string }
  | { kind: "canary"; endpointId: string; version: string }
  | { kind: "regenerate_key"; endpointId: string; key: EndpointKey }
  | { kind: "auth"; endpointId: string; auth: Auth }
  | { kind: "delete_version"; endpointId: string; version: string }
  | { kind: "clear_up"; run: string; resources: readonly string[] };

/** The changes that apply to a compute. */
export type ComputeChange = "load_balancer" | "tls" | "renew_label" | "refresh" | "move" | "move_back" | "move_finish" | "detach" | "delete_with_cluster";

/** Views of the certificates page. */
export type CertificatesView = "endpoints" | "kept" | "waiting" | "authority";

/** Ways to get a new certificate. */
export type CertificateWay = "bring" | "make" | "request" | "order";

/** The current page. No URLs: a desktop window has no address bar. */
export type Page =
  | { name: "home" }
  | { name: "setup" }
  | { name: "deploy"; endpoint?: Endpoint; spec?: DeploySpec }
  | { name: "clusters" }
  | { name: "cluster"; clusterId: string }
  | { name: "change"; target: Target }
  | { name: "endpoints" }
  | { name: "endpoint"; endpointId: string }
  | { name: "certificates"; view?: CertificatesView }
  | { name: "new_certificate"; way?: CertificateWay }
  | { name: "endpoint_certificates"; computeId: string }
  | { name: "kept_certificate"; id: string }
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

/** The current page, and how to open another. */
export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Spec } from "../../../ipc/generated/Spec";
import { emptySpec } from "../../../shared/emptySpec";
import { networks } from "../../../testing/fake/place";
import { draft, spec as wellUnderWay } from "../../../testing/fake/work";
import { expectAccessible, renderApp, renderStep } from "../../../testing/render";
import { networkOfAddress, overlap, withOwnNetwork, withVnet } from "./choices";
import NetworkStep from "./NetworkStep";

const placed = (spec: Spec): Spec => ({ ...spec, place: { ...spec.place, location: "westeurope" } });
const [hub] = networks("westeurope").vnets;
if (hub === undefined) {
  throw new Error("the fixtures have no network");
}

describe("network step", () => {
  it("preselects no address, and explains what public means", async () => {
    const { user } = renderStep(<NetworkStep />, "network", placed);
    expect(screen.getByRole("radio", { name: "Public" })).toHaveProperty("checked", false);
    expect(screen.getByRole("radio", { name: "Internal" })).toHaveProperty("checked", false);
    expect(screen.getByTestId("network-picture").dataset.address).toBe("undecided");
    await user.click(screen.getByRole("radio", { name: "Public" }));
    expect(screen.getByTestId("network-says").textContent).toContain("open to the whole internet");
    await expectAccessible();
  });

  it("explains the extension's internal address, and lets the classic route choose a subnet", async () => {
    const { user, unmount } = renderStep(<NetworkStep />, "network", placed);
    await user.click(screen.getByRole("radio", { name: "Internal" }));
    expect(screen.getByTestId("internal-in-own-subnet")).toBeTruthy();
    expect(screen.queryByTestId("field-network.loadBalancer.subnet")).toBeNull();
    unmount();
    const classic = renderStep(<NetworkStep />, "network", (spec) => ({ ...placed(spec), route: "classic" }));
    await classic.user.click(screen.getByRole("radio", { name: "Internal" }));
    await classic.user.click(screen.getByRole("combobox", { name: "Subnet of the internal address" }));
    await classic.user.click(await screen.findByTestId("option-network.loadBalancer.subnet-aks-subnet"));
    expect(screen.getByTestId("network-picture").textContent).toContain("internal address in aks-subnet");
  });

  it("accepts the user's own network with all its values", async () => {
    const { user } = renderStep(<NetworkStep />, "network", placed);
    await user.click(screen.getByRole("radio", { name: "Your own network" }));
    const vnet = await screen.findByRole("combobox", { name: /^Virtual network/ });
    await waitFor(() => expect(vnet).toHaveProperty("disabled", false));
    await user.click(vnet);
    await user.click(await screen.findByTestId("option-network.vnet.name-rg-network/vnet-hub"));
    await user.click(screen.getByRole("combobox", { name: /^Node subnet/ }));
    expect(await screen.findByText(/delegated to Microsoft.Databricks/)).toBeTruthy();
    await user.click(screen.getByTestId("option-network.vnet.subnet-aks-nodes"));
    expect(screen.getAllByText("10.20.0.0/22 · 1,014 free addresses").length).toBeGreaterThan(0);
    expect(screen.getByTestId("network-picture").textContent).toContain("vnet-hub / aks-nodes");
    expect(screen.getByRole("textbox", { name: /^Kubernetes service address range/ })).toHaveProperty("value", "10.0.0.0/16");
    await user.click(screen.getByRole("radio", { name: "Through your route table" }));
    expect(screen.getByRole("radio", { name: "Through your route table" })).toHaveProperty("checked", true);
    await expectAccessible();
  });

  it("asks only for the address of an existing cluster", () => {
    renderStep(<NetworkStep />, "network", (spec) => ({ ...placed(spec), cluster: { kind: "existing", resourceId: "" } }));
    expect(screen.getByRole("radio", { name: "Public" })).toBeTruthy();
    expect(screen.queryByRole("radio", { name: "Your own network" })).toBeNull();
    expect(screen.queryByRole("radio", { name: "Azure CNI Overlay" })).toBeNull();
  });

  it("continues only after an address is chosen", async () => {
    const { user } = renderApp({ name: "setup" }, { read_draft: () => draft("network") });
    await screen.findByRole("radio", { name: "Public" });
    await user.click(screen.getByTestId("next"));
    expect(await screen.findByText("Choose whether the scoring address is public or internal.")).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: "Internal" }));
    await user.click(screen.getByTestId("next"));
    expect(await screen.findByRole("heading", { level: 2, name: "TLS" })).toBeTruthy();
  });
});

describe("choices", () => {
  it("keep service addresses outside the network", () => {
    const own = withOwnNetwork(emptySpec("s"), true);
    expect(withVnet(own, { ...hub, addressSpace: ["10.0.0.0/14"] }).network.vnet).toMatchObject({ serviceCidr: "10.100.0.0/16", dnsServiceIp: "10.100.0.10" });
    expect(withVnet(own, hub).network.vnet).toMatchObject({ serviceCidr: "10.0.0.0/16", dnsServiceIp: "10.0.0.10", subnet: "" });
    expect(withVnet(own, { ...hub, subnets: hub.subnets.slice(1, 2) }).network.vnet?.subnet).toBe("aks-subnet");
  });

  it("use the default outbound type when AKS creates the network", () => {
    const own = withOwnNetwork(emptySpec("s"), true);
    const routed: Spec = { ...own, network: { ...own.network, outbound: "user_defined_routing" } };
    expect(withOwnNetwork(routed, false).network).toMatchObject({ vnet: null, outbound: "load_balancer" });
  });

  it("find the network of an internal address", () => {
    const chosen = withVnet(withOwnNetwork(wellUnderWay, true), hub);
    expect(networkOfAddress(chosen, [hub], [])?.name).toBe("vnet-hub");
    expect(networkOfAddress(wellUnderWay, [hub], [])).toBeUndefined();
  });

  it("detect overlapping ranges", () => {
    expect(overlap("10.0.0.0/16", "10.0.4.0/24")).toBe(true);
    expect(overlap("10.0.0.0/16", "10.1.0.0/16")).toBe(false);
    expect(overlap("192.168.0.0/16", "0.0.0.0/0")).toBe(true);
    expect(overlap("10.0.0.0/16", "nonsense")).toBe(false);
  });
});

import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Spec } from "../../../ipc/generated/Spec";
import { emptySpec } from "../../../shared/emptySpec";
import { clusterId } from "../../../testing/fake/clusters";
import { finding } from "../../../testing/fake/findings";
import { failure } from "../../../testing/fake/host";
import { place } from "../../../testing/fake/place";
import { reviewed } from "../../../testing/fake/review";
import { SUBSCRIPTION } from "../../../testing/fake/session";
import { draft } from "../../../testing/fake/work";
import { expectAccessible, renderApp, renderStep } from "../../../testing/render";
import { withCluster, withLocation, withSubscription, withWorkspace } from "./choices";
import PlaceStep from "./PlaceStep";

const workspaceNamed = (name: string) => {
  const found = place.workspaces.find((workspace) => workspace.name === name);
  if (found === undefined) {
    throw new Error(`no workspace ${name}`);
  }
  return found;
};

const lastDraft = (calls: { command: string; args: unknown }[]): Spec | undefined =>
  (calls.findLast((call) => call.command === "write_draft")?.args as { spec: Spec } | undefined)?.spec;

describe("place step", () => {
  it("derives defaults from the workspace, and saves them", async () => {
    const { user, host } = renderStep(<PlaceStep />, "place");
    await waitFor(() => expect(screen.getByRole("combobox", { name: /^Workspace/ })).toHaveProperty("disabled", false));
    await user.click(screen.getByRole("combobox", { name: /^Workspace/ }));
    await user.click(await screen.findByRole("option", { name: /ml-prod/ }));
    expect(screen.getByRole("textbox", { name: /^Cluster name/ })).toHaveProperty("value", "aks-ml-prod");
    expect(screen.getByRole("combobox", { name: /^Location/ })).toHaveProperty("value", "West Europe");
    await waitFor(() => expect(lastDraft(host.calls)?.place).toMatchObject({ location: "westeurope", resourceGroup: "rg-ml-prod", computeName: "inference" }));
    await expectAccessible();
  });

  it("offers to create a typed resource group", async () => {
    const { user, host } = renderStep(<PlaceStep />, "place");
    const group = await screen.findByRole("combobox", { name: /^Resource group/ });
    await waitFor(() => expect(group).toHaveProperty("disabled", false));
    await user.type(group, "rg-fresh");
    await user.click(await screen.findByRole("option", { name: "Create “rg-fresh”" }));
    await waitFor(() => expect(lastDraft(host.calls)?.place).toMatchObject({ resourceGroup: "rg-fresh", newResourceGroup: true }));
  });

  it("accepts a new name typed over a selected group", async () => {
    const { user, host } = renderStep(<PlaceStep />, "place");
    const workspace = screen.getByRole("combobox", { name: /^Workspace/ });
    await waitFor(() => expect(workspace).toHaveProperty("disabled", false));
    await user.click(workspace);
    await user.click(await screen.findByRole("option", { name: /ml-prod/ }));
    const group = screen.getByRole("combobox", { name: /^Resource group/ });
    await waitFor(() => expect(group).toHaveProperty("value", "rg-ml-prod"));
    await user.clear(group);
    await user.type(group, "trial");
    expect(group).toHaveProperty("value", "trial");
    await user.click(await screen.findByRole("option", { name: "Create “trial”" }));
    await waitFor(() => expect(lastDraft(host.calls)?.place).toMatchObject({ resourceGroup: "trial", newResourceGroup: true }));
  });

  it("shows the rule's message when a field loses focus", async () => {
    const { user } = renderStep(<PlaceStep />, "place");
    const name = screen.getByRole("textbox", { name: /^Cluster name/ });
    await user.type(name, "-x");
    await user.tab();
    await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
  });

  it("shows why the lists could not be read, and retries", async () => {
    let refused = true;
    const { user } = renderStep(<PlaceStep />, "place", (spec) => spec, {
      list_place: () => {
        if (refused) {
          throw failure("forbidden", { detail: "no right to list workspaces" });
        }
        return place;
      },
    });
    const retry = await screen.findByRole("button", { name: "Try again" });
    refused = false;
    await user.click(retry);
    await waitFor(() => expect(screen.queryByTestId("failure")).toBeNull());
  });

  it("signs in again when the session has expired, then reads", async () => {
    let ended = true;
    const { user } = renderStep(<PlaceStep />, "place", (spec) => spec, {
      list_place: () => {
        if (ended) {
          throw failure("sign_in_needed", { remedy: "sign_in_again", detail: "the session has ended" });
        }
        return place;
      },
    });
    const button = await screen.findByRole("button", { name: "Sign in again" });
    ended = false;
    await user.click(button);
    await waitFor(() => expect(screen.getByRole("combobox", { name: /^Workspace/ })).toHaveProperty("disabled", false));
  });
});

const existing = (spec: Spec): Spec => ({ ...spec, cluster: { kind: "existing", resourceId: "" } });

describe("existing cluster", () => {
  const id = clusterId("rg-risk", "risk-models");

  it("is found by a pasted resource ID or portal URL", async () => {
    const { user, host } = renderStep(<PlaceStep />, "place", existing);
    await user.click(screen.getByTestId("by-id"));
    const field = screen.getByTestId("cluster-id");
    await user.type(field, "aks-prod");
    expect(await screen.findByText("This text contains no resource ID of an AKS cluster.")).toBeTruthy();
    await expectAccessible();
    await user.clear(field);
    await user.click(field);
    await user.paste(`  https://portal.azure.com/#@contoso/resource${id}/overview `);
    expect(field).toHaveProperty("value", id);
    expect((await screen.findByTestId("found-cluster")).textContent).toContain("Found risk-models: rg-risk · westeurope");
    await waitFor(() => expect(lastDraft(host.calls)).toMatchObject({ cluster: { resourceId: id }, place: { clusterName: "risk-models", location: "westeurope" } }));
  });

  it("is chosen by group and name, and reported if it does not exist", async () => {
    const { user } = renderStep(<PlaceStep />, "place", existing);
    await user.click(screen.getByTestId("by-name"));
    await user.type(screen.getByTestId("field-cluster.resourceGroup"), "rg-risk");
    await user.click(await screen.findByTestId("option-cluster.resourceGroup-rg-risk"));
    await user.type(screen.getByTestId("field-cluster.name"), "nobody");
    expect(await screen.findByTestId("cluster-not-found")).toBeTruthy();
    await user.clear(screen.getByTestId("field-cluster.name"));
    await user.type(screen.getByTestId("field-cluster.name"), "risk-models");
    expect(await screen.findByTestId("found-cluster")).toBeTruthy();
  });
});

describe("tags", () => {
  it("are added, checked and removed by keyboard", async () => {
    const { user, host } = renderStep(<PlaceStep />, "place");
    screen.getByTestId("add-tag").focus();
    await user.keyboard("{Enter}");
    const name = screen.getByTestId("tag-name-0");
    expect(name.getAttribute("aria-label")).toBe("Name of tag 1");
    await user.type(name, "azure");
    await user.type(screen.getByTestId("tag-value-0"), "me");
    const told = await screen.findByText(/“azure”/);
    await expectAccessible();
    await user.type(name, "x", { initialSelectionStart: 0 });
    await waitFor(() => expect(told.isConnected).toBe(false));
    await waitFor(() => expect(lastDraft(host.calls)?.place.tags).toEqual({ xazure: "me" }));
    screen.getByTestId("tag-remove-0").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(lastDraft(host.calls)?.place.tags).toEqual({}));
    expect(screen.queryByTestId("tag-name-0")).toBeNull();
  });

  it("are in the summary, and where a policy that requires one leads", async () => {
    const denied = finding("POL-02", { field: "place.tags", params: { policy: "require-owner", tags: "owner", reason: "tags.owner is required" } });
    const kept = draft("review");
    const place = { ...kept.spec.place, tags: { cost: "42" } };
    const { user } = renderApp({ name: "setup" }, { read_draft: () => ({ ...kept, spec: { ...kept.spec, place } }), review: reviewed([denied]) });
    const entry = await screen.findByTestId("finding-POL-02", undefined, { timeout: 15_000 });
    expect(screen.getByTestId("summary").textContent).toContain("cost: 42");
    const go = entry.querySelector("button");
    await user.click(go ?? entry);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("tag-name-0")), { timeout: 15_000 });
  });
});

describe("choices", () => {
  const spec = emptySpec(SUBSCRIPTION);

  it("follow the workspace until the user chooses otherwise", () => {
    const first = withWorkspace(spec, workspaceNamed("ml-prod"), place);
    expect(withWorkspace(first, workspaceNamed("ml-research"), place).place.location).toBe("swedencentral");
    const own = withLocation(first, "northeurope");
    expect(withWorkspace(own, workspaceNamed("ml-research"), place).place.location).toBe("northeurope");
  });

  it("use a name that is free", () => {
    const catalogue = { ...place, computes: place.computes.map((compute) => ({ ...compute, name: "Inference" })) };
    expect(withWorkspace(spec, workspaceNamed("ml-prod"), catalogue).place.computeName).toBe("inference-2");
  });

  it("are reset in another subscription", () => {
    const chosen = withWorkspace(spec, workspaceNamed("ml-prod"), place);
    expect(withSubscription(chosen, "other").place).toMatchObject({ location: "", resourceGroup: "", workspace: { name: "" } });
    expect(withSubscription(chosen, SUBSCRIPTION)).toBe(chosen);
  });

  it("copy location, group and name from an existing cluster", () => {
    const made = place.clusters.map((cluster) => withCluster(spec, cluster).place);
    expect(made[0]).toMatchObject({ clusterName: "scoring-01", location: "westeurope", resourceGroup: "rg-ml-prod" });
  });
});

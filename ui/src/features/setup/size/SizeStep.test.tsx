import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Spec } from "../../../ipc/generated/Spec";
import { emptySpec } from "../../../shared/emptySpec";
import { sizes } from "../../../testing/fake/sizes";
import { expectAccessible, renderStep } from "../../../testing/render";
import { type SizeFilter, filterSizes, quotaLeft, withAutoscale, withNodes, withSuggestion } from "./choices";
import SizeStep from "./SizeStep";

const placed = (spec: Spec): Spec => ({ ...spec, place: { ...spec.place, location: "westeurope" } });

describe("size step", () => {
  it("starts from the best fit and shows its capacity", async () => {
    renderStep(<SizeStep />, "size", placed);
    await waitFor(() => expect(screen.getByRole("radio", { name: "D4s v5 × 3" })).toHaveProperty("checked", true));
    const meter = await screen.findByTestId("size-meter");
    await waitFor(() => expect(within(meter).getByText("12 vCPU in total")).toBeTruthy());
    expect(within(meter).getByText("40 of 100 used afterwards")).toBeTruthy();
    await expectAccessible();
  });

  it("shows the shortfall when nodes are removed", async () => {
    const { user } = renderStep(<SizeStep />, "size", placed);
    await waitFor(() => expect(screen.getByRole("radio", { name: "D4s v5 × 3" })).toHaveProperty("checked", true));
    const nodes = screen.getByRole("spinbutton", { name: "Node count" });
    await user.clear(nodes);
    await user.type(nodes, "2");
    await user.tab();
    expect(await screen.findByText("4 vCPU short")).toBeTruthy();
  });

  it("finds a size in the full list", async () => {
    const { user } = renderStep(<SizeStep />, "size", placed);
    await user.click(await screen.findByRole("button", { name: /All sizes/ }));
    await user.type(screen.getByRole("searchbox", { name: "Search sizes" }), "e8s");
    const table = screen.getByRole("table", { name: "All sizes" });
    await waitFor(() => expect(within(table).getAllByRole("row")).toHaveLength(2));
    await user.click(within(table).getByRole("radio", { name: "E8s v5" }));
    expect(within(table).getByRole("radio", { name: "E8s v5" })).toHaveProperty("checked", true);
    await expectAccessible();
  });

  it("shows the autoscaler limits", async () => {
    const { user } = renderStep(<SizeStep />, "size", placed);
    await user.click(await screen.findByRole("switch", { name: "Autoscale" }));
    expect(screen.getByRole("spinbutton", { name: "Minimum" })).toHaveProperty("value", "3");
    expect(screen.getByRole("spinbutton", { name: "Maximum" })).toHaveProperty("value", "6");
  });
});

describe("choices", () => {
  const spec = emptySpec("s");
  const all: SizeFilter = { text: "", gpuOnly: false, usableOnly: false, sort: "name", descending: false };

  it("keep the limits around the node count", () => {
    const scaled = withAutoscale(spec, true);
    expect(scaled.size.autoscale).toEqual({ min: 3, max: 6 });
    expect(withNodes(scaled, 9).size.autoscale).toEqual({ min: 3, max: 9 });
    expect(withNodes(scaled, 1).size.autoscale).toEqual({ min: 1, max: 6 });
    expect(withAutoscale(scaled, false).size.autoscale).toBeNull();
    const suggestion = { vmSize: "Standard_D4s_v5", nodes: 4, vcpus: 16, memoryGib: 64, gpus: 0, freeVcpus: 12, quotaLeft: null, reason: "best_fit" };
    expect(withSuggestion(spec, suggestion).size).toMatchObject({ vmSize: "Standard_D4s_v5", nodes: 4 });
  });

  it("filter and sort sizes", () => {
    expect(filterSizes(sizes.sizes, { ...all, text: "D s v5" })).toHaveLength(0);
    expect(filterSizes(sizes.sizes, { ...all, text: "4s v5" }).map((size) => size.name)).toEqual(["Standard_D4s_v5", "Standard_D64s_v5", "Standard_E4s_v5"]);
    expect(filterSizes(sizes.sizes, { ...all, gpuOnly: true })).toHaveLength(2);
    expect(filterSizes(sizes.sizes, { ...all, gpuOnly: true, usableOnly: true })).toHaveLength(1);
    expect(filterSizes(sizes.sizes, { ...all, sort: "vcpus", descending: true })[0]?.vcpus).toBe(64);
  });

  it("find the smaller quota", () => {
    expect(sizes.sizes.map((size) => quotaLeft(size, sizes.usages))[0]).toBe(72);
    expect(sizes.sizes.map((size) => quotaLeft(size, []))[0]).toBeNull();
  });
});

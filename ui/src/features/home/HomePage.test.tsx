import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../testing/fake/certificates";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { draft, runs } from "../../testing/fake/work";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";

describe("home", () => {
  it("shows one line and one button when empty", async () => {
    const { user } = renderApp({ name: "home" });
    expect(await screen.findByText("No clusters yet")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Set up a cluster" }));
    expect(await screen.findByRole("heading", { level: 2, name: "Purpose" })).toBeTruthy();
  });

  it("continues the draft at its step", async () => {
    const { user } = renderApp({ name: "home" }, { read_draft: () => draft("place"), list_runs: () => runs });
    const table = await screen.findByRole("table", { name: "Runs" });
    expect(within(table).getByText("Failed")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(await screen.findByRole("heading", { level: 2, name: "Basics" })).toBeTruthy();
  });

  it("discards a draft only after confirmation", async () => {
    let kept: ReturnType<typeof draft> | null = draft("size");
    const { user } = renderApp({ name: "home" }, { read_draft: () => kept, drop_draft: () => ((kept = null), {}) });
    await user.click(await screen.findByRole("button", { name: "Discard" }));
    const dialog = await screen.findByRole("dialog", INSIDE);
    expect(kept).not.toBeNull();
    await user.click(within(dialog).getByRole("button", { name: "Discard", ...INSIDE }));
    expect(await screen.findByText("No clusters yet")).toBeTruthy();
  });

  it("reloads the runs when one has changed", async () => {
    const { host } = renderApp({ name: "home" }, { list_runs: () => runs });
    await screen.findByRole("table", { name: "Runs" });
    const before = host.calls.filter((call) => call.command === "list_runs").length;
    host.announceRun({ run: "r4" });
    await waitFor(() => expect(host.calls.filter((call) => call.command === "list_runs").length).toBeGreaterThan(before));
  });

  it("shows certificates that need renewal, without reading Azure", async () => {
    const { user, host } = renderApp({ name: "home" }, { last_inventory: () => inventoryOf(SUBSCRIPTION) });
    expect((await screen.findByTestId("certificates-due")).textContent).toContain("4 certificates need renewal. First: legacy.contoso.com, which expired 4 days ago.");
    expect(host.calls.some(({ command }) => command === "read_inventory")).toBe(false);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Open certificates" }));
    expect(await screen.findByTestId("certificates-page")).toBeTruthy();
  });
});

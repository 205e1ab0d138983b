import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../ipc/generated/Inventory";
import type { PlaceSeen } from "../../ipc/generated/PlaceSeen";
import { inDays } from "../../testing/fake/certificate";
import { computeId, inventoryOf } from "../../testing/fake/certificates";
import { failure } from "../../testing/fake/host";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";

const table = (): Promise<HTMLElement> => screen.findByRole("table", { name: "Endpoints" });
const order = (shown: HTMLElement): (string | undefined)[] => within(shown).getAllByRole("row").slice(1).map((row) => row.dataset["testid"]?.replace("endpoint-", ""));

/** The same place with a certificate that does not cover the name. */
const uncovered = (seen: PlaceSeen): PlaceSeen => ({ ...seen, certificate: seen.certificate === null ? null : { ...seen.certificate, covers: false } });

/** An inventory in which the certificate of one endpoint does not cover its name. */
const withWrongName = ({ subscriptionId }: { subscriptionId: string }): Inventory => {
  const all = inventoryOf(subscriptionId);
  const endpoints = all.endpoints.map((one) => (one.computeId === computeId("scoring") ? { ...one, places: one.places.map(uncovered) } : one));
  return { ...all, endpoints };
};

describe("certificates page", () => {
  it("lists every endpoint with the status of its certificate", async () => {
    const { user } = renderApp({ name: "home" });
    await user.click(await screen.findByRole("button", { name: "Certificates" }));
    const shown = await table();
    expect(order(shown)).toEqual(["legacy", "fraud", "prod-01", "prod-02", "scoring", "risk-dev"]);
    expect(screen.getByTestId("certificates-summary").textContent).toBe("4 need renewal · 1 mismatch · 1 OK · 1 without TLS");
    const differs = within(shown).getByTestId("endpoint-prod-01");
    expect(within(differs).getByTestId("due").textContent).toBe("Soon");
    expect(within(differs).getByTestId("agreement").dataset["state"]).toBe("differ");
    expect(within(differs).getByTestId("life").dataset["elapsed"]).toBe("0.90");
    expect(within(shown).getByTestId("endpoint-risk-dev").textContent).toContain("No TLS");
    await expectAccessible();
  });

  it("shows a certificate that does not cover the name as a problem", async () => {
    const { user } = renderApp({ name: "certificates" }, { last_inventory: withWrongName, read_inventory: withWrongName });
    const scoring = within(await table()).getByTestId("endpoint-scoring");
    expect(within(scoring).getByTestId("due").textContent).toBe("Wrong name");
    expect(screen.getByTestId("certificates-summary").textContent).toBe("4 need renewal · 1 with the wrong name · 1 mismatch · 1 without TLS");
    await user.click(within(scoring).getByTestId("open-endpoint-scoring"));
    expect((await screen.findByTestId("due")).textContent).toBe("Does not match the name");
  });

  it("filters and sorts", async () => {
    const { user } = renderApp({ name: "certificates" });
    const shown = await table();
    await user.click(within(shown).getByRole("button", { name: "Status" }));
    await user.click(within(shown).getByRole("button", { name: "Status" }));
    expect(order(shown)[0]).toBe("scoring");
    await user.type(screen.getByRole("searchbox", { name: "Filter endpoints" }), "microsoft");
    await waitFor(async () => expect(order(await table())).toEqual(["fraud"]));
    await user.type(screen.getByRole("searchbox", { name: "Filter endpoints" }), " nothing");
    expect(await screen.findByText("No endpoint matches.")).toBeTruthy();
  });

  it("renews the selected certificates and shows each result", async () => {
    const { user, host } = renderApp({ name: "certificates" });
    const shown = await table();
    // Only certificates that Berth can reissue can be selected.
    expect(within(shown).queryByTestId("choose-fraud")).toBeNull();
    await user.click(within(shown).getByRole("checkbox", { name: "Select all that Berth can renew" }));
    await user.click(screen.getByRole("button", { name: "Renew 3 endpoints" }));
    const dialog = await screen.findByRole("dialog", INSIDE);
    expect(dialog.textContent).toContain("legacy.contoso.com, trial.contoso.com are self-signed");
    expect(host.calls.some(({ command }) => command === "renew_certificates")).toBe(false);
    await user.click(within(dialog).getByTestId("confirm-renew"));
    const renewed = await screen.findByTestId("renewed");
    expect(host.calls.find(({ command }) => command === "renew_certificates")?.args).toEqual({ account: "sandbox", computeIds: ["legacy", "prod-01", "prod-02"].map((name) => computeId(name)) });
    expect(within(renewed).getByTestId("renewed-legacy").textContent).toContain("keys of type Ed25519");
    expect(within(renewed).getByTestId("renewal-failure-prod-02").dataset["failure"]).toBe("unreachable");
    await user.click(within(renewed).getByTestId("open-run-of-prod-01"));
    expect(await screen.findByTestId("run-page")).toBeTruthy();
  });

  it("shows the last known data without a network, with its age and the failure", async () => {
    const { user, host } = renderApp(
      { name: "certificates" },
      {
        last_inventory: () => inventoryOf(SUBSCRIPTION, inDays(-2)),
        read_inventory: () => {
          throw failure("unreachable");
        },
      },
    );
    expect(order(await table())).toHaveLength(6);
    expect(screen.getByTestId("inventory-age").textContent).toBe("Updated 2 days ago");
    expect((await screen.findByTestId("inventory-failure")).dataset["failure"]).toBe("unreachable");
    const before = host.calls.filter(({ command }) => command === "read_inventory").length;
    await user.click(screen.getByTestId("inventory-failure-retry"));
    await waitFor(() => expect(host.calls.filter(({ command }) => command === "read_inventory").length).toBeGreaterThan(before));
    expect(order(await table())).toHaveLength(6);
  });

  it("covers one subscription, with one line and one button when empty", async () => {
    const { user, host } = renderApp({ name: "certificates" });
    await table();
    await user.selectOptions(screen.getByRole("combobox", { name: "Subscription" }), "ML-Test");
    expect(await screen.findByText("No endpoints")).toBeTruthy();
    expect(host.calls.findLast(({ command }) => command === "read_inventory")?.args).not.toMatchObject({ subscriptionId: SUBSCRIPTION });
    await expectAccessible();
  });

  it("saves a calendar file", async () => {
    const { user, host } = renderApp({ name: "certificates" });
    await table();
    await user.click(screen.getByRole("button", { name: "Save calendar…" }));
    expect((await screen.findByTestId("calendar-saved")).textContent).toContain("/home/me/certificates.ics");
    expect(host.calls.find(({ command }) => command === "save_calendar")?.args).toEqual({ account: "sandbox", subscriptionId: SUBSCRIPTION });
  });

  it("shows what could not be read", async () => {
    renderApp({ name: "certificates" }, { read_inventory: ({ subscriptionId }) => ({ ...inventoryOf(subscriptionId), problems: ["computes: 403"] }) });
    await table();
    expect(screen.getByText(/computes: 403/)).toBeTruthy();
  });
});

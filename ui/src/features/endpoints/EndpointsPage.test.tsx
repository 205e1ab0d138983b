import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { inDays } from "../../testing/fake/certificate";
import { endpoints, endpointsAt } from "../../testing/fake/endpoints";
import { failure } from "../../testing/fake/host";
import { expectAccessible, renderApp } from "../../testing/render";

type Answers = Parameters<typeof renderApp>[1];

const open = (answers: Answers = {}): ReturnType<typeof renderApp> => renderApp({ name: "endpoints" }, answers);

const table = (): Promise<HTMLElement> => screen.findByRole("table", { name: "Endpoints" });
const order = (shown: HTMLElement): (string | undefined)[] =>
  within(shown)
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.dataset["testid"]?.replace("endpoint-", ""));

const EVERY = endpoints.map(({ name }) => name);

describe("endpoints page", () => {
  it("lists every endpoint with its versions, traffic and problems", async () => {
    const { user } = renderApp({ name: "home" });
    await user.click(await screen.findByRole("button", { name: "Endpoints" }));
    const shown = await table();
    expect(order(shown)).toEqual(EVERY);
    const fraud = within(shown).getByTestId("endpoint-fraud-v2");
    expect(within(fraud).getByRole("img", { name: "Traffic: blue 90%, green 10%" })).toBeTruthy();
    expect(fraud.textContent).toContain("https://ml.contoso.com/api/v1/endpoint/fraud-v2/score");
    expect(fraud.textContent).toContain("in scoring-01");
    expect(fraud.textContent).toContain("3–7");
    const failing = within(shown).getByTestId("endpoint-ocr-invoices");
    expect(within(failing).getByTestId("state").dataset["state"]).toBe("failed");
    expect(within(failing).getByTestId("problem-version_failed").textContent).toBe("green failed (ImagePullLoopBackOff)");
    expect(screen.getByTestId("nav-endpoints").getAttribute("aria-current")).toBe("page");
    await expectAccessible();
  });

  it("shows what is unknown as unknown", async () => {
    open();
    const shown = await table();
    const lost = within(shown).getByTestId("endpoint-sentiment");
    expect(lost.textContent).toContain("Cluster unknown");
    expect(lost.textContent).toContain("Authentication unknown");
    expect(within(lost).getByTestId("traffic").dataset["traffic"]).toBe("unknown");
    // A state that Berth does not know stays in Azure's spelling.
    expect(within(lost).getByTestId("state").textContent).toBe("Hibernating");
    expect(within(shown).getByTestId("endpoint-forecast").textContent).toContain("Versions could not be read");
    expect(within(shown).getByTestId("endpoint-churn").textContent).toContain("No address yet");
    expect(within(shown).getByTestId("problem-no_versions")).toBeTruthy();
    expect(within(within(shown).getByTestId("endpoint-recommender")).getByRole("img", { name: "Traffic: blue 0%, green 0%" })).toBeTruthy();
  });

  it("names what could not be read, in Azure's words", async () => {
    open();
    const unread = await screen.findByTestId("unread-places");
    expect(unread.textContent).toContain("Services and endpoints of ml-trial-old: onlineEndpoints: AuthorizationFailed: The client 'ml-ops@contoso.com'");
    expect(unread.textContent).toContain("Versions of the endpoint forecast: AuthorizationFailed");
  });

  it("shows many unread places on request", async () => {
    const many = ["a", "b", "c", "d", "e"].map((name) => ({ resourceId: `/subscriptions/${name}`, name, what: "subscription", why: "403" }) as const);
    const { user } = open({ read_endpoints: () => ({ ...endpointsAt(), endpoints: [], unread: many }) });
    const unread = await screen.findByTestId("unread-places");
    expect(within(unread).getAllByRole("listitem")).toHaveLength(3);
    await user.click(within(unread).getByRole("button", { name: "Show all 5" }));
    expect(within(unread).getAllByRole("listitem")).toHaveLength(5);
    expect(screen.getByText("No endpoint was found in what could be read.")).toBeTruthy();
    expect(screen.queryByText("No endpoints")).toBeNull();
  });

  it("filters by text, workspace and problem", async () => {
    const { user } = open();
    await table();
    const filter = screen.getByRole("searchbox", { name: "Filter endpoints" });
    await user.type(filter, "hibern");
    await waitFor(async () => expect(order(await table())).toEqual(["sentiment"]));
    await user.clear(filter);
    await user.type(filter, "als:5");
    await waitFor(async () => expect(order(await table())).toEqual(["recommender"]));
    expect(screen.getByTestId("endpoints-count").textContent).toBe(`1 of ${EVERY.length} endpoints`);
    await user.type(filter, " nothing");
    expect(await screen.findByText("No endpoint matches.")).toBeTruthy();
    await user.clear(filter);
    await user.selectOptions(screen.getByRole("combobox", { name: "Workspace" }), "credit-risk");
    expect(order(await table())).toEqual(["risk-eval"]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Workspace" }), "All workspaces");
    await user.selectOptions(screen.getByRole("combobox", { name: "Problems" }), "No traffic");
    expect(order(await table())).toEqual(["recommender"]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Problems" }), "With problems");
    expect(order(await table())).not.toContain("fraud-v2");
  });

  it("sorts and groups, and keeps the view while another page is open", async () => {
    const { user } = open();
    const shown = await table();
    await user.click(within(shown).getByRole("button", { name: "Status" }));
    expect(order(shown).slice(0, 2)).toEqual(["ocr-invoices", "risk-eval"]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Group" }), "Group by cluster");
    const heads = (await screen.findAllByRole("rowheader")).map((head) => head.textContent);
    expect(heads).toEqual(["prod-classic 5 endpoints", "risk-models 1 endpoint", "scoring-01 4 endpoints", "Unknown 1 endpoint"]);
    await expectAccessible();
    await user.click(screen.getByTestId("nav-home"));
    await user.click(await screen.findByTestId("nav-endpoints"));
    expect(await screen.findAllByRole("rowheader")).toHaveLength(4);
  });

  it("works with the keyboard", async () => {
    const { user } = open();
    const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    (await screen.findByRole("button", { name: "Copy address of fraud-v2" })).focus();
    await user.keyboard("{Enter}");
    expect(written).toHaveBeenCalledWith("https://ml.contoso.com/api/v1/endpoint/fraud-v2/score");
    expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
    expect(screen.getByTestId("endpoints-page")).toBeTruthy();
    screen.getByRole("button", { name: "fraud-v2" }).focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "fraud-v2" })).toBeTruthy();
  });

  it("shows the last known endpoints without a network, with their age and the failure", async () => {
    let offline = true;
    const { user } = open({
      last_endpoints: () => endpointsAt(inDays(-1 / 12)),
      read_endpoints: () => {
        if (offline) {
          throw failure("unreachable");
        }
        return endpointsAt();
      },
    });
    expect(order(await table())).toEqual(EVERY);
    expect(screen.getByTestId("endpoints-age").textContent).toBe("Read 2 hours ago");
    expect((await screen.findByTestId("endpoints-failure")).dataset["failure"]).toBe("unreachable");
    offline = false;
    await user.click(screen.getByTestId("endpoints-failure-retry"));
    await waitFor(() => expect(screen.getByTestId("endpoints-age").textContent).toBe("Read just now"));
    expect(screen.queryByTestId("endpoints-failure")).toBeNull();
  });

  it("says what an endpoint is when there is none", async () => {
    const { user } = open({ read_endpoints: () => ({ ...endpointsAt(), endpoints: [], unread: [] }) });
    expect(await screen.findByText("No endpoints")).toBeTruthy();
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Set up a cluster" }));
    expect(await screen.findByRole("heading", { level: 2, name: "Purpose" })).toBeTruthy();
  });
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { Goal } from "../../ipc/generated/Goal";
import type { Target } from "../../shared/navigation";
import { endpointDetails, endpointId, endpoints } from "../../testing/fake/endpoints";
import { failure } from "../../testing/fake/host";
import { reviewOf } from "../../testing/fake/review";
import { expectAccessible, renderApp, startedWith } from "../../testing/render";

type Rendered = ReturnType<typeof renderApp>;
type Answers = Parameters<typeof renderApp>[1];

const FRAUD = endpointId("fraud-v2");
const open = (target: Target, answers: Answers = {}): Rendered => renderApp({ name: "change", target }, answers);
const traffic = (name: string, answers: Answers = {}): Rendered => open({ kind: "traffic", endpointId: endpointId(name) }, answers);

/** Answers with other versions of `fraud-v2`. */
const having = (part: Partial<Endpoint>): Answers => ({
  get_endpoint: ({ resourceId }) => {
    const details = endpointDetails(resourceId);
    if (details === undefined) {
      throw failure("not_found");
    }
    return { ...details, endpoint: { ...details.endpoint, ...part } };
  },
});

const versions = (list: readonly [name: string, traffic: number | null, state?: string][]): Endpoint["versions"] => {
  const [first] = endpoints.find(({ id }) => id === FRAUD)?.versions ?? [];
  if (first === undefined) {
    throw new Error("fraud-v2 has no version");
  }
  return list.map(([name, traffic, state = "Succeeded"]) => ({ ...first, name, traffic, state }));
};

const THREE = having({ versions: versions([["blue", 60], ["green", 30, "Failed"], ["red", 10]]) });

const number = (version: string): Promise<HTMLElement> => screen.findByRole("spinbutton", { name: `Traffic of ${version} in percent` });
const slider = (version: string): HTMLElement => screen.getByRole("slider", { name: `Traffic of ${version}` });
const lock = (version: string): HTMLElement => screen.getByRole("button", { name: `Keep the traffic of ${version}` });
const start = (): HTMLElement => screen.getByTestId("start-change");
const planned = (): Promise<HTMLElement> => screen.findByTestId("plan");
const problem = (): string => screen.getByTestId("traffic-problem").textContent ?? "";
const after = (): string => within(screen.getByTestId("traffic-after")).getByRole("img").getAttribute("aria-label") ?? "";
const begun = ({ host }: Rendered): unknown => (host.calls.some((call) => call.command === "start") ? startedWith(host) : undefined);

const goal = (traffic: Record<string, number>): Goal => ({ kind: "change", change: { kind: "traffic", endpointId: FRAUD, traffic, none: false }, waived: [] });

describe("traffic of a classic endpoint", () => {
  const id = endpointId("pricing", "classic");

  it("starts from what the versions get, and changes default and control", async () => {
    const rendered = open({ kind: "traffic", endpointId: id });
    // The default version also gets the rest.
    expect(await number("v1")).toHaveProperty("value", "50%");
    expect(screen.queryByTestId("without-traffic")).toBeNull();
    await rendered.user.click(start());
    expect(screen.getAllByText("Change a share, the default version or the control version.").length).toBe(2);
    await rendered.user.selectOptions(screen.getByLabelText("Default version"), "v2");
    await rendered.user.selectOptions(screen.getByLabelText("Control version"), "v3");
    expect(await planned()).toBeTruthy();
    await expectAccessible();
    await rendered.user.selectOptions(screen.getByLabelText("Control version"), "Leave as it is");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    const shares = { v1: 50, v2: 20, v3: 10, v4: 10, v5: 5, v6: 5 };
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "traffic", endpointId: id, traffic: shares, none: false, defaultVersion: "v2" } } });
    expect(JSON.stringify(begun(rendered))).not.toContain("controlVersion");
  });
});

describe("traffic", () => {
  it("is typed, moves the others, is reviewed and started", async () => {
    const rendered = traffic("fraud-v2");
    const blue = await number("blue");
    await rendered.user.click(start());
    expect(screen.getAllByText("Change the share of at least one version.").length).toBe(2);
    await waitFor(() => expect(document.activeElement).toBe(slider("blue")));
    await rendered.user.clear(blue);
    await rendered.user.type(blue, "40{Tab}");
    expect(await number("green")).toHaveProperty("value", "60%");
    expect(slider("green")).toHaveProperty("value", "60");
    expect(within(screen.getByTestId("traffic-now")).getByRole("img").getAttribute("aria-label")).toBe("Traffic: blue 90%, green 10%");
    expect(after()).toBe("Traffic: blue 40%, green 60%");
    expect(screen.getByTestId("share-blue").textContent).toContain("Now 90%");
    expect((await planned()).textContent).toContain("Set the traffic of fraud-v2");
    await expectAccessible();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "traffic", endpointId: FRAUD, traffic: { blue: 40, green: 60 }, none: false } } });
  });

  it("is changed with the arrow keys and the slider, and dragging back restores the others", async () => {
    const rendered = traffic("fraud-v2", THREE);
    const blue = await number("blue");
    await rendered.user.click(blue);
    await rendered.user.keyboard("{ArrowUp}");
    expect(after()).toBe("Traffic: blue 61%, green 29%, red 10%");
    fireEvent.change(slider("blue"), { target: { value: "100" } });
    expect(after()).toBe("Traffic: blue 100%, green 0%, red 0%");
    fireEvent.change(slider("blue"), { target: { value: "60" } });
    expect(after()).toBe("Traffic: blue 60%, green 30%, red 10%");
    expect(slider("blue").getAttribute("aria-valuetext")).toBe("60%");
  });

  it("respects locks and states, and says why", async () => {
    const rendered = traffic("fraud-v2", THREE);
    const blue = await number("blue");
    expect(screen.getByTestId("share-green").textContent).toContain("Can only lose traffic");
    fireEvent.change(slider("green"), { target: { value: "50" } });
    expect(problem()).toBe("green cannot get more traffic. Status: Failed.");
    expect(after()).toBe("Traffic: blue 60%, green 30%, red 10%");
    lock("red").focus();
    await rendered.user.keyboard(" ");
    expect(lock("red").getAttribute("aria-pressed")).toBe("true");
    expect(problem()).toBe("");
    await rendered.user.clear(blue);
    await rendered.user.type(blue, "95{Enter}");
    expect(problem()).toBe("blue can have at most 90%, because the rest is locked.");
    expect(after()).toBe("Traffic: blue 90%, green 0%, red 10%");
    // The box shows what was set, not what was typed.
    expect(blue).toHaveProperty("value", "90%");
    await rendered.user.clear(blue);
    await rendered.user.type(blue, "50{Tab}");
    expect(problem()).toBe("No other version can take the remaining 10%. Unlock one, or wait until one is ready.");
    await rendered.user.click(screen.getByRole("button", { name: "Reset" }));
    expect(after()).toBe("Traffic: blue 60%, green 30%, red 10%");
    expect(lock("red").getAttribute("aria-pressed")).toBe("false");
    await expectAccessible();
  });

  it("can be taken away as a whole, if the person says so", async () => {
    const rendered = traffic("fraud-v2");
    await rendered.user.click(await screen.findByRole("checkbox", { name: "Leave the endpoint without traffic" }));
    expect(screen.getByRole("checkbox", { name: "Leave the endpoint without traffic", description: "Calls that name no version are then refused." })).toBeTruthy();
    expect(after()).toBe("Traffic: blue 0%, green 0%");
    expect(await number("blue")).toHaveProperty("disabled", true);
    await planned();
    expect(screen.getByTestId("finding-EPT-03.none").textContent).toContain("will have no traffic");
    await expectAccessible();
    await rendered.user.click(screen.getByTestId("know-interrupts"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "traffic", traffic: {}, none: true } } });
  });

  it("comes back when the box is cleared", async () => {
    const rendered = traffic("fraud-v2");
    const none = await screen.findByTestId("without-traffic");
    await rendered.user.click(none);
    await rendered.user.click(none);
    expect(after()).toBe("Traffic: blue 90%, green 10%");
  });

  it("of the only version stays whole", async () => {
    traffic("churn");
    await number("blue");
    fireEvent.change(slider("blue"), { target: { value: "40" } });
    expect(problem()).toBe("blue is the only version, so it gets all the traffic.");
    expect(after()).toBe("Traffic: blue 100%");
  });

  it("is not edited while it is unknown", async () => {
    const rendered = traffic("forecast");
    expect((await screen.findByTestId("traffic-not-known")).textContent).toContain("AuthorizationFailed: The client");
    expect(screen.queryByRole("slider")).toBeNull();
    await rendered.user.click(start());
    expect(screen.getAllByText("There is no traffic that can be changed.").length).toBe(2);
    expect(rendered.host.calls.some(({ command }) => command === "review")).toBe(false);
    await expectAccessible();
  });

  it("is not edited where Azure does not report it, or where there is no version", async () => {
    const { unmount } = traffic("fraud-v2", having({ versions: versions([["blue", 100], ["green", null]]) }));
    expect((await screen.findByTestId("traffic-not-known")).textContent).toContain("Azure does not report the traffic of these versions: green.");
    unmount();
    traffic("segmentation");
    expect(await screen.findByText(/has no version yet/)).toBeTruthy();
  });

  it("is blocked by the rules where it does not add up", async () => {
    expect(reviewOf(goal({ blue: 50, green: 49 })).findings).toMatchObject([{ code: "EPT-03.sum", severity: "blocking", params: { sum: "99" } }]);
    expect(reviewOf(goal({ blue: 50, green: 50 })).findings).toEqual([]);
    traffic("fraud-v2", { review: () => reviewOf(goal({ blue: 50, green: 49 })) });
    await number("blue");
    fireEvent.change(slider("blue"), { target: { value: "50" } });
    expect((await screen.findByTestId("finding-EPT-03.sum")).textContent).toContain("adds up to 99 %");
    expect(start().dataset["ready"]).toBe("false");
  });
});

describe("a canary", () => {
  it("starts from the row of a version, with steps, time and sample", async () => {
    const rendered = renderApp({ name: "endpoint", endpointId: FRAUD });
    await rendered.user.click(await screen.findByRole("button", { name: "Actions for green" }));
    await rendered.user.click(await screen.findByRole("menuitem", { name: "Start canary…" }));
    expect(await screen.findByLabelText(/^Version/)).toHaveProperty("value", "green");
    expect(screen.getByText("Has 10% of the traffic now.")).toBeTruthy();
    await rendered.user.click(start());
    expect(screen.getAllByText("Choose the file with a request.").length).toBe(2);
    await rendered.user.click(screen.getByRole("button", { name: "Choose file…" }));
    await rendered.user.clear(screen.getByRole("textbox", { name: /^Steps in percent/ }));
    await rendered.user.type(screen.getByRole("textbox", { name: /^Steps in percent/ }), "50 100");
    await rendered.user.clear(screen.getByRole("spinbutton", { name: /^Minutes at each step/ }));
    await rendered.user.type(screen.getByRole("spinbutton", { name: /^Minutes at each step/ }), "2{Tab}");
    expect((await planned()).textContent).toContain("fraud-v2");
    expect(within(screen.getByTestId("canary-limits")).getAllByRole("listitem")).toHaveLength(4);
    await expectAccessible();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({
      goal: { change: { kind: "canary", endpointId: FRAUD, canary: { version: "green", steps: [50, 100], minutes: 2 }, sample: "/home/me/models/churn.pkl" } },
    });
  });

  it("does not start with steps that are no percentages", async () => {
    const rendered = open({ kind: "canary", endpointId: FRAUD, version: "green" });
    const steps = await screen.findByRole("textbox", { name: /^Steps in percent/ });
    await rendered.user.clear(steps);
    await rendered.user.type(steps, "5, half, 100");
    await rendered.user.click(start());
    expect(screen.getAllByText("Enter whole percentages from 1 to 100, such as 5, 25, 50, 100.").length).toBe(2);
    await waitFor(() => expect(document.activeElement).toBe(steps));
    expect(rendered.host.calls.some(({ command }) => command === "review")).toBe(false);
  });

  it("is offered for versions that lack traffic, on the extension route", async () => {
    renderApp({ name: "endpoint", endpointId: endpointId("pricing", "classic") }).user.click(await screen.findByRole("button", { name: "Actions for v1" }));
    await screen.findByRole("menuitem", { name: "Delete version…" });
    expect(screen.queryByTestId("start-canary")).toBeNull();
  });
});

describe("an endpoint that cannot be read", () => {
  it("is shown, can be retried, and leads back to the endpoint", async () => {
    let offline = true;
    const rendered = traffic("fraud-v2", {
      get_endpoint: ({ resourceId }) => {
        const details = endpointDetails(resourceId);
        if (offline || details === undefined) {
          throw failure("unreachable");
        }
        return details;
      },
    });
    const retry = await screen.findByTestId("failure-retry");
    offline = false;
    await rendered.user.click(retry);
    await number("blue");
    await rendered.user.click(screen.getByTestId("cancel-change"));
    expect(await screen.findByTestId("endpoint-page")).toBeTruthy();
  });
});

describe("authentication", () => {
  it("is changed from the endpoint's page, once the person agrees to what it breaks", async () => {
    const rendered = renderApp({ name: "endpoint", endpointId: FRAUD });
    expect(screen.queryByTestId("authenticate-none")).toBeNull();
    await rendered.user.click(await screen.findByTestId("authenticate-token"));
    expect((await screen.findByTestId("finding-EPT-18.token")).textContent).toContain("Callers of fraud-v2 need a token from then on");
    expect((await planned()).textContent).toContain("Change how callers of fraud-v2 authenticate");
    expect(start().dataset["ready"]).toBe("false");
    await expectAccessible();
    await rendered.user.click(screen.getByTestId(`waive-EPT-18:${FRAUD}`));
    await rendered.user.click(screen.getByTestId("know-interrupts"));
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "auth", endpointId: FRAUD, auth: "token" } } });
  });
});

describe("deleting", () => {
  it("a version shows its traffic and state, and is refused while it has traffic", async () => {
    open({ kind: "delete_version", endpointId: FRAUD, version: "green" });
    const facts = await screen.findByTestId("version-facts");
    expect(facts.textContent).toContain("10%");
    expect(facts.textContent).toContain("Succeeded");
    expect((await screen.findByTestId("finding-EPT-13.has_traffic")).textContent).toContain("green has 10 % of the traffic.");
    expect(start().dataset["ready"]).toBe("false");
    await expectAccessible();
  });

  it("a version without traffic is started from its row", async () => {
    const rendered = renderApp({ name: "endpoint", endpointId: endpointId("ocr-invoices") });
    await rendered.user.click(await screen.findByRole("button", { name: "Actions for green" }));
    await rendered.user.click(await screen.findByRole("menuitem", { name: "Delete version…" }));
    await planned();
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "delete_version", endpointId: endpointId("ocr-invoices"), version: "green" } } });
  });

  it("an endpoint needs its name", async () => {
    const rendered = renderApp({ name: "endpoint", endpointId: FRAUD });
    await rendered.user.click(await screen.findByRole("button", { name: "Delete endpoint…" }));
    await planned();
    await rendered.user.click(screen.getByTestId("know-interrupts"));
    await rendered.user.click(start());
    expect(screen.getByText("Type the name first.")).toBeTruthy();
    await rendered.user.type(screen.getByRole("textbox", { name: /^Type fraud-v2 to confirm/ }), "fraud-v2");
    await waitFor(() => expect(start().dataset["ready"]).toBe("true"));
    await expectAccessible();
    await rendered.user.click(start());
    await screen.findByTestId("run-page");
    expect(begun(rendered)).toMatchObject({ goal: { change: { kind: "delete_endpoint", endpointId: FRAUD, confirm: "fraud-v2" } }, typed: "fraud-v2" });
  });

  it("and traffic are offered on both routes, but not for the only version of a plain service", async () => {
    for (const [name, route, own] of [
      ["fraud-v2", "extension", true],
      ["pricing", "classic", true],
      ["credit-score", "classic", false],
    ] as const) {
      const found = endpoints.find((one) => one.name === name && one.route === route);
      const page = renderApp({ name: "endpoint", endpointId: found?.id ?? "" });
      expect(await screen.findByTestId("delete-endpoint")).toBeTruthy();
      expect(screen.queryAllByTestId("change-traffic")).toHaveLength(own ? 1 : 0);
      expect(screen.queryAllByTestId(`menu-${found?.versions[0]?.name ?? ""}`)).toHaveLength(own ? 1 : 0);
      page.unmount();
    }
  });
});

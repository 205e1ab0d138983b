import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { emptySpec } from "../../shared/emptySpec";
import { isAbout } from "../../shared/formFindings";
import { mergeFindings } from "../../shared/wizard/findings";
import { wizardReducer } from "../../shared/wizard/state";
import { finding } from "../../testing/fake/findings";
import { failure } from "../../testing/fake/host";
import { reviewed } from "../../testing/fake/review";
import { draft, spec } from "../../testing/fake/work";
import { expectAccessible, renderApp } from "../../testing/render";
import { openWizard } from "./wizard/draft";
import { stepsOf } from "./wizard/steps";

const next = (): HTMLElement => screen.getByTestId("next");

describe("wizard", () => {
  it("moves to the next step, announces it, and focuses its title", async () => {
    const { user } = renderApp({ name: "setup" });
    await screen.findByRole("heading", { level: 2, name: "Purpose" });
    await expectAccessible();
    await user.click(next());
    const title = await screen.findByRole("heading", { level: 2, name: "Basics" });
    await waitFor(() => expect(document.activeElement).toBe(title));
    expect(screen.getByTestId("live-region").textContent).toMatch(/^Step 2 of \d: Basics$/);
    expect(screen.getByTestId("step-purpose").dataset.status).toBe("done");
  });

  it("reports a missing choice on Next, and focuses it", async () => {
    const { user } = renderApp({ name: "setup" }, { read_draft: () => ({ ...draft("place"), spec: emptySpec("") }) });
    await screen.findByRole("combobox", { name: /^Subscription/ });
    await user.click(next());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("combobox", { name: /^Subscription/ })));
    expect(screen.getByTestId("step-place").dataset.status).toBe("current");
    await waitFor(() => expect(screen.getByRole("combobox", { name: /^Subscription/ }).getAttribute("aria-invalid")).toBe("true"));
  });

  it("saves the draft after a change, and reports a failure", async () => {
    let full = false;
    const { user, host } = renderApp(
      { name: "setup" },
      {
        write_draft: () => {
          if (full) {
            throw failure("file_problem", { detail: "disk full" });
          }
          return {};
        },
      },
    );
    await user.click(await screen.findByRole("radio", { name: "Dev-test" }));
    await waitFor(() => expect(host.calls.some((call) => call.command === "write_draft")).toBe(true));
    full = true;
    await user.click(screen.getByRole("radio", { name: "Production" }));
    expect(await within(screen.getByTestId("summary")).findByTestId("failure")).toBeTruthy();
  });

  it("counts warnings in the summary and links to the field", async () => {
    const warning = finding("VER-05", { severity: "warning", step: "version", field: "version.kubernetes" });
    const { user } = renderApp(
      { name: "setup" },
      { read_draft: () => draft("size"), review: reviewed([warning]) },
    );
    await user.click(await screen.findByTestId("count-warning", undefined, { timeout: 4000 }));
    await user.click(await screen.findByTestId("go-VER-05"));
    expect(await screen.findByRole("heading", { level: 2, name: "Kubernetes version" })).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("radio", { name: "1.36" })));
  });

  it("asks before replacing a draft of another account", async () => {
    const { user } = renderApp({ name: "setup" }, { read_draft: () => ({ ...draft("place"), account: "azure-cli" }) });
    expect(await screen.findByRole("button", { name: "Continue as azure-cli" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Start over" }));
    expect(await screen.findByRole("heading", { level: 2, name: "Purpose" })).toBeTruthy();
  });
});

describe("steps", () => {
  it("skip what an existing cluster already determines", () => {
    const ids = stepsOf({ ...spec, cluster: { kind: "existing", resourceId: "" } }).map((step) => step.id);
    expect(ids).not.toContain("version");
    expect(ids).not.toContain("size");
    expect(stepsOf(spec).map((step) => step.id)).toContain("version");
  });

  it("before the draft's step count as visited", () => {
    const state = openWizard(spec, "version");
    expect(state.visited).toEqual(["purpose", "place", "version"]);
    expect(openWizard(spec, "nonsense").step).toBe("purpose");
    expect(wizardReducer(state, { kind: "touched", field: "a" }).touched).toEqual(["a"]);
  });
});

describe("findings", () => {
  const local = finding("NAM-11", { field: "place.clusterName", severity: "information" });
  const remote = finding("NAM-16", { field: "place.clusterName" });

  it("are sorted by severity, without duplicates", () => {
    expect(mergeFindings([local], [local, remote])).toEqual([remote, local]);
  });

  it("belong to a field and its parts", () => {
    expect(isAbout(local, "place.clusterName")).toBe(true);
    expect(isAbout(local, "place")).toBe(true);
    expect(isAbout(local, "place.cluster")).toBe(false);
  });
});

import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DeploySpec } from "../../ipc/generated/DeploySpec";
import { emptyDeploy } from "../../shared/emptyDeploy";
import { deployDraft, deployment, servingOf } from "../../testing/fake/deploy";
import { finding } from "../../testing/fake/findings";
import { failure } from "../../testing/fake/host";
import { endpointsAt } from "../../testing/fake/endpoints";
import { place } from "../../testing/fake/place";
import { reviewed } from "../../testing/fake/review";
import { SUBSCRIPTION } from "../../testing/fake/session";
import { expectAccessible, renderApp, startedWith } from "../../testing/render";

// Loaded before the tests wait for them.
import "./code/CodeStep";
import "./model/ModelStep";
import "./review/ReviewStep";
import "./size/SizeStep";
import "./where/WhereStep";

const next = (): HTMLElement => screen.getByTestId("next");
const workspaceId = place.workspaces.find(({ name }) => name === "ml-prod")?.id ?? "";
const field = (path: string): Promise<HTMLElement> => screen.findByTestId(`field-${path}`);
/** The button that shows an advanced part. */
const unfolding = (part: string): HTMLElement => within(screen.getByTestId(`advanced-${part}`)).getByRole("button");
const at = (step: string, change: Partial<DeploySpec> = {}) => ({ read_deploy_draft: () => ({ ...deployDraft(step), spec: { ...deployment, ...change } }) });

describe("Deploy wizard", () => {
  it("places a model from this computer on a new endpoint", async () => {
    const { user, host } = renderApp({ name: "deploy" });
    await user.click(await field("workspace.subscriptionId"));
    await user.click(await screen.findByTestId(`option-workspace.subscriptionId-${SUBSCRIPTION}`));
    await user.click(await field("workspace"));
    await user.click(await screen.findByTestId(`option-workspace-${workspaceId}`));
    await user.click(await field("compute"));
    await user.click(await screen.findByTestId("option-compute-scoring"));
    await user.type(await field("endpoint.name"), "churn-nordics");
    await user.type(await field("version"), "blue");
    await expectAccessible();
    await user.click(next());

    await user.click(await screen.findByTestId("choice-models-local"));
    await user.click(await screen.findByTestId("choose-file-models.path"));
    await waitFor(async () => expect(await field("models.name")).toHaveProperty("value", "churn"));
    await expectAccessible();
    await user.click(next());
    await screen.findByRole("heading", { level: 2, name: "Environment and code" });
    await waitFor(() =>
      expect(host.calls.findLast(({ command }) => command === "write_deploy_draft")?.args).toMatchObject({
        step: "code",
        spec: {
          compute: "scoring",
          endpoint: { kind: "new", name: "churn-nordics", auth: "key" },
          version: "blue",
          models: [{ kind: "local", path: "/home/me/models/churn.pkl", name: "churn", format: "custom" }],
        },
      }),
    );
  });

  it("serves it by a script in a folder", async () => {
    const { user } = renderApp({ name: "deploy" }, at("code", { serving: emptyDeploy("").serving }));
    await user.click(await screen.findByTestId("choose-folder-serving.folder"));
    expect((await screen.findByTestId("code-files")).textContent).toBe("Berth uploads 3 files (14.9 kB). .amlignore leaves out 41 more.");
    await waitFor(async () => expect(await field("serving.script")).toHaveProperty("value", "score.py"));
    await user.click(screen.getByTestId("choice-serving.environment-curated"));
    await user.click(await field("serving.environment.name"));
    await user.click(await screen.findByTestId("option-serving.environment.name-AzureML-sklearn-1.5"));
    expect(await field("serving.environment.name.version")).toHaveProperty("value", "9");
    await expectAccessible();
  });

  it("shows each default, and starts what was reviewed", async () => {
    const { user, host } = renderApp({ name: "deploy" }, at("size"));
    expect(await screen.findByText("0.1 vCPU and 2 GiB requested, 2 vCPU and 2 GiB at most")).toBeTruthy();
    await user.click(unfolding("requests"));
    expect(await field("requests.timeoutMs")).toHaveProperty("placeholder", "5000");
    await user.type(await field("requests.timeoutMs"), "9 000");
    await expectAccessible();
    await user.click(next());
    const start = await screen.findByTestId("start-run");
    await waitFor(() => expect(start.dataset["ready"]).toBe("true"));
    await expectAccessible();
    await user.click(start);
    await waitFor(() => expect(screen.getByTestId("frame").dataset["page"]).toBe("run"));
    expect(startedWith(host).goal).toEqual({ kind: "deploy", spec: { ...deployment, requests: { ...deployment.requests, timeoutMs: 9_000 } } });
    await waitFor(() => expect(host.calls.some(({ command }) => command === "drop_deploy_draft")).toBe(true));
  });

  it("adds a version from the page of an endpoint, next to the ones that serve", async () => {
    const endpoint = endpointsAt().endpoints.find(({ name }) => name === "recommender");
    const { user } = renderApp({ name: "endpoint", endpointId: endpoint?.id ?? "" });
    await user.click(await screen.findByTestId("add-version"));
    expect(await field("version")).toHaveProperty("value", "version-3");
    expect(await field("compute")).toHaveProperty("disabled", true);
    await waitFor(async () => expect(await field("endpoint.name")).toHaveProperty("value", "recommender"));
    expect(await screen.findByText("Its share of the traffic moves to it once it is ready. With none, only calls that name it reach it.")).toBeTruthy();
    await expectAccessible();
  });

  it("asks before it replaces a draft with another version", async () => {
    const [endpoint] = endpointsAt().endpoints.filter(({ route }) => route === "extension");
    const { user } = renderApp({ name: "deploy", ...(endpoint === undefined ? {} : { endpoint }) }, at("model"));
    await user.click(await screen.findByTestId("open-draft"));
    expect(await screen.findByRole("heading", { level: 2, name: "Model" })).toBeTruthy();
  });

  it("reports a missing choice on Next, and focuses it", async () => {
    const { user } = renderApp({ name: "deploy" }, at("where", { compute: "" }));
    await field("compute");
    await user.click(next());
    await waitFor(async () => expect(document.activeElement).toBe(await field("compute")));
    expect(screen.getByTestId("step-where").dataset["status"]).toBe("current");
  });

  it("deploys an open web service on a classic compute, and says what that means", async () => {
    const { user, host } = renderApp({ name: "deploy" }, at("where"));
    await user.click(await field("compute"));
    await user.click(await screen.findByTestId("option-compute-prod-01"));
    await user.click(await screen.findByTestId("choice-endpoint-service"));
    expect(screen.queryByTestId("field-version")).toBeNull();
    expect(await field("endpoint.name")).toHaveProperty("value", "churn-nordics");
    expect(await field("endpoint.namespace")).toHaveProperty("placeholder", "azureml-ml-prod");
    await user.click(screen.getByTestId("choice-endpoint.auth-none"));
    expect(screen.getByText("Anyone who can reach the address can call the model and read its answers. Nothing tells callers apart.")).toBeTruthy();
    await expectAccessible();
    for (const name of ["Model", "Environment and code", "Size and behavior"]) {
      await user.click(next());
      await screen.findByRole("heading", { level: 2, name });
    }
    expect(await field("resources.memory")).toHaveProperty("placeholder", "0.5Gi");
    expect(screen.queryByTestId("field-instanceType")).toBeNull();
    expect(screen.queryByTestId("advanced-readiness")).toBeNull();
    await expectAccessible();
    await user.click(next());
    const start = await screen.findByTestId("start-run");
    await waitFor(() => expect(start.dataset["ready"]).toBe("true"));
    expect(start.textContent).toBe("Deploy service");
    expect(screen.getAllByText("Anyone who reaches the address can call the endpoint.").length).toBeGreaterThan(0);
    await expectAccessible();
    await user.click(start);
    await waitFor(() => expect(screen.getByTestId("frame").dataset["page"]).toBe("run"));
    expect(startedWith(host).goal).toEqual({
      kind: "deploy",
      spec: { ...deployment, route: "classic", compute: "prod-01", version: "", endpoint: { ...deployment.endpoint, single: true, auth: "none" } },
    });
  });

  it("adds a version with a type and a share to a classic endpoint", async () => {
    const endpoint = endpointsAt().endpoints.find(({ name }) => name === "pricing");
    const { user, host } = renderApp({ name: "deploy", ...(endpoint === undefined ? {} : { endpoint }) });
    await user.click(await screen.findByTestId("field-role.control"));
    await user.clear(await field("traffic"));
    await user.type(await field("traffic"), "20{Tab}");
    await waitFor(() =>
      expect(host.calls.findLast(({ command }) => command === "write_deploy_draft")?.args).toMatchObject({
        spec: { route: "classic", endpoint: { kind: "existing", name: "pricing" }, version: "blue", traffic: 20, role: { default: false, control: true } },
      }),
    );
    await expectAccessible();
  });

  it("says that a service without versions is replaced", async () => {
    const endpoint = endpointsAt().endpoints.find(({ name }) => name === "credit-score");
    const { user } = renderApp({ name: "endpoint", endpointId: endpoint?.id ?? "" });
    const again = await screen.findByTestId("add-version");
    expect(again.textContent).toBe("Deploy again");
    await user.click(again);
    expect(await screen.findByText(/its model, code and settings are replaced/)).toBeTruthy();
    expect(screen.queryByTestId("field-version")).toBeNull();
    await expectAccessible();
  });

  it("offers frameworks and images of Azure ML on the classic route", async () => {
    const local: DeploySpec["models"] = [{ kind: "local", path: "/m.pkl", name: "m", format: "custom", framework: null }];
    const { user } = renderApp({ name: "deploy" }, at("model", { route: "classic", compute: "prod-01", models: local }));
    await user.click(await screen.findByTestId("choice-models.framework-onnx"));
    await expectAccessible();
    await user.click(next());
    const noCode = await screen.findByTestId("choice-serving-no_code");
    expect(within(noCode).getByRole("radio")).toHaveProperty("disabled", false);
    expect(screen.queryByTestId("choice-serving.environment-image")).toBeNull();
    await user.click(screen.getByTestId("choice-serving-container"));
    expect(await field("serving.environment.image")).toHaveProperty("placeholder", "churn:4");
    await expectAccessible();
  });

  it("says why the folder cannot be read, and what is missing in the workspace", async () => {
    const { user } = renderApp(
      { name: "deploy" },
      { ...at("code", { serving: { kind: "script", environment: { kind: "registered", name: "", version: "" }, folder: "/nowhere", script: "" } }), list_serving: ({ resourceId }) => ({ ...servingOf(resourceId), environments: null, problems: ["environments: 403 Forbidden"] }) },
    );
    expect(await screen.findByTestId("folder-failure")).toBeTruthy();
    await user.type(await field("serving.environment.name"), "mine");
    await user.click(await screen.findByTestId("option-serving.environment.name-new"));
    expect(screen.getAllByText("The list could not be read. Type the name.").length).toBeGreaterThan(0);
    await user.click(screen.getByTestId("step-where"));
    expect((await screen.findByTestId("serving-problems")).textContent).toContain("403 Forbidden");
  });

  it("needs a script for a custom model, and says so", async () => {
    renderApp({ name: "deploy" }, at("code", { models: [{ kind: "local", path: "/m.pkl", name: "m", format: "custom", framework: null }] }));
    const card = await screen.findByTestId("choice-serving-no_code");
    expect(card.textContent).toContain("A custom model needs a scoring script or its own server.");
    expect(within(card).getByRole("radio")).toHaveProperty("disabled", true);
  });

  it("goes from a finding of the review to the step of its field", async () => {
    const { user } = renderApp({ name: "deploy" }, { ...at("review"), review: reviewed([finding("DEP-10", { step: "review", field: "scale", severity: "warning" })]) });
    await user.click(await screen.findByTestId("go-DEP-10"));
    expect(await screen.findByRole("heading", { level: 2, name: "Size and behavior" })).toBeTruthy();
    await waitFor(async () => expect(document.activeElement).toBe(await field("scale.replicas")));
  });

  it("edits environment variables and tags", async () => {
    const { user, host } = renderApp({ name: "deploy" }, at("size"));
    await screen.findByTestId("advanced-environmentVariables");
    await user.click(unfolding("environmentVariables"));
    await user.click(await screen.findByTestId("add-variable"));
    await user.type(screen.getByTestId("variable-name-0"), "A");
    await user.type(screen.getByTestId("variable-value-0"), "2");
    await waitFor(() => expect(host.calls.findLast(({ command }) => command === "write_deploy_draft")?.args).toMatchObject({ spec: { environmentVariables: { A: "2" } } }));
    await expectAccessible();
  });

  it("retries what could not be read", async () => {
    let refused = true;
    const { user } = renderApp(
      { name: "deploy" },
      {
        ...at("where"),
        list_serving: ({ resourceId }) => {
          if (refused) {
            throw failure("forbidden", { detail: "no right to list computes" });
          }
          return servingOf(resourceId);
        },
      },
    );
    const retry = within(await screen.findByTestId("failure")).getByText("Try again");
    refused = false;
    await user.click(retry);
    await waitFor(() => expect(screen.queryByTestId("failure")).toBeNull());
  });
});

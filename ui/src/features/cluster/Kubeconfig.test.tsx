import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { clusterId } from "../../ipc/fake/clusters";
import { expectAccessible, renderApp } from "../../test/render";

const open = (answers: Parameters<typeof renderApp>[1] = {}): ReturnType<typeof renderApp> =>
  renderApp({ name: "cluster", clusterId: clusterId("rg-ml-prod", "scoring-01") }, answers);

describe("kubeconfig of a cluster", () => {
  it("is added to kubectl's own file unless said otherwise", async () => {
    const { user, host } = open();
    await user.click(await screen.findByTestId("save-kubeconfig"));
    const saved = await screen.findByTestId("kubeconfig-saved");
    expect(saved.textContent).toContain("Added to /home/me/.kube/config.");
    const asked = host.calls.findLast(({ command }) => command === "save_kubeconfig")?.args;
    expect(asked).toMatchObject({ admin: false, path: "", merge: true, setCurrent: false });
    await expectAccessible();
  });

  it("says which program signs in", async () => {
    const { user } = open({
      save_kubeconfig: () => ({ path: "/k", context: "scoring-01", execCommand: "kubelogin", merged: false, replaced: false, tightened: true }),
    });
    await user.click(await screen.findByTestId("kubeconfig-admin"));
    await user.click(screen.getByTestId("save-kubeconfig"));
    const saved = await screen.findByTestId("kubeconfig-saved");
    expect(saved.textContent).toContain("kubelogin");
    expect(saved.textContent).toContain("now only you can");
  });
});

describe("diagnosis of a cluster", () => {
  it("is read once it is asked for", async () => {
    const { user, host } = open();
    await user.click(await screen.findByTestId("diagnose"));
    await screen.findByTestId("diagnosis-report");
    expect(host.calls.filter(({ command }) => command === "diagnose")).toHaveLength(1);
  });
});

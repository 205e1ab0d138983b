import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { failure } from "../../testing/fake/host";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";

type Rendered = ReturnType<typeof renderApp>;

const view = (of: "kept" | "waiting" | "authority", answers: Parameters<typeof renderApp>[1] = {}): Rendered => renderApp({ name: "certificates", view: of }, answers);
const asked = ({ host }: Rendered, command: string): unknown => host.calls.find((call) => call.command === command)?.args;

describe("certificates on this computer", () => {
  it("are listed with their source and use", async () => {
    view("kept");
    const table = await screen.findByRole("table", { name: "On this computer" });
    expect(within(table).getByTestId("kept-own").textContent).toContain("From the Key Vault contoso-ml");
    expect(within(table).getByTestId("kept-asked").textContent).toContain("in the draft");
    expect(within(table).getByTestId("kept-lost").textContent).toContain("The keychain did not return it.");
    await expectAccessible();
  });

  it("are removed only after showing who uses them", async () => {
    const rendered = view("kept");
    const { user } = rendered;
    await user.click(await screen.findByTestId("menu-kept-own"));
    await user.click(await screen.findByTestId("do-remove"));
    const dialog = await screen.findByTestId("remove-dialog");
    expect(dialog.textContent).toContain("Berth can no longer apply this certificate");
    expect(within(dialog).getByText("scoring")).toBeTruthy();
    expect(asked(rendered, "forget_certificate")).toBeUndefined();
    await user.click(within(dialog).getByTestId("confirm-remove"));
    await waitFor(() => expect(screen.queryByTestId("kept-own")).toBeNull());
    expect(asked(rendered, "forget_certificate")).toEqual({ id: "own" });
  });

  it("are exported only after a warning that the key leaves the keychain", async () => {
    const rendered = renderApp({ name: "kept_certificate", id: "own" });
    const { user } = rendered;
    await user.click(await screen.findByTestId("do-save-files"));
    const dialog = await screen.findByTestId("save-files-dialog");
    expect(dialog.textContent).toContain("The private key then leaves the keychain");
    await user.click(within(dialog).getByTestId("confirm-save-files"));
    expect((await screen.findByTestId("saved-files")).textContent).toContain("ml.contoso.com.key");
    expect(asked(rendered, "save_certificate_files")).toEqual({ id: "own" });
  });

  it("can be applied to a matching endpoint", async () => {
    const { user, host } = renderApp({ name: "kept_certificate", id: "own" });
    expect(await screen.findByTestId("certificate-checks")).toBeTruthy();
    const endpoint = await screen.findByRole("combobox", { name: "Endpoint" });
    expect((endpoint as HTMLSelectElement).selectedOptions[0]?.textContent).toBe("ml.contoso.com · scoring in scoring-01");
    await expectAccessible();
    await user.click(screen.getByTestId("use-certificate"));
    await waitFor(() =>
      expect(host.calls.find(({ command }) => command === "review")?.args).toMatchObject({
        goal: { change: { kind: "tls", tls: { kind: "own", cname: "ml.contoso.com", pair: { kind: "vault", id: "own" } } } },
      }),
    );
  });
});

describe("pending certificates", () => {
  it("shows one line and one button when empty", async () => {
    view("waiting", { list_certificate_requests: () => [], list_certificate_orders: () => [] });
    expect(await screen.findByText("Nothing pending")).toBeTruthy();
    await expectAccessible();
  });

  it("include a request that is completed by the issued files", async () => {
    const rendered = view("waiting", { list_certificate_orders: () => [] });
    const request = await screen.findByTestId("request-q1");
    expect(within(request).getByTestId("request-text").textContent).toContain("BEGIN CERTIFICATE REQUEST");
    await expectAccessible(screen.getByTestId("waiting"));
    act(() => rendered.host.dropFiles({ kind: "dropped", files: [{ id: "1", name: "answer.cer" }] }));
    expect((await screen.findByTestId("landed")).textContent).toContain("is in the keychain");
    expect(asked(rendered, "answer_certificate_request")).toMatchObject({ files: ["1"] });
    await waitFor(() => expect(screen.queryByTestId("request-q1")).toBeNull());
  });

  it("can be completed from the clipboard, which the page never sees", async () => {
    const rendered = view("waiting", { list_certificate_orders: () => [] });
    await screen.findByTestId("request-q1");
    await rendered.user.click(screen.getByTestId("answer-from-clipboard"));
    expect(await screen.findByTestId("landed")).toBeTruthy();
    expect(asked(rendered, "answer_certificate_request_from_clipboard")).toEqual({});
  });

  it("show why an answer was refused", async () => {
    const { host } = view("waiting", {
      list_certificate_orders: () => [],
      answer_certificate_request: () => {
        throw failure("certificate_problem", { remedy: "correct_input", params: { problem: "is_csr", file: "request.csr" } });
      },
    });
    await screen.findByTestId("request-q1");
    act(() => host.dropFiles({ kind: "dropped", files: [{ id: "1", name: "request.csr" }] }));
    expect((await screen.findByTestId("certificate-failure")).textContent).toContain("request.csr is a certificate signing request, not a certificate.");
  });

  it("are discarded only after confirmation", async () => {
    const rendered = view("waiting", { list_certificate_orders: () => [] });
    const { user } = rendered;
    await user.click(within(await screen.findByTestId("request-q1")).getByTestId("give-up-request"));
    const dialog = await screen.findByRole("dialog", INSIDE);
    expect(dialog.textContent).toContain("Its key is deleted.");
    await user.click(within(dialog).getByTestId("confirm-give-up-request"));
    await waitFor(() => expect(screen.queryByTestId("request-q1")).toBeNull());
    expect(asked(rendered, "drop_certificate_request")).toEqual({ id: "q1" });
  });

  it("include an order that is finished once its records exist", async () => {
    const rendered = view("waiting", { list_certificate_requests: () => [] });
    const { user } = rendered;
    const order = await screen.findByTestId("order-o1");
    expect(within(order).getByTestId("dns-_acme-challenge.trial.contoso.com").textContent).toContain("TXT");
    expect(within(screen.getByTestId("order-o2")).getByTestId("order-failed")).toBeTruthy();
    await expectAccessible(screen.getByTestId("waiting"));
    await user.click(within(order).getByTestId("finish-order"));
    expect(await screen.findByTestId("landed")).toBeTruthy();
    expect(asked(rendered, "finish_certificate_order")).toEqual({ id: "o1" });
  });

  it("show an order whose validation failed", async () => {
    let failed = false;
    const { user } = view("waiting", {
      list_certificate_requests: () => [],
      finish_certificate_order: () => {
        failed = true;
        throw failure("name_not_proven", { params: { host: "acme", name: "trial.contoso.com", said: "no TXT record." } });
      },
      check_certificate_order: ({ id }) => ({ id, directory: "https://acme/directory", names: ["trial.contoso.com"], placedAt: new Date().toISOString(), records: [], failed }),
    });
    const order = await screen.findByTestId("order-o1");
    await user.click(within(order).getByTestId("finish-order"));
    expect((await within(order).findByTestId("order-failure")).dataset["failure"]).toBe("name_not_proven");
    await waitFor(() => expect(within(order).getByTestId("order-failed")).toBeTruthy());
  });
});

describe("the local certificate authority", () => {
  it("is not created before the user asks for it", async () => {
    const rendered = view("authority");
    const { user, host } = rendered;
    await user.click(await screen.findByTestId("show-root"));
    expect((await screen.findByTestId("authority-root")).textContent).toContain("9f2c 4be1");
    expect((await screen.findByTestId("trust-windows")).textContent).toContain("certutil -addstore Root berth-root.pem");
    await expectAccessible(screen.getByRole("tabpanel"));
    await user.click(screen.getByTestId("save-root"));
    await waitFor(() => expect(screen.getByTestId("trust-fedora").textContent).toContain("sudo trust anchor /home/me/berth-root.pem"));
    expect(host.calls.filter(({ command }) => command === "authority_root")).toHaveLength(1);
  });

  it("is not created by opening the view", async () => {
    const rendered = view("authority");
    await screen.findByTestId("show-root");
    expect(asked(rendered, "authority_root")).toBeUndefined();
  });
});

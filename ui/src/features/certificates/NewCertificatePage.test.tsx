import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CertificateWay } from "../../shared/navigation";
import { OWN_PAIR, facts } from "../../testing/fake/certificate";
import { failure } from "../../testing/fake/host";
import { expectAccessible, renderApp } from "../../testing/render";

type Rendered = ReturnType<typeof renderApp>;

const open = (way: CertificateWay, answers: Parameters<typeof renderApp>[1] = {}): Rendered => renderApp({ name: "new_certificate", way }, answers);
const asked = ({ host }: Rendered, command: string): unknown[] => host.calls.filter((call) => call.command === command).map(({ args }) => args);

/** Pastes text into a field: typing letter by letter is slow. */
async function put({ user }: Rendered, testId: string, text: string): Promise<void> {
  await user.click(await screen.findByTestId(testId));
  await user.paste(text);
}

describe("importing a certificate", () => {
  it("asks for the passphrase, sends the same files again, and does not keep the passphrase", async () => {
    const rendered = open("bring", {
      choose_certificate_files: () => [{ id: "1", name: "site.pfx" }],
      take_certificate: ({ passphrase }) => {
        if (passphrase === "right") {
          return { pair: OWN_PAIR, facts: facts("") };
        }
        throw failure("certificate_problem", { remedy: "correct_input", params: { problem: passphrase === undefined ? "encrypted_pkcs12" : "wrong_passphrase", file: "site.pfx" } });
      },
    });
    const { user } = rendered;
    await user.click(await screen.findByTestId("choose-certificate"));
    const field = await screen.findByLabelText("Passphrase for site.pfx");
    expect(document.activeElement).toBe(field);
    await expectAccessible();
    await user.paste("wrong");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("certificate-failure").dataset["problem"]).toBe("wrong_passphrase"));
    expect(screen.getByLabelText("Passphrase for site.pfx")).toHaveProperty("value", "");
    await put(rendered, "passphrase", "right");
    await user.click(screen.getByTestId("open-with-passphrase"));
    expect(await screen.findByTestId("landed")).toBeTruthy();
    expect(screen.queryByTestId("passphrase")).toBeNull();
    expect(asked(rendered, "take_certificate")).toEqual([undefined, "wrong", "right"].map((passphrase) => ({ files: ["1"], cname: "", ...(passphrase === undefined ? {} : { passphrase }) })));
  });

  it("imports from the clipboard, and opens the change that applies it", async () => {
    const rendered = open("bring");
    const { user } = rendered;
    await user.click(await screen.findByTestId("from-clipboard"));
    expect((await screen.findByTestId("landed")).textContent).toContain("ml.contoso.com");
    expect(asked(rendered, "take_certificate_from_clipboard")).toEqual([{ cname: "" }]);
    expect(screen.getByText(/No endpoints yet/)).toBeTruthy();
  });

  it("imports from a key vault", async () => {
    const rendered = open("bring");
    const { user } = rendered;
    await user.click(within(await screen.findByTestId("open-key-vault")).getByRole("button"));
    await user.click(await screen.findByRole("combobox", { name: "Key Vault" }));
    await user.click(await screen.findByTestId("option-keyVault.vault-https://contoso-ml.vault.azure.net/"));
    await user.click(screen.getByRole("combobox", { name: "Certificate" }));
    const secret = "https://contoso-ml.vault.azure.net/secrets/ml-contoso-com";
    await user.click(await screen.findByTestId(`option-keyVault.certificate-${secret}`));
    expect(screen.getByTestId("key-vault-identifier")).toHaveProperty("value", secret);
    await expectAccessible();
    await user.click(screen.getByTestId("take-key-vault"));
    expect(await screen.findByTestId("landed")).toBeTruthy();
    expect(asked(rendered, "take_key_vault_certificate")).toEqual([{ account: "sandbox", secret, cname: "" }]);
  });
});

describe("creating a certificate", () => {
  it("requires the name first, then offers to apply the certificate", async () => {
    const rendered = open("make");
    const { user } = rendered;
    await user.click(await screen.findByTestId("make-certificate"));
    expect(await screen.findByText("Your own certificate needs the domain name that callers use.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByTestId("field-tls.cname"));
    expect(asked(rendered, "make_certificate")).toEqual([]);
    await put(rendered, "field-tls.cname", "ml.contoso.com");
    await user.click(screen.getByTestId("make-certificate"));
    expect(await screen.findByTestId("certificate-checks")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Apply" })).toBeTruthy();
    await expectAccessible();
  });
});

describe("requesting a certificate", () => {
  it("creates the request and shows what to submit", async () => {
    const rendered = open("request");
    const { user } = rendered;
    await user.click(await screen.findByTestId("make-request"));
    expect(await screen.findByText("Enter at least one name.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByTestId("names"));
    await put(rendered, "names", "ml.contoso.com, *.ml.contoso.com");
    await expectAccessible();
    await user.click(screen.getByTestId("make-request"));
    expect((await screen.findByTestId("request-text")).textContent).toContain("BEGIN CERTIFICATE REQUEST");
    expect(asked(rendered, "request_certificate")).toEqual([{ names: ["ml.contoso.com", "*.ml.contoso.com"], key: "rsa3072" }]);
    await user.click(screen.getByTestId("save-request"));
    expect(await screen.findByText("Saved to /home/me/ml.contoso.com.csr.")).toBeTruthy();
  });
});

describe("ordering a certificate", () => {
  it("shows missing fields, places the order, and finishes it once the records exist", async () => {
    const rendered = open("order");
    const { user } = rendered;
    await user.click(await screen.findByTestId("place-order"));
    expect(await screen.findByText("Enter at least one name.")).toBeTruthy();
    expect(screen.getByText("You must agree to the terms of service.")).toBeTruthy();
    expect(asked(rendered, "order_certificate")).toEqual([]);
    await put(rendered, "names", "trial.contoso.com");
    expect((await screen.findByTestId("acme-terms")).textContent).toContain("https://acme-v02.api.letsencrypt.org/terms.pdf");
    await user.click(screen.getByRole("checkbox", { name: "I agree to the terms of service of Let’s Encrypt" }));
    await expectAccessible();
    await user.click(screen.getByTestId("place-order"));
    expect(await screen.findByTestId("dns-_acme-challenge.trial.contoso.com")).toBeTruthy();
    expect(asked(rendered, "order_certificate")).toEqual([
      { directory: "https://acme-v02.api.letsencrypt.org/directory", extraRoots: null, mail: null, agreed: true, names: ["trial.contoso.com"], key: "rsa2048" },
    ]);
    await user.click(screen.getByTestId("finish-order"));
    expect(await screen.findByTestId("landed")).toBeTruthy();
  });

  it("does not order if the terms cannot be read", async () => {
    const rendered = open("order", {
      read_authority_terms: () => {
        throw failure("authority_refused", { params: { host: "ca.example", why: "not_https", value: "http://ca.example/terms" } });
      },
    });
    const { user } = rendered;
    expect((await screen.findByTestId("acme-terms-failure")).textContent).toContain("“http://ca.example/terms” is not an https:// address.");
    await put(rendered, "names", "trial.contoso.com");
    await user.click(screen.getByTestId("acme-agree"));
    await user.click(screen.getByTestId("place-order"));
    expect(await screen.findByTestId("order-failure")).toBeTruthy();
    expect(asked(rendered, "order_certificate")).toEqual([]);
  });

  it("does not show terms that are not at an https address", async () => {
    open("order", { read_authority_terms: () => ({ host: "ca.example", terms: null, hidden: true }) });
    expect((await screen.findByTestId("acme-no-terms")).textContent).toBe("The terms of service of ca.example are at an address that is not https://, so Berth does not show it. Ask the certificate authority for them.");
  });

  it("accepts another CA by its URL, and asks to agree to its terms", async () => {
    const rendered = open("order");
    const { user } = rendered;
    await user.click(await screen.findByTestId("acme-agree"));
    await user.click(screen.getByRole("radio", { name: "Other" }));
    await user.click(screen.getByTestId("place-order"));
    expect(await screen.findByText("Enter a URL that starts with https://.")).toBeTruthy();
    expect(screen.getByTestId("acme-agree")).toHaveProperty("checked", false);
    await put(rendered, "acme-address", "https://ca.contoso.com/acme/directory");
    await put(rendered, "acme-roots", "/etc/ca.pem");
    await put(rendered, "names", "trial.contoso.com");
    await user.click(screen.getByRole("checkbox", { name: "I agree to the terms of service of ca.contoso.com" }));
    await user.click(screen.getByTestId("place-order"));
    await screen.findByTestId("finish-order");
    expect(asked(rendered, "read_authority_terms").at(-1)).toEqual({ directory: "https://ca.contoso.com/acme/directory", extraRoots: "/etc/ca.pem" });
    expect(asked(rendered, "order_certificate")).toMatchObject([{ directory: "https://ca.contoso.com/acme/directory", extraRoots: "/etc/ca.pem" }]);
  });
});

describe("without a keychain", () => {
  const memory = { app_info: () => ({ version: "1", keychain: false, keychainProblem: "org.freedesktop.secrets was not provided", startAccount: null, kubeconfig: null }) };

  it.each(["bring", "make", "request", "order"] as const)("warns on %s that keys last until Berth closes", async (way) => {
    open(way, memory);
    const notice = await screen.findByTestId("no-keychain");
    expect(notice.textContent).toContain("gone when Berth closes");
    expect(notice.textContent).toContain("org.freedesktop.secrets was not provided");
    expect(screen.queryAllByText(/keychain of this computer/)).toEqual([]);
    await expectAccessible();
  });

  it("does not warn when there is one", async () => {
    open("request");
    expect(await screen.findByText(/stays in the keychain of this computer/)).toBeTruthy();
    expect(screen.queryByTestId("no-keychain")).toBeNull();
  });
});

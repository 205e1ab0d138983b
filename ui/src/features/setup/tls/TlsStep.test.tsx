import { act, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Spec } from "../../../ipc/generated/Spec";
import { checksOf, keyWords, shortSubject } from "../../../shared/tls/checks";
import { pathsIn, withCname, withPair, withRecipe, withTlsKind } from "../../../shared/tls/choices";
import { facts, poorFacts } from "../../../testing/fake/certificate";
import { inventoryOf } from "../../../testing/fake/certificates";
import { failure } from "../../../testing/fake/host";
import { expectAccessible, renderStep } from "../../../testing/render";
import TlsStep from "./TlsStep";

const classic = (spec: Spec): Spec => ({ ...spec, route: "classic" });
const own = (spec: Spec): Spec => ({ ...spec, tls: { kind: "own", cname: "ml.contoso.com", pair: null } });
const generatedTls = withCname(withTlsKind(null, "generated"), "ml.contoso.com");
const generated = (spec: Spec): Spec => ({ ...spec, tls: generatedTls });

function refuseKey(): never {
  throw failure("certificate_problem", { remedy: "correct_input", params: { problem: "encrypted_key", file: "key.pem", line: "1" } });
}

function states(cname: string, of = facts): Record<string, string> {
  return Object.fromEntries(checksOf(of(cname)).map(({ id, state }) => [id, state]));
}

describe("TLS step", () => {
  it("offers a Microsoft certificate only on the classic route", async () => {
    const { unmount } = renderStep(<TlsStep />, "tls");
    expect(screen.getAllByRole("radio")).toHaveLength(3);
    expect(screen.queryByRole("radio", { name: "Microsoft certificate" })).toBeNull();
    unmount();
    const { user } = renderStep(<TlsStep />, "tls", classic);
    await user.click(screen.getByRole("radio", { name: "Microsoft certificate" }));
    await user.type(screen.getByRole("textbox", { name: /^Label/ }), "contoso");
    expect(screen.getByTestId("microsoft-address").textContent).toContain("https://contoso");
    await expectAccessible();
  });

  it("imports files by path and shows their certificate", async () => {
    const { user, host } = renderStep(<TlsStep />, "tls", own);
    await user.click(screen.getByTestId("take-certificate"));
    expect(await screen.findByText("Enter the path of at least one file.")).toBeTruthy();
    await user.type(screen.getByTestId("certificate-paths"), "/a/chain.pem; '/a/key.pem'");
    await user.click(screen.getByTestId("take-certificate"));
    const checks = await screen.findByTestId("certificate-checks");
    expect(host.calls.find((call) => call.command === "take_certificate")?.args).toEqual({ files: ["/a/chain.pem", "/a/key.pem"], cname: "ml.contoso.com" });
    expect(within(checks).getByTestId("check-name").dataset.state).toBe("good");
    expect(within(checks).getByTestId("chain-root").textContent).toContain("Contoso Root CA");
    await expectAccessible();
    await user.click(screen.getByTestId("remove-certificate"));
    expect(screen.queryByTestId("certificate-checks")).toBeNull();
  });

  it("imports dropped files and checks again when the name changes", async () => {
    const { user, host } = renderStep(<TlsStep />, "tls", own);
    act(() => host.dropFiles({ kind: "over" }));
    expect(screen.getByText("Release to add the files")).toBeTruthy();
    act(() => host.dropFiles({ kind: "dropped", files: [{ id: "1", name: "all.pem" }] }));
    await screen.findByTestId("certificate-checks");
    const cname = screen.getByRole("textbox", { name: /^Domain name/ });
    await user.clear(cname);
    await user.type(cname, "other.example.org");
    // While typing, the partial value may be looked up too.
    await screen.findByText("It is for ml.contoso.com, *.ml.contoso.com, not for other.example.org.");
    expect(screen.getByTestId("check-name").dataset.state).toBe("bad");
  });

  it("shows why files cannot be used", async () => {
    const { user } = renderStep(<TlsStep />, "tls", own, { choose_certificate_files: () => [{ id: "1", name: "key.pem" }], take_certificate: refuseKey });
    await user.click(screen.getByTestId("choose-certificate"));
    const notice = await screen.findByTestId("certificate-failure");
    expect(notice.dataset.problem).toBe("encrypted_key");
    expect(notice.textContent).toContain("key.pem, line 1: the key is protected by a passphrase");
  });

  it("uses a certificate from this computer", async () => {
    const { user, host } = renderStep(<TlsStep />, "tls", own, { last_inventory: ({ subscriptionId }) => inventoryOf(subscriptionId) });
    await user.click(within(await screen.findByTestId("open-kept")).getByRole("button"));
    await user.click(await screen.findByRole("combobox", { name: "Certificate" }));
    // Certificates that the keychain cannot read are not selectable.
    expect(screen.queryByTestId("option-tls.kept-lost")).toBeNull();
    await user.click(await screen.findByTestId("option-tls.kept-asked"));
    await screen.findByTestId("certificate-checks");
    expect(host.calls.findLast((call) => call.command === "check_certificate")?.args).toEqual({ pair: { kind: "vault", id: "asked" }, cname: "ml.contoso.com" });
    await expectAccessible();
  });

  it("creates a certificate, and recreates it for another name or key", async () => {
    const { user, host } = renderStep(<TlsStep />, "tls", generated);
    await user.click(screen.getByTestId("make-certificate"));
    expect((await screen.findByTestId("check-chain")).dataset.state).toBe("warning");
    expect(host.calls.find((call) => call.command === "make_certificate")?.args).toEqual({
      cname: "ml.contoso.com",
      recipe: { issuer: "self_signed", key: "rsa2048", days: 397 },
    });
    await user.click(screen.getByRole("radio", { name: "Local certificate authority" }));
    expect(screen.queryByTestId("certificate-checks")).toBeNull();
    await expectAccessible();
  });
});

describe("choices", () => {
  it("keep the name and drop a certificate that no longer fits", () => {
    const made = withPair(generatedTls, { kind: "vault", id: "1" });
    expect(withRecipe(made, { days: 30 })).toMatchObject({ pair: null, recipe: { days: 30 } });
    expect(withCname(made, " ml.contoso.com ")).toMatchObject({ pair: { id: "1" } });
    expect(withCname(made, "other.contoso.com")).toMatchObject({ pair: null });
    expect(withTlsKind(made, "own")).toEqual({ kind: "own", cname: "ml.contoso.com", pair: null });
  });

  it("parse typed paths", () => {
    expect(pathsIn(' "C:\\a b\\c.pem" ;/d.pem\n\n/e.pem')).toEqual(["C:\\a b\\c.pem", "/d.pem", "/e.pem"]);
  });
});

describe("checks", () => {
  it("pass for a good certificate", () => {
    expect(new Set(Object.values(states("ml.contoso.com")))).toEqual(new Set(["good"]));
    expect(states("")["name"]).toBe("open");
  });

  it("report each problem", () => {
    expect(states("ml.contoso.com", poorFacts)).toEqual({ key: "good", chain: "warning", name: "bad", dates: "bad", strength: "bad", usage: "bad" });
    expect(checksOf(facts("", { keyMatches: false, daysLeft: 5, leafIsCa: true })).map(({ state }) => state)).toEqual(["bad", "good", "open", "warning", "good", "warning"]);
  });

  it("shorten keys and subjects", () => {
    expect(keyWords(facts(""))).toBe("RSA 3072");
    expect(keyWords(facts("", { keyType: "ECDSA P-256", keyBits: 256 }))).toBe("ECDSA P-256");
    expect(shortSubject("C=SE, CN=ml.contoso.com, O=Contoso")).toBe("ml.contoso.com");
    expect(shortSubject("O=Contoso")).toBe("O=Contoso");
  });
});

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { call, toFailure } from "../../ipc/call";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import type { Failure } from "../../ipc/generated/Failure";
import { useAccount } from "../session";

/** Where a certificate and its key come from. What is in it never enters the page. */
export type Source = { kind: "files"; files: ChosenFile[] } | { kind: "clipboard" } | { kind: "key_vault"; secret: string };

/** Problems that a passphrase mends. */
const LOCKED: readonly string[] = ["encrypted_pkcs12", "encrypted_key", "wrong_passphrase"];

export interface Bringing {
  bringing: boolean;
  failure: Failure | null;
  /** A passphrase opens what was brought. */
  locked: boolean;
  bring: (source: Source) => void;
  /** Brings the same once more, with its passphrase. */
  unlock: (passphrase: string) => void;
}

/** Takes a pair into the vault: from files, from the clipboard, from a Key Vault. */
export function useBring(cname: string, onReport: (report: CertificateReport) => void): Bringing {
  const { account } = useAccount();
  // In neither state nor cache: handed on once, then gone.
  const passphrase = useRef("");
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (source: Source) => {
      const once = passphrase.current === "" ? {} : { passphrase: passphrase.current };
      passphrase.current = "";
      switch (source.kind) {
        case "files":
          return call("take_certificate", { files: source.files.map(({ id }) => id), cname, ...once });
        case "clipboard":
          return call("take_certificate_from_clipboard", { cname, ...once });
        case "key_vault":
          return call("take_key_vault_certificate", { account, secret: source.secret, cname });
      }
    },
    onSuccess: onReport,
  });
  const failure = error === null ? null : toFailure(error);
  return {
    bringing: isPending,
    failure,
    locked: failure?.code === "certificate_problem" && LOCKED.includes(failure.params["problem"] ?? "") && variables?.kind !== "key_vault",
    bring: (source) => mutate(source),
    unlock: (typed) => {
      if (variables !== undefined) {
        passphrase.current = typed;
        mutate(variables);
      }
    },
  };
}

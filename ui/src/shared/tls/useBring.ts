import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { call, toFailure } from "../../ipc/call";
import type { CertificateReport } from "../../ipc/generated/CertificateReport";
import type { ChosenFile } from "../../ipc/generated/ChosenFile";
import type { Failure } from "../../ipc/generated/Failure";
import { useAccount } from "../session";

/** The source of a certificate and key. Its contents never enter the page. */
export type Source = { kind: "files"; files: ChosenFile[] } | { kind: "clipboard" } | { kind: "key_vault"; secret: string };

/** Problems that a passphrase solves. */
const LOCKED: readonly string[] = ["encrypted_pkcs12", "encrypted_key", "wrong_passphrase"];

export interface Bringing {
  bringing: boolean;
  failure: Failure | null;
  /** The import needs a passphrase. */
  locked: boolean;
  bring: (source: Source) => void;
  /** Repeats the import with its passphrase. */
  unlock: (passphrase: string) => void;
}

/** Imports a certificate and key from files, the clipboard or a key vault. */
export function useBring(cname: string, onReport: (report: CertificateReport) => void): Bringing {
  const { account } = useAccount();
  // Kept in neither state nor cache.
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

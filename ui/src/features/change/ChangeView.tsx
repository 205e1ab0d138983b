import { makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../ipc/generated/Change";
import type { ClusterDetails } from "../../ipc/generated/ClusterDetails";
import type { Endpoint } from "../../ipc/generated/Endpoint";
import type { Note } from "../../ipc/generated/Note";
import type { Plan } from "../../ipc/generated/Plan";
import { FormFindingsContext, isAbout } from "../../shared/formFindings";
import { changed } from "../../shared/goal";
import { type Target, useNavigation } from "../../shared/navigation";
import { PageHeader, type Waypoint } from "../../shared/PageHeader";
import { ReviewPanel } from "../../shared/plan/ReviewPanel";
import { useReview } from "../../shared/plan/useReview";
import { useStart } from "../../shared/plan/useStart";
import { Section } from "../../shared/Section";
import { useSignedIn } from "../../shared/session";
import { ChangeForm } from "./ChangeForm";
import { firstChange } from "./first";
import { Interruption } from "./Interruption";
import { isTyped, openPoint, previewed } from "./open";
import { StartBar } from "./StartBar";
import { useChangeWords } from "./words";

/** Debounce of typing before Azure is called. */
const REVIEW_WAIT_MS = 500;

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", height: "100%", boxSizing: "border-box" },
  top: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  // Two columns if there is room; otherwise findings go below the form.
  columns: {
    flex: 1,
    minHeight: 0,
    overflowY: "auto",
    display: "grid",
    gridTemplateColumns: "minmax(320px, 5fr) 7fr",
    alignContent: "start",
    gap: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXXL}`,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    scrollPaddingBlock: tokens.spacingVerticalXXL,
    "@media (max-width: 999px)": { gridTemplateColumns: "1fr" },
  },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
});

interface Props {
  target: Target;
  details: ClusterDetails | null;
  /** The endpoint of a change to one. */
  endpoint: Endpoint | null;
  trail: readonly Waypoint[];
  subscriptionId: string;
}

/** The change page: form, findings, plan and start button. */
export function ChangeView({ target, details, endpoint, trail, subscriptionId }: Props): ReactNode {
  const styles = useStyles();
  const { t } = useTranslation();
  const { account } = useSignedIn();
  const navigation = useNavigation();
  const [change, set] = useState<Change | null>(() => firstChange(target, details, endpoint));
  const [agreed, setAgreed] = useState("");
  const [touched, setTouched] = useState<readonly string[]>([]);
  const words = useChangeWords(target, change, details);
  const open = openPoint(target, change, details, endpoint);
  const review = useReview(account.id, change === null || open !== null ? null : changed(previewed(change, details)), REVIEW_WAIT_MS);
  const start = useStart(review, (run) => navigation.open({ name: "run", run }));
  const shown = review.present?.review ?? null;
  const notes = interruptedBy(shown?.plan ?? null);
  const interruption = notes.length === 0 ? "" : JSON.stringify(notes);
  const findings = shown?.findings ?? null;
  const form = useMemo(
    () => ({
      shownAt: (path: string) => (touched.includes(path) ? (findings ?? []).filter((finding) => isAbout(finding, path)) : []),
      touch: (path: string) => setTouched((before) => (before.includes(path) ? before : [...before, path])),
    }),
    [touched, findings],
  );
  const openWords = open === null ? null : t(`change:open.${open.words}`);
  return (
    <div className={styles.page} data-testid="change-page" data-kind={target.kind}>
      <div className={styles.top}>
        <PageHeader title={words.title} trail={trail} subscriptionId={subscriptionId} />
      </div>
      <div className={styles.columns}>
        <FormFindingsContext.Provider value={form}>
          <Section level={2} title={t("change:what")}>
            <div className={styles.form}>
              <ChangeForm target={target} details={details} endpoint={endpoint} change={change} set={set} />
              {notes.length > 0 && <Interruption notes={notes} agreed={agreed === interruption} onAgree={(yes) => setAgreed(yes ? interruption : "")} />}
            </div>
          </Section>
        </FormFindingsContext.Provider>
        <ReviewPanel review={review} start={start} findings={findings} level={2} undecided={openWords} />
      </div>
      <StartBar
        target={target}
        review={review}
        start={start}
        text={words.start}
        open={open === null ? null : { words: openWords ?? "", field: open.field }}
        unknowing={agreed !== interruption}
        untyped={!isTyped(change, details)}
        typed={change !== null && "confirm" in change ? change.confirm : undefined}
      />
    </div>
  );
}

/** The rule for "no services are affected". */
const NOTHING = "interrupt.no_services";

/** The interruptions of a plan, without duplicates. */
function interruptedBy(plan: Plan | null): Note[] {
  const all = (plan?.steps ?? []).flatMap((step) => step.interrupts).filter((note) => note.code !== NOTHING);
  return [...new Map(all.map((note) => [JSON.stringify(note), note])).values()];
}

/*
 * jsdom tries every rule of the document on each element whose style is asked for, and a query by role asks for nearly all of
 * them. Fluent brings a thousand rules with every window. Kept are those that decide what is shown, what can be clicked and
 * where words part, which is what the queries, user-event and axe look at; how it looks is judged by the screenshots.
 */
const DECIDES = /[{;\s](display|(content-)?visibility|pointer-events|position|float|opacity|clip(-path)?|overflow(-[xy])?)\s*:/;

const insertRule = CSSStyleSheet.prototype.insertRule;
CSSStyleSheet.prototype.insertRule = function (this: CSSStyleSheet, rule, index) {
  return DECIDES.test(rule) ? insertRule.call(this, rule, index) : 0;
};

/** Takes away the styles of windows that are gone: every renderer makes its own, and nobody else removes them. */
export function removeStyles(): void {
  for (const style of document.head.querySelectorAll("style[data-make-styles-bucket]")) {
    style.remove();
  }
}

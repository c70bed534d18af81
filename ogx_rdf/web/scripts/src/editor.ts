// Queries with highlighting. The field of the form stays what is sent: without this file it is a plain field.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const looks = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--ink)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.literal], color: "var(--bad)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--shade)", borderRadius: ".5rem", fontSize: ".85rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-content": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", padding: "1rem 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "0", paddingLeft: ".5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--work) !important" },
  ".cm-matchingBracket": { backgroundColor: "var(--line)", outline: "0" },
});

for (const field of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-language=sparql]")) edit(field);

function edit(field: HTMLTextAreaElement): void {
  const form = field.form;
  const name = field.labels?.[0]?.textContent ?? "SPARQL";
  const place = document.createElement("div");
  place.className = "editor";
  // Its style sheets belong to a tree of its own: the page allows none that are written into it.
  const root = place.attachShadow({ mode: "open" });
  const state = EditorState.create({
    doc: field.value,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      StreamLanguage.define(sparql),
      syntaxHighlighting(looks),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": name }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
      keymap.of([
        { key: "Mod-Enter", run: () => (form?.requestSubmit(), true) },
        ...defaultKeymap,
        ...historyKeymap,
      ]),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  field.before(place);
  field.hidden = true;
  field.form?.addEventListener("reset", () => {
    const text = field.defaultValue;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  });
}

// What gradio leaves to the page: cards lit by their marks, replies read out, the conversation kept for the tab.
"use strict";

(() => {
  const KEPT = "archive-conversation";
  const narrow = window.matchMedia("(max-width: 700px)");
  const seen = { turn: null, told: 0, notice: "", restored: false };
  const one = (selector) => document.querySelector(selector);
  // The answer as it is read out: its marks stay, what they add for those who tab through links doesn't.
  // Nor does what is folded up.
  // Of one that goes on, only what came after the first `told` statements, and the translations in those.
  const spoken = (answer, told = 0) => {
    if (!answer) return "";
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".cite .unseen, .actions").forEach((aside) => aside.remove());
    if (told) {
      copy.querySelectorAll(".who, .understood, .composed").forEach((known) => known.remove());
      for (const known of [...copy.querySelectorAll(".statement")].slice(0, told)) {
        known.replaceWith(...known.querySelectorAll(".translation"));
      }
    }
    copy.querySelectorAll("details:not([open]) > :not(summary)").forEach((folded) => folded.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const words = (element) => (element ? element.innerText.replace(/\s+/g, " ").trim() : "");

  const say = (text) => {
    one("#announcer").textContent = text;
  };

  // What this script says, in the language of the page.
  const told = (name) => one("#announcer").dataset[name];

  // Storage may be switched off in the browser; the page then works without it.
  const stored = (action) => {
    try {
      return action(window.sessionStorage);
    } catch {
      return null;
    }
  };

  const restore = () => {
    const box = one("#restore textarea, #restore input");
    if (seen.restored || !box) return;
    seen.restored = true;
    const kept = stored((storage) => storage.getItem(KEPT));
    if (!kept || one(".turn")) return;
    box.value = kept;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const keep = () => {
    const kept = one("#kept");
    if (kept) stored((storage) => storage.setItem(KEPT, kept.dataset.kept));
    else if (seen.restored && seen.turn && !one(".turn")) stored((storage) => storage.removeItem(KEPT));
  };

  const meet = () => {
    const turns = document.querySelectorAll(".turn");
    const newest = turns[turns.length - 1] || null;
    if (newest === seen.turn) return;
    const goesOn = newest && seen.turn && newest.id === seen.turn.id && (newest.matches(".written") || seen.turn.matches(".translating"));
    const told = goesOn ? seen.told : 0;
    seen.turn = newest;
    if (!newest) return;
    if (narrow.matches) newest.querySelectorAll(".card[open]").forEach((card) => card.removeAttribute("open"));
    if (!told) newest.scrollIntoView({ block: "start" });
    say(spoken(newest.querySelector(".answer"), told));
    seen.told = newest.querySelectorAll(".statement").length;
  };

  const notice = () => {
    const text = words(one("#notice .said"));
    if (text !== seen.notice && text) say(text);
    seen.notice = text;
  };

  const fold = () => {
    const button = one("#dates > button");
    const contents = one("#dates [data-testid='accordion-content']");
    if (!button || !contents) return;
    const expanded = String(contents.style.display !== "none");
    if (button.getAttribute("aria-expanded") !== expanded) button.setAttribute("aria-expanded", expanded);
  };

  // Beside the link to an answer a button that copies it, where the browser lets a page do so.
  const offer = () => {
    if (!navigator.clipboard) return;
    for (const link of document.querySelectorAll(".actions .permanent")) {
      if (link.nextElementSibling && link.nextElementSibling.matches("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = told("copy");
      link.after(button);
    }
  };

  const copyLink = async (button) => {
    const link = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(link.href);
      say(told("done"));
      button.textContent = told("copied");
    } catch {
      say(told("failed"));
    }
  };

  const look = () => {
    keep();
    meet();
    notice();
    fold();
    restore();
    offer();
  };

  const light = (event, lit) => {
    const mark = event.target.closest && event.target.closest(".cite");
    const turn = mark && mark.closest(".turn");
    const card = turn && turn.querySelector(`.card[data-source="${mark.dataset.source}"]`);
    if (card) card.classList.toggle("lit", lit);
  };

  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => light(event, true));
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (event) => light(event, false));

  document.addEventListener("click", (event) => {
    const copying = event.target.closest && event.target.closest(".actions button");
    if (copying) copyLink(copying);
    const box = event.target.closest && event.target.closest(".skip") && one("#question textarea");
    if (!box) return;
    event.preventDefault();
    box.focus();
  });

  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["style"],
  });
  look();
})();

// What gradio leaves to the page: when its files are fetched, marks with a preview of their source, replies read out, the conversation kept for the tab.
"use strict";

(() => {
  const KEPT = "archive-conversation";
  const EARLIER = "archive-earlier-conversations";
  const MOST = 20;
  const narrow = window.matchMedia("(max-width: 700px)");
  const seen = { turn: null, told: 0, notice: "", restored: false };
  const one = (selector) => document.querySelector(selector);
  // The answer as it is read out: its marks stay, what they add for those who tab through links doesn't.
  // Nor does what is folded up.
  // Of one that goes on, only what came after the first `told` statements, and the translations in those.
  const spoken = (answer, told = 0) => {
    if (!answer) return "";
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".cite .unseen, .actions, .next, .limits span, .understood a").forEach((aside) => aside.remove());
    if (told) {
      copy.querySelectorAll(".who, .understood, .limits, .composed").forEach((known) => known.remove());
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
  const stored = (action, storage = "sessionStorage") => {
    try {
      return action(window[storage]);
    } catch {
      return null;
    }
  };

  const fill = (name, text) => {
    const box = one(`#${name} textarea, #${name} input`);
    if (!box) return;
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Until the first question the page is a plain form that works by itself. gradio, which is eight times as large as the
  // rest, is fetched when somebody turns to that form. Then its controls take the form's place: at once while nothing is
  // typed, else not before the question is asked. Where they don't come in time the form's own page answers.
  const LATE = 10_000;
  const CONTROLS = ["#question textarea", "#ask", "#dates > button", "#more", "#restore :is(textarea, input)", "#introduction, .turn"];
  const first = { awaited: "", failed: false };
  const questionBox = () => one("#plain-question") || one("#question textarea");
  const wake = () => {
    const program = one("#program");
    if (!program) return;
    program.content.querySelectorAll("script").forEach((script) => script.addEventListener("error", fail));
    document.head.append(program.content);
    program.remove();
  };
  const answerElsewhere = () => one("#plain") && first.awaited && location.assign(first.awaited);
  const fail = () => {
    first.failed = true;
    answerElsewhere();
  };
  const wait = (address) => {
    if (!first.awaited) setTimeout(answerElsewhere, first.failed ? 0 : LATE);
    first.awaited = address;
    one("#plain .searching").hidden = false;
    say(words(one("#plain .searching")));
    wake();
    settle();
  };
  const settle = () => {
    const plain = one("#plain");
    if (!plain || !CONTROLS.every((control) => one(control))) return;
    const typed = [...plain.querySelectorAll(".box input")].some((input) => input.value);
    const [active, question] = [document.activeElement, questionBox().value];
    const focused = plain.contains(active);
    // A conversation that is kept comes back whatever is typed; who has gone on to a question or a date stays there.
    const engaged = typed || plain.querySelector(".more[open]") || (focused && active !== questionBox());
    if (engaged && !first.awaited && !one(".turn")) return;
    one("#more").append(one("#earlier"));
    one(".skip").setAttribute("href", "#question");
    plain.remove();
    if (focused) questionBox().focus({ preventScroll: true });
    if (first.awaited) ask(first.awaited);
    else if (question) fill("question", question);
  };

  // Asks in this conversation what a link asks on a page of its own. The box is emptied once more as an answer ends.
  const ask = (address, tries = 20) => {
    if (one("#plain")) return wait(address);
    const parameters = new URL(address, location).searchParams;
    const question = parameters.get("question") || "";
    const dated = parameters.get("from") || parameters.get("until");
    // The boxes of dates are made when they are unfolded first.
    if (dated && tries && !one("#first textarea, #first input")) {
      if (one("#dates > button[aria-expanded='false']")) one("#dates > button").click();
      return setTimeout(ask, 150, address, tries - 1);
    }
    fill("question", question);
    fill("first", parameters.get("from") || "");
    fill("last", parameters.get("until") || "");
    fill("without", parameters.getAll("without").join(" "));
    setTimeout(() => {
      if (one("#question textarea").value === question) one("#ask").click();
      else if (tries) ask(address, tries - 1);
    }, 150);
  };

  const restore = () => {
    if (seen.restored || !one("#restore textarea, #restore input")) return;
    seen.restored = true;
    const kept = stored((storage) => storage.getItem(KEPT));
    if (kept && !one(".turn")) fill("restore", kept);
  };

  const keep = () => {
    const kept = one("#kept");
    if (kept) stored((storage) => storage.setItem(KEPT, kept.dataset.kept));
    else if (seen.restored && seen.turn && !one(".turn")) stored((storage) => storage.removeItem(KEPT));
  };

  // The conversations of this browser, the newest first: of each the addresses that ask its questions, no word of an
  // answer. One that is opened is asked again, so that nothing is shown of what was withdrawn since.
  const conversations = () => {
    const kept = stored((storage) => JSON.parse(storage.getItem(EARLIER)), "localStorage");
    const isConversation = (asked) => Array.isArray(asked) && String(asked[0]).startsWith("/ask?");
    return Array.isArray(kept) ? kept.filter(isConversation) : [];
  };
  const asked = () => [...document.querySelectorAll(".turn[data-ask]")].map((turn) => turn.dataset.ask);
  // Of a long conversation the page has the last turns only.
  const isShown = (kept, last) =>
    last.length > 0 && String(kept.slice(-last.length)) === String(last) && (!one("#turn-1") || kept.length === last.length);

  const remember = () => {
    const last = asked();
    if (!last.length) return;
    const all = conversations();
    const known = all.find((kept) => isShown(kept, last));
    const before = known || all.find((kept) => isShown(kept, last.slice(0, -1)));
    const now = known || (before ? [...before, last.at(-1)] : last);
    const others = all.filter((kept) => kept !== before);
    const text = JSON.stringify([now.slice(-MOST), ...others].slice(0, MOST));
    stored((storage) => storage.setItem(EARLIER, text), "localStorage");
  };

  const list = () => {
    const [box, place, last] = [one("#earlier"), one("#plain") || one("#more"), asked()];
    if (!place) return;
    if (box.parentElement !== place) place.append(box);
    const state = `${last} ${stored((storage) => storage.getItem(EARLIER), "localStorage")}`;
    if (seen.earlier === state) return;
    seen.earlier = state;
    const earlier = conversations().filter((kept) => !isShown(kept, last));
    box.hidden = !earlier.length;
    const rows = earlier.map((kept) => {
      const [row, link] = [document.createElement("li"), document.createElement("a")];
      Object.assign(link, { href: kept[0], textContent: new URL(kept[0], location).searchParams.get("question") });
      link.dataset.asked = JSON.stringify(kept);
      row.append(link);
      return row;
    });
    box.querySelector("ul").replaceChildren(...rows);
  };

  // The questions of a conversation that is opened again, one after the other, until the reader does something else.
  const opened = { questions: [], begun: 0 };
  const proceed = () => {
    const { questions, begun } = opened;
    const before = begun ? one(`#turn-${begun}[data-ask]`) : !one(".turn");
    if (begun >= questions.length || !before || (begun && before.querySelector(".searching"))) return;
    opened.begun += 1;
    ask(questions[begun]);
  };
  const open = (questions) => {
    Object.assign(opened, { questions, begun: 0 });
    one("#earlier").removeAttribute("open");
    if (one(".turn")) one("#anew").click();
    else proceed();
  };
  const leave = () => {
    opened.questions = [];
  };

  // The sources never outgrow the answer: their cards are shut from below until they fit; on a phone all are.
  const fitted = new WeakSet();
  const fit = (turn) => {
    if (fitted.has(turn)) return;
    fitted.add(turn);
    const sources = turn.querySelector(".sources");
    const open = [...turn.querySelectorAll(".card[open]")];
    const height = turn.querySelector(".answer").offsetHeight;
    while (open.length && (narrow.matches || sources.offsetHeight > height)) open.pop().removeAttribute("open");
  };

  const meet = () => {
    const turns = document.querySelectorAll(".turn");
    const newest = turns[turns.length - 1] || null;
    turns.forEach(fit);
    if (newest === seen.turn) return;
    const goesOn = newest && seen.turn && newest.id === seen.turn.id && (newest.matches(".written") || seen.turn.matches(".translating"));
    const told = goesOn ? seen.told : 0;
    seen.turn = newest;
    if (!newest) return;
    if (!told) newest.scrollIntoView({ block: "start" });
    if (newest.dataset.ask && opened.begun >= opened.questions.length) remember();
    say(spoken(newest.querySelector(".answer"), told));
    seen.told = newest.querySelectorAll(".statement").length;
  };

  const notice = () => {
    const text = words(one("#notice .said"));
    if (text !== seen.notice && text) {
      leave();
      say(text);
    }
    seen.notice = text;
  };

  const fold = () => {
    const button = one("#dates > button");
    const contents = one("#dates [data-testid='accordion-content']");
    if (!button || !contents) return;
    const expanded = String(contents.style.display !== "none");
    if (button.getAttribute("aria-expanded") !== expanded) button.setAttribute("aria-expanded", expanded);
  };

  // Before the link to an answer a button that copies its text and one that copies the link, where the browser can.
  const offer = () => {
    if (!navigator.clipboard) return;
    for (const line of document.querySelectorAll(".actions:not(:has(.copy))")) {
      const link = line.querySelector(".permanent");
      const kept = link ? `${line.dataset.text}\n\n${link.href}` : line.dataset.text;
      const copies = [["text", kept], ...(link ? [["link", link.href]] : [])];
      line.prepend(
        ...copies.map(([name, copied]) => {
          const button = document.createElement("button");
          Object.assign(button, { type: "button", className: "copy", textContent: told(name) });
          Object.assign(button.dataset, { copied });
          return button;
        }),
      );
    }
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copied);
      say(told("done"));
      button.textContent = told("done");
    } catch {
      say(told("failed"));
    }
  };

  const judge = async (form, thumb) => {
    try {
      const sent = await fetch(form.action, { method: "POST", body: new URLSearchParams({ kind: thumb.value }) });
      if (!sent.ok) throw new Error(sent.status);
      thumb.classList.add("given");
      form.querySelectorAll("button").forEach((button) => Object.assign(button, { disabled: true }));
      say(told("thanks"));
    } catch {
      say(told("unsent"));
    }
  };

  const look = () => {
    keep();
    meet();
    notice();
    fold();
    settle();
    restore();
    offer();
    list();
    proceed();
  };

  const cited = (event) => {
    const mark = event.target.closest && event.target.closest(".cite");
    const turn = mark && mark.closest(".turn");
    const card = turn && turn.querySelector(`.card[data-source~="${mark.dataset.source}"]`);
    return card ? { mark, card } : null;
  };

  // The source of a mark beside it: while either is pointed at, while the mark has the focus, until Escape.
  let closing = 0;
  const shut = () => {
    clearTimeout(closing);
    one("#preview").hidden = true;
    document.querySelectorAll(".cite[aria-describedby]").forEach((mark) => mark.removeAttribute("aria-describedby"));
    document.querySelectorAll(".card.lit").forEach((card) => card.classList.remove("lit"));
  };
  const preview = ({ mark, card }) => {
    shut();
    card.classList.add("lit");
    const box = one("#preview");
    const parts = [card.querySelector(".credit"), card.querySelector(".headline")];
    if (mark.closest(".own-words")) parts.push(card.querySelector(`[data-quote="${mark.dataset.source}"]`));
    box.replaceChildren(...parts.map((part) => part.cloneNode(true)));
    box.hidden = false;
    mark.setAttribute("aria-describedby", "preview");
    const at = mark.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 16);
    const below = at.bottom + box.offsetHeight + 160 < window.innerHeight;
    box.style.left = `${Math.max(left, 16) + window.scrollX}px`;
    box.style.top = `${(below ? at.bottom : at.top - box.offsetHeight) + window.scrollY}px`;
  };
  const pointed = (event) => {
    const found = cited(event);
    if (found) preview(found);
    else if (event.target.closest && event.target.closest("#preview")) clearTimeout(closing);
  };
  const left = (event) => {
    if (!cited(event) && !(event.target.closest && event.target.closest("#preview"))) return;
    clearTimeout(closing);
    closing = setTimeout(() => {
      if (!document.activeElement.matches(".cite")) shut();
    }, 300);
  };

  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, pointed);
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, left);

  // Keys: Escape puts the preview away, "/" leads to the box, arrow up in the empty box brings the last question back.
  document.addEventListener("keydown", (event) => {
    const box = questionBox();
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") shut();
    if (!box || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === "Enter" && typing === box) leave();
    const questions = document.querySelectorAll(".turn .asked .words");
    if (event.key === "ArrowUp" && event.target === box && !box.value && questions.length) {
      event.preventDefault();
      fill("question", questions[questions.length - 1].textContent);
    }
  });

  // A question to ask next, or again without a limit, is asked in this conversation; an earlier one is opened again.
  document.addEventListener("click", (event) => {
    if (event.isTrusted && event.target.closest("#ask, #anew")) leave();
    const link = event.target.closest(".next a, .limits a, .understood a, #earlier a, #plain .examples a");
    if (!link || !questionBox() || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.dataset.asked) open(JSON.parse(link.dataset.asked));
    else ask(link.href);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#earlier button")) return;
    stored((storage) => storage.removeItem(EARLIER), "localStorage");
    list();
    say(told("cleared"));
    questionBox().focus();
  });

  // On a desktop the box is at hand with the first move of the mouse or the first letter. It takes no focus before, so
  // that who hears the page starts at its top.
  const idle = () => [document.body, null].includes(document.activeElement) && !one(".turn");
  document.addEventListener("pointermove", function ready(event) {
    const box = questionBox();
    if (event.pointerType !== "mouse" || !box) return;
    document.removeEventListener("pointermove", ready);
    if (idle()) box.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    const letter = event.key.length === 1 && event.key.trim() && !event.ctrlKey && !event.metaKey && !event.altKey;
    const box = questionBox();
    if (letter && box && idle()) box.focus({ preventScroll: true });
  });

  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".answer details").forEach((folded) => folded.setAttribute("open", ""));
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.closest("#plain")) wake();
    settle();
  });
  document.addEventListener("input", settle);
  // Back from an answer of its own the page stands as it was left, waiting.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !one("#plain")) return;
    first.awaited = "";
    one("#plain .searching").hidden = true;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#plain form")) return;
    event.preventDefault();
    ask(`/ask?${new URLSearchParams(new FormData(event.target))}`);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".thumbs")) return;
    event.preventDefault();
    judge(event.target, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const copying = event.target.closest && event.target.closest(".actions .copy");
    if (copying) copy(copying);
    const box = event.target.closest && event.target.closest(".skip") && questionBox();
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
  if (stored((storage) => storage.getItem(KEPT))) wake();
  look();
})();

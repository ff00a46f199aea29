// Single keys for the check of one question. Without this script the form works by Tab, arrows and Enter.
(() => {
  "use strict";
  const form = document.getElementById("check");
  if (!form) return;
  const statements = [...form.querySelectorAll("fieldset.beside")];
  const switched = document.getElementById("keys-on");
  const announcer = document.getElementById("announcer");
  const KEPT = "qa-single-keys";
  let at = 0;

  switched.checked = localStorage.getItem(KEPT) !== "off";
  switched.addEventListener("change", () => localStorage.setItem(KEPT, switched.checked ? "on" : "off"));

  const choices = (number) => [...statements[number].querySelectorAll('input[type="radio"]')];
  const judged = (number) => choices(number).some((one) => one.checked);

  function go(number, { focus = true } = {}) {
    if (!statements.length) return;
    at = Math.max(0, Math.min(statements.length - 1, number));
    statements.forEach((one, index) => one.classList.toggle("current", index === at));
    if (!focus) return;
    const chosen = choices(at).find((one) => one.checked) || choices(at)[0];
    chosen.focus({ preventScroll: true });
    statements[at].scrollIntoView({ block: "nearest" });
  }

  function judge(key) {
    const choice = statements.length ? choices(at)[Number(key) - 1] : null;
    if (!choice) return;
    choice.checked = true;
    const verdict = choice.parentElement.textContent.replace(/^\s*\d\s*/, "").trim();
    announcer.textContent = announcer.dataset.judged.replace("{number}", at + 1).replace("{verdict}", () => verdict);
    const left = statements.findIndex((_, index) => !judged(index));
    go(left < 0 ? at : left);
  }

  function decide(state) {
    const button = form.querySelector(`button[name="state"][value="${state}"]`);
    const reason = document.getElementById("reason");
    if (!button) return;
    if (state === "withheld" && !reason.value.trim()) {
      reason.focus();
      announcer.textContent = announcer.dataset.reasonless;
      return;
    }
    form.requestSubmit(button);
  }

  const acts = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    a: () => decide("approved"),
    w: () => decide("withheld"),
    l: () => document.getElementById("later")?.click(),  // no key takes a decision back
    e: () => document.getElementById("edit")?.click(),
    n: () => document.getElementById("note").focus(),
    r: () => document.getElementById("reason")?.focus(),
  };

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest("textarea, input:not([type='radio']):not([type='checkbox'])");
    if (event.key === "Escape" && box) {
      box.blur();
      return;
    }
    if (box || !switched.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-5]$/.test(event.key)) judge(event.key);
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
  });
  form.addEventListener("focusin", (event) => {
    const holder = event.target.closest("fieldset.beside");
    if (holder) go(statements.indexOf(holder), { focus: false });
  });
  go(Math.max(0, statements.findIndex((_, index) => !judged(index))), { focus: false });
})();

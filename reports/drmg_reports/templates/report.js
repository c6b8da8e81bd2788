"use strict";
// Sorting, filtering, folding, copying. Everything that the page says is there without this script.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  for (const element of all("[data-needs-script]")) element.hidden = false;

  // Sort: a header turns into a button; the first press sorts up, the next one down.
  const table = one("table.claims");
  const valueOf = (row, k) => row.cells[k].dataset.sort ?? row.cells[k].textContent.trim();
  const inWords = new Intl.Collator("en", { numeric: true }).compare;
  const sortBy = (header, k) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    const compare = "numeric" in header.dataset ? (a, b) => Number(a) - Number(b) || 0 : inWords;
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => compare(valueOf(a, k), valueOf(b, k)) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
    for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  for (const [k, header] of all("thead th", table ?? document.createElement("table")).entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortBy(header, k));
    header.append(button);
  }

  // Filter: rows of the tables and sections disappear together.
  const rows = table ? [...table.tBodies[0].rows] : [];
  const parts = new Map(rows.map((row) => [row.dataset.claim, []]));
  for (const part of all("[data-claim]")) parts.get(part.dataset.claim).push(part);
  const chips = all(".filters button");
  const search = one("#search");
  const source = one("#source");
  const greek = { λ: "lambda", η: "eta", ρ: "rho", π: "pi", σ: "sigma", τ: "tau", ε: "epsilon", δ: "delta", β: "beta", "≤": "<=", "≥": ">=", "−": "-" };
  const spelt = (text) => text.toLowerCase().replace(/[α-ω≤≥−]/g, (letter) => greek[letter] ?? letter);
  const textOf = new Map(rows.map((row) => [row, spelt(parts.get(row.dataset.claim).map((part) => part.textContent).join(" "))]));
  const filter = () => {
    const tags = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.tag);
    const words = spelt(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const matches =
        (!tags.length || row.dataset.tags.split(",").some((tag) => tags.includes(tag))) &&
        (!source?.value || row.dataset.source === source.value) &&
        words.every((word) => textOf.get(row).includes(word));
      shown += matches;
      for (const part of parts.get(row.dataset.claim)) part.hidden = !matches;
    }
    one("#shown").textContent = shown < rows.length ? `${shown} of ${rows.length} ${table.dataset.noun} shown` : "";
  };
  for (const chip of chips) {
    chip.disabled = false;
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  search?.addEventListener("input", filter);
  source?.addEventListener("change", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    search?.focus();
  });

  // Fold: what came out as expected and well is folded at first; a link, a search or the printer opens it.
  const sections = all("details.claim");
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.matches("details.claim")) return;
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
    target.firstElementChild.focus({ preventScroll: true });
  };
  for (const section of sections) section.open = "notable" in section.dataset;
  one("#unfold")?.addEventListener("click", () => sections.forEach((section) => (section.open = true)));
  one("#fold")?.addEventListener("click", () => sections.forEach((section) => (section.open = false)));
  let folded = [];
  addEventListener("beforeprint", () => (folded = sections.filter((section) => !section.open)).forEach((section) => (section.open = true)));
  addEventListener("afterprint", () => folded.forEach((section) => (section.open = false)));
  addEventListener("hashchange", openTarget);
  openTarget();

  // Copy a command; where the clipboard is closed, select it for the reader to copy.
  for (const button of all("button.copy")) {
    button.addEventListener("click", async () => {
      const code = button.previousElementSibling;
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
  }

  // The embedded run, as the file that `drmg-check report` reads.
  one("#download").addEventListener("click", (event) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([one("#run").textContent], { type: "application/x-ndjson" }));
    link.download = event.target.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();

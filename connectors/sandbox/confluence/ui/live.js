// Looks every two seconds whether the page has changed, and if so shows the new text and marks what is new.
(() => {
  const toast = document.querySelector(".toast");
  const blocks = "tr, p, li, h1, h2, h3, h4, .byline";
  const texts = (root) => new Set([...root.querySelectorAll(blocks)].map((block) => block.textContent.trim()));
  const expanders = (root) => [...root.querySelectorAll("details.expand")];
  const name = (details, index) => index + details.querySelector("summary").textContent.replace(/[\d.,%]+/g, "");

  async function refresh() {
    const main = document.querySelector("main");
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (!answer.ok || !fresh) return location.reload();
    const before = texts(main);
    const open = new Set(expanders(main).map((d, i) => d.open && name(d, i)).filter(Boolean));
    expanders(fresh).forEach((details, i) => { details.open = open.has(name(details, i)); });
    const draft = main.querySelector("#words"), place = fresh.querySelector("#words");
    if (draft && place) place.value = draft.value;
    main.replaceWith(document.adoptNode(fresh));
    fresh.querySelectorAll(blocks).forEach((block) => {
      if (!before.has(block.textContent.trim()) && !block.querySelector("tr")) block.classList.add("fresh");
    });
    const message = fresh.querySelector(".message");
    toast.textContent = "Updated" + (message ? " · " + message.textContent : "");
    toast.hidden = false;
    setTimeout(() => { toast.hidden = true; }, 6000);
  }

  async function look() {
    const main = document.querySelector("main");
    try {
      const writing = document.activeElement && document.activeElement.matches("textarea, select");
      if (!document.hidden && !writing && !("still" in main.dataset)) {
        const answer = await fetch(main.dataset.live);
        if (answer.ok && (await answer.json()).stamp !== main.dataset.stamp) await refresh();
      }
    } catch { /* the site is away for a moment: look again */ }
    setTimeout(look, 1000);
  }
  setTimeout(look, 1000);

  // Text that is marked on the page can be commented on.
  const remarker = document.querySelector(".remarker");
  document.addEventListener("selectionchange", () => {
    const marked = getSelection(), text = marked.toString().trim();
    const within = marked.anchorNode && marked.anchorNode === marked.focusNode && marked.anchorNode.parentElement.closest(".wiki");
    remarker.hidden = !text || !within || !document.querySelector("form.words");
    if (remarker.hidden) return;
    const box = marked.getRangeAt(0).getBoundingClientRect();
    Object.assign(remarker.dataset, { text, run: marked.anchorNode.textContent });
    remarker.style.left = scrollX + box.left + "px";
    remarker.style.top = scrollY + box.bottom + 6 + "px";
  });
  remarker.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const form = document.querySelector("form.words"), told = form.querySelector(".selection");
    form.elements.selection.value = told.querySelector("span").textContent = remarker.dataset.text;
    form.elements.run.value = remarker.dataset.run;
    told.hidden = false;
    remarker.hidden = true;
    form.elements.words.focus();
    form.scrollIntoView({ block: "center" });
  });
})();
